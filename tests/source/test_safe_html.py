"""HTML of fields is made safe: nothing runs or is loaded, words stay, and Anki's editor changes nothing."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from cardwright.source.field_marks import mark_field
from cardwright.source.html_parsing import HtmlElement, HtmlNode, parse_html
from cardwright.source.safe_html import make_safe
from tests.source.test_html_in_texts import HOSTILE
from tests.support.anki_editor import rewrite_in_editor, serialize
from tests.support.browser import render_address

MORE_HOSTILE = (
    *HOSTILE,
    (
        "<svg><style><img src=x onerror=ran(1)></style></svg><svg></p><style><a id='</style>"
        "<img src=x onerror=ran(1)>'>"
    ),
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=ran(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=ran(1)>",
    (
        "<svg viewBox='0 0 1 1'><foreignObject><img src=x onerror=ran(1)></foreignObject>"
        "<use href='data:image/svg+xml,x'/>"
    ),
    (
        "<svg viewBox='0 0 1 1'><path d='M0 0' onclick='ran(1)'/>"
        "<animate onbegin=ran(1) attributeName=x /></svg>"
    ),
    "<noscript><p title='</noscript><img src=x onerror=ran(1)>'></noscript>",
    "<textarea><img src=x onerror=ran(1)></textarea><xmp><img src=x onerror=ran(1)></xmp>",
    "<title><img src=x onerror=ran(1)></title><select><option><img src=x onerror=ran(1)></select>",
    (
        "<img src='https://example.org/x.png'><img src='//example.org/x.png'>"
        "<img srcset='x 1x' src='data:text/html,x'>"
    ),
    (
        "<video poster=https://example.org/x.png autoplay><source src=https://example.org/x.mp4>"
        "</video><audio src=//a.b/c>"
    ),
    "<div style='position: fixed; inset: 0; background: url(https://example.org/x.png)'>x</div>",
    "<div style='background-image: image-set(\"https://example.org/x.png\" 1x)'>x</div>",
    "<div style='width: expression(ran(1)); -moz-binding: url(x); behavior: url(x)'>x</div>",
    "<div style='color: red; } body { display: none } @import url(x);'>x</div>",
    (
        "<form action=https://example.org><button formaction='javascript:ran(1)'>x</button>"
        "<input type=image src=x>"
    ),
    "<div id=qa>x</div><a name=qa></a><img name=getSelection src=x.png>",
    "<p>x<!-- <img src=x onerror=ran(1)> --!><img src=x onerror=ran(1)>",
    "<![CDATA[<img src=x onerror=ran(1)>]]><?xml <img src=x onerror=ran(1)> ?><!DOCTYPE x [<!ENTITY a 'b'>]>",
    "<div title='unclosed><img src=x onerror=ran(1)>",
    "<div><div><b><i><table><tr><td>unclosed",
    "<plaintext><img src=x onerror=ran(1)>",
    (
        r"\(\href{javascript:ran(1)}{x}\) \(\require{html}\) \[\class{x}{y}\] "
        r"\(\href<br>{javascript:ran(1)}{x}\)"
    ),
    "<a href='https://a.b' onclick=ran(1) style='position:fixed' target=_top>x</a><a href='anki:x'>y</a>",
    "<iframe src='https://example.org'></iframe><iframe srcdoc='<script>ran(1)</script>'></iframe>",
    "<a:b onclick=ran(1)>x</a:b><x-y onclick=ran(1)>x</x-y><image src=x onerror=ran(1)><isindex>",
    "</div></body></html><body onload=ran(1)>x",
    "<b>" * 3000 + "deep",
    "<table><caption><table><td></table><img src=x onerror=ran(1)>",
    "{{c1::<img src=x onerror=ran(1)>::<script>ran(1)</script>}} {{Front}} {{{{#x}}",
)


@pytest.mark.parametrize(
    "html",
    [
        '<b id="x">a</b><a href="#x">b</a><a name="y">c</a>',
        '<div hidden="">a</div>',
        '<span style="--x: red; color: var(--x); zoom: 2">a</span>',
    ],
)
def test_what_only_shows_stays(html: str) -> None:
    safe = make_safe(html, cloze=False)

    assert (safe.html, safe.dropped) == (html, ())


def test_a_style_sheet_stays_where_it_may_be_and_is_made_safe() -> None:
    """Dictionaries bring one with each text, which finds what is in it by classes and other attributes."""
    rest = '[data-x] > b::before { content: "a" }</style><b data-x="y">d</b>'
    html = f"<style>@import url(https://a.b/c);{rest}"
    safe = make_safe(html, cloze=False, keeps_styles=True)

    assert safe.html == f"<style>{rest}"
    assert safe.dropped == ("`@import` in `<style>`",)
    assert make_safe(html, cloze=False).html == '<b data-x="y">d</b>'
    assert make_safe("<style>@media x { b { c: d }}</style>{{c1::e}}", cloze=True, keeps_styles=True).dropped


def test_what_shows_and_is_left_out_is_named() -> None:
    html = '<img src="a.png" srcset="b.png 2x"><span style="-webkit-line-clamp: 2">c</span>'

    assert make_safe(html, cloze=False).dropped == ("`srcset` of `<img>`", "`-webkit-line-clamp` in a style")


@pytest.mark.anki  # where a browser is
def test_nothing_runs_and_nothing_is_loaded(tmp_path: Path) -> None:
    """A browser shows all hostile fields at once, and reports what ran and what it asked for."""
    fields = [
        make_safe(html, cloze=False, name_media=lambda _: "data:,", keeps_styles=True).html
        for html in MORE_HOSTILE
    ]
    # The page must be its own: a field that ended an element around it would move what follows.
    page = tmp_path / "page.html"
    written = json.dumps(fields).replace("</", "<\\/").replace("<!--", "<\\!--")
    page.write_text(
        "<!doctype html><meta charset=utf-8><base href='http://127.0.0.1:9/'><div id=box></div>"
        "<pre id=out></pre><script>const all = []; function ran(what) { all.push(what); }"
        f"const fields = {written};"
        "box.innerHTML = fields.map(field => `<div class=field>${field}</div>`).join('');"
        "if (box.children.length !== fields.length) all.push('a field that ends another');"
        "for (const element of box.querySelectorAll('*')) {"
        " for (const name of ['click', 'mouseover', 'focus']) element.dispatchEvent(new Event(name));"
        " if (getComputedStyle(element).position !== 'static') all.push(element.outerHTML);"
        " if (element.href && !/^https?:|^mailto:/.test(element.href)) all.push(element.href); }"
        "setTimeout(() => { all.push(...performance.getEntriesByType('resource').map(entry => entry.name)"
        ".filter(name => name !== 'data:,'));"
        " box.remove(); out.textContent = JSON.stringify(all); }, 300);</script>",
        encoding="utf-8",
    )
    shown = render_address(page.as_uri(), tmp_path, "--virtual-time-budget=3000")
    output = re.search(r'<pre id="out">(.*?)</pre>', shown, re.DOTALL)

    assert output is not None
    assert json.loads(unescape(output[1])) == []


TAGS = (
    *(
        "b",
        "i",
        "div",
        "p",
        "br",
        "span",
        "font",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "img",
        "a",
        "pre",
    ),
    *(
        "script",
        "style",
        "svg",
        "math",
        "template",
        "iframe",
        "form",
        "details",
        "summary",
        "xmp",
        "video",
        "h1",
    ),
    *(
        "ruby",
        "rt",
        "select",
        "option",
        "textarea",
        "title",
        "noscript",
        "body",
        "mtext",
        "foreignObject",
        "center",
    ),
)
ATTRIBUTES = (
    *("", "", "", ' class="x"', ' style="color: red; position: fixed"', ' onclick="x"', " src='a%20b.png'"),
    *(
        ' href="https://a.b/?x=1&y"',
        " href='javascript:x'",
        ' title="<b>&quot;"',
        " width=20",
        " align=center",
    ),
)
WORDS = (
    *(
        "word",
        " ",
        "&nbsp;",
        "&lt;b&gt;",
        "&amp;lt;",
        "<",
        ">",
        '"',
        "\n",
        "\\(x<y\\)",
        "\\[ a \\]",
        "\\(",
        "]",
    ),
    *(
        "[sound:a&amp;b.mp3]",
        "[latex]",
        "[/latex]",
        "[sound:",
        "{{c1::",
        "::",
        "}}",
        "{{",
        "<!-- c -->",
        "<!--",
    ),
    *("\x01", "é", "e\u0301", "[anki:tts lang=en]", "[[type:x]]", "</div>", "</", "漢", "\ufeff", "&#0;"),
)


@st.composite
def tag_soups(draw: st.DrawFn) -> str:
    pieces = draw(
        st.lists(
            st.one_of(
                st.tuples(st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)).map(
                    lambda tag: f"<{tag[0]}{tag[1]}>"
                ),
                st.sampled_from(TAGS).map(lambda name: f"</{name}>"),
                st.sampled_from(WORDS),
            ),
            max_size=12,
        )
    )
    return "".join(pieces)


@given(tag_soups(), st.booleans())
@example(html="<pre>\n\nx</pre>", cloze=False)
@example(html="{{c1::<b title='}}'>x</b>", cloze=True)
def test_what_is_safe_stays_as_it_is(html: str, cloze: bool) -> None:
    safe = make_safe(html, cloze=cloze)
    again = make_safe(safe.html, cloze=cloze)

    assert (again.html, again.dropped) == (safe.html, ())
    assert serialize(safe.html) == safe.html


@given(tag_soups(), st.booleans())
def test_words_are_kept(html: str, cloze: bool) -> None:
    hidden = {"script", "style", "template", "svg", "math", "iframe", "select", "video", "title"}

    def words(nodes: tuple[HtmlNode, ...]) -> int:
        return sum(
            node.count("word")
            if isinstance(node, str)
            else words(node.children)
            if isinstance(node, HtmlElement) and node.name not in hidden
            else 0
            for node in nodes
        )

    safe = make_safe(html, cloze=cloze)

    assert words(parse_html(safe.html)) >= words(parse_html(mark_field(html, cloze=cloze)))


def test_ankis_editor_stores_safe_html_as_it_is(tmp_path: Path) -> None:
    written: list[str] = []

    @settings(max_examples=400, phases=[Phase.generate], deadline=None, database=None)
    @given(tag_soups())
    def collect(html: str) -> None:
        written.append(make_safe(html, cloze=False).html)

    collect()
    rewritten = rewrite_in_editor(written, tmp_path)

    assert [pair for pair in zip(written, rewritten, strict=True) if pair[0] != pair[1]] == []


@pytest.mark.parametrize(
    ("html", "safe", "dropped"),
    [
        ("<b>x</B>", "<b>x</b>", ()),
        ("<script>x</script>y", "y", ("`<script>`",)),
        ('<div onclick="x">y</div>', "<div>y</div>", ("`onclick` of `<div>`",)),
        (
            '<img src="https://a.b/c.png">',
            '<a href="https://a.b/c.png">https://a.b/c.png</a>',
            ("`<img>` of another place",),
        ),
        ('<a href="javascript:x">y</a>', "<a>y</a>", ("the link to `javascript:x`",)),
        ("<form><button>x</button></form>", "x", ("the tag `<form>`", "the tag `<button>`")),
        (
            '<span style="position: fixed; color: red">x</span>',
            '<span style="color: red">x</span>',
            ("`position` in a style",),
        ),
        ("<div><br></div>", "", ()),
        ("<!-- x -->y", "y", ()),
        (
            r"\(\href{x}{y}\)",
            r"<span>\</span>(\href{x}{y}<span></span>\)".replace("<span></span>", ""),
            (r"the formula with `\href`",),
        ),
        ("<anki-mathjax>a &lt; b</anki-mathjax>", r"\(a &lt; b\)", ()),
    ],
)
def test_what_is_left_out_is_named(html: str, safe: str, dropped: tuple[str, ...]) -> None:
    result = make_safe(html, cloze=False)

    assert (result.html, result.dropped) == (safe, dropped)
