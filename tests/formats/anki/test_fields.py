"""Fields as HTML: text is shown as the author wrote it, and does nothing else."""

import re

import pytest
from hypothesis import given

from cardwright.collection import content as c
from cardwright.collection.content import MediaFile
from cardwright.formats.anki import fields
from tests.support.contents import PICTURE, contents
from tests.support.notes import content, deletion, paragraph
from tests.support.plain_words import Page, content_words

TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "div"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *(
        "strong",
        "em",
        "s",
        "u",
        "sub",
        "sup",
        "small",
        "big",
        "mark",
        "kbd",
        "code",
        "a",
        "img",
        "br",
        "span",
    ),
    *("img", "br", "span", "ruby", "rt", "rp"),
}
ATTRIBUTES = {"class", "start", "style", "href", "rel", "src", "alt"}


def html(source: str | c.Content, *, cloze: bool = False) -> str:
    return fields.render_html(content(source), {}, cloze=cloze)


def text(plain: str) -> tuple[c.Text]:
    return (c.Text(plain),)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A piece of bone", "A piece of bone"),
        ("2 < 3 & 4 > 3", "2 &lt; 3 &amp; 4 &gt; 3"),
        ('say "hello"', 'say "hello"'),
        ("{{c1::not a cloze}}", "{{c1::not a cloze}}"),
        ("[sound:a.mp3]", "<span>[</span>sound:a.mp3]"),
        ("[1] and [x]", "[1] and [x]"),
        (
            "[$]x[/$] [$$] [latex]",
            "<span>[</span>$]x<span>[</span>/$] <span>[</span>$$] <span>[</span>latex]",
        ),
        ("[[type:Answer]]", "<span>[</span>[type:Answer]]"),
        ("[/anki:tts]", "<span>[</span>/anki:tts]"),
        ("a [sou", "a <span>[</span>sou"),
        ("10\xa0%", "10&nbsp;%"),
        ("[sound:\u0338 >\u0338 e\u0301 \u2126", "<span>[</span>sound:\u0338 &gt;\u0338 \xe9 \u03a9"),
        (r"write \(x\)", r"write <span>\</span>(x\)"),
        (r"C:\new", r"C:\new"),
        ("tab\tline\nend\x1f\x00", "tab\tline\nend"),
    ],
)
def test_only_text_that_looks_like_markup_is_escaped(source: str, expected: str) -> None:
    assert html(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (paragraph(c.Strong(text("a")), c.Emphasis(text("b")), c.Strikethrough(text("c"))),
         "<strong>a</strong><em>b</em><s>c</s>"),
        (paragraph(c.code("a<b")), "<code>a&lt;b</code>"),
        (paragraph(c.Math("x<y"), c.Math("z", display=True)), r"\(x&lt;y\)\[z\]"),
        (paragraph("a", c.LineBreak(), "b"), "a<br>b"),
        (paragraph(c.Blank()), '<span class="blank">[…]</span>'),
        (paragraph(c.Link("https://a.b/?c&d", text("x"))),
         '<a href="https://a.b/?c&amp;d" rel="noopener noreferrer">x</a>'),
        (paragraph(c.Link("javascript:alert(1)", text("x"))), "x"),
        (paragraph(c.Image(PICTURE, 'a "thigh"')),
         '<img src="thigh-0123456789ab.svg" alt="a &quot;thigh&quot;">'),
        ((c.Paragraph(text("a")), c.Paragraph(text("b"))), "<p>a</p><p>b</p>"),
        ((c.Heading(2, text("a")), c.ThematicBreak()), "<h2>a</h2><hr>"),
        ((c.BulletList((content("a"), (c.Paragraph(text("b")), c.BulletList((content("c"),))))),),
         "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        ((c.BulletList(((c.Paragraph(text("a")), c.Paragraph(text("b"))),)),),
         "<ul><li><p>a</p><p>b</p></li></ul>"),
        ((c.OrderedList(1, (content("a"),)), c.OrderedList(3, (content("b"),))),
         '<ol><li>a</li></ol><ol start="3"><li>b</li></ol>'),
        ((c.Quote(content("a")),), "<blockquote><p>a</p></blockquote>"),
        ((c.code_block("if a < b:\n\tpass\n", "python"), c.code_block("x")),
         '<pre><code class="language-python">if a &lt; b:\n\tpass\n</code></pre><pre><code>x</code></pre>'),
        ((c.Table(("right", ""), (content("a"), content("b")), ((content("c"), content("d")),)),),
         ('<div class="table"><table><thead><tr><th class="right">a</th><th>b</th></tr></thead>'
          '<tbody><tr><td class="right">c</td><td>d</td></tr></tbody></table></div>')),
    ],
)  # fmt: skip
def test_markup(source: c.Content, expected: str) -> None:
    """Plain HTML with classes; a single paragraph has no tag, so that the editor shows bare text."""
    assert html(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (paragraph("They ", deletion(1, "flex"), "."), "They {{c1::flex}}."),
        (paragraph(deletion(1, "flex", hint="what?")), "{{c1::flex::what?}}"),
        (paragraph(deletion(1, "a", hint="$")), "{{c1::a::<span>$</span>}}"),
        (paragraph(deletion(1, "a ", deletion(2, "b"))), "{{c1::a {{c2::b}}}}"),
        (paragraph(c.Cloze((1, 3), text("a"), text("b"))), "{{c1::{{c3::a::b}}::b}}"),
        (paragraph(deletion(1, "std::map")), "{{c1::std<span>:</span>:map}}"),
        (paragraph(deletion(1, "{x}")), "{{c1::{x<span>}</span>}}"),
        (paragraph(deletion(1, "a:", hint=":b")), "{{c1::a<span>:</span>:::b}}"),
        (paragraph(deletion(1, c.Math(r"\frac{\sqrt{a}}{b}"))), r"{{c1::\(\frac{\sqrt{a} }{b}\)}}"),
        (paragraph("{{c9::no}}"), "<span>{</span>{c9<span>:</span>:no<span>}</span>}"),
    ],
)
def test_cloze_text(source: c.Content, expected: str) -> None:
    """Deletions are written for Anki, and text that looks like one is escaped."""
    assert html(source, cloze=True) == expected


def test_pictures_are_reported_by_name() -> None:
    """The package must contain the pictures of its fields, however deep they are nested."""
    media: dict[str, MediaFile] = {}
    fields.render_html((c.Quote(paragraph(c.Strong((c.Image(PICTURE, ""),)))),), media)

    assert media == {PICTURE.name: PICTURE}


@given(contents(clozes=False))
def test_a_field_shows_the_words_of_the_source_and_does_nothing(source: c.Content) -> None:
    """Parsing the HTML gives the words back, and only known tags and attributes."""
    field = html(source)
    page = Page(field)

    assert page.words == content_words(source, "[…]")
    assert {tag for tag, _ in page.tags} <= TAGS
    assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES
    assert not re.search(r"\[(sound:|anki:|latex\]|\$\$?\])", field, re.IGNORECASE)
    assert "\x1f" not in field


@given(contents(clozes=False))
def test_only_formulas_start_a_formula(source: c.Content) -> None:
    r"""MathJax looks for `\(` and `\[` in the texts between tags."""
    formulas = sum(isinstance(inline, c.Math) for inline in c.inlines(source))
    # In a formula `\\[` is a line break, so openings count only outside of formulas.
    opening = re.compile(r"\\\((?s:.*?)\\\)|\\\[(?s:.*?)\\\]|\\[(\[]")
    openings = sum(len(opening.findall(piece)) for piece in Page(html(source)).pieces)

    assert openings == formulas
