"""Words in formulas: `\\text` and its kin, which may have formulas in them."""

import re

from cardwright.source.formulas.items import Environment, UnreadableTex, token
from cardwright.source.formulas.nodes import Node, make
from cardwright.source.formulas.operators import Value
from cardwright.source.formulas.reader import Handler, Reader

_SIGN = re.compile(r"\\(.)|[${}]", re.DOTALL)
_CLOSERS = {"$": "$", "\\(": "\\)"}


def read_words(reader: Reader, text: str, level: int | None = None, variant: str | None = None) -> list[Node]:
    """Return the nodes of words. level: the script level to set; variant: of letters, or that of the place.

    Formulas stand between `$` or `\\(` and `\\)`. Braces are characters here, as Anki's MathJax has them.
    """
    variant = variant or reader.environment.font
    attributes: dict[str, Value] = {"mathvariant": variant} if variant else {}
    nodes: list[Node] = []
    for part, is_formula in _split(text):
        if is_formula:
            nodes.append(make("TeXAtom", *reader.part(part, Environment())))
        else:
            words = re.sub(r"\s+$", "\u00a0", re.sub(r"^\s+", "\u00a0", part))
            nodes.append(token("mtext", words, **attributes))
    if level is not None:
        return [make("mstyle", *nodes, displaystyle=False, scriptlevel=level)]
    return [make("mrow", *nodes)] if len(nodes) > 1 else nodes


def _split(text: str) -> list[tuple[str, bool]]:
    """Return the parts of words, and whether each is a formula. `\\$`, `\\{`, `\\}` and `\\\\` are signs."""
    parts: list[tuple[str, bool]] = []
    words, opener = "", ""
    start = depth = 0
    for match in _SIGN.finditer(text):
        found = match[0]
        if not opener:
            if found in _CLOSERS:
                words += text[start : match.start()]
                parts += [(words, False)] if words else []
                words, opener, start, depth = "", found, match.end(), 0
            elif match[1] and match[1] in "${}\\":
                words += text[start : match.start()] + match[1]
                start = match.end()
        elif found == _CLOSERS[opener] and depth == 0:
            parts.append((text[start : match.start()], True))
            opener, start = "", match.end()
        elif found in "{}":
            depth = max(0, depth + (1 if found == "{" else -1))
    if opener:
        raise UnreadableTex("a formula within words has no end")
    words += text[start:]
    return parts + ([(words, False)] if words else [])


def _words(level: int | None = None, variant: str | None = None) -> Handler:
    def handle(reader: Reader, name: str) -> None:
        reader.push(*read_words(reader, reader.raw_argument(name), level, variant))

    return handle


def _framed(reader: Reader, name: str) -> None:
    reader.push(make("menclose", *read_words(reader, reader.raw_argument(name)), notation="box"))


def _framed_with_width(reader: Reader, name: str) -> None:
    width = reader.brackets()
    align = {"l": "left", "r": "right"}.get(reader.brackets() or "c", "center")
    nodes = read_words(reader, reader.raw_argument(name))
    if width:
        nodes = [make("mpadded", *nodes, **{"width": width, "data-align": align})]
    reader.push(make("TeXAtom", make("menclose", *nodes, notation="box")))


HANDLERS: dict[str, Handler] = {
    "\\text": _words(),
    "\\textnormal": _words(),
    "\\textrm": _words(variant="normal"),
    "\\textup": _words(variant="normal"),
    "\\textit": _words(variant="italic"),
    "\\textbf": _words(variant="bold"),
    "\\textsf": _words(variant="sans-serif"),
    "\\texttt": _words(variant="monospace"),
    "\\hbox": _words(level=0),
    "\\mbox": _words(level=0),
    "\\fbox": _framed,
    "\\framebox": _framed_with_width,
}
