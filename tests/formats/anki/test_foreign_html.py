"""HTML of fields that other programs wrote, and the texts that it becomes."""

import pytest

from cardwright.formats.anki.foreign_html import convert_field
from cardwright.formats.anki.shown_html import canonical
from cardwright.source.field_styles import FieldStyles

MEDIA = {"knee.png": "media/knee.png", "a b&c.png": "media/a b&c.png", "word.mp3": "media/word.mp3"}

TEXTS = {
    "words": ("hello", "hello"),
    "lines": ("hello<br>world", "hello\\\nworld"),
    "lines of the editor": ("<div>a</div><div>b</div>", "a\\\nb"),
    "an empty line": ("a<br><br>b", "a\n\nb"),
    "an empty line of the editor": ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
    "paragraphs": ("<p>a</p><p>b</p>", "a\n\nb"),
    "two empty lines": ("a<br><br><br>b", "a\n\n&nbsp;\\\nb"),
    "a line break at the end": ("a<br>", "a"),
    "line breaks in the file": ("a\nb", "a b"),
    "nothing": ("<div><br></div>", ""),
    "emphasis": ("<b>x</b> <i>y</i>", "**x** *y*"),
    "emphasis with a space in it": ("<b>foo </b>bar", "**foo** bar"),
    "emphasis in a word": ("fo<b>o</b>bar", "fo**o**bar"),
    "emphasis that Markdown cannot see": ('a <b>"x"</b>y', 'a <b>"x"</b>y'),
    "both emphases": ("<b><i>q</i></b>", "***q***"),
    "styles": ("H<sub>2</sub>O <u>x</u>", "H<sub>2</sub>O <u>x</u>"),
    "a colour": ('<font color="#0000ff">b</font>', '<span style="color: #0000ff">b</span>'),
    "a star": ("3 * 4", "3 * 4"),
    "two stars": ("*foo*", "\\*foo*"),
    "a number": ("1986. foo", "1986\\. foo"),
    "a hash": ("# x", "\\# x"),
    "a smiley": (":smile:", ":smile:"),
    "a tag as text": ("&lt;b&gt;", "\\<b>"),
    "a comparison": ("5&lt;6", "5<6"),
    "names": ("snake_case_name and __x__", "snake_case_name and \\_\\_x__"),
    "an address": ("http://foo.com/a?b=1&amp;c_d_e=2", "http://foo.com/a?b=1&c_d_e=2"),
    "a link": ('<a href="https://x.y">z</a>', "[z](https://x.y)"),
    "a no-break space": ("a&nbsp; b", "a&nbsp; b"),
    "a no-break space at the end": ("foo&nbsp;", "foo"),
    "formulas": (r"\(a &lt; b\) and \[\frac{a}{b}\]", r"\(a < b\) and \[\frac{a}{b}\]"),
    "a picture": ('<img src="knee.png" width="200">', "![](media/knee.png){width=200px}"),
    "a sound": ("[sound:word.mp3]", "![](media/word.mp3)"),
    "lists": ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
    "a list in a text": ("x<ol><li>a</li><li>b</li></ol>y", "x\n\n1. a\n2. b\n\ny"),
    "a table": (
        "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>",
        "| | |\n| --- | --- |\n| a | b |\n| c | d |",
    ),
    "code": ("<code>x*y</code>", "`x*y`"),
    "lines of code": ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
    "alignment": ("<center>c</center>", "<center>\nc\n</center>"),
    "a reading": ("<ruby>漢<rt>かん</rt></ruby>", "<ruby>漢<rt>かん</rt></ruby>"),
    "a heading": ("<h1>x</h1>y", "# x\n\ny"),
}

