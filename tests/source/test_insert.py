"""Ids that the tool writes into the author's files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright import pipeline
from tests.support.memory import FakeEnvironment, deck_files

_NOW = 1_700_000_000
_OPTIONS = pipeline.BuildOptions(now=_NOW, salt="x1y2z3", outputs=("anki",))

# A card without an id, in one of the ways that authors lay them out.
_CARDS = st.sampled_from(
    [
        "- q: Outer?\n  a: Biceps femoris",
        "-   a: Biceps femoris\n    q: Outer?",
        "- {q: Outer?, a: Biceps femoris}",
        "- { q: 'Outer?',\n    a: \"Biceps femoris\" }",
        "- # said first\n  q: Outer?   # said here\n  a: |\n    Biceps\n    femoris\n",
        "-\n  q: >-\n    Outer?\n  a: Biceps femoris",
        '- "q": Outer?\n  "a": Biceps femoris',
        "- 'q': 猫\n  a: cat",
        "- ? q\n  : Outer?\n  ? a\n  : Biceps femoris",
        "- cloze: The {{c1::sciatic}} nerve\n  # said last",
        "- &card\n  q: Outer?\n  a: Biceps femoris",
        "- &key q: Outer?\n  a: Biceps femoris",
        "- list: Which?\n  items: {outer: Biceps femoris}",
        "- table:\n    ask: {of: 'Of {row}?'}\n    rows: {France: {of: Paris}}",
        "- {? &first q : Outer?, a: Biceps femoris}\n- {*first : Inner?, a: x}",
        "- &whole { &second q : Outer?,a: Biceps femoris}\n- *second : Inner?\n  a: x",
        "- id: mine\n  q: Outer?\n  a: Biceps femoris",
    ]
)


@given(
    cards=st.lists(_CARDS, min_size=1, max_size=6),
    indent=st.sampled_from(["", "  ", "    "]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
    last=st.sampled_from(["", "\n", "\n# the end\n"]),
)
def test_writing_ids_in_changes_no_other_byte(
    cards: list[str], indent: str, line_end: str, mark: bytes, last: str
) -> None:
    """The sources are the author's: without the ids, what was written is what was there."""
    own = [card for number, card in enumerate(cards) if "id: mine" not in card or card not in cards[:number]]
    listed = "\n".join(f"{indent}{line}" for card in own for line in card.split("\n"))
    text = f"deck: Legs  # all of them\ncards:\n{listed}{last}".replace("\n", line_end)
    before = mark + text.encode()

    outcome = pipeline.build(deck_files({"legs.yaml": before}), FakeEnvironment(), _OPTIONS)

    assert [diagnostic.message for diagnostic in outcome.report] == []
    after = outcome.files[0].data
    assert _is_left_out_of(before, after)
    again = pipeline.build(
        deck_files({"legs.yaml": after}, outcome.files[1].data), FakeEnvironment(), _OPTIONS
    )
    assert again.files[:2] == outcome.files[1:3]


@pytest.mark.parametrize(
    "text",
    [
        "? deck\n: Legs\ncards: [{id: a, q: x, a: y}]\n",
        "&key deck: &name Legs  # all of them\ncards: [{id: a, q: x, a: y}]\n",
        "? &key deck\n: |\n  Legs\n  and arms\ncards: [{id: a, q: x, a: y}]\n",
        "{deck: Legs, cards: [{id: a, q: x, a: y}]}",
        "{topic: &name Legs, deck: *name, cards: [{id: a, q: x, a: y}]}",
        "cards:\n  - id: a\n    q: &name Legs\n    a: y\ndeck: *name\n",
        "cards:\n  - id: a\n    q: &key deck\n    a: y\n*key : Legs\n",
    ],
)
def test_a_deck_gets_its_id_wherever_its_name_stands(text: str) -> None:
    """YAML has many ways to write a key and its value; a new line at the wrong place would break the file."""
    outcome = pipeline.build(deck_files({"legs.yaml": text}), FakeEnvironment(), _OPTIONS)

    assert [diagnostic.message for diagnostic in outcome.report] == []
    after, lock = (output.data for output in outcome.files[:2])
    assert _is_left_out_of(text.encode(), after)
    again = pipeline.build(deck_files({"legs.yaml": after}, lock), FakeEnvironment(), _OPTIONS)
    assert [diagnostic.message for diagnostic in again.report] == []
    assert again.files[0].data == lock


