"""The style of a custom note type: accepted as written, or refused."""

import pytest

from cardwright.diagnostics import Report
from cardwright.source.css import MAX_CSS_LENGTH, read_css
from tests.support.custom_decks import scalar


def read(css: str) -> tuple[str | None, list[str]]:
    """Return the style, and the text that each diagnostic points at."""
    report = Report()
    style = read_css(scalar(css), report)
    assert all(diagnostic.code in ("css-reaches-out", "long-css") for diagnostic in report)
    return style, [diagnostic.span.text for diagnostic in report if diagnostic.span is not None]


@pytest.mark.parametrize(
    "css",
    [
        ".card { font: 20px/1.4 'Noto Sans', serif; --line: #ccc; scroll-behavior: smooth }",
        "@media (max-width: 30em) { .card > b::before { content: '\\201C (\\'' } }",
        "@font-face { font-family: X; src: local('Noto Sans') }",
        "@keyframes a { from { color: red } } .nightMode .card { transform: rotate(1deg) }",
        "/* a comment */ .curly { width: calc(1em + 2px) }",
        ".sm\\:flex, .w-1\\/2 { --\\31: \\'x\\' } /* url of a { */ a { b: c }",
        "",
    ],
)
def test_style_stays_as_written(css: str) -> None:
    """A style may change how a card looks in any way."""
    assert read(css) == (css, [])


@pytest.mark.parametrize(
    ("css", "blamed"),
    [
        ("b {} @import 'https://a.b/c.css';", "@import"),
        ("b { background: url(a.png) }", "url("),
        ("b { background: URL ( 'https://a.b/c' ) }", None),
        ("b { background: image-set('https://a.b/c' 1x) }", "image-set("),
        ("@font-face { src: url(data:x) }", "url("),
        ("b { width: expression(alert(1)) }", "expression("),
        ("b { x: javascript:alert(1) }", "javascript:"),
        ("b { behavior: x }", "behavior:"),
        ("b { -moz-binding: x }", "-moz-binding"),
        ("b {} </style><script>", "</"),
        ("b {} <!-- x", "<!--"),
        ("b { background: \\75rl(a.png) }", None),
        ("b { background: \\000075\\72 l(a.png) }", None),
        ("b { background: u\\rl(a.png) }", None),
        ("@\\69mport 'a';", None),
        ("b { background: ur/**/l(a.png) }", None),
        ("@im/* */port 'a'", None),
        ("b { background: u\\\nrl(a.png) }", None),
        ("b { background: \\55 RL(a.png) }", None),
        ("b { background: \\75rl(a b) }", None),
        ("b { background: -webkit-image-set('a' 1x) }", "image-set("),
        ("b { background: im\\61ge-set('a' 1x) }", None),
        ("b { --x: \\75rl(a.png); background: var(--x) }", None),
        ("@\\49 MPORT url(a)", "url("),
        ("@font-face { src/**/: \\73rc('a') }", None),
        ("b { content: '\\75rl(' }", None),
        ("/* \\75rl(a) */ b {}", None),
        ("b {} \\3c/style>", None),
    ],
)
def test_style_that_leaves_its_element_or_reaches_out_is_refused(css: str, blamed: str | None) -> None:
    """No spelling helps; where the spelling hides what it means, the diagnostic points at the whole style."""
    style, marked_texts = read(css)

    assert style is None
    assert (blamed or css) in marked_texts


def test_each_problem_is_reported_once() -> None:
    _, marked_texts = read("a { b: url(x) url(y) } @import 'z'; </style>")

    assert sorted(marked_texts) == ["</", "@import", "url("]


def test_a_long_style_is_refused_and_a_tangled_one_is_read_quickly() -> None:
    """Every card that a learner sees would bring the style along."""
    assert read("a" * (MAX_CSS_LENGTH + 1))[0] is None
    assert read("/*" * (MAX_CSS_LENGTH // 2))[0] is not None
    assert read("\\" * MAX_CSS_LENGTH)[0] is not None
    assert read("\\a" + "(" * (MAX_CSS_LENGTH - 2))[0] is not None
