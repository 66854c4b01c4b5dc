"""`check`: of a deck that nobody prints, of one that is printed, and of many small decks."""

from collections.abc import Callable, Iterator

from bench import decks
from bench.measuring import CARDWRIGHT, Measurement, Project, median_seconds

CARD_COUNT = 8_000
DECK_COUNT = 300
CARDS_OF_A_SMALL_DECK = 5


def measure(project: Project) -> Iterator[Measurement]:
    def clean_run(*arguments: str) -> Callable[[], None]:
        def run() -> None:
            project.clear()
            project.run((CARDWRIGHT, *arguments))

        return run

    project.write_deck(decks.plain_deck(CARD_COUNT))
    times = median_seconds(
        {"check": clean_run("check"), "build": clean_run("build", "--only", "anki")}, runs=3
    )
    name = f"check of {CARD_COUNT:,} cards that nobody prints, where a build for Anki takes 1"
    yield Measurement(name, times["check"] / times["build"], limit=2)

    small_decks = [
        decks.plain_deck(CARDS_OF_A_SMALL_DECK).replace(
            "Bench\nid: bench", f"Bench {number}\nid: bench-{number}"
        )
        for number in range(DECK_COUNT)
    ]
    project.write_deck(decks.plain_deck(DECK_COUNT * CARDS_OF_A_SMALL_DECK))
    times = median_seconds({only: clean_run("check", "--only", only) for only in ("anki", "pdf")}, runs=3)
    project.source.unlink()
    for number, deck in enumerate(small_decks):
        project.source.with_name(f"bench-{number}.yaml").write_text(deck, encoding="utf-8")
    many = median_seconds({only: clean_run("check", "--only", only) for only in ("anki", "pdf")}, runs=3)
    name = f"check of {DECK_COUNT} small decks, where one deck with all their cards takes 1"
    yield Measurement(name, many["anki"] / times["anki"], limit=2)
    yield Measurement("  with the sheets", many["pdf"] / times["pdf"], limit=3)
