"""The texts that are taken without being tried are those that trying finds."""

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cardwright.formats.anki.foreign_html import convert_field
from cardwright.importing.field_texts import certain_text

WORDS = st.lists(
    st.sampled_from(
        ["a", "Word", "é", "漢字", "1", "2.", "x1", "(in)", "(in", "so-so", "why?", "that,", "x;", "no!"]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)
EMPHASIS = st.tuples(
    st.sampled_from(["b", "i", "strong", "em"]), WORDS, st.sampled_from(["", ".", ",", "?"])
).map(lambda parts: f"<{parts[0]}>{parts[1]}</{parts[0]}>{parts[2]}")
DELETIONS = st.tuples(st.integers(1, 9), WORDS).map(lambda parts: f"{{{{c{parts[0]}::{parts[1]}}}}}")


def fields(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Fields of lines with some of these parts."""
    line = st.lists(parts, min_size=1, max_size=3).map(" ".join)
    lines = st.lists(line, min_size=1, max_size=3)
    return lines.map("<br>".join) | lines.map(lambda lines: "".join(f"<div>{line}</div>" for line in lines))


@settings(max_examples=60)
@given(fields(WORDS | EMPHASIS))
@example("<b>a b</b> c<br>2 <i>d</i>, e.")
@example("a<div>b</div><div><em>(c)</em> d</div>")
@example("<b>1.</b> a<br>(2) b")
def test_what_is_certain_is_what_would_be_found(html: str) -> None:
    assume((text := certain_text(html, is_cloze=False)) is not None)

    assert convert_field(html, cloze=False, media={}).text == text


@settings(max_examples=60)
@given(fields(WORDS | EMPHASIS | DELETIONS))
@example("<b>a</b> {{c1::b c}}, d<br>{{c2::e}}.")
def test_so_it_is_with_deletions(html: str) -> None:
    assume((text := certain_text(html, is_cloze=True)) is not None)

    assert convert_field(html, cloze=True, media={}).text == text


@pytest.mark.parametrize(
    ("html", "is_cloze", "text"),
    [
        ("", False, ""),
        ("What is a heart?", False, "What is a heart?"),
        ("Well-known words, of 12 (or more) kinds.", False, "Well-known words, of 12 (or more) kinds."),
        ("漢字", False, "漢字"),
        ("The heart has {{c1::four}} chambers.", True, "The heart has {{c1::four}} chambers."),
        ("<b>One</b> line<br>and <i>two</i>.", False, "**One** line\\\nand *two*."),
        ("one<div>two</div><div>three</div>", False, "one\\\ntwo\\\nthree"),
        ("<div>one</div><div>two</div>", False, "one\\\ntwo"),
    ],
)
def test_ordinary_fields_are_certain(html: str, is_cloze: bool, text: str) -> None:
    assert certain_text(html, is_cloze=is_cloze) == text


@pytest.mark.parametrize(
    "html",
    [
        "a  b",
        "1. a",
        "a *b*",
        "a_b_c",
        "a &amp; b",
        "a: b",
        "- a",
        "e\u0301",
        " a",
        "a ",
        "<b>a</b>b",
        "a<br>",
    ],
)
def test_anything_else_is_tried(html: str) -> None:
    assert certain_text(html, is_cloze=False) is None
