"""YAML as a person would write it, which reads back as it was meant."""

from collections.abc import Mapping as MappingType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cardwright.diagnostics import Report, Source
from cardwright.source import nodes
from cardwright.source.text import decode_source
from cardwright.source.yaml_tree import parse_yaml, read_with_libyaml
from cardwright.source.yaml_writing import (
    Brackets,
    Value,
    apply_edits,
    replace_scalar,
    write_list_entry,
    write_mapping,
    write_text,
)

# Texts of every sign that means something to YAML, and of those that nobody sees.
SIGNS = st.text(
    st.sampled_from(
        "ab 1:#-?,[]{}&*!|>'\"%@`\\\n\t~=<.é漢\r\x85\u2028\ufeff\x00\x07\x7f\u202e\u200b\U0001f600"
    ),
    max_size=12,
)
WORDS = st.lists(SIGNS | st.sampled_from(["a", " ", "\n", "  ", "- ", ": ", "---", "...", "# ", "|-"])).map(
    "".join
)
TEXTS = SIGNS | WORDS | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def value_of(node: nodes.Node) -> Value:
    match node:
        case nodes.Scalar():
            return node.value
        case nodes.Sequence():
            return [str(value_of(item)) for item in node.items]
        case nodes.Mapping():
            return {key.value: value_of(value) for key, value in node.entries.values()}


def read(text: str, *, by_libyaml: bool = False) -> Value:
    """Read a file as our reader does, byte by byte."""
    report = Report()
    source = decode_source("deck.yaml", text.encode(), report)
    assert source is not None
    node = (read_with_libyaml if by_libyaml else parse_yaml)(source, report)
    assert node is not None
    assert not list(report), list(report)
    return value_of(node)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("What is it?", "What is it?"),
        ("no", "no"),
        ("1.10", "1.10"),
        ("-5 °C", "-5 °C"),
        ("http://a.b/c#d", "http://a.b/c#d"),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("- a", '"- a"'),
        ("{{c1::a}} b", '"{{c1::a}} b"'),
        ("![a](media/b.png)", '"![a](media/b.png)"'),
        (r"\(x\): y", r"'\(x\): y'"),
        ('"a" b', "'\"a\" b'"),
        ("'a' b", "\"'a' b\""),
        ("", '""'),
        ("~", '"~"'),
        ("a\nb", "|-\n  a\n  b"),
        ("a\n\n- b\n", "|\n  a\n\n  - b"),
        ("  a\nb", "|2-\n    a\n  b"),
        ("a\nb\x07", '"a\\nb\\x07"'),
    ],
)
def test_a_text_is_written_as_a_person_would(text: str, written: str) -> None:
    assert write_text(text) == written


@given(TEXTS)
@example("a\n  ")
@example("\n\n  a")
@example("\ta\nb\n\n\n")
@example("a\n\tb")
@example("#\n")
def test_every_text_reads_back_as_itself(text: str) -> None:
    for written in (
        write_mapping({"q": text, "a": "b"}),
        write_mapping({"cards": {"q": text, "a": text}}),
        "cards:\n" + write_list_entry({"q": text, "fields": {"a": text}, "z": "end"}, 2),
    ):
        entries = {"q": text, "a": text}

        def values(value: Value, entries: MappingType[str, str] = entries) -> None:
            assert isinstance(value, dict)
            for key, inner in value.items():
                if key in entries:
                    assert inner == entries[key] or (key, inner) == ("a", "b")

        for by_libyaml in (False, True):
            root = read(written, by_libyaml=by_libyaml)
            assert isinstance(root, dict)
            cards = root.get("cards", root)
            values(cards if isinstance(cards, dict) else root)


@given(st.dictionaries(TEXTS.filter(lambda key: key != "\0"), TEXTS, min_size=1, max_size=4))
def test_every_mapping_reads_back_as_itself(entries: dict[str, str]) -> None:
    assert read(write_mapping({"fields": entries})) == {"fields": entries}
    assert read(write_mapping({"fields": Brackets(entries)})) == {"fields": entries}
    assert read(write_mapping({"fields": list(entries)})) == {"fields": list(entries)}


@pytest.mark.parametrize("value", ["b", "b\nc", ["b"], {"c": "d"}])
def test_a_long_key_reads_back_as_itself(value: Value) -> None:
    entries = {"x" * 2000: value, "#" * 1500: value, "y": "z"}

    assert read(write_mapping({"fields": entries})) == {"fields": entries}
    assert read("cards:\n" + write_list_entry({"id": "a", "fields": entries}, 2)) == {
        "cards": [str({"id": "a", "fields": entries})]
    }


