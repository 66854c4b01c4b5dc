"""Properties of reading: any file is read or explained, and a text keeps its characters."""

from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from cardwright import pipeline, reader
from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.diagnostics import Report, Source
from cardwright.diagnostics.emit import text
from cardwright.source import markup_rules, yaml_tree
from cardwright.source.markup import MarkupReader
from cardwright.source.nodes import Scalar, Sequence
from tests.support.memory import FakeEnvironment, deck_files

# What YAML, Markdown, math and cloze deletions consist of, so that random texts reach their edge cases.
_PIECES = st.sampled_from(
    [
        *"abc 12:;#-?!|>&*%@`'\"{}[](),.\\\n\t~_=+<$",
        "  ", "\n  - ", "\n    ", "- id: x\n", "q: ", "a: ", "cards:\n", "deck: D\n", "{{c1::", "}}", "::",
        "<b>", "</b>", "<ul><li>", "<div>\n", "</div>", "{width=5%}",
        "\\(", "\\)", "\\[", "\\]", "**", "![x](", "](", "```", "| a |\n|---|\n", "猫", "é",
        "\u200d", "\u2028", "\r\n", "\ufeff",
    ]
)  # fmt: skip
_TEXT = st.lists(_PIECES, max_size=40).map("".join)


@given(_TEXT)
@example("- 'a\n- b'c")
@example("a: 'x' y\n")
@example("- {a: b: c}\n")
@example('"\\')
def test_any_text_of_a_file_is_read_or_explained(random_text: str) -> None:
    """No file causes a crash or an endless loop, and every diagnostic can be shown."""
    for prefix in ("", "deck: D\nid: d\ncards:\n  - id: x\n    "):
        report = pipeline.check(deck_files({"d.yaml": prefix + random_text}), FakeEnvironment(), outputs=())
        for diagnostic in report:
            assert diagnostic.span is not None
            assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(diagnostic.span.source.text)
            assert text.render(diagnostic)


@given(_TEXT)
@example("- x")
@example("**x**")
@example("* * *")
@example("** **")
@example("*")
@example("***")
@example("_ _ _")
@example("[x]: https://a.b")
@example("```x")
@example("~~~")
@example("~~x~~")
@example("<div>")
@example("1) x")
@example("1234567890. x")
@example("| a |")
@example("=")
@example("\u200bx")
def test_a_line_that_begins_no_block_reads_the_same_without_the_parser_of_blocks(random_text: str) -> None:
    line = " ".join(random_text.replace("\r", "\n").split("\n")).strip()
    assume(line)
    env: dict[str, Any] = {}
    tokens = markup_rules.parse_markdown(line, env, readings=False)
    all_tokens = markup_rules.markdown_parser().parse(line, {})

    assert [token.children for token in tokens if token.type == "inline"] == [
        token.children for token in all_tokens if token.type == "inline"
    ]
    if tokens and tokens[0].type == "inline":
        assert [token.type for token in all_tokens] == ["paragraph_open", "inline", "paragraph_close"]


@given(_TEXT)
@example("1. x\n")
def test_build_agrees_with_check(answer: str) -> None:
    """A deck builds if and only if `check` finds no error, and a second build changes nothing."""
    text = f"deck: D\nid: d\ncards:\n  - {{q: x, a: y}}\n  - q: x\n    a: {answer}"
    files = deck_files({"d.yaml": text})
    options = pipeline.BuildOptions(now=1_700_000_000, outputs=("anki",))

    has_errors = pipeline.check(files, FakeEnvironment(), outputs=("anki",)).has_errors
    result = pipeline.build(files, FakeEnvironment(), options)

    assert result.report.has_errors == has_errors
    if not has_errors:
        outputs = dict(result.files)
        source, lock = outputs.pop("cards_source/d.yaml"), outputs["cards_source/d.lock"]
        second_result = pipeline.build(deck_files({"d.yaml": source}, lock), FakeEnvironment(), options)
        assert second_result.files == outputs


@given(st.binary(max_size=60))
def test_any_bytes_of_a_file_are_read_or_explained(random_bytes: bytes) -> None:
    pipeline.check(deck_files({"d.yaml": random_bytes}), FakeEnvironment(), outputs=())


@given(_TEXT)
def test_any_text_of_a_field_is_read_or_explained(random_text: str) -> None:
    """While writing, Markdown, math and deletions are often unfinished."""
    source = Source("d.yaml", random_text)
    for cloze in (False, True):
        MarkupReader(lambda _path, _scalar: None, lambda _path, _scalar: None, Report()).read(
            Scalar(source, 0, len(random_text), random_text, ""), cloze=cloze
        )


@given(
    st.text(
        st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Cn", "Co", "Zl", "Zp"]), min_size=1
    )
)
def test_quoted_text_keeps_its_characters(value: str) -> None:
    """It does not become a number, a date or a truth value."""
    source = Source("d.yaml", "- '" + value.replace("'", "''") + "'\n")
    report = Report()

    node = yaml_tree.parse_yaml(source, report)

    assert not len(report)
    assert isinstance(node, Sequence)
    (scalar,) = node.items
    assert isinstance(scalar, Scalar)
    assert scalar.value == value


@given(st.text("abcdefgh ijk?.,;", min_size=1).filter(lambda words: words.strip(" ?.,;")))
def test_shortcut_for_plain_text_agrees_with_the_markdown_parser(words: str) -> None:
    """An HTML entity sends the same words through the parser."""
    deck = f"deck: D\nid: d\ncards:\n  - {{id: x, q: '{words}x', a: '{words}&#120;'}}\n"
    parsed = reader.read_deck(deck_files({"d.yaml": deck})[0], FakeEnvironment(), Report())

    assert parsed is not None
    fields = parsed.deck.notes[0].fields
    assert fields[notetype.QUESTION] == c.plain(f"{words}x".strip())
    assert fields[notetype.ANSWER] == fields[notetype.QUESTION]
