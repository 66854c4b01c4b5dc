"""Texts that need no Markdown parser are read as the parser reads them, with the same warnings: none."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.diagnostics import Diagnostic, Report, Source
from cardwright.source.markdown_content import read_markdown
from cardwright.source.markup import MarkupReader
from cardwright.source.nodes import Scalar
from cardwright.source.simple_markup import read_simple_lines, read_simple_markup
from cardwright.source.text import clean_text

CORPUS = Path(__file__).parent / "corpus"
_SIGNS = [
    *" ab1é猫.,;:!?()-_=+%#$/&<|[]{}\\~^`*\"'’\t\u2028\u00a0\u0301\ufe00\u200b",
    *(
        "**",
        "***",
        " **",
        "** ",
        " *",
        "* ",
        " `",
        "` ",
        "::",
        "==",
        "%%",
        "++",
        "://",
        ".py",
        "$x$",
        "&amp;",
        "1. ",
        "- ",
    ),
]
_WORDS = [
    "the",
    "knee",
    "**hip**",
    "*thigh bone*",
    "**猫**",
    "`x*y`",
    "`_a_`",
    "*1st*,",
    "**é**.",
    "(a)",
    "b:",
    "`$`!?",
]


_WORDS_OF_CLOZES = [
    *_WORDS,
    "{{c1::knee}}",
    "{{c2::thigh bone}},",
    "{{c1::1st}}{{c3::2nd}}",
    "{{c1::猫::pet}}",
    "{{c1::the knee::a joint}}",
    "{{c2::std::map}}",
    "{{c2::fe80::ab}}",
    "{{c2::a::f(x)}}",
]
_SIGNS_OF_CLOZES = [*_SIGNS, "{", "}", "}}", "{{c1::", "{{c4::a}}", ":", "\\::"]


_PARAGRAPHS = ["The knee", "**Hip** bone", "They are:", "A `b` c.", "1. x", "猫は"]
_ENTRIES = ["- one", "- **two**", "- three parts", "- *four*", "- the `x`", "- 猫", "- 1 of 5"]
_SIGNS_OF_LINES = [
    *_SIGNS,
    "\n",
    "\n\n",
    "\n- ",
    "\n  ",
    "\n---\n",
    "\n1. ",
    "\n> ",
    "\n| a |\n",
    "\n\n- a\n- b",
    "```",
]


@st.composite
def with_signs(draw: st.DrawFn, text: str, signs: Sequence[str]) -> str:
    for sign in draw(st.lists(st.sampled_from(signs), max_size=3)):
        position = draw(st.integers(0, len(text)))
        text = text[:position] + sign + text[position:]
    return text


@st.composite
def texts(draw: st.DrawFn, words: Sequence[str] = _WORDS, signs: Sequence[str] = _SIGNS) -> str:
    """Draw words, of which some are emphasised, with a few signs anywhere in them."""
    text = " ".join(draw(st.lists(st.sampled_from(words), min_size=1, max_size=5)))
    return draw(with_signs(text, signs))


def read_with_and_without_parser(
    text: str, *, cloze: bool = False, after: str = ""
) -> list[tuple[c.Content, list[Diagnostic]]]:
    """Read a text. after: what is behind it in its source, if it is not in quotes."""
    scalar = Scalar(Source("deck.yaml", text + after), 0, len(text), text, "" if after else "'")
    results = []
    for always in (False, True):
        report = Report()
        reader = MarkupReader(lambda _path, _scalar: None, lambda _path, _scalar: None, report)
        content = (
            read_markdown(reader, scalar, clean_text(scalar, report), cloze=cloze, readings=False)
            if always
            else reader.read(scalar, cloze=cloze)
        )
        results.append((content, list(report)))
    return results


@given(texts())
@example("**Knee**, *hip*: `x_y = 1`!")
@example("*a*:::")
@example("`a`:::")
@example("a *b*.py")
@example("1) *b*")
@example("*a* *b*")
@example("**a***b*")
@example("`` a`")
@example("`a\u2028`")
@example("*\u0301a*")
@example("a\u2028*b*")
@example("**Wow!!!**")
def test_a_text_reads_the_same_with_and_without_the_markdown_parser(text: str) -> None:
    without, always = read_with_and_without_parser(text)

    assert without == always


@given(texts([*_WORDS[:3], "(1.5 kg)", "it's", "a/b-c?", "x:y,"], [" ", "\u0301", "é", "=", "1"]))
@example('The knee, (the) "hip"!')
def test_a_comment_behind_a_text_is_noticed_with_and_without_the_parser(text: str) -> None:
    for after in ("\n", " # why", " #why", "\t# why", "  # why", " \n"):
        without, always = read_with_and_without_parser(text, after=after)

        assert without == always


@st.composite
def lines(draw: st.DrawFn) -> str:
    """Draw paragraphs and a list, with a few signs anywhere in them."""
    paragraphs = draw(st.lists(st.sampled_from(_PARAGRAPHS), max_size=3))
    entries = draw(st.lists(st.sampled_from(_ENTRIES), max_size=4))
    text = draw(st.sampled_from(["\n", "\n\n"])).join(paragraphs)
    return draw(
        with_signs(text + draw(st.sampled_from(["\n", "\n\n"])) + "\n".join(entries), _SIGNS_OF_LINES)
    )


@given(lines().filter(str.strip))
@example("They are:\n\n- **one**\n- two")
@example("They are:\n- one\n- 1. two")
@example("One\n\nTwo")
@example("One\nTwo")
@example("- one\n\n- two")
@example("- one\n  two")
@example("One  \n- two")
@example("One\n---")
@example("- One\n- \n- two")
def test_lines_read_the_same_with_and_without_the_parser(text: str) -> None:
    without, always = read_with_and_without_parser(text)

    assert without == always


@given(texts(_WORDS_OF_CLOZES, _SIGNS_OF_CLOZES))
@example("{{c1::The knee}}: {{c2::bends}}{{c1::and}} *turns*")
@example("{{c1::a}}}")
@example("`{{c1::a}}`")
@example("`{{` {{c1::a}}")
@example("{{c1::a}} `}}`")
@example("{{c1::fe80}}::{{c1::a}}")
@example("**{{c1::a}}** b")
@example("{{c1::The knee::joint, large}} {{c2::a::b}}{{c3::Foo::b}}{{c3::x Vec::b}} {{c2::fooVec::b}}")
@example("{{c1::fe80::1}} {{c1::be4::x}} {{c1::a::b ::c}} {{c1::a::b::c}} {{c1::a ::b}} {{c1::f()::b}}")
@example('{{c1::a::b("}} {{c1::a::(b)}}')
@example("{{c0::a}} {{c501::a}} {{c1,2::a}}")
def test_a_text_of_a_cloze_card_reads_the_same_with_and_without_the_parser(text: str) -> None:
    without, always = read_with_and_without_parser(text, cloze=True)

    assert without == always


@pytest.mark.parametrize("path", sorted(CORPUS.rglob("*.txt")), ids=lambda path: path.stem)
def test_collected_texts_read_the_same_with_and_without_the_markdown_parser(path: Path) -> None:
    for line in filter(None, path.read_text().splitlines()):
        without, always = read_with_and_without_parser(line.replace("⏎", "\n"))

        assert without == always, line


@pytest.mark.parametrize(
    "text",
    ["**Knee**", "The **knee** joint", "It *bends*, and `x` **stands**.", "`a*b` is code", "**膝** は"],
)
def test_words_in_bold_or_italics_and_code_need_no_parser(text: str) -> None:
    assert read_simple_markup(text) is not None


def test_paragraphs_of_a_line_and_a_list_need_no_parser() -> None:
    assert read_simple_lines("They are **two**:\n\n- the *knee*\n- the hip") is not None
    assert read_simple_lines("One line\nand another") is None


def test_deletions_of_words_need_no_parser() -> None:
    text = "{{c1::The knee}} is *bent* by the {{c2::hamstrings::three muscles}}."

    assert read_simple_markup(text, cloze=True) is not None
    assert read_simple_markup(text) is None


@pytest.mark.parametrize(
    "text",
    ["none", "x*y*z", "*a **b** c*", "**a**b", "~~a~~", "a [b](https://c.d)", "*a* \\* b", "2 * 3 * 4"],
)
def test_all_other_markup_is_left_to_the_parser(text: str) -> None:
    assert read_simple_markup(text) is None