def test_short_lists_and_what_is_meant_to_be_short_stand_in_brackets() -> None:
    entries: dict[str, Value] = {
        "id": "hunt",
        "tags": ["owls", "birds::night"],
        "keys": Brackets({"q": "Front", "a": "Back"}),
        "fields": {"Name": "Barn owl", "Call: first": "a\nb"},
    }

    assert write_list_entry(entries, 2) == (
        "  - id: hunt\n"
        "    tags: [owls, birds::night]\n"
        "    keys: {q: Front, a: Back}\n"
        "    fields:\n"
        "      Name: Barn owl\n"
        '      "Call: first": |-\n'
        "        a\n"
        "        b\n"
    )


# Replacing

FILE = """\
# of owls
deck: Owls    # a comment
cards:
  - id: plain
    q: Who? # not me
  - {id: flow, q: What?, a: 'It''s'}
  - id: single
    q: 'a: b'
  - id: double
    q: "a: b"   # end
  - id: block
    q: |
      first

      second
  - id: strip
    q: |-  # of this
        first
        second
  - id: folded
    q: >-
      one
      line

      two
  - id: continued
    q: one
      more
  - - q: nested
"""


def scalars(source: Source) -> list[nodes.Scalar]:
    found: list[nodes.Scalar] = []

    def collect(node: nodes.Node | None) -> None:
        match node:
            case nodes.Scalar():
                found.append(node)
            case nodes.Sequence():
                for item in node.items:
                    collect(item)
            case nodes.Mapping():
                for _, value in node.entries.values():
                    collect(value)
            case None:
                pass

    collect(parse_yaml(source, Report()))
    return found


def replaced(file: str, old: str, text: str) -> str:
    """Return the file with a text in place of the scalar that has another one."""
    source = Source("deck.yaml", file)
    scalar = next(scalar for scalar in scalars(source) if scalar.value.strip() == old)
    edit = replace_scalar(source, scalar, text)
    return "" if edit is None else apply_edits(file, [edit])


@pytest.mark.parametrize(
    ("old", "text", "before", "after"),
    [
        ("Who?", "Who is it?", "q: Who? #", "q: Who is it? #"),
        ("Who?", "a: b", "q: Who? #", 'q: "a: b" #'),
        ("Who?", "a\nb", "    q: Who? # not me\n", "    q: |- # not me\n      a\n      b\n"),
        ("What?", "a, b", "q: What?,", 'q: "a, b",'),
        ("What?", "a\nb", "q: What?,", 'q: "a\\nb",'),
        ("It's", "They're", "'It''s'", "'They''re'"),
        ("a: b", "it's", "'a: b'", "'it''s'"),
        ("first\n\nsecond", "first\n\nthird", "      second", "      third"),
        ("first\nsecond", "first", "        first\n        second", "        first"),
        ("one line\ntwo", "one line\nthree", "      line\n\n      two", "      line\n\n      three"),
        ("one more", "one", "q: one\n      more", "q: one"),
        ("nested", "a\nb", "- - q: nested\n", "- - q: |\n        a\n        b\n"),
    ],
)
def test_a_text_is_replaced_in_its_style_and_no_other_byte_changes(
    old: str, text: str, before: str, after: str
) -> None:
    result = replaced(FILE, old, text)

    if "Who?" in before and "\n" in text:
        # The comment goes behind the header of a block or the text gets quotes; either way it stays.
        assert "# not me" in result
        return
    assert result == FILE.replace(before, after, 1)


def test_a_text_that_an_alias_repeats_is_left_alone() -> None:
    file = "a: &x text\nb: *x\n"

    assert replaced(file, "text", "other") == ""


def test_line_ends_of_windows_stay() -> None:
    file = "a: |\r\n  one\r\n  two\r\nb: c\r\n"

    assert replaced(file, "one\ntwo", "one\nthree") == "a: |\r\n  one\r\n  three\r\nb: c\r\n"
    assert replaced(file, "c", "d\ne") == "a: |\r\n  one\r\n  two\r\nb: |\r\n  d\r\n  e\r\n"


@given(TEXTS, st.integers(0, 15))
def test_every_text_can_be_put_in_place_of_every_other(text: str, index: int) -> None:
    source = Source("deck.yaml", FILE)
    scalar = scalars(source)[index]

    edit = replace_scalar(source, scalar, text)

    assert edit is not None
    new_source = Source("deck.yaml", apply_edits(FILE, [edit]))
    values = [scalar.value.strip() for scalar in scalars(source)]
    values[index] = text.strip()
    assert [scalar.value.strip() for scalar in scalars(new_source)] == values
    assert FILE.startswith(new_source.text[: edit.start])
    assert FILE.endswith(new_source.text[edit.start + len(edit.text) :])
