"""Laws of fields of other programs: whatever they are, what is made of them shows the same."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.diagnostics import Report, Source
from cardwright.formats.anki.fields import render_html
from cardwright.formats.anki.foreign_html import ForeignText, convert_field
from cardwright.formats.anki.shown_html import canonical
from cardwright.source.markup import MarkupReader
from cardwright.source.media_reader import FetchedFile
from cardwright.source.nodes import HtmlScalar, Scalar
from cardwright.source.safe_html import make_safe
from tests.source.test_safe_html import tag_soups
from tests.support.browser import render_page
from tests.support.contents import contents

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


SCRIPT = """
// Each word with its line, and with what is seen of it.
function look(word) {
  let decoration = new Set(), shift = [], lists = 0, background = '', link = '', code = false;
  for (let e = word; e !== box; e = e.parentElement) {
    const style = getComputedStyle(e);
    style.textDecorationLine.split(' ').filter(line => line !== 'none').forEach(line => decoration.add(line));
    if (style.verticalAlign === 'sub' || style.verticalAlign === 'super') shift.push(style.verticalAlign);
    if (!background && style.backgroundColor !== 'rgba(0, 0, 0, 0)') background = style.backgroundColor;
    if (e.localName === 'ul' || e.localName === 'ol') lists += 1;
    if (e.localName === 'a' && e.href) link = e.href;
    code = code || style.fontFamily === 'monospace';
  }
  const style = getComputedStyle(word.parentElement);
  const color = style.color === 'rgb(0, 0, 0)' ? '' : style.color;
  if (background === 'rgb(255, 255, 255)' && !color) background = '';
  return [style.fontWeight >= 600, style.fontStyle, color, background,
          [...decoration].sort().join(), shift.join(), lists, link, code,
          style.fontSize, style.textAlign.replace('-webkit-', '')].join(' ');
}
function shown(html) {
  box.innerHTML = html;
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  const looks = [];
  for (const text of texts) {
    if (!text.parentElement.getClientRects().length || text.parentElement.closest('rp')) continue;
    const pieces = text.data.split(/([^ \\t\\n\\r\\f\\u00a0]+)/);
    const fragment = document.createElement('x-words');
    pieces.forEach((piece, index) => {
      const part = index % 2 ? document.createElement('x-word') : document.createTextNode(piece);
      if (index % 2) part.textContent = piece;
      fragment.append(part);
    });
    text.replaceWith(fragment);
  }
  const words = [...box.querySelectorAll('x-word')];
  return [box.innerText.split(/[\\n\\t]+/).map(line => line.trim()).filter(line => line),
          words.map(word => word.textContent).join(''), letters(words)];
}
// Letter by letter, since words may be in several elements.
function letters(words) {
  const looks = [];
  for (const word of words) {
    const seen = look(word);
    for (const letter of word.textContent) if (looks.at(-1) !== seen) looks.push(seen);
  }
  return looks;
}
out.textContent = JSON.stringify(fields.map(pair => pair.map(shown)));
box.remove();
"""


@pytest.mark.anki  # where a browser is
def test_a_browser_shows_a_text_as_it_showed_the_field(tmp_path: Path) -> None:
    """Lines, and the look of every letter: bold, colours, links, size, alignment."""
    pairs: list[tuple[str, str]] = []

    @settings(max_examples=300, phases=[Phase.generate], deadline=None, database=None)
    @given(editor_fields())
    def collect(html: str) -> None:
        # Anki puts buttons in place of sounds, and MathJax its own elements in place of formulas.
        if re.search(r"\[sound:|\\\(|<ruby>", html):
            return
        field = convert_field(html, cloze=False, media=MEDIA)
        if not field.is_html:
            pairs.append((html, render(field, cloze=False)))

    collect()
    page = tmp_path / "page.html"
    fields = json.dumps(pairs).replace("</", "<\\/").replace("<!--", "<\\!--")
    style = (
        "<style>.card { font-size: 20px; text-align: center; color: black; background-color: white }</style>"
    )
    page.write_text(
        f"<!doctype html><meta charset=utf-8>{style}<div id=box class=card></div><pre id=out></pre>"
        f"<script>const fields = {fields};{SCRIPT}</script>",
        encoding="utf-8",
    )
    output = re.search(r'<pre id="out">(.*?)</pre>', render_page(page), re.DOTALL)
    assert output is not None
    results = json.loads(unescape(output[1]))

    assert len(pairs) > 50
    assert [(*pair, *shown) for pair, shown in zip(pairs, results, strict=True) if shown[0] != shown[1]] == []
