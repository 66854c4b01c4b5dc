"""Laws of fields of other programs: whatever they are, what is made of them shows the same."""

import re
from pathlib import Path

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.diagnostics import Report, Source
from cardwright.formats.anki.fields import render_html
from cardwright.formats.anki.foreign_html import ForeignText, convert_field
from cardwright.formats.anki.shown_html import canonical
from cardwright.source.field_styles import FieldStyles
from cardwright.source.markup import MarkupReader
from cardwright.source.media_reader import FetchedFile
from cardwright.source.nodes import HtmlScalar, Scalar
from cardwright.source.safe_html import make_safe
from tests.source.test_safe_html import tag_soups
from tests.support.contents import contents
from tests.support.shown_fields import Page, is_same, show_pages

MEDIA = {"a b.png": "media/a b.png", "a&b.mp3": "media/a&b.mp3", "thigh-0123456789ab.svg": "media/thigh.svg"}
NAMES = {path: name for name, path in MEDIA.items()}

# What Anki's editors and pasted pages write around words.
AROUND = (
    *("{}", "{}", "{} ", " {}", "{}<br>", "<br>{}", "<div>{}</div>", "<p>{}</p>", "<b>{}</b>"),
    *("<i>{}</i>", "<u>{} </u>", "<strong> {}</strong>", "<em>{}</em>", "<s>{}</s>"),
    *("{}<sub>2</sub>", "{}<sup>+</sup>", '<span style="color: rgb(255, 0, 0);">{}</span>'),
    *('<font color="#0000ff">{}</font>', "<mark>{}</mark>"),
    *('<span style="background-color: yellow;">{}</span>',),
    *('<a href="https://a.b/c_d?e=f&amp;g">{}</a>',),
    *('<span style="font-family: Arial; font-size: 15px;">{}</span>',),
    *('<div style="text-align: left;">{}</div>',),
    *('<span style="font-weight: bold; white-space: normal;">{}</span>', "<div><br></div>{}"),
    *("{}&nbsp; ", '<b style="font-weight:normal;">{}</b>'),
    *('<p class="MsoNormal" style="margin: 0cm">{}</p>', "<code>{}</code>"),
    *("<ul><li>{}</li><li>x</li></ul>", "<ol><li>{}</li></ol>"),
    *("<ul><li>x<ul><li>{}</li></ul></li></ul>",),
    *("<table><tbody><tr><td>{}</td><td>x</td></tr><tr><td>y</td><td>z</td></tr></tbody></table>",),
    *("<hr>{}", "<h2>{}</h2>", "<blockquote>{}</blockquote>", "<pre>{}\n  x</pre>"),
    *("<ul><li>x</li><ul><li>{}</li></ul></ul>", '<div style="background: yellow">{}</div>', "<q>{}</q>"),
    *("<center>{}</center>", "<kbd>{}</kbd>", "<ruby>{}<rt>x</rt></ruby>", "\\({} + x\\)"),
    *("[sound:a&amp;b.mp3]{}", '<img src="a%20b.png">{}', "<div>{}<!-- x --></div>"),
    *('<span lang="ja" dir="ltr" data-x="y">{}</span>', "<div><div>{}</div></div>"),
)
TEXTS = (
    *("word", "two words", "3 * 4 = 12", "*x*", "1. x", "# x", "- x", "> x", "a_b_c", "__x__"),
    *(":smile:", "x | y", "&lt;b&gt;", "&amp;amp;", "[x](y)", "![x](y)", "`x`", "~~x~~", "==x=="),
    *("$x$", "\\(", "C:\\x", "https://a.b/_c_", "「漢字」", "Ö", "a&nbsp;b", "{x}", "{{x}}"),
    *("[sound:x", "[[x]]", "\\frac{1}{2}", "x^2^", "+", "=", "||", "%%x%%"),
)


@st.composite
def editor_fields(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4))
    for index in range(len(pieces)):
        for around in draw(st.lists(st.sampled_from(AROUND), max_size=3)):
            pieces[index] = around.replace("{}", pieces[index])
    return draw(st.sampled_from(("", "", " ", "<br>"))).join(pieces)


def render(field: ForeignText, *, cloze: bool) -> str:
    """Return the HTML that Anki gets of a field, once it is in our sources; there must be no warnings."""

    def fetch(path: str, _scalar: Scalar) -> c.MediaFile | None:
        return c.MediaFile(NAMES[path], path, b"") if path in NAMES else None

    def fetch_any(path: str, _scalar: Scalar) -> FetchedFile:
        return FetchedFile(fetch(path, _scalar))

    report = Report()
    text = field.text
    kind = HtmlScalar if field.is_html else Scalar
    scalar = kind(Source("", text), 0, len(text), text, "|" if "\n" in text else "")
    content = MarkupReader(fetch, fetch, report, fetch_any).read(scalar, cloze=cloze)
    assert {diagnostic.code for diagnostic in report} <= {"sound-without-words"}
    return render_html(content, {}, cloze=cloze, is_imported=True)


