"""Sides of cards as they stand on their page: without scripts, and with nothing from elsewhere."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardwright.collection.notetype import NoteType
from cardwright.formats.anki.card_sides import shown_sides
from cardwright.formats.anki.note_types import AnkiNoteType, Field, Template
from cardwright.formats.anki.reviewer_html import Media, reviewer_sides
from cardwright.formats.anki.reviewer_page import card_style, reviewer_page
from cardwright.source.html_parsing import HtmlElement, parse_html

MEDIA = Media(lambda name: f"/files/{name}", {"leg.png": (400.0, 200.0)}.get)


def sides(
    field: str,
    front: str = "{{Front}}",
    back: str = "{{FrontSide}}<hr id=answer>{{Front}}",
    *,
    cloze: bool = False,
) -> tuple[str, str]:
    """Return both sides of the first card of a note with one field."""
    note_type = AnkiNoteType(
        NoteType.CLOZE if cloze else NoteType.QUESTION,
        1,
        "type",
        (Field(1, "Front", ""),),
        (Template(1, "Card 1", front, back),),
        "",
    )
    shown = shown_sides(note_type, [field], tags=(), deck_name="deck", ordinal=0)
    return reviewer_sides(shown, note_type, [field], 0, MEDIA)


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("<script>alert(1)</script>x", "x"),
        ("<svg><script>alert(1)</script></svg>", "<svg></svg>"),
        ('<img src="leg.png" onerror="alert(1)">', '<img src="/files/leg.png">'),
        ('<p ONCLICK="alert(1)">x</p>', "<p>x</p>"),
        ('<a href="javascript:alert(1)">x</a>', '<a href="#">x</a>'),
        ('<a href=" &#106;avascript:alert(1)">x</a>', '<a href="#">x</a>'),
        ('<iframe src="https://example.org"></iframe>x', "x"),
        ('<object data="a.swf"></object><embed src="a.swf">x', "x"),
        ('<meta http-equiv="refresh" content="0;url=https://example.org">x', "x"),
        ('<base href="https://example.org/">x', "x"),
        ('<img src="https://example.org/a.png">', '<img src="">'),
        ('<img src="//example.org/a.png" srcset="//example.org/b.png 2x">', '<img src="">'),
        (
            '<form action="https://example.org"><input formaction="x" autofocus></form>',
            "<form><input></form>",
        ),
        ("<noscript>x</noscript>y", "y"),
        ("<!-- x -->y", "y"),
        (
            "<style>p { background: url(https://example.org/a.png) }</style>",
            '<style>p { background: url("") }</style>',
        ),
        (
            '<p style="background: url(leg.png)">x</p>',
            '<p style="background: url(&quot;/files/leg.png&quot;)">x</p>',
        ),
        ('<img src="data:image/png;base64,AAAA">', '<img src="data:image/png;base64,AAAA">'),
        (
            '<svg><a xlink:href="javascript:alert(1)"><path></path></a></svg>',
            '<svg><a xlink:href="#"><path></path></a></svg>',
        ),
        ('<svg><use xlink:href="https://example.org/a.svg#b"></use></svg>', "<svg><use></use></svg>"),
        ('<svg><use href="#b"></use></svg>', '<svg><use href="#b"></use></svg>'),
    ],
)
def test_nothing_runs_and_nothing_is_loaded_from_elsewhere(html: str, written: str) -> None:
    assert sides(html)[0] == written


@pytest.mark.parametrize(
    "text", ["&lt;script&gt;", "a &amp; b", "&nbsp;x", '"quoted" 😀', "{{Front}} }}", "]]&gt; --&gt;"]
)
def test_text_stays_text(text: str) -> None:
    assert sides(text)[0] == text


PIECES = (
    *(
        "<svg>",
        "<style>",
        "</style>",
        "<math><mtext>",
        "<xmp>",
        "</xmp>",
        "<table>",
        "<p>",
        "</p>",
        "<!--",
        "-->",
    ),
    *(
        '<img src="x" onerror="hit()">',
        "&lt;img src=x onerror=hit()&gt;",
        "<script>hit()</script>",
        "<title>",
    ),
    *(
        '<a href="javascript:hit()" onclick="hit()">',
        "<div hidden>",
        "</a>",
        "<textarea>",
        "<noscript>",
        "<plaintext>",
    ),
    *(
        '<image href="//example.org/x.png">',
        "<use href='//example.org/x.svg'>",
        '"',
        "'",
        "`",
        "\0",
        "<",
        ">",
        "a",
    ),
)


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
@settings(max_examples=300)
def test_whatever_stands_in_a_field_nothing_of_it_runs(html: str) -> None:
    remaining = list(parse_html("".join(sides(f"a{html}"))))
    while remaining:
        node = remaining.pop()
        if isinstance(node, HtmlElement):
            assert node.name not in ("script", "iframe", "object", "embed", "base", "meta")
            for name, value in node.attributes.items():
                assert not name.startswith("on")
                loads = (
                    name in ("src", "href", "xlink:href") and node.name.isalpha()
                )  # nothing is called `a<img`
                assert not loads or value in ("", "#", "/files/x")
            remaining += node.children


def test_links_to_the_web_open_beside_the_page() -> None:
    link = '<a href="https://example.org">x</a>'

    assert sides(link)[0] == '<a href="https://example.org" target="_blank" rel="noopener noreferrer">x</a>'


def test_names_of_media_are_read_as_a_browser_reads_them() -> None:
    assert sides('<img src="leg%20%C3%A9.png">')[0] == '<img src="/files/leg é.png">'


def test_a_hint_becomes_details() -> None:
    """The link is not in the way of the keyboard, since the summary around it opens them."""
    front, _ = sides("x", "{{hint:Front}}")

    assert re.sub(r"\n| id=\"\w+\"", "", front) == (
        '<details class="opener"><summary>'
        '<a class="hint" href="#" draggable="false" tabindex="-1">Front</a></summary>'
        '<div class="hint" style=";">x</div></details>'
    )


def test_a_link_with_a_handler_before_something_visible_stays_a_link() -> None:
    assert sides('<a onclick="f()">a</a><div>b</div>')[0] == "<a>a</a><div>b</div>"


def test_a_formula_is_mathml() -> None:
    """In the element that MathJax makes, which the style of a card may name; not in code."""
    front, _ = sides(r"\(x\) <code>\(x\)</code>")

    assert front.startswith('<mjx-container class="MathJax"><math')
    assert front.endswith(r"</math></mjx-container> <code>\(x\)</code>")


def test_a_formula_that_cannot_be_read_is_shown_as_tex() -> None:
    assert r"<merror><mtext>\frac{</mtext></merror>" in sides(r"\(\frac{\)")[0]


def test_the_place_for_typing_is_a_box_and_then_the_answer() -> None:
    """The line above the answer comes right before it, as in Anki."""
    front, back = sides(
        "<b>Knee</b><br>&amp; hip [sound:a.mp3]", "a{{type:Front}}", "{{FrontSide}}<hr id=answer>b"
    )

    assert '<input type="text" id="typeans" autocomplete="off" aria-label="Front"' in front
    assert re.sub(r' style="[^"]*"', "", back) == (
        'a<hr id="answer">\n<div><code id="typeans">Knee &amp; hip</code></div>b'
    )


def test_nothing_is_typed_where_the_answer_is_empty() -> None:
    assert sides(" ", "a{{type:Front}}{{Tags}}", "b{{type:Front}}")[0].startswith("a")


OCCLUSION = "{{c1::image-occlusion:%s:oi=1}}"
PICTURE = (
    '<div style="display: none">{{cloze:Front}}</div>'
    '<div id="image-occlusion-container"><img src="%s"><canvas id="image-occlusion-canvas"></canvas></div>'
)


def _masks(shape: str, picture: str = "leg.png") -> str:
    front, _ = sides(OCCLUSION % shape, PICTURE % picture, cloze=True)
    return front


@pytest.mark.parametrize(
    ("shape", "drawn"),
    [
        (
            "rect:left=.1:top=.2:width=.5:height=.5",
            '<rect class="mask asked" x="40" y="40" width="200" height="100"/>',
        ),
        (
            "rect:left=.1:top=.2:width=.5:height=.5:angle=2500",
            '<rect class="mask asked" transform="rotate(90 40 40)" x="40" y="40" width="200" height="100"/>',
        ),
        (
            "ellipse:left=.1:top=.2:rx=.1:ry=.1",
            '<ellipse class="mask asked" cx="80" cy="60" rx="40" ry="20"/>',
        ),
        (
            "polygon:left=.2:top=.2:points=.1,.1 .2,.1 .1,.3",
            '<polygon class="mask asked" points="80,40 120,40 80,80"/>',
        ),
        (
            "rect:left=NaN:top=inf:width=1e999:height=-1",
            '<rect class="mask asked" x="0" y="0" width="0" height="0"/>',
        ),
        ("star:left=.1", ""),
    ],
)
def test_masks_are_drawn_over_the_picture(shape: str, drawn: str) -> None:
    assert f'aria-hidden="true">{drawn}</svg>' in _masks(shape)


def test_the_box_of_a_picture_has_its_proportions() -> None:
    assert 'style="aspect-ratio: 400 / 200"' in _masks("rect:left=.1:top=.2:width=.5:height=.5")
    assert 'class="without-size"' in _masks("rect:left=.1:top=.2:width=.5:height=.5", "unknown.png")


def test_the_style_of_a_card_ends_nothing_and_names_files_of_the_deck_alone() -> None:
    css = '.card { background: url("a.png"), url(https://example.org/b.png) } </style><script>'

    assert (
        card_style(css, MEDIA)
        == '.card { background: url("/files/a.png"), url("") } \\3c /style>\\3c script>'
    )


def test_borders_of_masks_can_be_drawn_by_their_parts() -> None:
    """SVG has no single property for a border."""
    css = card_style(".nightMode canvas { --active-shape-border: 2px #212121; }", MEDIA)

    assert "--active-shape-stroke-width: 2px; --active-shape-stroke: #212121" in css


def test_a_page_has_the_classes_that_styles_of_cards_name() -> None:
    options = {"media_source": "http://127.0.0.1:1/files/", "title": "<Knee>"}
    desktop = reviewer_page("x", "", 1, night=True, phone=False, **options)
    phone = reviewer_page("x", "", 0, night=False, phone=True, **options)

    assert '<body class="card card2 nightMode night_mode isLin fancy">' in desktop
    assert re.search('<html [^>]*class="linux chrome night-mode"', desktop)
    assert '<body class="card card1 mathjax-rendered">' in phone
    assert re.search('<html [^>]*class="android mobile chrome"', phone)
    assert "<title>&lt;Knee&gt;</title>" in phone
    assert "default-src &#x27;none&#x27;; img-src data: http://127.0.0.1:1/files/;" in phone
