"""The sheets after one edit, for which an author waits between two corrections, and without any."""

from collections.abc import Iterator

from bench import decks
from bench.measuring import CARDWRIGHT, RUNS, Measurement, Project, best_times, cpu_seconds

CARD_COUNT = 1_000
_BUILD = (CARDWRIGHT, "build", "--only", "pdf")


def measure(project: Project) -> Iterator[Measurement]:
    clean_times: list[float] = []
    edited_times: list[float] = []
    for run in range(RUNS):
        project.write_deck(decks.printed_deck(CARD_COUNT))
        clean_times.append(cpu_seconds(lambda: project.run_clean(_BUILD)))
        project.write_deck(decks.printed_deck(CARD_COUNT, edited=331 * run + 7))
        edited_times.append(cpu_seconds(lambda: project.run(_BUILD)))
    clean, edited = min(clean_times), min(edited_times)
    yield Measurement(
        f"{CARD_COUNT:,} cards to sheets after one edit, where a clean build takes 1",
        edited / clean,
        limit=0.2,
    )
    times = best_times(
        {"again": lambda: project.run(_BUILD), "help": lambda: project.run([CARDWRIGHT, "--help"])}
    )
    name = f"{CARD_COUNT:,} cards to sheets, nothing changed, where `cardwright --help` takes 1"
    yield Measurement(name, times["again"] / times["help"], limit=3)
