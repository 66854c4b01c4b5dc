"""Lists of cards that are read line by line, and what libyaml makes of the same text."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.diagnostics import Report, Source
from cardwright.source import yaml_lines, yaml_tree
from cardwright.source.nodes import Mapping, Node, Scalar, Sequence

_CARDS = (
    "  - id: a\n    q: What is it?\n    a: It is that\n    tags: [leg, exam]\n",
    "  - id: b\n    q: 'What''s it?'\n    a: |\n      One\n\n        two: # x\n    extra: x\n",
    "  - id: c\n    list: Which?\n    items:\n      - One\n      - x: y\n        z: |-\n          zz\n",
    "  - id: d\n    table:\n      rows:\n        a:\n          b: c\n          d: e\n        f: {g: '?'}\n",
    "  - {id: e, q: x, a: y}\n",
    "  - {id: e, q: x, a: y} # x\n",
    "  - id: f\n    q: a text\n      that goes on\n",
    "  # A comment\n\n",
)
_HEADS = (
    *(
        "cards:\n",
        "deck: D\nid: d\ncards:\n",
        "",
        "cards: # x\n\n # y\n",
        "x: &x 1\ncards:\n",
        "d: 'a\ncards:\n",
    ),
    *(
        "d: |\ncards:\n",
        "cards: [\n",
        "cards:\n  - x\ncards:\n",
        "---\ncards:\n",
        "- a\ncards:\n",
        "d: x\n y\ncards:\n",
    ),
)
_ENDS = (
    "",
    "print: false\n",
    "...\n",
    "---\n",
    "x",
    " x\n",
    " - x\n",
    "  -",
    "  # x",
    "      # x",
    "      ",
    "\n",
)
_VALUES = (
    *(
        "knee",
        "a: b",
        "a:b",
        "x # no",
        "x#1",
        "-5",
        "- x",
        "::",
        "a::b",
        "b:",
        " b",
        "b ",
        "b\t",
        "b\tc",
        "'",
        "#",
    ),
    *(
        "'it''s'",
        "'a'b",
        "'open",
        "''",
        '"x"',
        '"a \\" b"',
        '"\\\\"',
        '"\\n"',
        '"\\q"',
        '"open',
        "'a\nb'",
        "'a\n  - b'",
    ),
    *(
        "[a, b]",
        "[a,b ]",
        "[ a::b,c]",
        "[]",
        "[a",
        "[a]]",
        "[a: b]",
        "[a, ]",
        "[a:]",
        "[a:,b]",
        "[a] b",
        "{{c1::x}}",
    ),
    *(
        "|",
        "|-",
        ">",
        "|+",
        "|2",
        "| # x",
        "| ",
        "&x",
        "&x y",
        "*x",
        "!!str x",
        "~",
        "",
        "%",
        "@",
        "`",
        "<<",
        "?x",
        "? x",
    ),
    *(
        "猫\u3000犬",
        "x\u2028y",
        "\ufeff",
        "a\xa0b",
        "\xa0",
        "x\xa0",
        "---",
        "...",
        "\U0001f9b4",
        "a]b",
        "x\r",
        "x\r\n",
    ),
    *(
        "x\n      y",
        "x\n\n      y",
        "x\n     # y",
        "\n      - x\n     - y",
        "\n      x: y\n        z: u",
        "\n    - x",
        "\n",
    ),
    *(
        "\n      x: y\n      x: z",
        "\n      - - x",
        "\n      -",
        "\n      - ",
        "\n      - |\n         x",
        "\n      - |\n        x",
    ),
    *(
        "|\n        x\n      y",
        "|\n\n      x",
        "|\n      x\n \n",
        "|\n      x\n       \n\n",
        "|\n      \tx",
        "|\n     x\n    # y",
    ),
    *(
        "|-\n      x\n\n\n",
        "|\n      x\n\ty",
        "|\n    b: x",
        "|\n  b: x",
        ">\n      x\n      y",
        "|\n      x\n      # y",
    ),
)
_LINES = (
    *(
        "\n",
        "    \n",
        "# x\n",
        "      # x\n",
        "x\n",
        "\t\n",
        "  -\n    a: b\n",
        "  - x\n",
        "  - [a]\n",
        "  - - a\n",
        "  - # x\n",
    ),
    *(
        "  - &x a: b\n",
        "  - *x\n",
        "  - |\n    x\n",
        "  - |1\n   x\n",
        "  -   a: b\n",
        "  - ? a\n",
        "  - a: b # c\n",
        "  - a: \n",
    ),
    *(
        "  - a:\n",
        "    ? x\n",
        "    id: again\n",
        "    'x': y\n",
        "    x : y\n",
        "    ,: y\n",
        "    x y: z\n",
        f"    {'x' * 120}: y\n",
    ),
)
_BRACKETS = (
    *(
        "{a: b}",
        "{ a: 'b, c' , d: [e , f] }",
        "{a: {b: [c, {d: e}]}}",
        "[{a: b}, [c]]",
        "{a: x:y, b: z::w}",
        "{a:b}",
    ),
    *(
        "{a: b c?, d: x#y}",
        "{a: b, a: c}",
        "{a: b: c}",
        "{a: b #c}",
        "{a: , b: c}",
        "{a, b: c}",
        "{'a': b}",
        "{a: b,}",
    ),
    *(
        "{a: -1}",
        "{a: 'b' c}",
        "{a: b]",
        "{}",
        "{a: []}",
        "{a: &x b}",
        "{a: *x}",
        "{? a: b}",
        "{a: b}}",
        "{a: b} c",
    ),
    *(
        "{a: (b), c: <d>}",
        '{a: "{row}: what?"}',
        "{a: http://b.c/d}",
        "{a : b}",
        "[a: b]",
        "{a:  b}",
        "{a: b\tc}",
    ),
    *(
        "{" * 70 + "}" * 70,
        "[" * 40 + "a" + "]" * 40,
        "{a: b\n      , c: d}",
        "{a: b,\n    c: d}",
        "{1: 2, _: ~}",
    ),
)
_tokens = st.sampled_from(
    [*"{}[],:#?-&*|!%@", " ", ", ", ": ", "a", "b c", "k: v", "'x'", '"y"', "::", "[a, b]", "{c: d}"]
)
_pieces = st.sampled_from(
    ["", "\n", " ", "  ", "'", '"', ":", "#", "[", "]", "-", "|", "&", "*", "{", "\t", "\n  - ", "\n    "]
)


def _dump(node: Node | None) -> object:
    match node:
        case Scalar():
            return node.start, node.end, node.value, node.style
        case Sequence():
            return node.start, node.end, [_dump(item) for item in node.items]
        case Mapping():
            entries = [(name, _dump(key), _dump(value)) for name, (key, value) in node.entries.items()]
            return node.start, node.end, node.flow, entries
    return None


def _assert_as_libyaml(text: str) -> None:
    source = Source("d.yaml", text)
    report, expected_report = Report(), Report()
    node = yaml_tree.parse_yaml(source, report)
    expected = yaml_tree.read_with_libyaml(source, expected_report)
    assert (text, _dump(node), list(report)) == (text, _dump(expected), list(expected_report))


@pytest.mark.parametrize("value", _VALUES)
def test_value_is_read_as_libyaml_does(value: str) -> None:
    for key, next_line in product(("", "- ", "    b: "), ("    c: d\n", "", "  - x: y\n")):
        _assert_as_libyaml(
            f"cards:\n  - a: b\n{'  - a: ' if not key else f'    n:{chr(10)}  {key}'}{value}\n{next_line}"
        )


@pytest.mark.parametrize("value", _BRACKETS)
def test_brackets_are_read_as_libyaml_does(value: str) -> None:
    for key, end in product(("  - ", "  - x: ", "  - x:\n      - "), ("", "\n", "\n    y: z\n", "\n  - x\n")):
        _assert_as_libyaml(f"cards:\n  - a: b\n{key}{value}{end}")


@given(st.lists(_tokens, max_size=9).map("".join), st.sampled_from(["{a: %s}", "[%s]", "{%s}", "[a, %s]"]))
def test_any_brackets_are_read_as_libyaml_does(content: str, brackets: str) -> None:
    _assert_as_libyaml(f"cards:\n  - x: {brackets.replace('%s', content)}\n  - y: z\n")


@pytest.mark.parametrize("line", _LINES)
def test_line_between_cards_is_read_as_libyaml_does(line: str) -> None:
    for before, after in product(_CARDS, _CARDS[:3]):
        _assert_as_libyaml(f"cards:\n{before}{line}{after}")


@pytest.mark.parametrize("head", _HEADS)
def test_text_around_the_cards_is_read_as_libyaml_does(head: str) -> None:
    for card, end in product(_CARDS, _ENDS):
        _assert_as_libyaml(f"{head}{_CARDS[0]}{card}{end}")
        _assert_as_libyaml(f"{head}{card}{end}".replace("\n    ", "\n  ").replace("\n  - ", "\n- "))


@given(st.lists(st.sampled_from(_CARDS), min_size=1, max_size=5).map("".join), st.data())
def test_damaged_list_is_read_as_libyaml_does(cards: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(cards)))
    end = start + data.draw(st.integers(0, 3))
    _assert_as_libyaml("cards:\n" + cards[:start] + data.draw(_pieces) + cards[end:])


def test_libyaml_reads_only_what_is_no_simple_line() -> None:
    parts: list[str] = []

    def read_part(text: str, offset: int) -> Node | None:
        parts.append(text)
        return yaml_tree._read_part(source, text, offset)

    source = Source("d.yaml", "deck: D\ncards:\n" + "".join(_CARDS) + _CARDS[0])

    assert yaml_lines.read_card_list(source, read_part) is not None
    assert parts == ["deck: D\ncards:\n", "cards:\n" + "".join(_CARDS[5:]) + "  - "]