# No-break spaces at the beginning, which a comment or an end of emphasis divides from other spaces.
@example(html="&nbsp;</<b> <video>", cloze=False)
@example(html="&nbsp;<!-- x -->&nbsp;<video>", cloze=True)
@example(html="<i>&nbsp;</i> <video>", cloze=False)
@given(tag_soups() | editor_fields(), st.booleans())
def test_a_field_shows_what_it_showed(html: str, cloze: bool) -> None:
    field = convert_field(html, cloze=cloze, media=MEDIA)
    safe = make_safe(html, cloze=cloze).html if field.dropped else html

    assert canonical(render(field, cloze=cloze), cloze=cloze) == canonical(safe, cloze=cloze)


@given(contents(clozes=False), contents(clozes=True))
def test_our_own_fields_become_texts_that_render_to_the_same(plain: c.Content, hiding: c.Content) -> None:
    for content, cloze in ((plain, False), (hiding, True)):
        html = render_html(content, {}, cloze=cloze, is_imported=True)
        field = convert_field(html, cloze=cloze, media=MEDIA)

        if not field.is_html and not field.dropped:
            again = render(field, cloze=cloze)
            assert render(convert_field(again, cloze=cloze, media=MEDIA), cloze=cloze) == again


CARD = (
    ".card { font-family: arial; font-size: 20px; text-align: center; color: black; background-color: white }"
)
# What authors write into the styles of their note types.
SHEETS = (
    *("", "b { color: red }", "strong, b { color: red }", "i { font-size: 30px } em { color: green }"),
    *(
        "u { text-decoration: none; border-bottom: 2px solid }",
        "div { margin: 0 0 0 30px }",
        "p { margin: 0 }",
    ),
    *(
        "* { margin: 0; padding: 0; box-sizing: border-box }",
        "* { font-family: serif }",
        "span { color: green }",
    ),
    *(
        "ul li { color: blue }",
        "li:nth-child(2) { color: red }",
        "td { border: 1px solid } table { width: 90% }",
    ),
    *(
        "div > b { color: red }",
        "b i { color: red }",
        "b + i, br + b { color: red }",
        "a { text-decoration: none }",
    ),
    *(
        ".nightMode b { color: yellow }",
        "@media (min-width: 1px) { b { letter-spacing: 5px } }",
        "hr { width: 50% }",
    ),
    *(
        ":is(b, mark)::before { content: '!' }",
        "b:not(.x) { color: teal }",
        ".card { color: navy }",
        "br { display: none }",
    ),
    *(
        "font { color: red !important }",
        "[style] { color: red }",
        "div { & b { color: red } }",
        ".MsoNormal { color: red }",
    ),
    *(
        "[lang=ja] { color: red }",
        "#qa b:first-child { color: red }",
        "h2, blockquote, code, kbd, sub { color: red }",
    ),
)


@pytest.mark.anki  # where a browser is
def test_a_browser_shows_a_text_as_it_showed_the_field(tmp_path: Path) -> None:
    """Lines and where they begin, and the look of every letter, under any style and by day and night."""
    pages: list[Page] = []
    has_plain_nights: list[bool] = []

    @settings(max_examples=400, phases=[Phase.generate], deadline=None, database=None)
    @given(editor_fields(), st.sampled_from(SHEETS))
    def collect(html: str, sheet: str) -> None:
        # Anki puts buttons in place of sounds, and MathJax its own elements in place of formulas.
        if re.search(r"\[sound:|\\\(|<ruby>", html):
            return
        css = f"{CARD} {sheet}"
        field = convert_field(html, cloze=False, media=MEDIA, styles=FieldStyles(css))
        if not field.is_html:
            pages.append(Page(css, html, render(field, cloze=False)))
            has_plain_nights.append(any("night" in words for words in field.unseen))

    collect()
    shown = show_pages(pages, tmp_path)

    assert len(pages) > 100
    assert [page for page, (day, _) in zip(pages, shown, strict=True) if not is_same(*day)] == []
    nights = zip(pages, shown, has_plain_nights, strict=True)
    assert [page for page, (_, night), is_plain in nights if not is_plain and not is_same(*night)] == []
