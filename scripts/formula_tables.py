"""Fill the tables of signs in `source/formulas/` from Anki's MathJax.

Run it from the project folder when Anki has another MathJax, and read the difference:
`.venv/bin/python -m scripts.formula_tables`.
"""

import json
import re
import tempfile
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from cardwright.source.tex import MACROS
from tests.support.browser import render_page
from tests.support.mathjax import PAGES
from tests.support.paths import ROOT

FOLDER = ROOT / "builder/cardwright/source/formulas"

# The places are MathJax's own: its maps of macros and signs, and its dictionary of operators.
_SCRIPT = """
window.MathJax.loader = {};
window.MathJax.startup.ready = () => {
    MathJax.startup.defaultReady();
    const {MapHandler} = MathJax._.input.tex.MapHandler;
    const {OPTABLE, RANGES} = MathJax._.core.MmlTree.OperatorDictionary;
    const handlers = MathJax.startup.document.inputJax[0].parseOptions.handlers;
    const symbols = [];
    for (const name of JSON.parse(decodeURIComponent("NAMES"))) {
        const map = handlers.get("macro").applicable(name), found = map?.lookup(name);
        if (!found || map.name.endsWith("delimiter")) continue;
        const [characters, variant] = found.char ? [found.char] : found.args;
        symbols.push(["\\\\" + name, map.name, characters, found.attributes, variant]);
    }
    const delimiters = new Map();
    for (const {item} of handlers.get("delimiter")._configuration)
        for (const [name, {char, attributes}] of item.map)
            if (!delimiters.has(name)) delimiters.set(name, [name, "delimiter", char, attributes, null]);
    const negated = [...MapHandler.getMap("not_remap").map].map(([sign, {char}]) => [sign, char]);
    symbols.push(...delimiters.values());
    const tables = {symbols, operators: OPTABLE, ranges: RANGES, negated};
    document.title = encodeURIComponent(JSON.stringify(tables));
};
"""
# By the end of a map's name: what its macros stand for, and the attributes that MathJax's code gives to all.
_KINDS = {
    "mathchar0mi": ("identifier", {}),
    "mathchar0mo": ("operator", {}),
    "mathchar7": ("letter", {}),
    "delimiter": ("delimiter", {}),
    "upgreek": ("identifier", {"mathvariant": "normal"}),
    "gensymb-symbols": ("identifier", {"mathvariant": "normal", "class": "MathML-Unit"}),
    "textcomp-macros": ("words", {}),
}
_CLASSES = ("ORD", "OP", "BIN", "REL", "OPEN", "CLOSE", "PUNCT", "INNER")
_OUR_NAMES = {"texClass": "texclass", "variantForm": "alternate", "movesupsub": "move_scripts"}


def make_tables(folder: Path) -> dict[str, str]:
    """Return the text of each table by its file's name. folder: for the page and the browser's files."""
    names = quote(json.dumps(sorted(name[1:] for name in MACROS)))
    scripts = [
        f'<script src="{(PAGES / "js/mathjax.js").as_uri()}"></script>',
        f"<script>{_SCRIPT.replace('NAMES', names)}</script>",
        f'<script src="{(PAGES / "js/vendor/mathjax/tex-chtml-full.js").as_uri()}"></script>',
    ]
    page = folder / "tables.html"
    page.write_text(f'<!doctype html><meta charset="utf-8">{"".join(scripts)}', encoding="utf-8")
    title = re.search("<title>(.+?)</title>", render_page(page))
    assert title is not None, "MathJax did not finish"
    tables = json.loads(unquote(title[1]))
    return {
        "symbols.tsv": _write(("# macro or sign", "kind", "characters", "attributes"), _symbols(tables)),
        "operators.tsv": _write(
            ("# form or range", "characters", "class", "attributes or element"), _operators(tables)
        ),
    }


def _write(heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    return "".join("\t".join(row).rstrip("\t") + "\n" for row in (heading, *rows))


def _symbols(tables: dict[str, Any]) -> list[tuple[str, ...]]:
    rows = []
    for name, place, characters, attributes, variant in tables["symbols"]:
        kind = next((kind for end, kind in _KINDS.items() if place.endswith(end)), None)
        if kind is None:
            continue
        given = {**(attributes or {}), **kind[1], **({"mathvariant": variant} if variant else {})}
        rows.append((name, kind[0], _characters(characters), _attributes(given)))
    return sorted(rows, key=lambda row: (row[1], row[0].lower(), row[0]))


def _operators(tables: dict[str, Any]) -> list[tuple[str, ...]]:
    rows = []
    for form in ("prefix", "infix", "postfix"):
        for characters, (_, _, texclass, attributes) in sorted(tables["operators"][form].items()):
            rows.append((form, _characters(characters), _class(texclass), _attributes(attributes or {})))
    for first, last, texclass, element, *variant in tables["ranges"]:
        codes = f"{first:04X}-{last:04X}"
        rows.append(("range", codes, _class(texclass), " ".join((element, *variant))))
    return [*rows, *(("negated", sign, other) for sign, other in tables["negated"])]


def _class(number: int) -> str:
    return _CLASSES[number] if number >= 0 else "NONE"


def _characters(text: str) -> str:
    """Return characters so that they can be seen in the table."""
    if any(unicodedata.category(character)[0] in "CMZ" for character in text):
        return " ".join(f"U+{ord(character):04X}" for character in text)
    return text


def _attributes(attributes: dict[str, Any]) -> str:
    values = {name: _class(value) if name == "texClass" else value for name, value in attributes.items()}
    return " ".join(
        f"{_OUR_NAMES.get(name, name)}={str(value).lower() if isinstance(value, bool) else value}"
        for name, value in values.items()
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        for name, text in make_tables(Path(temporary)).items():
            (FOLDER / name).write_text(text, encoding="utf-8")
