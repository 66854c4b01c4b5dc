"""Fields as HTML: what the author wrote is shown as written, and nothing else ever happens."""

import re

import pytest
from hypothesis import given

from cardwright.collection.content import (
    Blank,
    BulletList,
    Cloze,
    Code,
    CodeBlock,
    Content,
    Emphasis,
    Heading,
    Image,
    LineBreak,
    Link,
    Math,
    MediaFile,
    OrderedList,
    Paragraph,
    Quote,
    Strikethrough,
    Strong,
    Table,
    Text,
    ThematicBreak,
    inlines,
)
from cardwright.formats.anki import fields
from tests.support.contents import PICTURE, contents
from tests.support.notes import content, hole, paragraph
from tests.support.plain_words import Page, content_words

TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "div"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *("strong", "em", "s", "code", "a", "img", "br", "span"),
}
ATTRIBUTES = {"class", "start", "href", "rel", "src", "alt"}


def html(value: str | Content, *, cloze: bool = False) -> str:
    return fields.render_html(content(value), {}, cloze=cloze)


def text(plain: str) -> tuple[Text]:
    return (Text(plain),)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("A piece of bone", "A piece of bone"),
        ("2 < 3 & 4 > 3", "2 &lt; 3 &amp; 4 &gt; 3"),
        ('say "hello"', 'say "hello"'),
        ("{{c1::not a cloze}}", "{{c1::not a cloze}}"),
        ("[sound:a.mp3]", "&#91;sound:a.mp3]"),
        ("[1] and [x]", "[1] and [x]"),
        ("[$]x[/$] [$$] [latex]", "&#91;$]x[/$] &#91;$$] &#91;latex]"),
        (r"write \(x\)", r"write <span>\</span>(x\)"),
        (r"C:\new", r"C:\new"),
        ("tab\tline\nend\x1f\x00", "tab\tline\nend"),
    ],
)
def test_text(written: str, expected: str) -> None:
    """Only what something would take for markup is written otherwise."""
    assert html(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (paragraph(Strong(text("a")), Emphasis(text("b")), Strikethrough(text("c"))),
         "<strong>a</strong><em>b</em><s>c</s>"),
        (paragraph(Code("a<b")), "<code>a&lt;b</code>"),
        (paragraph(Math("x<y"), Math("z", display=True)), r"\(x&lt;y\)\[z\]"),
        (paragraph("a", LineBreak(), "b"), "a<br>b"),
        (paragraph(Blank()), '<span class="blank">[…]</span>'),
        (paragraph(Link("https://a.b/?c&d", text("x"))),
         '<a href="https://a.b/?c&amp;d" rel="noopener noreferrer">x</a>'),
        (paragraph(Link("javascript:alert(1)", text("x"))), "x"),
        (paragraph(Image(PICTURE, 'a "thigh"')),
         '<img src="thigh-0123456789ab.svg" alt="a &quot;thigh&quot;">'),
        ((Paragraph(text("a")), Paragraph(text("b"))), "<p>a</p><p>b</p>"),
        ((Heading(2, text("a")), ThematicBreak()), "<h2>a</h2><hr>"),
        ((BulletList((content("a"), (Paragraph(text("b")), BulletList((content("c"),))))),),
         "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        ((BulletList(((Paragraph(text("a")), Paragraph(text("b"))),)),),
         "<ul><li><p>a</p><p>b</p></li></ul>"),
        ((OrderedList(1, (content("a"),)), OrderedList(3, (content("b"),))),
         '<ol><li>a</li></ol><ol start="3"><li>b</li></ol>'),
        ((Quote(content("a")),), "<blockquote><p>a</p></blockquote>"),
        ((CodeBlock("if a < b:\n\tpass\n", "python"), CodeBlock("x")),
         '<pre><code class="language-python">if a &lt; b:\n\tpass\n</code></pre><pre><code>x</code></pre>'),
        ((Table(("right", ""), (text("a"), text("b")), ((text("c"), text("d")),)),),
         ('<div class="table"><table><thead><tr><th class="right">a</th><th>b</th></tr></thead>'
          '<tbody><tr><td class="right">c</td><td>d</td></tr></tbody></table></div>')),
    ],
)  # fmt: skip
def test_markup(written: Content, expected: str) -> None:
    """Plain HTML with classes; a field of one paragraph has none, so that the editor shows bare text."""
    assert html(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (paragraph("They ", hole(1, "flex"), "."), "They {{c1::flex}}."),
        (paragraph(hole(1, "flex", hint="what?")), "{{c1::flex::what?}}"),
        (paragraph(hole(1, "a", hint="$")), "{{c1::a::&#36;}}"),
        (paragraph(hole(1, "a ", hole(2, "b"))), "{{c1::a {{c2::b}}}}"),
        (paragraph(Cloze((1, 3), text("a"), "b")), "{{c1::{{c3::a::b}}::b}}"),
        (paragraph(hole(1, "std::map")), "{{c1::std&#58;:map}}"),
        (paragraph(hole(1, "{x}")), "{{c1::&#123;x&#125;}}"),
        (paragraph(hole(1, "a:", hint=":b")), "{{c1::a&#58;::&#58;b}}"),
        (paragraph(hole(1, Math(r"\frac{\sqrt{a}}{b}"))), r"{{c1::\(\frac{\sqrt{a&#125;}{b}\)}}"),
        (paragraph("{{c9::no}}"), "&#123;{c9&#58;:no&#125;&#125;"),
    ],
)
def test_cloze_text(written: Content, expected: str) -> None:
    """Deletions are Anki's, and text that looks like one is not."""
    assert html(written, cloze=True) == expected


def test_pictures_are_reported_by_name() -> None:
    """The package must bring along what its fields refer to, however deep it stands."""
    media: dict[str, MediaFile] = {}
    fields.render_html((Quote(paragraph(Strong((Image(PICTURE, ""),)))),), media)

    assert media == {PICTURE.name: PICTURE}


@given(contents(clozes=False))
def test_a_field_says_what_the_author_wrote_and_does_nothing(written: Content) -> None:
    """
    Fields are escaped by construction: reading the HTML gives the words back, and no tag or
    attribute comes out that the walker does not know.
    """
    field = html(written)
    page = Page(field)

    assert page.words == content_words(written, "[…]")
    assert {tag for tag, _ in page.tags} <= TAGS
    assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES
    assert not re.search(r"\[(sound:|anki:|latex\]|\$\$?\])", field, re.IGNORECASE)
    assert "\x1f" not in field


@given(contents(clozes=False))
def test_only_formulas_start_a_formula(written: Content) -> None:
    r"""
    MathJax looks for `\(` and `\[` in stretches of text between tags.
    """
    formulas = sum(isinstance(inline, Math) for inline in inlines(written))
    # In a formula `\\[` breaks a line, so openings are counted only where none is open.
    opening = re.compile(r"\\\((?s:.*?)\\\)|\\\[(?s:.*?)\\\]|\\[(\[]")
    openings = sum(len(opening.findall(piece)) for piece in Page(html(written)).pieces)

    assert openings == formulas
