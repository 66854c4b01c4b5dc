"""Selects the cards to print: by topic, by tag, by id, by what changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Report
from cardwright.pipeline.load import load_decks
from cardwright.pipeline.selection import Conditions, count_cards, select_notes
from tests.support.memory import FakeEnvironment, deck_files

NAMES = """\
topic: Names
tags: [leg]
cards:
  - {id: outer, q: Outer?, a: Biceps femoris, reverse: true, tags: [exam::spring]}
  - {id: inner, q: Inner?, a: Semimembranosus}
"""
PRINT_THEM = "take out `print: false`, or write `print: true` on what is to be printed"
GRADES = """\
topic: Grades of Strain
cards:
  - id: grade
    tags: [exam]
    table:
      ask: {fibres: "{row}: the fibres?", leg: "{row}: the leg?"}
      rows:
        one: {row: Grade 1, fibres: stretched, leg: usable}
        two: {row: Grade 2, fibres: torn in part}
  - {id: screen-only, q: Watch the film., a: Seen, print: false, tags: [film]}
"""
MAIN = "deck: Legs\nid: legs\nfiles: [names.yaml, grades.yaml]\ncards:\n  - {id: first, q: First?, a: Yes}\n"


def load_legs() -> Deck:
    report = Report()
    files = {"legs/deck.yaml": MAIN, "legs/names.yaml": NAMES, "legs/grades.yaml": GRADES}
    (loaded,) = load_decks(deck_files(files), FakeEnvironment(), report)
    assert not len(report)
    return loaded.deck


LEGS = load_legs()
ALL_KEYS = ["first", "outer", "inner", "grade/one/fibres", "grade/one/leg", "grade/two/fibres"]


def selected_keys(conditions: Conditions) -> list[str]:
    report = Report()
    notes = select_notes(LEGS, conditions, report)
    assert not len(report)
    return [note.key for note in notes]


def diagnostics(conditions: Conditions) -> list[tuple[str, str, str]]:
    """Return the code, headline and help of each error of conditions that select nothing."""
    report = Report()
    assert select_notes(LEGS, conditions, report) == ()
    return [(diagnostic.code, diagnostic.message, diagnostic.help) for diagnostic in report]


def test_without_a_condition_all_notes_for_paper_are_selected() -> None:
    """In study order, and without what its author keeps on the screen."""
    assert selected_keys(Conditions()) == ALL_KEYS


@pytest.mark.parametrize("word", ["Names", "names", " NAMES "])
def test_topics_ignore_case_and_spaces(word: str) -> None:
    """Who types a command does not look up capitals."""
    assert selected_keys(Conditions(topics=(word,))) == ["outer", "inner"]


def test_the_name_of_the_deck_selects_cards_without_a_topic() -> None:
    """That is what their printed cards say."""
    assert selected_keys(Conditions(topics=("legs",))) == ["first"]


def test_a_card_with_a_topic_of_its_own_is_of_that_topic_alone() -> None:
    text = "deck: Legs\nid: legs\ntopic: Names\ncards:\n"
    text += "  - {id: outer, q: Outer?, a: Biceps}\n  - {id: bone, topic: Bones, q: Bone?, a: Femur}\n"
    (loaded,) = load_decks(deck_files({"legs.yaml": text}), FakeEnvironment(), Report())

    for topic, key in (("names", "outer"), ("bones", "bone")):
        for conditions in (Conditions(topics=(topic,)), Conditions(tags=(f"legs::{topic}",))):
            assert [note.key for note in select_notes(loaded.deck, conditions, Report())] == [key]


def test_a_card_meets_one_of_several_topics() -> None:
    assert selected_keys(Conditions(topics=("Grades of Strain", "Legs"))) == ["first", *ALL_KEYS[3:]]


def test_a_tag_selects_those_below_it_and_none_with_the_same_start() -> None:
    """As in Anki's search: `exam` finds `exam::spring`, and `ex` finds nothing."""
    assert selected_keys(Conditions(tags=("exam",))) == ["outer", *ALL_KEYS[3:]]
    assert selected_keys(Conditions(tags=("Exam::Spring",))) == ["outer"]
    assert [code for code, _, _ in diagnostics(Conditions(tags=("ex",)))] == ["unknown-tag"]


def test_the_tag_that_anki_shows_for_a_topic_can_be_selected() -> None:
    """Learners copy it from there."""
    assert selected_keys(Conditions(tags=("legs::names",))) == ["outer", "inner"]
    assert selected_keys(Conditions(tags=("legs",))) == ALL_KEYS[1:]


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("inner", ["inner"]),
        ("grade", ALL_KEYS[3:]),
        ("grade/one", ALL_KEYS[3:5]),
        ("grade/two/fibres", ALL_KEYS[5:]),
        ("outer#2", ["outer"]),
    ],
)
def test_an_id_is_of_a_card_or_a_note_or_a_name_on_a_printed_card(word: str, keys: list[str]) -> None:
    """Whoever has lost a card reads its name off a list; whoever has edited one knows its id."""
    assert selected_keys(Conditions(ids=(word,))) == keys


