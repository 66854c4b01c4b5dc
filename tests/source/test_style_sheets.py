"""Style sheets are applied as a browser applies them; Chromium is the judge.

Each rule sets `order`, which is not inherited, and any number of which is valid.
"""

import json
import re
from html import escape, unescape
from xml.etree.ElementTree import fromstring

import cssselect2
import pytest

from cardwright.source.media_queries import Medium
from cardwright.source.style_sheets import StyleSheet
from tests.support.browser import render_address

_BODY = """<body class="card card1"><div id="a" class="x y"><b id="b" lang="de" class="x">b</b><i id="c">c</i>
<span id="d" class="y" style="INLINE"><u id="e" title="t u">e</u></span></div>
<p id="f"></p><p id="g">g</p></body>"""

_CASES = {
    "elements and classes": "b{order:1} .y{order:2} #f{order:3}",
    "the more specific wins": "#a b{order:1} b.x{order:2} b{order:3}",
    "the later wins": "p{order:1} p{order:2}",
    "the important wins": "p{order:1 !important} #g{order:2}",
    "an important one beats the style attribute": "#d{order:9!important} u{order:2}",
    "an invalid value is left out": "p{order:1;order:red;order:} ",
    "combinators": ".card > div{order:1} b + i{order:2} b ~ span{order:3} body u{order:4}",
    "lists, also with an unknown part": "b, i{order:1} p, :unknown{order:2}",
    "attributes": "[lang]{order:1} [title~=u]{order:2} [class^=x]{order:3} [id=F i]{order:4}",
    "children by number": "div :first-child{order:1} p:nth-of-type(2){order:2} :last-child{order:3}",
    "not, is, where": "p:not(#f){order:1} :is(b, #q, u){order:2} b{order:3} :where(#c){order:5} i{order:4}",
    "has": "div:has(b){order:1} p:has(b){order:2} span:has(> u){order:3}",
    "empty": ":empty{order:1}",
    "what needs a hand": "b:hover{order:1} p:focus{order:2} b:not(:hover){order:3}",
    "media that holds": "@media screen{b{order:1}} @media (prefers-color-scheme:light){i{order:2}}",
    "media that doesn't hold": "@media print{b{order:1}} @media (prefers-color-scheme:dark){i{order:2}}",
    "media with not and or":
        "@media not print{b{order:1}} @media print, screen and (min-width:10px){i{order:2}}",
    "media by width": "@media (max-width:400px){b{order:1}} @media (400px<=width<2000px){i{order:2}}",
    "media not understood": "@media (color: maybe){b{order:1}} @media not (made-up: 1){i{order:2}}",
    "media of brackets": "@media (not (min-width:9999px)) and (min-width:1em){b{order:1}}",
    "supports": "@supports (display:grid){b{order:1}} @supports not (display:grid){i{order:2}}",
    "nesting": "div{order:1; b{order:2} &.x{order:3} > i{order:4} .card &{order:5}}",
    "nesting in a list": "b, div{ & u, i &{order:1} }",
    "media within a rule": "b{order:1; @media screen{order:2} @media print{order:3}}",
    "layers": "@layer one,two; @layer two{b{order:1}} @layer one{b{order:2} i{order:3}} i{order:4}",
    "layers, important": "@layer one{b{order:1!important}} b{order:2!important}",
    "layers in layers": "@layer a{@layer b{b{order:1}} b{order:2}} @layer a.b{b{order:3}}",
    "variables":
        ":root{--n:4} b{order:var(--n)} i{--n:5;order:var(--n)} u{order:var(--m,6)} p{order:var(--m)}",
    "variables of variables": "body{--a:var(--b);--b:var(--c,7)} b{order:var(--a)} i{--b:8;order:var(--a)}",
    "variables in a circle": "b{--a:var(--b);--b:var(--a);order:var(--a)} i{--a:1;order:var( --a )}",
    "a variable told to begin anew":
        "body{--a:3} b{--a:initial;order:var(--a,9)} i{--a:inherit;order:var(--a)}",
    "variables know capitals": "b{--A:1;--a:2;order:var(--A)} p{ORDER:3}",
    "pseudo-elements": "b::before{content:'x';order:1} p:after{order:2} b{order:3}",
    "at-rules without effect": "@charset 'x'; @page{margin:0} @keyframes k{from{order:1}} b{order:2}",
    "comments and escapes": "b/* x */{/**/order:/**/1} .\\78 {order:2} \\69{order:3}",
    "an unfinished sheet": "b{order:1} i{order:2",
    "errors are skipped": "} b{order:1} ;i{order:2} p{;;order:3}",
    "nothing of HTML": "<!-- b{order:1} --> i{order:2}",
}  # fmt: skip
_INLINE = "order: 7; x"
_SCRIPT = """
const results = {};
for (const frame of document.querySelectorAll("iframe")) {
    const found = {};
    for (const element of frame.contentDocument.querySelectorAll("body *"))
        for (const pseudo of ["", "::before", "::after"])
            found[element.id + pseudo] =
                frame.contentWindow.getComputedStyle(element, pseudo).order;
    results[frame.name] = found;
}
document.getElementById("out").textContent = JSON.stringify(results);
"""


