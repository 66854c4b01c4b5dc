"""Texts too long for a card, and long lists: ten times the text takes at most about ten times as long."""

from collections.abc import Callable, Iterator

from bench import decks
from bench.measuring import CARDWRIGHT, Measurement, Project, median_seconds

_CHECK = (CARDWRIGHT, "check", "--only", "pdf")
_BUILD = (CARDWRIGHT, "build", "--only", "anki")
_CARDS = 200


def measure(project: Project) -> Iterator[Measurement]:
    def run(deck: str, command: tuple[str, ...], *, fails: bool = False) -> Callable[[], None]:
        def task() -> None:
            project.clear()
            project.write_deck(deck)
            project.run(command, fails=fails)

        return task

    for name, make_deck in decks.LONG_DECKS.items():
        times = median_seconds(
            {
                "short": run(make_deck(2_000), _CHECK, fails=True),
                "long": run(make_deck(20_000), _CHECK, fails=True),
            },
            runs=3,
        )
        ratio = times["long"] / times["short"]
        yield Measurement(f"20,000 {name} refused, where 2,000 take 1", ratio, limit=6)
    times = median_seconds(
        {"short": run(decks.list_deck(300), _BUILD), "long": run(decks.list_deck(3_000), _BUILD)}, runs=3
    )
    yield Measurement(
        "a list of 3,000 items, where one of 300 takes 1", times["long"] / times["short"], limit=6
    )
    deck = decks.printed_deck(_CARDS)
    times = median_seconds(
        {"check": run(deck, _CHECK), "build": run(deck, (CARDWRIGHT, "build", "--only", "pdf"))}, runs=3
    )
    yield Measurement(
        f"sheets of {_CARDS} cards checked, where drawing them takes 1",
        times["check"] / times["build"],
        limit=0.6,
    )
