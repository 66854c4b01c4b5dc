"""Missing ids that `build` writes into the author's files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright import pipeline
from cardwright.diagnostics import Report
from cardwright.record import replace
from tests.support.memory import FakeEnvironment, deck_files

SOURCE, LOCK = "cards_source/legs.yaml", "cards_source/legs.lock"
_OPTIONS = pipeline.BuildOptions(now=1_700_000_000, salt="x1y2z3", outputs=("anki",))

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


def _build(text: str | bytes, lock: bytes | None = None) -> pipeline.BuildResult:
    return pipeline.build(deck_files({"legs.yaml": text}, lock), FakeEnvironment(), _OPTIONS)


def _codes(report: Report) -> list[str]:
    return [diagnostic.code for diagnostic in report]


def _is_subsequence(before: bytes, after: bytes) -> bool:
    remaining = iter(after)
    return all(byte in remaining for byte in before)


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

    result = _build(before)

    assert _codes(result.report) == []
    after, lock, *outputs = result.files.values()
    assert _is_subsequence(before, after)
    assert list(_build(after, lock).files.values()) == [lock, *outputs]


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
    result = _build(text)

    assert _codes(result.report) == []
    after, lock, *_ = result.files.values()
    assert _is_subsequence(text.encode(), after)
    second_result = _build(after, lock)
    assert _codes(second_result.report) == []
    assert second_result.files[LOCK] == lock


def test_card_in_brackets_without_braces_gets_no_id() -> None:
    """To YAML, `[cloze: x]` is one card; with an id before it, it would be two."""
    text = 'deck: Legs\nid: legs\ncards: [cloze: "{{c1::a}}", {id: b, q: x, a: y}]\n'

    assert _codes(_build(text).report) == ["card-without-braces"]


def test_deck_without_its_id_gets_the_id_of_its_lock() -> None:
    """A line that was lost in an edit must not make another deck of it."""
    text = "deck: Legs\nid: quads\ncards:\n  - {id: a, q: Outer?, a: Biceps}\n"
    lock = _build(text).files[LOCK]
    text_without_id = text.replace("id: quads\n", "")

    files = deck_files({"legs.yaml": text_without_id}, lock)
    (missing_id,) = pipeline.check(files, FakeEnvironment(), outputs=("anki",))
    result = _build(text_without_id, lock)

    assert (missing_id.code, missing_id.message) == ("missing-id", "this deck has no id yet")
    assert result.files[SOURCE].decode() == text
    assert result.files[LOCK] == lock


def test_deck_id_of_a_hostile_lock_is_not_inserted() -> None:
    """Otherwise a lock could write lines of its own into the sources."""
    lock = b'{"lock":1,"deck":"x\\ndescription: mine","name":"Legs"}\n'

    result = _build("deck: Legs\ncards:\n  - {id: a, q: Outer?, a: Biceps}\n", lock)

    assert _codes(result.report) == ["deck-id-changed"]
    assert result.files == {}


@pytest.mark.parametrize(
    ("deck_id", "cards", "message", "help_"),
    [
        ("id: legs\n", 1, "this card has no id yet", "writes it in"),
        ("id: legs\n", 400, "400 cards have no id yet", "writes them in"),
        ("", 0, "this deck has no id yet", "writes it in"),
        ("", 1, "this deck and 1 card have no id yet", "writes them in"),
        ("", 2, "this deck and 2 cards have no id yet", "writes them in"),
    ],
)
def test_ids_to_come_are_one_remark_for_each_file(deck_id: str, cards: int, message: str, help_: str) -> None:
    """It names no id, since that of a deck is different in each build."""
    card = "  - {q: What is this?, a: A thing}\n"
    files = {
        "legs/deck.yaml": f"deck: Legs\n{deck_id}cards:\n  - {{id: b, q: x, a: y}}\n{card * cards}",
        "legs/second.yaml": f"cards:\n{card * 3}",
    }
    first, second = pipeline.check(deck_files(files), FakeEnvironment(), outputs=("anki",))

    assert (first.message, first.help) == (message, f"`cardwright build` {help_}")
    assert second.message == "3 cards have no id yet"


def test_missing_id_is_an_error_with_locked() -> None:
    files = deck_files({"legs.yaml": "deck: Legs\nid: legs\ncards:\n  - {q: Outer?, a: Biceps}\n"})

    result = pipeline.build(files, FakeEnvironment(), replace(_OPTIONS, locked=True))

    assert _codes(result.report) == ["missing-id"]
    assert result.files == {}


def test_new_id_is_not_a_former_one() -> None:
    """With the id of a deleted card, the new card would get its review history."""
    first = "deck: Legs\nid: legs\ncards:\n  - {id: outer, q: Outer?, a: Biceps}\n  - {id: b, q: B?, a: b}\n"
    lock = _build(first).files[LOCK]
    second = "deck: Legs\nid: legs\ncards:\n  - {q: Outer?, a: Vastus lateralis}\n  - {id: b, q: B?, a: b}\n"

    assert b"{id: outer-2, q: Outer?, a: Vastus lateralis}" in _build(second, lock).files[SOURCE]


def test_diagnostics_have_the_lines_of_the_files_on_disk() -> None:
    """`build` writes ids, which moves the lines after them; `check` does not."""
    text = "deck: Legs\nid: legs\ncards:\n  - q: Outer?\n    a: x\n  - {id: b, q: '{{c1::Inner}}', a: y}\n"

    def places(report: Report) -> list[tuple[str, int, str]]:
        spans = [(diagnostic.code, diagnostic.span) for diagnostic in report]
        return [(code, span.start_position.line, span.text) for code, span in spans if span]

    assert places(_build(text).report) == [("cloze-outside-cloze", 7, "{{c1::")]
    checked = pipeline.check(deck_files({"legs.yaml": text}), FakeEnvironment(), outputs=())
    assert places(checked) == [("missing-id", 4, "q"), ("cloze-outside-cloze", 6, "{{c1::")]
