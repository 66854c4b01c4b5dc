"""5,000 cards in 2,500 sub-decks, compared with the same cards in one deck."""

from collections.abc import Callable, Iterator

from bench import decks
from bench.measuring import CARDWRIGHT, Measurement, Project, best_times

CARD_COUNT = 5_000
# Twice as many as what genanki alone needs half a minute for, since it reads all decks again for each.
SUBDECK_COUNT = 2_500


def measure(project: Project) -> Iterator[Measurement]:
    sources = {
        "one deck": decks.plain_deck(CARD_COUNT),
        "sub-decks": decks.plain_deck(CARD_COUNT, SUBDECK_COUNT),
    }

    def clean_build(deck: str) -> Callable[[], None]:
        def build() -> None:
            project.write_deck(sources[deck])
            project.run_clean((CARDWRIGHT, "build", "--only", "anki"))

        return build

    times = best_times({deck: clean_build(deck) for deck in sources})
    name = f"{CARD_COUNT:,} cards in {SUBDECK_COUNT:,} sub-decks, where one deck takes 1"
    yield Measurement(name, times["sub-decks"] / times["one deck"], limit=1.25)
