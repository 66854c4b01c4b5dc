"""Cards that go from one deck to another: learners would have them twice."""

from typing import NamedTuple

from cardwright import pipeline
from cardwright.record import replace
from tests.support.builds import DAY, NOW
from tests.support.memory import FakeEnvironment, deck_files

KNEE = "  - {id: knee, q: What do the hamstrings do at the knee?, a: They flex it}\n"
HIP = "  - {id: hip, q: What do the hamstrings do at the hip?, a: They extend it}\n"
NAMES = "  - {id: names, list: Which are they?, items: {biceps: Biceps, semi: Semis}}\n"
NERVE = "  - {id: nerve, q: Which nerve serves the arm?, a: The radial one}\n"


class Build(NamedTuple):
    """messages: about moved cards. locks: by path."""

    messages: list[str]
    locks: dict[str, bytes]


def build(legs: str, arms: str, previous: Build | None = None, day: int = 0) -> Build:
    sources = {"legs.yaml": f"deck: Legs\nid: legs\ncards:\n{legs}"}
    sources["arms.yaml"] = f"deck: Arms\nid: arms\ncards:\n{arms}"
    locks = {} if previous is None else previous.locks
    decks = [replace(files, lock=locks.get(files.lock_path)) for files in deck_files(sources)]
    result = pipeline.build(
        decks, FakeEnvironment(), pipeline.BuildOptions(now=NOW + day * DAY, outputs=("anki",))
    )
    messages = [warning.message for warning in result.report if warning.code == "card-of-another-deck"]
    return Build(messages, {path: data for path, data in result.files.items() if path.endswith(".lock")})


def test_a_card_that_goes_to_another_deck_is_a_warning() -> None:
    first = build(KNEE + HIP + NAMES, NERVE)
    one = build(HIP + NAMES, NERVE + KNEE, first, 1)
    several = build(HIP, NERVE + KNEE + NAMES, first, 1)

    assert one.messages == ["`knee` was released in the deck `Legs`"]
    assert several.messages == ["2 cards were released in the deck `Legs`"]
    assert build(HIP, NERVE + KNEE + NAMES, several, 2).messages == []


def test_cards_with_one_id_in_two_decks_have_not_moved() -> None:
    both = build(KNEE + HIP, NERVE + KNEE)

    assert both.messages == []
    assert build(HIP, NERVE + KNEE, both, 1).messages == []
    assert build(KNEE + HIP, NERVE + KNEE, build(KNEE + HIP, NERVE), 1).messages == []
