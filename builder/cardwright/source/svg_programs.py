"""What to do about a drawing that cards can't have, in the program that wrote it."""

import re
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "doctype", "effect", "flow", "font", "label", "other", "page", "reference", "script"
]
"""What a drawing has: a kind of problem that has the same remedy."""

# How a program's files are known: by names of namespaces, comments and attributes that it writes.
_PROGRAMS = {
    "draw.io": re.compile(r"&lt;mxfile|drawio\.com|diagrams\.net|desk\.draw\.io"),
    "Mermaid": re.compile(r"\baria-roledescription=|\bid=[\"'](?:mermaid|my-svg)|#mermaid"),
    "Illustrator": re.compile(r"Adobe Illustrator|ns\.adobe\.com/AdobeIllustrator"),
    "LibreOffice": re.compile(r"openoffice\.org/svg/export"),
    "PlantUML": re.compile(r"<\?plantuml|data-diagram-type="),
    "Figma": re.compile(r"data-figma-"),
    "Excalidraw": re.compile(r"svg-source:excalidraw"),
    "Inkscape": re.compile(r"inkscape\.org/namespaces"),
}
_ADVICE: dict[tuple[str, Kind], str] = {
    ("draw.io", "page"): "in draw.io, turn off Word Wrap and Formatted Text of all labels, or export a PNG",
    ("draw.io", "script"): "in draw.io, use File > Export As > SVG, not Embed",
    ("draw.io", "reference"): "in draw.io, tick Embed Images when you export",
    ("Mermaid", "page"): "set `htmlLabels: false` in Mermaid's configuration, or export a PNG",
    ("Illustrator", "page"): "in Illustrator, use File > Export > Export As instead of Save As",
    ("Illustrator", "reference"): "in Illustrator, choose to embed images when you export",
    ("Illustrator", "doctype"): "in Illustrator, use File > Export > Export As instead of Save As",
    ("LibreOffice", "script"): "in LibreOffice, export one page alone: copy it into a new drawing",
    ("PlantUML", "script"): "leave out `!pragma svginteractive`",
    ("Excalidraw", "page"): "leave out web pages, or export a PNG",
    ("Figma", "effect"): "in Figma, remove the background blur, or export a PNG",
    ("Inkscape", "reference"): "in Inkscape, use Extensions > Images > Embed Images",
    ("Inkscape", "flow"): "in Inkscape, select it and use Text > Convert to Text",
}
_OTHER_ADVICE: dict[Kind, str] = {
    "doctype": "write what it stands for in its place",
    "effect": "draw it as a shape, or export a PNG",
    "flow": "convert it to plain text in the program that wrote it",
    "font": "turn text into paths when you export it, or embed the font",
    "label": "format labels as a whole, or export a PNG",
    "page": "a drawing is shapes and text alone: write labels as `<text>`, or export a PNG",
    "reference": "embed pictures when you export it; a drawing has all its parts in one file",
    "script": "take it out: a downloaded deck must not bring scripts",
    "other": "a drawing is shapes and text alone: take it out, or export as plain SVG",
}


def advice(kind: Kind, text: str) -> str:
    """Return the next step. text: of the drawing."""
    programs = [name for name in _PROGRAMS if (name, kind) in _ADVICE]
    program = next((name for name in programs if _PROGRAMS[name].search(text)), "")
    return _ADVICE.get((program, kind)) or _OTHER_ADVICE[kind]


_XML_FAULTS = {
    "mismatched tag": "close every tag before the one around it; or export it again",
    "no element found": "it is cut off: export or copy it again",
    "unclosed token": "it is cut off: export or copy it again",
    "unclosed CDATA section": "it is cut off: export or copy it again",
    "undefined entity": "write the character itself, or its number: `&#160;`",
    "unbound prefix": "declare the prefix in its first tag (`xmlns:…`), or export it as plain SVG",
    "duplicate attribute": "leave one of them out",
}


def find_xml_fault(fault: str, text: str, position: int) -> tuple[int, int, str]:
    """Return start and end of what can't be read in a drawing, and a next step.

    fault: in the words of the XML parser. position: where it gave up, at or after the start.
    """
    help_ = _XML_FAULTS.get(fault, "")
    position = max(0, min(position, len(text.rstrip()) - 1))
    is_sign = fault.startswith("not well-formed")
    if begun := re.search(r"[&<][^\s&<>;]*\Z" if is_sign else r"</?\Z", text[:position]):
        position = begun.start()
    if is_sign and (sign := text[position : position + 1]) in ("&", "<"):
        help_ = f"in text and styles, write `{sign}` as `{'&amp;' if sign == '&' else '&lt;'}`"
    word = re.compile(r"</?[^\s<>]*>?|&\w*;?|(?s:.)|").match(text, position)
    return position, max(word.end() if word else 0, position + 1), help_
