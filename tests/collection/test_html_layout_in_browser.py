"""How templates are laid out, compared with a real browser: lines begin and end where the browser's do."""

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import chain
from pathlib import Path
from random import Random

import pytest

from cardwright.collection import content as c
from tests.collection.test_custom_cards import lay_out, read
from tests.support.browser import render_page

pytestmark = pytest.mark.anki  # where a browser is

INLINE = ("b", "i", "code", "span", 'a href="https://a.b"')
BLOCKS = ("div", "p", "p", "section", "main", "header", "h2", "h3", "blockquote", "pre")
SCRIPT = """
const shown = texts.map(html => { box.innerHTML = html; return box.innerText; });
box.remove();
out.textContent = JSON.stringify(shown);
"""


class RandomHtml:
    """Writes random templates whose elements are well nested, except for some end tags that are left out."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.words = 0

    def parts(self, depth: int) -> str:
        return "".join(self.part(depth) for _ in range(self.random.randint(1, 4)))

    def part(self, depth: int) -> str:
        kind = self.random.choice(("word", "word", "rule", "inline", "block", "list", "table"))
        if kind == "word" or depth == 0:
            self.words += 1
            return self.random.choice((f"w{self.words}", f" w{self.words}\n"))
        inner = depth - 1
        match kind:
            case "rule":
                return self.random.choice(("<br>", "<hr>"))
            case "inline":
                return self.element(self.random.choice(INLINE), self.parts(inner))
            case "block":
                return self.element(self.random.choice(BLOCKS), self.parts(inner))
            case "list":
                entries = (self.element("li", self.parts(inner)) for _ in range(self.random.randint(1, 3)))
                return self.element(self.random.choice(("ul", "ol")), "\n".join(entries))
            case _:
                return self.element("table", "\n".join(self.row() for _ in range(2)))

    def row(self) -> str:
        """Return a row whose cells hold text alone; on paper a list in a cell has its signs in the text."""
        texts = (self.element(self.random.choice((*INLINE, "p")), self.parts(0)) for _ in range(2))
        cells = (self.element(self.random.choice(("td", "th")), text) for text in texts)
        return self.element("tr", "".join(cells))

    def element(self, tag: str, inner: str) -> str:
        name = tag.split(maxsplit=1)[0]
        leaves_out = self.random.random() < (0.3 if name in ("li", "p", "td", "th", "tr") else 0.01)
        return f"<{tag}>{inner}" if leaves_out else f"<{tag}>{inner}</{name}>"

    def without_a_tag(self, template: str) -> str:
        tags = list(re.finditer("<[^>]*>", template))
        tag = self.random.choice(tags) if tags else re.match("", template)
        assert tag is not None
        return template[: tag.start()] + template[tag.end() :]


def lines_of(content: c.Content) -> Iterator[str]:
    for block in content:
        match block:
            case c.BulletList(entries) | c.OrderedList(_, entries):
                yield from lines_of(tuple(block for entry in entries for block in entry))
            case c.Quote(children) | c.Aligned(_, children):
                yield from lines_of(children)
            case c.Table(_, head, rows):
                for cell in chain(head, *rows):
                    yield from lines_of(cell)
            case _:
                for run in c.runs((block,)):
                    yield from c.inlines_text(run, line_break).split("\n")


def line_break(inline: c.Inline) -> str:
    return "\n" if isinstance(inline, c.LineBreak) else ""


def without_white_space(lines: Iterator[str] | list[str]) -> list[str]:
    return [words for line in lines if (words := "".join(line.split()))]


def test_lines_are_those_of_a_browser(tmp_path: Path) -> None:
    """Every template that is accepted reads the same in a browser, whichever tags it leaves out."""
    html = RandomHtml(Random(7))
    templates = [html.parts(depth) for depth in (2, 3, 4, 5) for _ in range(150)]
    templates += [html.without_a_tag(template) for template in templates]
    accepted = [template for template in templates if read(f"{template}{{{{T}}}}") is not None]
    assert len(accepted) > len(templates) / 2

    texts = json.dumps(accepted).replace("</", "<\\/")
    page = tmp_path / "page.html"
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><div id="box"></div><pre id="out"></pre>'
        f"<script>const texts = {texts};{SCRIPT}</script>"
    )
    output = re.search(r'<pre id="out">(.*?)</pre>', render_page(page), re.DOTALL)
    assert output is not None

    for template, text in zip(accepted, json.loads(unescape(output[1])), strict=True):
        expected = without_white_space(re.split(r"[\n\t]", text))
        assert without_white_space(lines_of(lay_out(template))) == expected, template