def test_a_card_meets_conditions_of_all_kinds() -> None:
    grades = Conditions(topics=("grades of strain",), tags=("exam",), ids=("grade/one", "outer"))

    assert selected_keys(grades) == ALL_KEYS[3:5]
    assert selected_keys(Conditions(tags=("exam",), changed={"outer", "first"})) == ["outer"]


@pytest.mark.parametrize(
    ("conditions", "code", "message", "advice"),
    [
        (
            Conditions(topics=("Grades of Strian",)),
            "unknown-topic",
            "the deck has no topic `Grades of Strian`",
            "did you mean `Grades of Strain`?",
        ),
        (
            Conditions(topics=("Zebras",)),
            "unknown-topic",
            "the deck has no topic `Zebras`",
            "choose from: `Legs`, `Names`, `Grades of Strain`",
        ),
        (Conditions(tags=("exma",)), "unknown-tag", "the deck has no tag `exma`", "did you mean `exam`?"),
        (
            Conditions(ids=("grade/one/fibre",)),
            "unknown-id",
            "the deck has no card with the id `grade/one/fibre`",
            "did you mean `grade/one/fibres`?",
        ),
        (
            Conditions(ids=("inner#2",)),
            "unknown-id",
            "the deck has no card with the id `inner#2`",
            "did you mean `inner`?",
        ),
    ],
)
def test_an_unknown_word_is_an_error(conditions: Conditions, code: str, message: str, advice: str) -> None:
    """Printing less than was asked for would be noticed at the cutter."""
    assert diagnostics(conditions) == [(code, message, advice)]


def test_every_unknown_word_is_reported() -> None:
    unknown = Conditions(topics=("Nmaes",), tags=("exma",), ids=("innner", "outter"))

    words = sorted(message.split("`")[1] for _, message, _ in diagnostics(unknown))

    assert words == ["Nmaes", "exma", "innner", "outter"]


@pytest.mark.parametrize(
    ("conditions", "message", "advice"),
    [
        (
            Conditions(topics=("names",), ids=("grade",)),
            "`--ids` leaves no card",
            "of the 3 cards chosen by `--topic`, none has the id `grade`",
        ),
        (
            Conditions(topics=("legs",), tags=("exam", "film")),
            "`--tag` leaves no card",
            "of the 1 card chosen by `--topic`, none has the tag `exam` or `film`",
        ),
        (Conditions(changed=frozenset(), since="v1.0"), "no card is new or looks different since v1.0", ""),
        (
            Conditions(topics=("names",), tags=("exam",), changed={"first"}, since="2026-11-01"),
            "`--changed` leaves no card",
            "of the 2 cards chosen by `--topic` and `--tag`, none is new or looks different since 2026-11-01",
        ),
    ],
)
def test_the_condition_that_leaves_no_card_is_named(
    conditions: Conditions, message: str, advice: str
) -> None:
    """Each condition alone has cards; the one that excludes the last of them is named."""
    assert diagnostics(conditions) == [("empty-selection", message, advice)]


def test_selecting_cards_with_print_false_is_an_error() -> None:
    """Their author had a reason, such as a sound; the error points at it."""
    assert diagnostics(Conditions(ids=("screen-only",))) == [
        ("not-on-paper", "`screen-only` is kept off paper by `print: false`", PRINT_THEM)
    ]
    assert diagnostics(Conditions(tags=("film",))) == [
        ("not-on-paper", "all cards chosen are kept off paper by `print: false`", PRINT_THEM)
    ]


def test_reversed_cards_count() -> None:
    assert count_cards(LEGS.notes[:2]) == 3


ids = st.lists(st.sampled_from(["outer", "inner", "grade", "grade/one", "first", "outer#2"]), max_size=3)
tags = st.lists(st.sampled_from(["exam", "leg", "exam::spring", "film", "legs"]), max_size=2)
topics = st.lists(st.sampled_from(["legs", "names", "grades of strain"]), max_size=2)
changes = st.none() | st.frozensets(st.sampled_from(ALL_KEYS))


@given(topics, tags, ids, changes)
def test_a_condition_never_adds_a_card_nor_moves_one(
    topic_list: list[str], tag_list: list[str], id_list: list[str], changed: frozenset[str] | None
) -> None:
    """The selected notes meet each condition alone, in study order; an empty selection is one error."""
    report = Report()
    conditions = Conditions(tuple(topic_list), tuple(tag_list), tuple(id_list), changed)
    keys = [note.key for note in select_notes(LEGS, conditions, report)]

    assert keys == [key for key in ALL_KEYS if key in keys]
    assert bool(keys) != bool(len(report))
    for condition in (
        Conditions(topics=conditions.topics),
        Conditions(tags=conditions.tags),
        Conditions(ids=conditions.ids),
        Conditions(changed=changed),
    ):
        assert set(keys) <= {note.key for note in select_notes(LEGS, condition, Report())}
