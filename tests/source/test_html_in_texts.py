"""HTML within texts: what is markup reads as in a browser, all else stays text, and nothing gets lost."""

import json
import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.diagnostics import Report, Source
from cardwright.formats.anki.fields import render_html
from cardwright.source.markup import MarkupReader
from cardwright.source.nodes import Scalar
from tests.collection.test_html_layout_in_browser import RandomHtml, lines_of, without_white_space
from tests.support.browser import render_address, render_page

ELEMENTS = (
    *("b", "i", "u", "s", "sub", "sup", "small", "big", "mark", "kbd", "code", "span", "a", "font", "ins"),
    *("ruby", "rt", "rp", "rb", "br", "hr", "p", "div", "center", "section", "blockquote", "h2", "ul", "ol"),
    *("li", "table", "thead", "tbody", "tr", "td", "th", "caption"),
)
FOREIGN = (
    "script",
    "style",
    "img",
    "iframe",
    "svg",
    "object",
    "input",
    "form",
    "meta",
    "pre",
    "title",
    "x-y",
)
ATTRIBUTES = (
    *("", "", ' class="x"', ' style="color: red"', " align=center", ' onclick="alert(1)"', " checked"),
    *(' href="https://example.org"', ' href="javascript:alert(1)"', ' style="background: url(//a.b)"'),
)
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# What the fields may have, whatever a text has.
ALLOWED_TAGS = {*ELEMENTS} - {"font", "ins", "center", "section", "rb", "caption"} | {
    "strong",
    "em",
    "h1",
    "pre",
}
ALLOWED_ATTRIBUTES = {"class", "style", "start", "href", "rel"}
SAFE_STYLE = re.compile(
    r"text-align: (?:left|center|right)|(?:(?:--night-)?(?:background-)?color: #[0-9a-f]{6}(?:; |\Z))+"
)


def read(text: str) -> tuple[c.Content, Report]:
    report = Report()
    scalar = Scalar(Source("deck.yaml", text), 0, len(text), text, "|")
    return MarkupReader(no_file, no_file, report).read(scalar), report


def no_file(_path: str, _scalar: Scalar) -> None:
    """There are no pictures and sounds."""