def test_a_card_in_brackets_without_braces_of_its_own_gets_no_id() -> None:
    """`[cloze: x]` is a card to YAML; with an id in front it would be two."""
    text = 'deck: Legs\nid: legs\ncards: [cloze: "{{c1::a}}", {id: b, q: x, a: y}]\n'

    outcome = pipeline.build(deck_files({"legs.yaml": text}), FakeEnvironment(), _OPTIONS)

    assert [diagnostic.code for diagnostic in outcome.report] == ["card-without-braces"]


def _is_left_out_of(before: bytes, after: bytes) -> bool:
    """Whether `before` is `after` with some bytes left out."""
    rest = iter(after)
    return all(byte in rest for byte in before)


def test_a_deck_gets_the_id_back_that_its_lock_has() -> None:
    """A line lost in an edit must not make another deck of it; what `check` tells is what `build` does."""
    text = "deck: Legs\nid: quads\ncards:\n  - {id: a, q: Outer?, a: Biceps}\n"
    lock = pipeline.build(deck_files({"legs.yaml": text}), FakeEnvironment(), _OPTIONS).files[0].data
    files = deck_files({"legs.yaml": text.replace("id: quads\n", "")}, lock)

    checked = pipeline.check(files, FakeEnvironment(), outputs=("anki",))
    outcome = pipeline.build(files, FakeEnvironment(), _OPTIONS)

    assert [(found.code, found.help[-11:]) for found in checked] == [("missing-id", "`id: quads`")]
    assert outcome.files[0].data.decode() == text
    assert outcome.files[1].data == lock


def test_a_lock_from_somewhere_writes_nothing_but_an_id() -> None:
    """What a stranger's lock calls the deck is no reason to write lines of theirs into the sources."""
    lock = b'{"lock":1,"deck":"x\\ndescription: mine","name":"Legs"}\n'
    files = deck_files({"legs.yaml": "deck: Legs\ncards:\n  - {id: a, q: Outer?, a: Biceps}\n"}, lock)

    outcome = pipeline.build(files, FakeEnvironment(), _OPTIONS)

    assert [found.code for found in outcome.report] == ["deck-id-changed"]
    assert outcome.files == ()


def test_locked_refuses_instead() -> None:
    """In a check that must not change files, a card without an id is a mistake."""
    files = deck_files({"legs.yaml": "deck: Legs\nid: legs\ncards:\n  - {q: Outer?, a: Biceps}\n"})
    options = pipeline.BuildOptions(now=_NOW, locked=True, outputs=("anki",))

    outcome = pipeline.build(files, FakeEnvironment(), options)

    assert [diagnostic.code for diagnostic in outcome.report] == ["missing-id"]
    assert outcome.files == ()


def test_a_new_id_is_not_one_of_the_past() -> None:
    """The id of a card that was deleted would hand its schedule to a stranger."""
    first = "deck: Legs\nid: legs\ncards:\n  - {id: outer, q: Outer?, a: Biceps}\n  - {id: b, q: B?, a: b}\n"
    lock = pipeline.build(deck_files({"legs.yaml": first}), FakeEnvironment(), _OPTIONS).files[0].data
    second = "deck: Legs\nid: legs\ncards:\n  - {q: Outer?, a: Vastus lateralis}\n  - {id: b, q: B?, a: b}\n"

    outcome = pipeline.build(deck_files({"legs.yaml": second}, lock), FakeEnvironment(), _OPTIONS)

    assert b"{id: outer-2, q: Outer?, a: Vastus lateralis}" in outcome.files[0].data


def test_findings_point_into_the_files_as_they_are_on_disk() -> None:
    """Once the ids are written the line has moved; as long as they are not, it has not."""
    files = {
        "legs.yaml": "deck: Legs\nid: legs\ncards:\n"
        "  - q: Outer?\n    a: x\n  - {id: b, q: '{{c1::Inner}}', a: y}\n"
    }

    built = pipeline.build(deck_files(files), FakeEnvironment(), _OPTIONS)
    checked = pipeline.check(deck_files(files), FakeEnvironment(), outputs=())

    (warning,) = built.report
    assert warning.span is not None
    assert (warning.span.start_position.line, warning.span.text) == (7, "{{c1::")
    assert [(found.code, found.span and found.span.start_position.line) for found in checked] == [
        ("missing-id", 4),
        ("cloze-outside-cloze", 6),
    ]
