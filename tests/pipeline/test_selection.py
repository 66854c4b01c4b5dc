"""Which cards are printed: by topic, by tag, by id, by what changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection.deck import Deck
from cardwright.diagnostics.report import Report
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


def legs() -> Deck:
    report = Report()
    files = {"legs/deck.yaml": MAIN, "legs/names.yaml": NAMES, "legs/grades.yaml": GRADES}
    (loaded,) = load_decks(deck_files(files), FakeEnvironment(), report)
    assert [one.message for one in report] == []
    return loaded.deck


LEGS = legs()
ALL = ["first", "outer", "inner", "grade/one/fibres", "grade/one/leg", "grade/two/fibres"]


def chosen(conditions: Conditions) -> list[str]:
    report = Report()
    notes = select_notes(LEGS, conditions, report)
    assert [one.message for one in report] == []
    return [note.key for note in notes]


def said(conditions: Conditions) -> list[tuple[str, str, str]]:
    """What is said of conditions that choose nothing."""
    report = Report()
    assert select_notes(LEGS, conditions, report) == ()
    return [(one.code, one.message, one.help) for one in report]


def test_without_a_condition_all_that_goes_on_paper_is_printed() -> None:
    """In study order, and without what its author keeps on the screen."""
    assert chosen(Conditions()) == ALL


@pytest.mark.parametrize("word", ["Names", "names", " NAMES "])
def test_a_topic_is_meant_in_whatever_case(word: str) -> None:
    """Who types a command does not look up capitals."""
    assert chosen(Conditions(topics=(word,))) == ["outer", "inner"]


def test_cards_without_a_topic_go_by_the_name_of_the_deck() -> None:
    """That is what their printed cards say."""
    assert chosen(Conditions(topics=("legs",))) == ["first"]


def test_several_words_of_one_condition_add_to_each_other() -> None:
    """A card has one topic, so two topics can only mean both."""
    assert chosen(Conditions(topics=("Grades of Strain", "Legs"))) == ["first", *ALL[3:]]


def test_a_tag_takes_those_below_it_and_none_that_only_begins_like_it() -> None:
    """As in Anki's search: `exam` finds `exam::spring`, and `ex` finds nothing."""
    assert chosen(Conditions(tags=("exam",))) == ["outer", *ALL[3:]]
    assert chosen(Conditions(tags=("Exam::Spring",))) == ["outer"]
    assert [code for code, _, _ in said(Conditions(tags=("ex",)))] == ["unknown-tag"]


def test_the_tag_that_anki_shows_for_a_topic_is_known_too() -> None:
    """Learners copy it from there."""
    assert chosen(Conditions(tags=("legs::names",))) == ["outer", "inner"]
    assert chosen(Conditions(tags=("legs",))) == ALL[1:]


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("inner", ["inner"]),
        ("grade", ALL[3:]),
        ("grade/one", ALL[3:5]),
        ("grade/two/fibres", ALL[5:]),
        ("outer#2", ["outer"]),
    ],
)
def test_an_id_is_of_a_card_a_note_or_what_a_printed_card_says(word: str, keys: list[str]) -> None:
    """Whoever has lost a card reads its name off a list; whoever has edited one knows its id."""
    assert chosen(Conditions(ids=(word,))) == keys


def test_conditions_of_several_kinds_narrow_each_other() -> None:
    """The exam's cards of one topic, and of these the new ones."""
    grades = Conditions(topics=("grades of strain",), tags=("exam",), ids=("grade/one", "outer"))

    assert chosen(grades) == ALL[3:5]
    assert chosen(Conditions(tags=("exam",), changed={"outer", "first"})) == ["outer"]


