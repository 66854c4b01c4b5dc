"""Laws of reading: whatever stands in a file, it is read or explained, and a text stays what it was."""

from hypothesis import example, given
from hypothesis import strategies as st

from cardwright import pipeline, reader
from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.diagnostics.emit import text
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Source
from cardwright.source import yaml_tree
from cardwright.source.markup import Markup
from cardwright.source.nodes import Scalar, Sequence
from tests.support.memory import FakeEnvironment, deck_files

# Pieces that YAML, Markdown, math and cloze deletions are made of, so that chance finds their edges.
_PIECES = st.sampled_from(
    [
        *"abc 12:;#-?!|>&*%@`'\"{}[](),.\\\n\t~_=+<$",
        "  ", "\n  - ", "\n    ", "- id: x\n", "q: ", "a: ", "cards:\n", "deck: D\n", "{{c1::", "}}", "::",
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
def test_any_text_for_a_file_is_read_or_explained(written: str) -> None:
    """There is no file that makes the tool crash or go round for ever, and every finding can be shown."""
    for prefix in ("", "deck: D\nid: d\ncards:\n  - id: x\n    "):
        report = pipeline.check(deck_files({"d.yaml": prefix + written}), FakeEnvironment(), outputs=())
        for diagnostic in report:
            assert diagnostic.span is not None
            assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(diagnostic.span.source.text)
            assert text.render(diagnostic)


@given(_TEXT)
@example("1. x\n")
def test_what_check_finds_fit_is_built(written: str) -> None:
    """
    Who looks before a release is not to be surprised by it; and what was built has nothing left to write.
    """
    text = f"deck: D\nid: d\ncards:\n  - {{q: x, a: y}}\n  - q: x\n    a: {written}"
    files = deck_files({"d.yaml": text})
    options = pipeline.BuildOptions(now=1_700_000_000, outputs=("anki",))

    checked = pipeline.check(files, FakeEnvironment(), outputs=("anki",))
    outcome = pipeline.build(files, FakeEnvironment(), options)

    assert outcome.report.has_errors == checked.has_errors
    if not checked.has_errors:
        made = {output.path: output.data for output in outcome.files}
        source, lock = made.pop("cards_source/d.yaml"), made["cards_source/d.lock"]
        again = pipeline.build(deck_files({"d.yaml": source}, lock), FakeEnvironment(), options)
        assert {output.path: output.data for output in again.files} == made


@given(st.binary(max_size=60))
def test_any_bytes_for_a_file_are_read_or_explained(written: bytes) -> None:
    """Not every file called .yaml is one."""
    pipeline.check(deck_files({"d.yaml": written}), FakeEnvironment(), outputs=())


@given(_TEXT)
def test_any_text_for_a_field_is_read_or_explained(written: str) -> None:
    """Half-finished Markdown, math and deletions are what an author has most of the time."""
    source = Source("d.yaml", written)
    for cloze in (False, True):
        Markup(lambda _path, _scalar: None, lambda _path, _scalar: None, Report()).content(
            Scalar(source, 0, len(written), written, ""), cloze=cloze
        )


@given(
    st.text(
        st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Cn", "Co", "Zl", "Zp"]), min_size=1
    )
)
def test_a_quoted_text_is_what_was_written(written: str) -> None:
    """Nothing is a number, a date, a truth value or nothing at all."""
    source = Source("d.yaml", "- '" + written.replace("'", "''") + "'\n")
    report = Report()

    node = yaml_tree.parse_yaml(source, report)

    assert not len(report)
    assert isinstance(node, Sequence)
    (scalar,) = node.items
    assert isinstance(scalar, Scalar)
    assert scalar.value == written


@given(st.text("abcdefgh ijk?.,;", min_size=1).filter(lambda words: words.strip(" ?.,;")))
def test_a_plain_text_says_in_markdown_what_it_says(written: str) -> None:
    """The short cut around the Markdown parser is never seen: an entity sends the words through it."""
    deck = f"deck: D\nid: d\ncards:\n  - {{id: x, q: '{written}x', a: '{written}&#120;'}}\n"
    reading = reader.read_deck(deck_files({"d.yaml": deck})[0], FakeEnvironment(), Report())

    assert reading is not None
    fields = reading.deck.notes[0].fields
    assert fields[notetype.QUESTION] == c.plain(f"{written}x".strip())
    assert fields[notetype.ANSWER] == fields[notetype.QUESTION]
