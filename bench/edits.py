"""A package built again, after an edit and without one, for which an author waits most often."""

from collections.abc import Callable, Iterator

from bench.measuring import CARDWRIGHT, Measurement, Project, best_times, cpu_seconds
from bench.varied_decks import edit_one_card, varied_deck

CARD_COUNT = 20_000
EDIT_COUNT = 3
_BUILD = (CARDWRIGHT, "build", "--only", "anki")
_HELP = (CARDWRIGHT, "--help")


def measure(project: Project) -> Iterator[Measurement]:
    for file_count, name, limit in ((40, "in 40 files", 0.25), (1, "in one file", 0.5)):
        files = varied_deck(CARD_COUNT, file_count=file_count)
        project.clear()
        project.write_sources(files)
        clean = best_times({"clean": lambda: project.run_clean(_BUILD)}, runs=2)["clean"]
        edited: list[float] = []
        for number in range(EDIT_COUNT):
            project.write_sources(edit_one_card(files, number))
            edited.append(cpu_seconds(lambda: project.run(_BUILD)))
        yield Measurement(
            f"{CARD_COUNT:,} notes {name}, one edited, where a clean build takes 1",
            min(edited) / clean,
            limit=limit,
        )
    tasks: dict[str, Callable[[], None]] = {
        "again": lambda: project.run(_BUILD),
        "help": lambda: project.run(_HELP),
    }
    times = best_times(tasks, runs=5)
    name = f"{CARD_COUNT:,} notes, nothing changed, where `cardwright --help` takes 1"
    yield Measurement(name, times["again"] / times["help"], limit=3)