CLOZES = {
    "a deletion": ("{{c1::x}}", "{{c1::x}}"),
    "a hint": ("{{c1::x::hint}} and {{c2::<b>y</b>}}", "{{c1::x::hint}} and {{c2::**y**}}"),
    "deletions in each other": ("{{c1::a {{c2::b}} c}}", "{{c1::a {{c2::b}} c}}"),
    "emphasis around one": ("<b>{{c1::x}}</b>", "**{{c1::x}}**"),
    "in a formula": (r"\( {{c1::x}} + 1\)", r"\({{c1::x}} + 1\)"),
    "a line break in one": ("a {{c1::b<br>c}} d", "a {{c1::b\\\nc}} d"),
    "a space in one": ("{{c1::x }} y", "{{c1::x }} y"),
    "braces that begin none": ("{{c1::x}} {{ y", r"{{c1::x}} \{{ y"),
    "braces that end none": ("{{c1::x}} }} y", r"{{c1::x}} \}} y"),
}

# Of styles that change little, but something.
SEEN = (
    *(
        "font-size: medium",
        "font-variant: small-caps",
        "text-decoration: underline wavy red",
        "outline: 1px solid",
    ),
    *("vertical-align: super", "word-break: break-all", "line-height: 1", "font-family: initial", "zoom: 2"),
    *("font-feature-settings: 'smcp'", "content-visibility: hidden", "-webkit-text-stroke-width: 1px"),
)

HTML = {
    "a file that is missing": '<img src="missing.png">',
    "LaTeX": "[latex]x[/latex]",
    "a size of text": '<span style="font-size: 20px">q</span>',
    "no text but not empty": "<b></b>",
    "a drawing": '<svg viewBox="0 0 1 1"><path d="M0 0"></path></svg>',
}


@pytest.mark.parametrize(("html", "text"), TEXTS.values(), ids=TEXTS)
def test_what_a_text_can_say_becomes_one(html: str, text: str) -> None:
    field = convert_field(html, cloze=False, media=MEDIA)

    assert (field.text, field.is_html) == (text, False)


@pytest.mark.parametrize(("html", "text"), CLOZES.values(), ids=CLOZES)
def test_deletions_stay_as_they_are(html: str, text: str) -> None:
    field = convert_field(html, cloze=True, media=MEDIA)

    assert (field.text, field.is_html) == (text, False)


@pytest.mark.parametrize("html", HTML.values(), ids=HTML)
def test_what_no_text_can_say_stays_html(html: str) -> None:
    field = convert_field(html, cloze=False, media=MEDIA)

    assert (field.text, field.is_html) == (html, True)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("a<!-- b -->", "comments"),
        ('<div onclick="x()">a</div>', "scripts in tags"),
        ('<a href="https://a.b" title="c">a</a>', "tooltips of links and pictures"),
        ('<span lang="en">a</span>', "the language of texts (`lang`), which changes no sign in them"),
        ('<span dir="ltr">a</span>', "the direction of texts (`dir`), which they have anyway"),
        (
            '<span style="color: black">a</span>',
            "black text or a white background, which differ only in night mode",
        ),
    ],
)
def test_what_hardly_a_card_shows_is_left_out_and_named(html: str, words: str) -> None:
    field = convert_field(html, cloze=False, media={})

    assert (field.is_html, field.unseen) == (False, frozenset({words}))


@pytest.mark.parametrize(
    "html",
    [
        '<span title="a meaning">a</span>',
        '<span lang="ja">直</span>',
        '<span dir="ltr">אב (1)</span>',
        '<p style="margin-top: 0">a</p>',
        '<address style="font-style: normal; letter-spacing: 2px">a</address>',
        *(f'<span style="{style}">a</span>' for style in SEEN),
        *(
            '<sup style="vertical-align: baseline">a</sup>',
            '<a href="https://a.b" style="color: inherit">a</a>',
        ),
        *('<ul style="padding: 0"><li>a</li></ul>', '<code style="font-family: inherit">a</code>'),
        '<a href="https://a.b" style="text-decoration: none">a</a>',
        "<div hidden>a</div>",
    ],
)
def test_what_a_card_shows_in_a_rare_case_stays_html(html: str) -> None:
    assert convert_field(html, cloze=False, media={}).is_html


