"""5,000 cells of a table, compared with 5,000 plain cards with as much text."""

from collections.abc import Callable, Iterator

from bench import decks
from bench.measuring import CARDWRIGHT, Measurement, Project, best_times

CARD_COUNT = 5_000
# A single table is the worst case: work on a whole card of the sources is repeated for each of its cells.
COLUMN_COUNT = 5


def measure(project: Project) -> Iterator[Measurement]:
    sources = {
        "plain": decks.plain_deck(CARD_COUNT),
        "table": decks.table_deck(CARD_COUNT // COLUMN_COUNT, COLUMN_COUNT),
    }

    def clean_build(deck: str, output: str) -> Callable[[], None]:
        def build() -> None:
            project.write_deck(sources[deck])
            project.run_clean((CARDWRIGHT, "build", "--only", output))

        return build

    # Sheets take half a minute, nearly all of it in the PDF engine, so they are built once.
    for output, product, runs in (("anki", "a package", 5), ("pdf", "sheets", 1)):
        times = best_times({deck: clean_build(deck, output) for deck in sources}, runs)
        name = f"{CARD_COUNT:,} cells to {product}, where plain cards take 1"
        yield Measurement(name, times["table"] / times["plain"], limit=2)
