"""A file is cut between its cards, and its chunks give the nodes of the whole file."""

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.diagnostics import Report, Source
from cardwright.reader.chunks import LARGEST_CHUNK, cut_file
from cardwright.source.nodes import Mapping, Node, Scalar, Sequence
from cardwright.source.yaml_tree import read_cards, read_head, read_with_libyaml


def cards(count: int, indent: str = "  ") -> str:
    entries = (f"{indent}- id: card-{number}\n{indent}  q: x\n{indent}  a: y\n" for number in range(count))
    return f"topic: T\ncards:\n{''.join(entries)}"


def dump(node: Node) -> object:
    if isinstance(node, Scalar):
        return (node.value, node.start, node.end, node.style)
    if isinstance(node, Sequence):
        return (node.start, node.end, [dump(item) for item in node.items])
    entries = [(dump(key), dump(value)) for key, value in node.entries.values()]
    return (node.start, node.end, node.flow, entries)


def whole_cards(source: Source) -> object:
    """Return the cards of a file that is parsed as a whole; None if anything is wrong with it."""
    report = Report()
    root = read_with_libyaml(source, report)
    node = root.get("cards") if isinstance(root, Mapping) else None
    return [dump(item) for item in node.items] if isinstance(node, Sequence) and not len(report) else None


def chunked_cards(source: Source) -> object:
    """Return the cards of a file that is parsed chunk by chunk; None if one of them is no YAML by itself."""
    cut = cut_file(source)
    head = None if cut is None else read_head(source, cut.head)
    if cut is None or not isinstance(head, Mapping):
        return None
    parts = [read_cards(source, *bounds) for bounds in cut.chunks]
    if None in parts:
        return None
    return [dump(item) for part in parts if part is not None for item in part.items]


@pytest.mark.parametrize("indent", ["", "  ", "      "])
def test_the_chunks_give_the_nodes_of_the_whole_file(indent: str) -> None:
    source = Source("cards.yaml", cards(700, indent))
    cut = cut_file(source)
    assert cut is not None
    assert len(cut.chunks) > 3
    assert chunked_cards(source) == whole_cards(source)


def test_an_edit_changes_one_chunk() -> None:
    text = cards(2_000)
    edited = text.replace("id: card-777\n    q: x", "id: card-777\n    q: another text")
    with_new_card = text.replace("  - id: card-777\n", "  - id: new\n    q: x\n    a: y\n  - id: card-777\n")
    before = chunk_texts(text)
    assert len(before - chunk_texts(edited)) == 1
    assert len(before - chunk_texts(with_new_card)) <= 2


def chunk_texts(text: str) -> set[str]:
    cut = cut_file(Source("cards.yaml", text))
    assert cut is not None
    return {text[start:end] for start, end in cut.chunks}


def test_a_run_without_a_natural_beginning_is_divided() -> None:
    text = "cards:\n" + "  - {id: same, q: x, a: y}\n" * (LARGEST_CHUNK * 3)
    assert len(chunk_texts(text)) <= 2
    cut = cut_file(Source("cards.yaml", text))
    assert cut is not None
    assert len(cut.chunks) == 3


@pytest.mark.parametrize(
    "text",
    [
        "topic: T\n",
        "cards: []\n",
        "cards:\n  - a\ntopic: T\n",
        "cards:\n  - a\ncards:\n  - b\n",
        "cards:\n  - a\n - b\n",
        "cards:\n",
        "cards:\n  q: x\n",
        "cards:\n  - a\n---\n",
    ],
)
def test_other_files_are_not_cut(text: str) -> None:
    assert cut_file(Source("cards.yaml", text)) is None


QUOTED = "cards:\n" + "".join(f'  - id: n{n}\n    q: "one\n  - id: n{n}-b\n  two"\n' for n in range(300))


def test_what_looks_like_a_card_within_quotes_is_found_out() -> None:
    """The text goes on at the end of its chunk, so the chunk is no YAML by itself."""
    assert chunked_cards(Source("cards.yaml", QUOTED)) in (None, whole_cards(Source("cards.yaml", QUOTED)))


LINES = st.sampled_from(
    [
        "  - id: a",
        "    q: text",
        "    a: *text",
        "    q: |",
        "      block",
        "      - id: within a block",
        "    a: >-",
        "    a: 'quoted",
        "  - id: b'",
        '    a: "quoted',
        '  - id: c"',
        "    tags: [x,",
        "  - y]",
        "    items: {one: 1,",
        "    two: 2}",
        "      continued",
        "",
        "# comment",
        "      # comment",
        "  # comment",
        "  -",
        "    a:",
        "  - q:",
        "  - text",
        "  - - nested",
        "  - ? complex",
        "    : value",
        "    &anchor q: x",
        "    \u2028- id: d",
        "\t- id: e",
        "    q: x # comment",
        "    q: x\r",
        "cards:",
        "topic: T",
    ]
)


@given(st.lists(LINES, max_size=30))
def test_chunks_never_say_anything_else_than_the_whole_file(lines: list[str]) -> None:
    """As if a new chunk began with every card. An alias makes its chunk depend on others."""
    source = Source("cards.yaml", "topic: T\ncards:\n" + "\n".join(lines) + "\n")
    with mock.patch("cardwright.reader.chunks.AVERAGE_CHUNK", 1):
        in_chunks = chunked_cards(source)
    if in_chunks is not None:
        assert in_chunks == whole_cards(source)
