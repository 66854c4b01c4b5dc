"""Sub-decks on paper: they decide the order, and stand in for a topic where there is none."""

from pathlib import Path

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Report
from cardwright.formats.pdf.sides import topic_numbers
from cardwright.pipeline.load import load_decks
from cardwright.pipeline.selection import Conditions, select_notes
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.print_decks import bookmarks, render_sheets
from tests.support.running_text import deck_from_yaml, render_pages

CARDS = """
cards:
  - {id: hip, subdeck: Joints::Hip, q: Hip?, a: Ball}
  - {id: nerve, subdeck: Nerves, q: Nerve?, a: Sciatic}
  - {id: knee, subdeck: Joints::Knee, q: Knee?, a: Hinge}
  - {id: joint, subdeck: Joints, q: Joint?, a: Where bones meet}
  - {id: all, q: All?, a: Three}
"""


def test_cards_of_a_sub_deck_stand_together(tmp_path: Path) -> None:
    pdf = render_sheets(deck_from_yaml(CARDS), tmp_path)

    assert bookmarks(pdf) == [
        ("Thigh", ["1 All?"]),
        ("Joints", ["2 Joint?"]),
        ("Hip", ["3 Hip?"]),
        ("Knee", ["4 Knee?"]),
        ("Nerves", ["5 Nerve?"]),
    ]


def test_a_topic_stays_what_a_card_shows(tmp_path: Path) -> None:
    deck = deck_from_yaml(f"topic: Anatomy\nsubdeck: Upper\n{CARDS}")

    ((topic, cards),) = bookmarks(render_sheets(deck, tmp_path))
    assert topic == "Anatomy"
    assert cards == ["1 Joint?", "2 Hip?", "3 Knee?", "4 Nerve?", "5 All?"]
    titles = [title for title, _ in bookmarks(render_pages("quiz", deck, tmp_path))]
    assert titles == ["Anatomy", "Answers"]


def test_the_pages_of_a_quiz_follow_the_sub_decks(tmp_path: Path) -> None:
    titles = [title for title, _ in bookmarks(render_pages("quiz", deck_from_yaml(CARDS), tmp_path))]

    assert titles == ["Thigh", "Joints", "Hip", "Knee", "Nerves", "Answers"]


def nested_deck() -> Deck:
    text = f"deck: Medicine::Anatomy::Legs\nid: legs\n{CARDS}"
    (loaded,) = load_decks(deck_files({"legs.yaml": text}), FakeEnvironment(), Report())
    return loaded.deck


def test_a_card_without_a_topic_shows_the_last_part_of_its_decks_name(tmp_path: Path) -> None:
    """Its corner has no room for the whole."""
    assert bookmarks(render_sheets(nested_deck(), tmp_path))[0] == ("Legs", ["1 All?"])
    assert list(topic_numbers(nested_deck())) == ["Legs", "Joints", "Hip", "Knee", "Nerves"]


def test_that_name_selects_cards_like_a_topic() -> None:
    report = Report()
    selected = select_notes(nested_deck(), Conditions(topics=("hip", "legs")), report)

    assert [note.key for note in selected] == ["all", "hip"]
    assert not len(report)