STYLED = {
    "an element": ("b { color: red }", "<strong>a</strong> <b>b</b>"),
    "a line": ("div { margin: 9px }", "<div>a</div><div>b</div>"),
    "a line break": ("br { display: none }", "<div>a</div><div>b</div>"),
    "a child": ("p > b { color: red }", "<p><b>a</b></p>"),
    "one in another": ("b i { color: red }", "<b>a<em>b</em></b>"),
    "a neighbour": ("b + i { color: red }", "<b>a</b><em>b</em><i>c</i>"),
    "the first": ("span:first-child { color: red }", '<span>a</span><span lang="en">b</span>'),
    "the last": ("b:last-child { color: red }", "a <b>b</b><br>"),
    "an attribute": ("[align] { color: red }", '<div align="left">a</div>'),
    "a class": (".x { color: red }", '<b class="x">a</b>'),
    "a name": ("#x { color: red }", '<b id="x">a</b>'),
    "at night": (".nightMode u { color: red }", "<ins>a</ins>"),
    "on a phone": ("@media (max-width: 500px) { strong { color: red } }", "<strong>a</strong>"),
    "what is added": ("cite::before { content: '—' }", "<cite>a</cite>"),
    "within each other": ("div { & font { color: red } }", "<font>a</font>"),
    "all within a card": (".card * { margin: 3px }", "<span>a</span>"),
    "a plain value": (".card { line-height: 2 }", '<span style="line-height: normal">a</span>'),
    "white space": (".card { white-space: pre-wrap }", "a\nb"),
    "the other side": (".card { direction: rtl }", '<div style="text-align: start">a</div>'),
    "Anki's own": ("", '<img class="drawing" src="knee.png">'),
    "black in blue": (".card { color: blue }", '<span style="color: black">a</span>'),
}


@pytest.mark.parametrize(("css", "html"), STYLED.values(), ids=STYLED)
def test_what_a_style_knows_in_html_alone_stays_html(css: str, html: str) -> None:
    """A text has other elements, or none, which the style would show in another way."""
    styled = convert_field(html, cloze=False, media=MEDIA, styles=FieldStyles(css))
    plain = convert_field(html, cloze=False, media=MEDIA, styles=FieldStyles("hr { color: red }"))

    assert (styled.is_html, plain.is_html) == (True, css == "")


@pytest.mark.parametrize(
    ("css", "html", "text"),
    [
        ("b { color: red }", "a <b>b</b>", "a **b**"),
        ("b, strong { color: red }", "<strong>b</strong>", "**b**"),
        (
            "ul li { color: red } img { width: 50% }",
            '<ul><li>a</li></ul><img src="knee.png">',
            "- a\n\n![](media/knee.png)",
        ),
        ("* { margin: 0; padding: 0; font-family: serif }", "<div>a</div><div>b</div>", "a\\\nb"),
        ("p { margin: 0 }", "a<br><br>b", "a\\\n&nbsp;\\\nb"),
        (".x { color: red }", '<b class="y" id="x">a</b>', "**a**"),
        (".x b { color: red }", "<b>a</b>", "**a**"),
    ],
)
def test_what_a_style_shows_alike_becomes_a_text(css: str, html: str, text: str) -> None:
    field = convert_field(html, cloze=False, media=MEDIA, styles=FieldStyles(css))

    assert (field.text, field.is_html) == (text, False)


@pytest.mark.parametrize(
    ("front", "is_html"),
    [
        ('<div class="x">{{Front}}</div>', True),
        ('<div style="display: inline-flex">{{#Front}}{{Front}}{{/Front}}</div>', True),
        ('<div class="x"><div>{{Front}}</div></div>', False),
        ('{{Front}}<div class="x">y</div>', False),
    ],
)
def test_where_each_element_is_a_box_lines_stay_html(front: str, is_html: bool) -> None:
    """Lines that are elements then stand beside each other, and a text would have them in one box."""
    styles = FieldStyles(".x { display: flex }", [front])
    lines, words = "<div>a</div><div>b</div>", "a <b>b</b>"

    assert convert_field(lines, cloze=False, media={}, styles=styles).is_html == is_html
    assert not convert_field(words, cloze=False, media={}, styles=styles).is_html


