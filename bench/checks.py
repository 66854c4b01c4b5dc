"""`check`: of a deck that nobody prints, of one that is printed, and of many small decks."""

from collections.abc import Callable, Iterator

from bench import decks
from bench.measuring import CARDWRIGHT, Measurement, Project, best_times
from bench.varied_decks import varied_deck

CARD_COUNT = 8_000
PRINTED_CARD_COUNT = 2_000
DECK_COUNT = 300
CARDS_OF_A_SMALL_DECK = 5
# What `yaml.load` and genanki need for a card is the unit of time: it was 0.15 ms when the limits were set,
# 2 ms for a card that is checked for the first time and 0.1 ms for one that has not changed.
_FIRST_LIMIT, _AGAIN_LIMIT = 13, 0.65


def measure(project: Project) -> Iterator[Measurement]:
    def clean_run(*arguments: str) -> Callable[[], None]:
        return lambda: project.run_clean((CARDWRIGHT, *arguments))

    def read_decks() -> None:
        project.clear()
        project.run_script("read_decks.py")

    project.write_sources(varied_deck(CARD_COUNT))
    times = best_times({"check": clean_run("check", "--only", "anki"), "read": read_decks})
    name = f"check of {CARD_COUNT:,} notes that nobody prints, where reading them takes 1"
    yield Measurement(name, times["check"] / times["read"], limit=1.3)

    check = ("check", "--only", "pdf")
    for kind, files in (
        ("questions", {"bench.yaml": decks.printed_deck(PRINTED_CARD_COUNT)}),
        ("notes of many kinds", varied_deck(PRINTED_CARD_COUNT, is_marked_up=True)),
    ):
        project.write_sources({"bench.yaml": decks.plain_deck(PRINTED_CARD_COUNT)})
        script_task = lambda: project.run_script(  # noqa: E731
            "plain_script.py", "plain", project.folder / "plain.apkg", project.source
        )
        script = best_times({"script": script_task})["script"]
        project.write_sources(files)
        # The first time takes seconds, and leaves behind what is known the second time.
        first = best_times({"check": clean_run(*check)}, runs=2)["check"]
        again = best_times({"check": lambda: project.run((CARDWRIGHT, *check))})["check"]
        name = f"check of {PRINTED_CARD_COUNT:,} {kind} with their sheets, where yaml.load and genanki take 1"
        yield Measurement(name, first / script, limit=_FIRST_LIMIT)
        yield Measurement(f"{name}: nothing changed", again / script, limit=_AGAIN_LIMIT)

    outputs = ("anki", "pdf")
    project.write_deck(decks.plain_deck(DECK_COUNT * CARDS_OF_A_SMALL_DECK))
    one = best_times({only: clean_run("check", "--only", only) for only in outputs}, runs=2)
    small_deck = decks.plain_deck(CARDS_OF_A_SMALL_DECK)
    project.write_sources(
        {
            f"bench-{number}.yaml": small_deck.replace(
                "Bench\nid: bench", f"Bench {number}\nid: bench-{number}"
            )
            for number in range(DECK_COUNT)
        }
    )
    many = best_times({only: clean_run("check", "--only", only) for only in outputs}, runs=2)
    name = f"check of {DECK_COUNT} small decks, where one deck with all their cards takes 1"
    yield Measurement(name, many["anki"] / one["anki"], limit=2)
    yield Measurement(f"{name}: with the sheets", many["pdf"] / one["pdf"], limit=2)
