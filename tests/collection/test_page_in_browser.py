"""How templates are laid out, judged by a real browser: lines begin and end where it begins and ends them."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from random import Random

import pytest

from cardwright.collection import content as c
from tests.collection.test_custom_cards import laid_out
from tests.formats.anki.test_look_in_browser import BROWSERS, OPTIONS

pytestmark = pytest.mark.anki  # where a browser is

TAGS = (
    *(
        "<b>",
        "</b>",
        "</b>",
        "<i>",
        "</i>",
        "<code>",
        "</code>",
        "<a href='https://a.b'>",
        "</a>",
        "<br>",
        "<hr>",
    ),
    *("<div>", "</div>", "<p>", "</p>", "</p>", "<section>", "</section>", "<h2>", "</h2>", "<h3>"),
    *("<ul>", "<ol>", "<li>", "<li>", "</li>", "</ul>", "</ol>", "<blockquote>", "</blockquote>"),
    *("<td>", "<tr>", "</table>", "<table><tr><td>one<td>two<tr><th>three</table>", " ", "\n"),
)
SCRIPT = """
const shown = texts.map(html => { box.innerHTML = html; return box.innerText; });
box.remove();
out.textContent = JSON.stringify(shown);
"""


def crossed(chance: Random) -> str:
    """A template of tags that may cross, be left open or end nothing, with words among them."""
    parts = []
    for number in range(chance.randint(3, 12)):
        parts.append(chance.choice(TAGS))
        parts.append(f"w{number}" * chance.randint(0, 1))
    return "".join(parts)


def lines_of(content: c.Content) -> Iterator[str]:
    for block in content:
        match block:
            case c.Paragraph(children) | c.Heading(_, children):
                yield from _run(children)
            case c.BulletList(entries) | c.OrderedList(_, entries):
                for entry in entries:
                    yield from lines_of(entry)
            case c.Quote(children):
                yield from lines_of(children)
            case c.Table(_, head, rows):
                for row in (head, *rows):
                    for cell in row:
                        yield from _run(cell)
            case _:
                pass


def _run(children: c.Inlines) -> list[str]:
    found = [""]
    for inline in children:
        match inline:
            case c.Text(text) | c.Code(text):
                found[-1] += text
            case c.LineBreak():
                found.append("")
            case c.Strong(inner) | c.Emphasis(inner) | c.Link(_, inner):
                first, *more = _run(inner)
                found[-1] += first
                found += more
            case _:
                pass
    return found


def bare(lines: Iterator[str] | list[str]) -> list[str]:
    return [words for line in lines if (words := "".join(line.split()))]


def test_lines_are_those_of_a_browser(tmp_path: Path) -> None:
    """Whatever tags cross, stay open or stand where they cannot."""
    chance = Random(7)
    templates = [crossed(chance) for _ in range(500)]
    texts = json.dumps(templates).replace("</", "<\\/")
    page = tmp_path / "page.html"
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><div id="box"></div><pre id="out"></pre>'
        f"<script>const texts = {texts};{SCRIPT}</script>"
    )
    browser = next(filter(None, map(shutil.which, BROWSERS)))
    command = [browser, *OPTIONS, f"--user-data-dir={tmp_path / 'browser'}", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r'<pre id="out">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found is not None

    for template, shown in zip(templates, json.loads(unescape(found[1])), strict=True):
        assert bare(lines_of(laid_out(template))) == bare(re.split(r"[\n\t]", shown)), template
