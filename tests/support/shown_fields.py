"""What a browser shows of fields: their lines, and the look of every letter."""

import json
import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.browser import render_page


class Page(NamedTuple):
    """Two fields that may look the same on a card with a style sheet."""

    css: str
    original: str
    converted: str


# As Anki's own style sheet has it. Source: Anki, ts/reviewer/reviewer.scss.
_ANKI_STYLE = """
body { margin: 20px; overflow-wrap: break-word; background-color: #f5f5f5; color: #020202 }
body.nightMode { background-color: #2c2c2c; color: #fcfcfc }
img { max-width: 100%; max-height: 95vh }
li, pre { text-align: start }
.drawing { zoom: 50% }
q { quotes: none }
.nightMode .latex { filter: invert(100%) }
"""

_SCRIPT = """
// What is seen of a word: of its own style, and of the elements around it.
function look(word) {
  const own = getComputedStyle(word.parentElement), lines = new Set(), around = [];
  const paper = getComputedStyle(document.body).backgroundColor;
  let background = '', link = '', lists = 0, opacity = 1;
  for (let e = word.parentElement; e !== box; e = e.parentElement) {
    const style = getComputedStyle(e);
    for (const line of style.textDecorationLine.split(' ')) {
      if (line !== 'none') {
        lines.add([line, style.textDecorationStyle, style.textDecorationColor].join());
      }
    }
    if (/sub|super/.test(style.verticalAlign)) around.push(style.verticalAlign);
    if (!background && style.backgroundColor !== 'rgba(0, 0, 0, 0)') {
      background = style.backgroundColor;
      if (background !== paper && style.display !== 'inline') background += ' box';
    }
    if (e.localName === 'ul' || e.localName === 'ol') lists += 1;
    if (e.localName === 'a' && e.href) link = e.href;
    opacity *= style.opacity;
    for (const side of ['Top', 'Right', 'Bottom', 'Left']) {
      if (style[`border${side}Style`] !== 'none' && style[`border${side}Width`] !== '0px') around.push(side);
    }
    if (style.outlineStyle !== 'none') around.push(style.outline);
    if (style.filter !== 'none') around.push(style.filter);
    for (const part of ['::before', '::after']) {
      const content = getComputedStyle(e, part).content;
      if (!['none', 'normal'].includes(content) && e.localName !== 'q') around.push(content);
    }
  }
  if (background === paper) background = '';
  const side = own.textAlign.replace('-webkit-', '').replace('start', 'left');
  return [own.fontWeight >= 600 ? 'bold' : '', own.fontStyle, own.fontSize, own.fontFamily, own.fontVariant,
          own.letterSpacing, own.wordSpacing, own.textTransform, own.textShadow, own.whiteSpace,
          own.direction, own.visibility, side, own.webkitTextStrokeWidth,
          own.color, background, [...lines].sort().join(), around.join(), lists, link, opacity.toFixed(3)];
}
function shown(html) {
  box.innerHTML = html;
  // What a picture that is not there shows instead.
  box.querySelectorAll('img').forEach(picture => picture.removeAttribute('alt'));
  // Quotation marks as text, which the browser adds otherwise.
  for (const quotation of box.querySelectorAll('q')) {
    const [opening, closing] = quotation.parentElement.closest('q') ? '‘’' : '“”';
    quotation.prepend(opening);
    quotation.append(closing);
  }
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    if (!text.parentElement.getClientRects().length || text.parentElement.closest('rp')) continue;
    const fragment = document.createDocumentFragment();
    text.data.split(/([^ \\t\\n\\r\\f\\u00a0]+)/).forEach((piece, index) => {
      const part = index % 2 ? document.createElement('x-word') : document.createTextNode(piece);
      if (index % 2) part.textContent = piece;
      fragment.append(part);
    });
    text.replaceWith(fragment);
  }
  const words = [...box.querySelectorAll('x-word')];
  const looks = [];
  // Letter by letter, since words may be in several elements.
  for (const word of words) {
    const seen = JSON.stringify(look(word));
    for (const letter of word.textContent) if (looks.at(-1) !== seen) looks.push(seen);
  }
  const pictures = [...box.querySelectorAll('img')].map(picture => {
    const style = getComputedStyle(picture);
    return [decodeURIComponent(picture.getAttribute('src')), style.width, style.height, style.filter,
            style.zoom, style.display, style.borderTopStyle, style.opacity, style.maxWidth, style.float];
  });
  return [box.innerText.split(/[\\n\\t]+/).map(line => line.trim()).filter(line => line),
          words.map(word => word.textContent).join(''), looks.map(JSON.parse), pictures,
          [...box.querySelectorAll('hr')].map(getComputedStyle).map(style => style.width + style.borderTop),
          positions(words)];
}
// Where lines begin, within two pixels: letter by letter the browser rounds each word.
function positions(words) {
  const result = [];
  let top = null;
  for (const word of words) {
    const place = word.getClientRects()[0];
    if (place && (top === null || place.top > top + place.height / 2)) {
      result.push(Math.round(place.left));
      top = place.top;
    }
  }
  return result;
}
const results = [];
for (const [css, ...fields] of pages) {
  sheet.textContent = css;
  for (const night of ['', ' nightMode night_mode']) {
    document.body.className = 'card card1' + night;
    results.push(fields.map(shown));
  }
}
document.body.innerHTML = '';
document.body.className = '';
sheet.textContent = '';
const out = document.createElement('pre');
out.id = 'out';
out.textContent = JSON.stringify(results);
document.body.append(out);
"""

Shown = list[Any]
"""What is seen of a field: lines, words, looks of words, pictures, rules, and where lines begin in px."""

_SPACES = 20
"""The most by which some spaces at its end move a line, in px."""


def is_same(one: Shown, other: Shown) -> bool:
    """Return whether two fields look the same, but for spaces at the ends of lines."""
    places = zip(one[-1], other[-1], strict=False)
    return one[:-1] == other[:-1] and all(abs(place - place_) <= _SPACES for place, place_ in places)


def show_pages(pages: Sequence[Page], folder: Path) -> list[tuple[tuple[Shown, Shown], tuple[Shown, Shown]]]:
    """Return what a browser shows of both fields of each page, by day and by night. folder: for its files."""
    page = folder / "page.html"
    data = json.dumps(pages).replace("</", "<\\/").replace("<!--", "<\\!--")
    page.write_text(
        f"<!doctype html><meta charset=utf-8><style>{_ANKI_STYLE}</style><style id=sheet></style>"
        f"<body><div id=qa><div id=box></div></div><script>const pages = {data};{_SCRIPT}</script>",
        encoding="utf-8",
    )
    output = re.search(r'<pre id="out">(.*?)</pre>', render_page(page), re.DOTALL)
    assert output is not None
    results = json.loads(unescape(output[1]))
    return [(tuple(day), tuple(night)) for day, night in zip(results[::2], results[1::2], strict=True)]
