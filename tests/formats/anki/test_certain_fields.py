"""What is certain of fields without trying is what trying finds: the text, and what a build makes of it."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cardwright.formats.anki.certain_fields import certain_field, plain_html
from cardwright.formats.anki.foreign_html import convert_field, find_text
from cardwright.formats.anki.shown_html import canonical

SOME_WORDS = (
    *("a", "Word", "é", "漢字", "1", "2.", "x1", "(in)", "(in", "so-so", "why?", "that,", "x;", "no!", "7)"),
    *(
        "a&nbsp;b",
        "a&nbsp;",
        "&nbsp;a",
        "a.&nbsp; b",
        "&nbsp;",
        "it's",
        "a:",
        "“so”",
        '"so"',
        "and/or",
        "«non»",
        "1.5",
        "-",
        "…",
        "U.S.",
        "a—b",
        "。",
    ),
)
WORDS = st.lists(st.sampled_from(SOME_WORDS), min_size=1, max_size=4).map(" ".join)
EMPHASIS = st.tuples(
    st.sampled_from(["b", "i", "strong", "em"]), WORDS, st.sampled_from(["", ".", ",", "?", ":", ";"])
).map(lambda parts: f"<{parts[0]}>{parts[1]}</{parts[0]}>{parts[2]}")
DELETIONS = st.tuples(st.integers(1, 9), WORDS, st.sampled_from(["", ".", ",", "?"])).map(
    lambda parts: f"{{{{c{parts[0]}::{parts[1]}}}}}{parts[2]}"
)
SIGNS = st.text(
    st.sampled_from("aZé1漢 ..,;:'\"!?()/’“”–—…-+=%#@°×_*[<&\\|{}~^$`\u3000\xa0"), min_size=1, max_size=12
)


def fields(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Fields of lines with some of these parts."""
    line = st.lists(parts, min_size=1, max_size=3).map(" ".join)
    lines = st.lists(line | st.just(""), min_size=1, max_size=4)
    divs = lines.map(lambda lines: "".join(f"<div>{line or '<br>'}</div>" for line in lines))
    entries = st.lists(line, min_size=1, max_size=3).map("</li><li>".join)
    breaks = lines.map("<br>".join)
    return breaks | divs | st.builds("{}<ul><li>{}</li></ul>".format, breaks | divs, entries)


def check(html: str, *, cloze: bool) -> None:
    certain = certain_field(html, cloze=cloze)

    blocks = canonical(html, cloze=cloze)
    assert certain is None or certain == find_text(blocks, blocks, cloze=cloze, media={})


@settings(max_examples=200)
@given(fields(WORDS | EMPHASIS))
@example("<b>a b</b> c<br>2 <i>d</i>, e.")
@example("a<div>b</div><div><em>(c)</em> d</div>")
@example("<b>1.</b> a<br>(2) b")
@example("a<br><br>b<br>")
@example("a<div><br></div><div>b</div>")
@example("Note: <b>a</b> <b>b</b>")
@example("a&nbsp;b <i>c</i>.&nbsp;<br><ul><li>d</li><li>e&nbsp;f</li></ul>")
def test_what_is_certain_is_what_would_be_found(html: str) -> None:
    check(html, cloze=False)


@settings(max_examples=200)
@given(SIGNS)
@example("50% of 3 + 4 = #7")
@example("a -b")
def test_so_it_is_with_signs(html: str) -> None:
    check(html, cloze=False)


@settings(max_examples=200)
@given(fields(WORDS | EMPHASIS | DELETIONS) | WORDS | SIGNS)
@example("<b>a</b> {{c1::b c}}, d<br>{{c2::e}}.")
def test_so_it_is_with_deletions(html: str) -> None:
    check(html, cloze=True)


@pytest.mark.parametrize(
    ("html", "cloze", "text", "made"),
    [
        ("", False, "", ""),
        (" What is a heart? ", False, "What is a heart?", "What is a heart?"),
        ("Well-known: 12 (or more).", False, "Well-known: 12 (or more).", "Well-known: 12 (or more)."),
        ("漢字", False, "漢字", "漢字"),
        ("It has {{c1::four}} rooms.", True, "It has {{c1::four}} rooms.", "It has {{c1::four}} rooms."),
        (
            *("<b>One</b> line<br>and <i>two</i>.", False),
            *("**One** line\\\nand *two*.", "<b>One</b> line<br>and <i>two</i>."),
        ),
        ("one<div>two</div><div>three</div>", False, "one\\\ntwo\\\nthree", "one<br>two<br>three"),
        ("<div>one</div><div>two</div>", False, "one\\\ntwo", "one<br>two"),
        ("one<br><br>two", False, "one\n\ntwo", "<p>one</p><p>two</p>"),
        ("one&nbsp;two&nbsp;", False, "one&nbsp;two", "one&nbsp;two"),
        ("one<br><ul><li>two</li></ul>", False, "one\n\n- two", "<p>one</p><ul><li>two</li></ul>"),
    ],
)
def test_ordinary_fields_are_certain(html: str, cloze: bool, text: str, made: str) -> None:
    certain = certain_field(html, cloze=cloze)

    assert certain is not None
    assert (certain[0], certain[1].html) == (text, made)


def test_what_deletions_hide_is_known() -> None:
    certain = certain_field("A {{c2::b}}<br>and {{c1::c d}}", cloze=True)

    assert certain is not None
    assert certain[1].hidden == ((2, "b"), (1, "c d"))


@pytest.mark.parametrize(
    "html",
    [
        *("a  b", "1. a", "a *b*", "a_b_c", "a &amp; b", "- a", "e\u0301", "<b>a</b>b", "<br>a"),
        *("a<br><br><br>b", "<b>a</b> <i>b</i>", "<div></div>a", "<div>a<br>b</div>", "{{c1::a}}", "C++"),
    ],
)
def test_anything_else_is_tried(html: str) -> None:
    assert certain_field(html, cloze=False) is None


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("<p>one</p><p><span>two</span></p>", "one<br><br>two"),
        ("<div><strong>one</strong></div>&nbsp;two", "<b>one</b><br>two"),
        ("<u>one</u>", ""),
        ("one &lt; two", ""),
        ("<ul><li>one</li></ul>", ""),
    ],
)
def test_lines_of_words_are_plain_however_they_are_written(html: str, plain: str) -> None:
    blocks = canonical(html)

    assert plain_html(blocks) == plain
    assert not plain or canonical(plain) == blocks


def test_a_text_in_plain_lines_is_certain_too() -> None:
    assert convert_field("<p>one</p><p>two</p>", cloze=False, media={}).text == "one\n\ntwo"
