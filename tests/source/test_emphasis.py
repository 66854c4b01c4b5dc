"""Where emphasis begins and ends: as CommonMark says, but for its amendments."""

import re
from functools import partial

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline

from cardwright.source.markup_rules import markdown_parser

_PIECES = st.sampled_from(
    ["a", "b", "ab ", "é", "1", " ", "*", "**", "_", "__", "~~", ".", "(", ")", "-", '"', "`x`", "!"]
)
_TEXTS = st.lists(_PIECES, max_size=12).map("".join)
_MULTIPLIES = re.compile(r"[\w)\]]\*+[\w(\[]|\(\*+\)|\.\*+\)")


def html(text: str) -> str:
    return str(markdown_parser().renderInline(text))


@given(_TEXTS)
@example("**a** *b* _c_ __d__ ***e***")
@example("a **b.**c")
@example("*a **b* c**")
def test_text_without_amendments_is_emphasised_as_commonmark_says(text: str) -> None:
    assume(not _MULTIPLIES.search(text) and "\\(" not in text)
    commonmark = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")

    assert html(text) == commonmark.renderInline(text)


@given(
    st.lists(
        st.sampled_from([*" ab&\\<>`*_~[]()!{}:\n", "&amp;", "<b>", "![x](y)", "\\(", "\\)", "  \n"])
    ).map("".join)
)
@example("![x](y.png){width=5%}")
@example("猫\n猫")
@example("*" * 50)
@example("[" * 30 + "](x)")
def test_rules_that_a_sign_cannot_begin_are_not_missed(text: str) -> None:
    trying_all = markdown_parser.__wrapped__()
    trying_all.inline.tokenize = partial(ParserInline.tokenize, trying_all.inline)  # type: ignore[method-assign]  # its own method

    assert markdown_parser().parseInline(text, {}) == trying_all.parseInline(text, {})


@pytest.mark.parametrize(
    ("text", "emphasised"),
    [
        ("**重要。**次", "重要。"),
        ("これは**「重要」**です", "「重要」"),
        ("**“引号”**也可以", "“引号”"),
        ("**한국어(Korean)**는", "한국어(Korean)"),
        ("중요**(!)**한", "(!)"),
        ("湾岸の**46%**を", "46%"),
        ("***重要。***次", "重要。"),
        ("**か゚。**次", "か゚。"),
        ("**〇︀。**次", "〇︀。"),
        ("**ﾊﾝｶｸ｡**次", "ﾊﾝｶｸ｡"),
        ("un**believable story** here", "believable story"),
        ("un**believ**able", "believ"),
    ],
)
def test_emphasis_takes(text: str, emphasised: str) -> None:
    assert f"<strong>{emphasised}</strong>" in html(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*(in brackets)*", "<em>(in brackets)</em>"),
        ("**a**, b", "<strong>a</strong>, b"),
        ("**a.**, b", "<strong>a.</strong>, b"),
        ("(*x*), *y*", "(<em>x</em>), <em>y</em>"),
        ("*a*; b", "<em>a</em>; b"),
        ("du weißt **, dass** er", "du weißt <strong>, dass</strong> er"),
        ("*x (**y**)*", "<em>x (<strong>y</strong>)</em>"),
        ("see *(a)* (*)", "see <em>(a)</em> (*)"),
    ],
)
def test_emphasis_beside_punctuation_takes(text: str, expected: str) -> None:
    assert html(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2*3*4", "2*x + 3*y", "x**2 + y**2", "a*b, c*d", "(a+b)*(c+d)*(e+f)", "[a-z]*[0-9]*", "10*20*30 cm",
        "Schüler*innen und Lehrer*innen", "Kolleg*innen, Freund*innen und Partner*innen", "друг*и и автор*ы",
        "COUNT(*) and COUNT(*)", "SELECT a.*, b.* FROM a", "SELECT COUNT(*), SUM(*) FROM t", "f(*) = g(*)",
        "def f(a, *, b, **kw) and def g(*, x, **y)", "a[*], b[*]", "(a.*), (b.*)",
        "__init__", "obj.__dict__", "Call __getitem__ and __setitem__.", "super().__init__()",
    ],
)  # fmt: skip
def test_signs_that_multiply_join_words_or_belong_to_names_stay(text: str) -> None:
    assert html(text) == text.replace("&", "&amp;")