def _expand(name: str, value: str) -> list[tuple[str, str]]:
    return [(name, value)] if name == "order" and re.fullmatch(r"-?\d+", value) else []


def _ours(css: str) -> dict[str, str]:
    sheet = StyleSheet(_expand, Medium(width=1000))
    sheet.add(css)
    document = fromstring(
        "<html>" + _BODY.replace("INLINE", _INLINE).replace('<p id="f"></p>', '<p id="f"/>') + "</html>"
    )
    results: dict[str, str] = {}

    def visit(element: cssselect2.ElementWrapper, variables: dict[str, str]) -> None:
        attributes = element.etree_element
        styles = sheet.style_of(element, attributes.get("style", ""), variables)
        for pseudo in ("", "before", "after"):
            name = attributes.get("id", "") + (f"::{pseudo}" if pseudo else "")
            results[name] = styles[pseudo].values.get("order", "0") if pseudo in styles else "0"
        for child in element.iter_children():
            visit(child, dict(styles[""].variables))

    visit(cssselect2.ElementWrapper.from_html_root(document), {})
    return results


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What Chromium computes, by case."""
    folder = tmp_path_factory.mktemp("styles")
    body = _BODY.replace("INLINE", _INLINE)
    documents = {name: f"<!doctype html><style>{css}</style>{body}" for name, css in _CASES.items()}
    frames = "".join(
        f'<iframe width="1000" name="{name}" srcdoc="{escape(document)}"></iframe>'
        for name, document in documents.items()
    )
    page = folder / "page.html"
    page.write_text(
        f'<!doctype html><meta charset="utf-8">{frames}<pre id="out"></pre>'
        f"<script>onload = () => {{ {_SCRIPT} }}</script>",
        encoding="utf-8",
    )
    output = re.search(r'<pre id="out">(.+?)</pre>', render_address(page.as_uri(), folder), re.DOTALL)
    assert output is not None
    results: dict[str, dict[str, str]] = json.loads(unescape(output[1]))
    return results


@pytest.mark.parametrize("name", _CASES)
def test_a_style_sheet_is_applied_as_in_chromium(name: str, computed: dict[str, dict[str, str]]) -> None:
    ours = _ours(_CASES[name])
    assert {key: ours[key] for key in computed[name]} == computed[name]


def test_what_is_not_understood_is_listed() -> None:
    sheet = StyleSheet(_expand)
    sheet.add("p:unknown{order:1} @container (width>1px){p{order:2}} @media print{p{order:3}}")
    assert sheet.not_understood == ["p:unknown", "@container (width>1px)"]


def test_font_faces_and_imports_are_kept_aside() -> None:
    sheet = StyleSheet(_expand)
    sheet.add('@import url("_a.css") print; @font-face{font-family:X;src:url(_x.ttf)}')
    assert [(rule.name, rule.prelude, rule.block) for rule in sheet.at_rules] == [
        ("import", 'url("_a.css") print', ""),
        ("font-face", "", "font-family:X;src:url(_x.ttf)"),
    ]


@pytest.mark.parametrize(
    "css",
    [
        "b{" * 500 + "order:1" + "}" * 500,
        "@media screen{" * 500 + "b{order:1}" + "}" * 500,
        ":not(" * 300 + "b" + ")" * 300 + "{order:1}",
        "b{order:" + "(" * 2_000 + ")" * 2_000 + "}",
        "b{"
        + "".join(f"--v{n}:var(--v{n + 1})var(--v{n + 1});" for n in range(40))
        + "--v40:1;order:var(--v0)}",
        "b{" + "".join(f"--v{n}:var(--v{n + 1});" for n in range(2_000)) + "order:var(--v0)}",
        "div " * 200 + "b{order:1}",
        "b," * 5_000 + "b{order:1}",
    ],
    ids=["rules", "media", "not", "brackets", "doubled variables", "long chain", "descendants", "list"],
)
def test_no_style_sheet_takes_long_or_fails(css: str) -> None:
    _ours(css)
