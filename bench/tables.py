"""5,000 cells of a table, where 5,000 plain cards that say as much take 1."""

from collections.abc import Callable, Iterator

from bench import decks
from bench.measuring import CARDWRIGHT, Measure, Project, medians

CARDS = 5_000
# One table is the worst that can be: whatever looks through all of a card does so for every cell.
COLUMNS = 5


def measures(project: Project) -> Iterator[Measure]:
    sources = {"plain": decks.plain(CARDS), "table": decks.table(CARDS // COLUMNS, COLUMNS)}

    def build(name: str, output: str) -> Callable[[], None]:
        def first() -> None:
            project.clear()
            project.write(sources[name])
            project.run((CARDWRIGHT, "build", "--only", output))

        return first

    # Sheets take half a minute, of which nearly all is spent in the PDF engine: once is enough.
    for output, made, runs in (("anki", "a package", 5), ("pdf", "sheets", 1)):
        taken = medians({name: build(name, output) for name in sources}, runs)
        about = f"{CARDS:,} cells to {made}, where plain cards take 1"
        yield Measure(about, taken["table"] / taken["plain"], most=2)
