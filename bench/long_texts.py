"""Texts too long for a card, and long lists: ten times the text takes at most about ten times as long."""

from collections.abc import Callable, Iterator

from bench import decks
from bench.measuring import CARDWRIGHT, Measurement, Project, best_times

_CHECK = (CARDWRIGHT, "check", "--only", "pdf")
_BUILD = (CARDWRIGHT, "build", "--only", "anki")


def measure(project: Project) -> Iterator[Measurement]:
    def run(deck: str, command: tuple[str, ...], *, exit_code: int = 0) -> Callable[[], None]:
        def task() -> None:
            project.write_deck(deck)
            project.run_clean(command, exit_code=exit_code)

        return task

    for name, make_deck in decks.LONG_DECKS.items():
        times = best_times(
            {
                "short": run(make_deck(2_000), _CHECK, exit_code=1),
                "long": run(make_deck(20_000), _CHECK, exit_code=1),
            },
            runs=3,
        )
        ratio = times["long"] / times["short"]
        yield Measurement(f"20,000 {name} refused, where 2,000 take 1", ratio, limit=6)
    times = best_times(
        {"short": run(decks.list_deck(300), _BUILD), "long": run(decks.list_deck(3_000), _BUILD)}, runs=3
    )
    yield Measurement(
        "a list of 3,000 items, where one of 300 takes 1", times["long"] / times["short"], limit=6
    )