@pytest.mark.parametrize(
    ("conditions", "told"),
    [
        (
            Conditions(topics=("Grades of Strian",)),
            ("unknown-topic", "the deck has no topic `Grades of Strian`", "did you mean `Grades of Strain`?"),
        ),
        (
            Conditions(topics=("Zebras",)),
            (
                "unknown-topic",
                "the deck has no topic `Zebras`",
                "known here: `Legs`, `Names`, `Grades of Strain`",
            ),
        ),
        (Conditions(tags=("exma",)), ("unknown-tag", "the deck has no tag `exma`", "did you mean `exam`?")),
        (
            Conditions(ids=("grade/one/fibre",)),
            (
                "unknown-id",
                "the deck has no card with the id `grade/one/fibre`",
                "did you mean `grade/one/fibres`?",
            ),
        ),
        (
            Conditions(ids=("inner#2",)),
            ("unknown-id", "the deck has no card with the id `inner#2`", "did you mean `inner`?"),
        ),
    ],
)
def test_a_word_that_nothing_goes_by_is_a_mistake(conditions: Conditions, told: tuple[str, str, str]) -> None:
    """To print less than was asked for, in silence, would be found out at the cutter."""
    assert said(conditions) == [told]


def test_every_unknown_word_is_told() -> None:
    """All mistakes at once."""
    unknown = Conditions(topics=("Nmaes",), tags=("exma",), ids=("innner", "outter"))

    told = sorted(message.split("`")[1] for _, message, _ in said(unknown))

    assert told == ["Nmaes", "exma", "innner", "outter"]


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
        (Conditions(changed=frozenset(), since="v1.0"), "no card is new or edited since v1.0", ""),
        (
            Conditions(topics=("names",), tags=("exam",), changed={"first"}, since="2026-11-01"),
            "`--changed` leaves no card",
            "of the 2 cards chosen by `--topic` and `--tag`, none is new or edited since 2026-11-01",
        ),
    ],
)
def test_what_left_nothing_is_named(conditions: Conditions, message: str, advice: str) -> None:
    """Each condition alone has cards; the one that takes the last of them is told, and what it met."""
    assert said(conditions) == [("empty-selection", message, advice)]


def test_cards_that_stay_on_the_screen_are_not_printed_by_asking_for_them() -> None:
    """Their author had a reason, such as a sound; the place of it is shown."""
    assert said(Conditions(ids=("screen-only",))) == [
        ("not-on-paper", "`screen-only` is kept off paper by `print: false`", "")
    ]
    assert said(Conditions(tags=("film",))) == [
        ("not-on-paper", "all cards chosen are kept off paper by `print: false`", "")
    ]


def test_cards_are_counted_with_their_reverses() -> None:
    """That many come out of the printer."""
    assert count_cards(LEGS.notes[:2]) == 3


words = st.lists(st.sampled_from(["outer", "inner", "grade", "grade/one", "first", "outer#2"]), max_size=3)
tags = st.lists(st.sampled_from(["exam", "leg", "exam::spring", "film", "legs"]), max_size=2)
topics = st.lists(st.sampled_from(["legs", "names", "grades of strain"]), max_size=2)
changes = st.none() | st.frozensets(st.sampled_from(ALL))


@given(topics, tags, words, changes)
def test_a_condition_never_adds_a_card_nor_moves_one(
    some_topics: list[str], some_tags: list[str], some_ids: list[str], changed: frozenset[str] | None
) -> None:
    """
    What is printed meets each condition alone, in the order of study; nothing is printed or else one error.
    """
    report = Report()
    keys = [
        note.key
        for note in select_notes(
            LEGS, Conditions(tuple(some_topics), tuple(some_tags), tuple(some_ids), changed), report
        )
    ]

    assert keys == [key for key in ALL if key in keys]
    assert bool(keys) != bool(len(report))
    for alone in (
        Conditions(topics=tuple(some_topics)),
        Conditions(tags=tuple(some_tags)),
        Conditions(ids=tuple(some_ids)),
        Conditions(changed=changed),
    ):
        assert set(keys) <= {note.key for note in select_notes(LEGS, alone, Report())}
