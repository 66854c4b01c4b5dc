"""The style of an author's own note type: as written, or refused."""

import pytest

from cardwright.diagnostics.report import Report
from cardwright.source.css import MAX_CSS_LENGTH, read_css
from tests.support.custom_decks import scalar


def read(css: str) -> tuple[str | None, list[str]]:
    """The style, and where each finding points."""
    report = Report()
    found = read_css(scalar(css), report)
    assert all(one.code in ("css-reaches-out", "long-css") for one in report)
    return found, [one.span.text for one in report if one.span is not None]


@pytest.mark.parametrize(
    "css",
    [
        ".card { font: 20px/1.4 'Noto Sans', serif; --line: #ccc; scroll-behavior: smooth }",
        "@media (max-width: 30em) { .card > b::before { content: '\\201C (\\'' } }",
        "@font-face { font-family: X; src: local('Noto Sans') }",
        "@keyframes a { from { color: red } } .nightMode .card { transform: rotate(1deg) }",
        "/* a comment */ .curly { width: calc(1em + 2px) }",
        "",
    ],
)
def test_style_stays_as_written(css: str) -> None:
    """What only concerns the look of a card is its author's own business."""
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
    ],
)
def test_style_that_leaves_its_place_or_reaches_out_is_refused(css: str, blamed: str | None) -> None:
    """In every spelling; what is written otherwise than it reads is shown as a whole."""
    found, places = read(css)

    assert found is None
    assert places[0] == (blamed or css)


def test_every_mistake_is_told() -> None:
    """And each thing once."""
    _, places = read("a { b: url(x) url(y) } @import 'z'; </style>")

    assert sorted(places) == ["</", "@import", "url("]


def test_a_style_of_a_megabyte_is_refused() -> None:
    """It would travel with every card that a learner sees; as many openings are read in a moment."""
    assert read("a" * (MAX_CSS_LENGTH + 1))[0] is None
    assert read("/*" * (MAX_CSS_LENGTH // 2))[0] is not None
    assert read("\\" * MAX_CSS_LENGTH)[0] is not None
