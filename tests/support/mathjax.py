"""Renders formulas in a browser with Anki's MathJax, and records what they do."""

import json
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from cardwright.formats.anki import escape
from tests.support.browser import render_address
from tests.support.paths import ROOT

PAGES = ROOT / ".venv" / "aqt" / "_aqt" / "data" / "web"
"""Anki's pages, as `scripts/set-up dev` installs them."""

_SCRIPT = """
const hits = [];
for (const name of ["alert", "confirm", "prompt", "open", "fetch", "hit"])
    window[name] = () => hits.push(name);

// By place on the page: what MathJax executes for the formulas there, read where it looks names up.
const executed = new Map();
let current;

function watch() {
    const {SubHandler} = MathJax._.input.tex.MapHandler;
    const input = MathJax.startup.document.inputJax[0];
    const {parse} = SubHandler.prototype, {compile} = input, {handlers} = input.parseOptions;
    SubHandler.prototype.parse = function (argument) {
        const rest = argument[0].string.slice(argument[0].i);
        for (const kind of ["macro", "environment"])
            if (this === handlers.get(kind)) current.push([kind, argument[1], rest]);
        return parse.call(this, argument);
    };
    input.compile = function (math, document) {
        const place = math.start.node.parentElement.closest("#formulas > div");
        executed.set(place, current = executed.get(place) ?? []);
        return compile.call(this, math, document);
    };
}

// A style is of interest only if it can load something; MathJax sets thousands.
function attributes(element) {
    const interesting = [...element.attributes].filter(a => a.name !== "style" || a.value.includes("("));
    return interesting.map(a => JSON.stringify([element.localName, a.name, a.value]));
}

function knownNames() {
    const {ConfigurationHandler} = MathJax._.input.tex.Configuration;
    const {MapHandler} = MathJax._.input.tex.MapHandler;
    const known = {};
    for (const name of ConfigurationHandler.keys())
        for (const kind of ["macro", "environment"])
            for (const map of ConfigurationHandler.get(name).handler[kind] ?? [])
                (known[`${name} ${kind}`] ??= []).push(...(MapHandler.getMap(map)?.map?.keys() ?? []));
    return known;
}

function findings(place) {
    const elements = [...place.querySelectorAll("mjx-container, mjx-container *")];
    return {
        shown: place.querySelectorAll("mjx-container").length,
        errors: elements.map(e => e.getAttribute("data-mjx-error")).filter(e => e),
        undefined: elements.filter(e => e.localName === "mjx-mtext" && e.style.color === "red").length,
        left: [...place.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join(""),
        attributes: [...new Set(elements.flatMap(attributes))].map(text => JSON.parse(text)),
        executed: executed.get(place) ?? [],
    };
}

MathJax.startup.promise.then(() => {
    watch();
    const known = knownNames();
    const formulas = document.getElementById("formulas");
    MathJax.typeset([formulas]);
    const rendered = [...formulas.children].map(findings);
    for (const element of formulas.querySelectorAll("*"))
        element.dispatchEvent(new MouseEvent("click"));
    setTimeout(() => {
        document.getElementById("out").textContent = JSON.stringify({rendered, hits, known});
        formulas.remove();
    }, 100);
});
"""
_OWN_PATHS = ("/card.html", "/_anki/js/", "/favicon.ico")


@dataclass(frozen=True)
class Rendered:
    """What became of one text with formulas.

    shown: how many formulas it has. errors: what MathJax says is wrong with them.
    undefined: how many macros MathJax does not know. left: the text around the formulas.
    attributes: those of MathJax's elements, as element, name and value; without styles that load nothing.
    executed: what MathJax did: `macro` or `environment`, its name, and the TeX after it.
    """

    shown: int
    errors: list[str]
    undefined: int
    left: str
    attributes: list[tuple[str, str, str]]
    executed: list[tuple[str, str, str]]


def in_formula(tex: str) -> str:
    """Return the HTML of a text with one formula."""
    return rf"\[{escape.tex(tex)}\]"


@dataclass(frozen=True)
class Page:
    """A page with formulas.

    rendered: what became of each text. requests: those that are not for MathJax itself.
    hits: functions of the page that something called, also when everything was clicked at.
    known: the names that MathJax has loaded, by part and kind, such as `ams environment`.
    """

    rendered: list[Rendered]
    requests: list[str]
    hits: list[str]
    known: dict[str, list[str]]