class Tags(HTMLParser):
    """The start tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@st.composite
def tag_soups(draw: st.DrawFn) -> str:
    """Return words among tags of all sorts, nested well or badly, with some Markdown."""
    opened: list[str] = []
    pieces: list[str] = []
    for number in range(draw(st.integers(1, 14))):
        kind = draw(st.sampled_from(["open", "open", "close", "close", "foreign", "markdown", "word"]))
        if kind == "open":
            name = draw(st.sampled_from(ELEMENTS))
            opened.append(name)
            pieces.append(f"<{name}{draw(st.sampled_from(ATTRIBUTES))}>")
        elif kind == "close" and opened:
            pieces.append(f"</{opened.pop(draw(st.sampled_from([-1, -1, -1, 0])))}>")
        elif kind == "foreign":
            pieces.append(f"<{draw(st.sampled_from(FOREIGN))}{draw(st.sampled_from(ATTRIBUTES))}>")
        elif kind == "markdown":
            pieces.append(draw(st.sampled_from(["**", "*", "\n", "\n\n", "- ", "> ", "<", "](x)", "["])))
        pieces.append(f" w{number}w ")
    return "".join(pieces)


@given(tag_soups())
@example("<table><tr><td> w1w <tr> w2w </table>")
@example("<table> w1w <table><tr><td> w2w </td></tr></table></table>")
@example("<ul> w1w <li> w2w </ul> w3w </ul>")
@example("<ruby> w1w <div> w2w <rt> w3w </ruby>")
@example("<div>\n w1w \n\n w2w \n</div>\n w3w ")
def test_every_word_of_a_text_is_shown_once(text: str) -> None:
    content, _ = read(text)

    words = Counter(re.findall(r"w\d+w", text))
    assert Counter(re.findall(r"w\d+w", c.plain_text(content))) == words
    assert Counter(re.findall(r"w\d+w", Tags(render_html(content, {})).text)) == words


@given(tag_soups())
def test_a_tag_is_markup_or_text_and_what_it_says_is_kept_or_told(text: str) -> None:
    """No tag vanishes without a warning, unless it is one of the elements that cards can have."""
    content, report = read(text)

    foreign = [tag for tag in TAG.findall(text) if re.match(r"</?([a-z0-9-]+)", tag)[1] in FOREIGN]  # type: ignore[index]
    shown = c.plain_text(content)
    assert all(tag in shown for tag in foreign)
    if foreign and any("x-y" not in tag for tag in foreign):
        assert "tag-as-text" in {diagnostic.code for diagnostic in report}


@given(tag_soups())
def test_a_field_gets_only_elements_and_styles_that_do_nothing(text: str) -> None:
    content, _ = read(text)

    for tag, attributes in Tags(render_html(content, {})).tags:
        assert tag in ALLOWED_TAGS
        assert attributes.keys() <= ALLOWED_ATTRIBUTES
        assert SAFE_STYLE.fullmatch(attributes.get("style") or "color: #000000")
        assert (attributes.get("href") or "https://").startswith("https://")


HOSTILE = (
    "<script>ran('script')</script>",
    "<img src=x onerror=ran('img')>",
    "<svg onload=ran('svg')><script>ran('svg script')</script></svg>",
    "<b onclick=ran('b') onmouseover=ran('b') autofocus onfocus=ran('focus') tabindex=1>x</b>",
    "<a href='javascript:ran(1)'>x</a> <a href=' java\nscript:ran(1)'>x</a> <a href=data:text/html,x>x</a>",
    "<a href='https://a.b/\" onclick=\"ran(1)'>x</a>",
    "<span style='background: url(https://example.org/x.png)'>x</span>",
    "<span style='color: red; background-image: url(x)'>x</span>",
    "<span style='color: \\75rl(x)'>x</span><span style='color:expression(ran(1))'>x</span>",
    "<span style='color: red\"><img src=x onerror=ran(1)>'>x</span>",
    "<font color='red\"><img src=x onerror=ran(1)>'>x</font><font color=url(x)>x</font>",
    "<div align='center\"><img src=x onerror=ran(1)>'>x</div><div align='center; background: url(x)'>x</div>",
    "<ol start='1\"><img src=x onerror=ran(1)>'><li>x</ol>",
    "<b/onclick=ran(1)>x</b><b\tonclick=ran(1)>x</b><b\x0bonclick=ran(1)>x</b>",
    "<<b>script>ran(1)<</b>/script>",
    "<scr<b></b>ipt>ran(1)</scr<b></b>ipt>",
    "<!--><img src=x onerror=ran(1)>--><!-- --!><img src=x onerror=ran(1)>",
    "<b title='</b><img src=x onerror=ran(1)>'>x</b>",
    "<table background='https://example.org/x.png'><tr><td background='//a.b/x'>x</table>",
    "<iframe src='javascript:ran(1)'></iframe><object data=x></object><embed src=x>",
    "<style>@import url(x);</style><link rel=stylesheet href=x><base href=//a.b><meta http-equiv=refresh>",
    "<math><mi href='javascript:ran(1)'>x</mi></math><template><img src=x onerror=ran(1)></template>",
    "<input onfocus=ran(1) autofocus><details open ontoggle=ran(1)>x</details><marquee onstart=ran(1)>x",
    "[x](<javascript:ran(1)>) ![x](x onerror=ran(1)) <javascript:ran(1)>",
    "<B ONCLICK=ran(1)>x</B><ScRiPt>ran(1)</sCrIpT>",
    "&lt;img src=x onerror=ran(1)&gt; &#60;img src=x onerror=ran(1)&#62;",
)


@pytest.mark.anki  # where a browser is
def test_nothing_runs_and_nothing_is_loaded(tmp_path: Path) -> None:
    """A browser shows all hostile texts at once, and reports what ran and what it asked for."""
    fields = json.dumps([render_html(read(text)[0], {}) for text in HOSTILE]).replace("</", "<\\/")
    page = tmp_path / "page.html"
    page.write_text(
        "<!doctype html><meta charset=utf-8><base href='http://127.0.0.1:9/'><div id=box></div>"
        "<pre id=out></pre><script>const all = []; function ran(what) { all.push(what); }"
        f"box.innerHTML = {fields}.map(field => `<div>${{field}}</div>`).join('');"
        "for (const element of box.querySelectorAll('*')) {"
        " for (const name of ['click', 'mouseover', 'focus']) element.dispatchEvent(new Event(name));"
        " if (element.href && !/^https?:|^mailto:/.test(element.href)) all.push(element.href); }"
        "setTimeout(() => { all.push(...performance.getEntriesByType('resource').map(entry => entry.name));"
        " box.remove(); out.textContent = JSON.stringify(all); }, 300);</script>"
    )
    shown = render_address(page.as_uri(), tmp_path, "--virtual-time-budget=3000")
    output = re.search(r'<pre id="out">(.*?)</pre>', shown, re.DOTALL)

    assert output is not None
    assert json.loads(unescape(output[1])) == []


@pytest.mark.anki  # where a browser is
def test_lines_are_those_of_a_browser(tmp_path: Path) -> None:
    """Every text that is read without a warning has the lines that a browser shows of its HTML."""
    html = RandomHtml(Random(11))
    texts = [html.parts(depth).replace("\n", " ").strip() for depth in (2, 3, 4, 5) for _ in range(150)]
    texts = [text for text in texts if "<pre" not in text and re.search(r"w\d", text)]
    texts += [html.without_a_tag(text) for text in texts]
    accepted = [
        (text, content)
        for text in texts
        for content, report in [read(text)]
        # `List<b>` is text and no warning.
        if not list(report) and "<" not in c.plain_text(content)
    ]
    assert len(accepted) > len(texts) / 3

    page = tmp_path / "page.html"
    sources = json.dumps([text for text, _ in accepted]).replace("</", "<\\/")
    fields = json.dumps([render_html(content, {}) for _, content in accepted]).replace("</", "<\\/")
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><div id="box"></div><pre id="out"></pre><script>'
        "const show = html => { box.innerHTML = html; return box.innerText; };"
        f"const shown = [{sources}.map(show), {fields}.map(show)];"
        "box.remove(); out.textContent = JSON.stringify(shown);</script>"
    )
    output = re.search(r'<pre id="out">(.*?)</pre>', render_page(page), re.DOTALL)
    assert output is not None

    for (text, content), source, field in zip(accepted, *json.loads(unescape(output[1])), strict=True):
        expected = without_white_space(re.split(r"[\n\t]", source))
        assert without_white_space(lines_of(content)) == expected, text
        assert without_white_space(re.split(r"[\n\t]", field)) == expected, text