@pytest.mark.parametrize(
    ("script", "is_html"),
    [
        ('<script>document.querySelector(".x").remove()</script>', True),
        ('<script>document.querySelectorAll("div strong")</script>', True),
        ('<script>text.replace(/<strong>/g, "")</script>', True),
        ('<script src="_x.js"></script>', True),
        ("<button onclick=\"show('x')\">", True),
        ("<script>let strong = 1</script>", False),
    ],
)
def test_what_a_script_of_a_template_may_look_for_stays_html(script: str, is_html: bool) -> None:
    styles = FieldStyles("", [f"{{{{Front}}}}{script}"])

    assert (
        convert_field('<strong class="x">a</strong>', cloze=False, media={}, styles=styles).is_html == is_html
    )


def test_black_shows_in_a_deletion_that_has_a_colour() -> None:
    styles = FieldStyles(".card { color: black } .cloze { color: blue }", ["{{cloze:Text}}"])
    hidden, around = (f'<span style="color: black">{text}</span>' for text in ("a {{c1::b}} c", "a"))

    assert convert_field(hidden, cloze=True, media={}, styles=styles).is_html
    assert convert_field(f"{around} {{{{c1::b}}}}", cloze=True, media={}, styles=styles).text == "a {{c1::b}}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<b>a</b>", "<strong>a</strong>"),
        ("<b>a</b> <b>b</b>", "<b>a b</b>"),
        ("a<br>b", "<div>a</div><div>b</div>"),
        ("a<br>b", "a<div>b<br></div>"),
        ("a<br><br>b", "<p>a</p><p>b</p>"),
        ('<span style="color:red">a</span>', '<font color="#f00">a</font>'),
        ("<img src=a.png>", '<img alt="" src="a.png" class="x">'),
        ("<ul><li><p>a</p></ul>", "<ul><li>a</li></ul>"),
        ("&eacute;", "é"),
    ],
)
def test_fields_that_look_the_same_have_one_normal_form(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "b"),
        ("a<br>b", "a b"),
        ("a<br>b", "a<br><br>b"),
        ("<u>a </u>b", "<u>a</u> b"),
        ("a&nbsp;b", "a b"),
        ("<img src=a.png>", "<img src=b.png>"),
        ("[sound:a.mp3]", "<span>[</span>sound:a.mp3]"),
        (r"\(a\)", r"<span>\</span>(a\)"),
        ("<ol><li>a</li></ol>", "<ul><li>a</li></ul>"),
        ('<div align="right">a</div>', "<div>a</div>"),
    ],
)
def test_fields_that_look_different_have_different_forms(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "html",
    [
        'a <span class="big red">b</span>',
        "a <div class=red>b</div>",
        "<p class='red'>a</p>",
        '<b class="r&#101;d">a</b>',
    ],
)
def test_what_a_style_shows_in_its_own_way_stays_html(html: str) -> None:
    """Only HTML has classes, by which the style of a note type finds what it colours."""
    kept = convert_field(html, cloze=False, media={}, styles=FieldStyles(".red { color: red }"))
    free = convert_field(html, cloze=False, media={}, styles=FieldStyles(".blue { color: blue }"))

    assert (kept.is_html, free.is_html) == (True, False)
    assert "red" in kept.text


@pytest.mark.parametrize(
    "style",
    [
        *("display:none", "display: none;", "opacity:0", "opacity: 0.0", "font-size: 0px", "max-height:0"),
        *("line-height: 0", "zoom: 0", "visibility: hidden", "color: transparent", "color: rgba(1, 2, 3, 0)"),
    ],
)
def test_hidden_text_is_not_shown_by_an_import(style: str) -> None:
    html = f'a <span style="{style}">b</span> c'

    assert convert_field(html, cloze=False, media={}).is_html


def test_a_hidden_picture_is_not_shown_by_an_import() -> None:
    html = '<img src="a.png" style="display: none">'

    assert convert_field(html, cloze=False, media={"a.png": "media/a.png"}).is_html


@pytest.mark.parametrize("style", ["max-width: none", "margin: 0", "border: none", "background: transparent"])
def test_a_style_that_changes_nothing_is_no_reason_for_html(style: str) -> None:
    assert convert_field(f'<div style="{style}">a b</div>', cloze=False, media={}).text == "a b"
