"""Missing ids that `build` writes into the author's files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright import pipeline
from tests.support.memory import FakeEnvironment, deck_files

_NOW = 1_700_000_000
_OPTIONS = pipeline.BuildOptions(now=_NOW, salt="x1y2z3", outputs=("anki",))

# Cards in many layouts that authors use; only the last has an id.
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
def test_inserting_ids_changes_no_other_byte(
    cards: list[str], indent: str, line_end: str, mark: bytes, last: str
) -> None:
    unique = [card for index, card in enumerate(cards) if "id: mine" not in card or card not in cards[:index]]
    entries = "\n".join(f"{indent}{line}" for card in unique for line in card.split("\n"))
    text = f"deck: Legs  # all of them\ncards:\n{entries}{last}".replace("\n", line_end)
    before = mark + text.encode()

    outcome = pipeline.build(deck_files({"legs.yaml": before}), FakeEnvironment(), _OPTIONS)

    assert [diagnostic.message for diagnostic in outcome.report] == []
    after = outcome.files[0].data
    assert _is_subsequence(before, after)
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
def test_deck_gets_its_id_wherever_its_name_is(text: str) -> None:
    outcome = pipeline.build(deck_files({"legs.yaml": text}), FakeEnvironment(), _OPTIONS)

    assert [diagnostic.message for diagnostic in outcome.report] == []
    after, lock = (output.data for output in outcome.files[:2])
    assert _is_subsequence(text.encode(), after)
    again = pipeline.build(deck_files({"legs.yaml": after}, lock), FakeEnvironment(), _OPTIONS)
    assert [diagnostic.message for diagnostic in again.report] == []
    assert again.files[0].data == lock


def test_card_in_brackets_without_braces_gets_no_id() -> None:
    """To YAML, `[cloze: x]` is one card; with an id before it, it would be two."""
    text = 'deck: Legs\nid: legs\ncards: [cloze: "{{c1::a}}", {id: b, q: x, a: y}]\n'

    outcome = pipeline.build(deck_files({"legs.yaml": text}), FakeEnvironment(), _OPTIONS)

    assert [diagnostic.code for diagnostic in outcome.report] == ["card-without-braces"]


def _is_subsequence(before: bytes, after: bytes) -> bool:
    remaining = iter(after)
    return all(byte in remaining for byte in before)


def test_deck_without_its_id_gets_the_id_of_its_lock() -> None:
    """A line that was lost in an edit must not make another deck of it."""
    text = "deck: Legs\nid: quads\ncards:\n  - {id: a, q: Outer?, a: Biceps}\n"
    lock = pipeline.build(deck_files({"legs.yaml": text}), FakeEnvironment(), _OPTIONS).files[0].data
    files = deck_files({"legs.yaml": text.replace("id: quads\n", "")}, lock)

    checked = pipeline.check(files, FakeEnvironment(), outputs=("anki",))
    outcome = pipeline.build(files, FakeEnvironment(), _OPTIONS)

    assert [(diagnostic.code, diagnostic.help[-11:]) for diagnostic in checked] == [
        ("missing-id", "`id: quads`")
    ]
    assert outcome.files[0].data.decode() == text
    assert outcome.files[1].data == lock


def test_deck_id_of_a_hostile_lock_is_not_inserted() -> None:
    """Otherwise a lock could write lines of its own into the sources."""
    lock = b'{"lock":1,"deck":"x\\ndescription: mine","name":"Legs"}\n'
    files = deck_files({"legs.yaml": "deck: Legs\ncards:\n  - {id: a, q: Outer?, a: Biceps}\n"}, lock)

    outcome = pipeline.build(files, FakeEnvironment(), _OPTIONS)

    assert [diagnostic.code for diagnostic in outcome.report] == ["deck-id-changed"]
    assert outcome.files == ()


def test_missing_id_is_an_error_with_locked() -> None:
    files = deck_files({"legs.yaml": "deck: Legs\nid: legs\ncards:\n  - {q: Outer?, a: Biceps}\n"})
    options = pipeline.BuildOptions(now=_NOW, locked=True, outputs=("anki",))

    outcome = pipeline.build(files, FakeEnvironment(), options)

    assert [diagnostic.code for diagnostic in outcome.report] == ["missing-id"]
    assert outcome.files == ()


def test_new_id_is_not_a_former_one() -> None:
    """With the id of a deleted card, the new card would get its review history."""
    first = "deck: Legs\nid: legs\ncards:\n  - {id: outer, q: Outer?, a: Biceps}\n  - {id: b, q: B?, a: b}\n"
    lock = pipeline.build(deck_files({"legs.yaml": first}), FakeEnvironment(), _OPTIONS).files[0].data
    second = "deck: Legs\nid: legs\ncards:\n  - {q: Outer?, a: Vastus lateralis}\n  - {id: b, q: B?, a: b}\n"

    outcome = pipeline.build(deck_files({"legs.yaml": second}, lock), FakeEnvironment(), _OPTIONS)

    assert b"{id: outer-2, q: Outer?, a: Vastus lateralis}" in outcome.files[0].data


def test_diagnostics_have_the_lines_of_the_files_on_disk() -> None:
    """`build` writes ids, which moves the lines after them; `check` does not."""
    files = {
        "legs.yaml": "deck: Legs\nid: legs\ncards:\n"
        "  - q: Outer?\n    a: x\n  - {id: b, q: '{{c1::Inner}}', a: y}\n"
    }

    built = pipeline.build(deck_files(files), FakeEnvironment(), _OPTIONS)
    checked = pipeline.check(deck_files(files), FakeEnvironment(), outputs=())

    (warning,) = built.report
    assert warning.span is not None
    assert (warning.span.start_position.line, warning.span.text) == (7, "{{c1::")
    assert [
        (diagnostic.code, diagnostic.span and diagnostic.span.start_position.line) for diagnostic in checked
    ] == [("missing-id", 4), ("cloze-outside-cloze", 6)]