def render(texts: Sequence[str], folder: Path) -> Page:
    """Render texts of HTML as Anki's card window does. folder: an empty one, for the browser's files."""
    assert PAGES.is_dir(), "run scripts/set-up dev"
    site = folder / "site"
    (site / "_anki").mkdir(parents=True)
    (site / "_anki" / "js").symlink_to(PAGES / "js")
    formulas = "".join(f"<div>{text}</div>\n" for text in texts)
    (site / "card.html").write_text(
        '<!doctype html><meta charset="utf-8"><script src="/_anki/js/mathjax.js"></script>'
        '<script src="/_anki/js/vendor/mathjax/tex-chtml-full.js"></script><body class="card">'
        f'<div id="formulas">{formulas}</div><pre id="out"></pre><script>{_SCRIPT}</script>',
        encoding="utf-8",
    )
    with serve(site) as (server, requests):
        hosts = f"MAP anki.test {server}, MAP evil.test {server}, MAP * ~NOTFOUND"
        address, options = "http://anki.test/card.html", ("--virtual-time-budget=60000",)
        page = render_address(address, folder, f"--host-resolver-rules={hosts}", *options)
    output = re.search(r'<pre id="out">(.+?)</pre>', page, re.DOTALL)
    assert output is not None, "MathJax did not finish"
    answer = json.loads(unescape(output[1]))
    rendered = [Rendered(**findings) for findings in answer["rendered"]]
    others = [path for path in requests if not path.startswith(_OWN_PATHS)]
    return Page(rendered, others, answer["hits"], answer["known"])


@contextmanager
def serve(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve a folder; yield the address and the list of the requests so far, in whatever protocol."""
    requests: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]  # as the server gives them

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002, ARG002  the name is given
            requests.append(getattr(self, "path", "no HTTP"))

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}", requests
        server.shutdown()


_ANSWER = """
const formulas = JSON.parse(decodeURIComponent("{formulas}"));
{convert}
window.MathJax.loader = {{}};  // the page is a file, and the whole of MathJax is on it
window.MathJax.startup.ready = () => {{
    MathJax.startup.defaultReady();
    document.title = encodeURIComponent(JSON.stringify(formulas.map(convert)));
}};
"""
_TO_MATHML = """
function convert(tex) {
    try {
        return MathJax.tex2mml(tex, {display: DISPLAY});
    } catch (error) {  // a fault of MathJax; of TeX it makes an element
        return `<math><merror data-mjx-error="${error.name}"/></math>`;
    }
}
"""
_TO_TEX = """
function convert([macro, text]) {
    const {func, args} = MathJax._.input.tex.MapHandler.MapHandler.getMap("mhchem").map.get(macro);
    const parser = {string: "", i: 0, GetArgument: () => text};
    try {
        func(parser, macro, ...args);
    } catch (error) {
        return null;
    }
    return parser.string;
}
"""


def to_mathml(formulas: Sequence[str], folder: Path, *, display: bool = True) -> list[str]:
    """Return the MathML of formulas, each on a line of its own or in running text.

    folder: for the page and the browser's files.
    """
    converted: list[str] = _answer(formulas, _TO_MATHML.replace("DISPLAY", json.dumps(display)), folder)
    return converted


def chemistry_to_tex(formulas: Sequence[tuple[str, str]], folder: Path) -> list[str | None]:
    """Return the TeX that mhchem makes of the arguments of `\\ce` and `\\pu`; None where it fails.

    formulas: as the name of the macro and its argument. folder: for the page and the browser's files.
    """
    converted: list[str | None] = _answer(formulas, _TO_TEX, folder)
    return converted


def _answer(formulas: Sequence[object], convert: str, folder: Path) -> Any:
    """Return what a function named `convert` makes of each formula in a page with Anki's MathJax."""
    script = _ANSWER.format(formulas=quote(json.dumps(formulas)), convert=convert)
    page = folder / "formulas.html"
    scripts = "".join(
        f'<script src="{(PAGES / "js" / name).as_uri()}"></script>{script}'
        for name, script in (
            ("mathjax.js", f"<script>{script}</script>"),
            ("vendor/mathjax/tex-chtml-full.js", ""),
        )
    )
    page.write_text(f'<!doctype html><meta charset="utf-8">{scripts}', encoding="utf-8")
    title = re.search("<title>(.+?)</title>", render_address(page.as_uri(), folder))
    assert title is not None, "MathJax did not finish"
    return json.loads(unquote(title[1]))
