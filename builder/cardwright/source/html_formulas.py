"""Finds the formulas in HTML, as MathJax does."""

import re
from collections.abc import Iterator, Sequence

from cardwright.record import Record
from cardwright.source.field_marks import BREAK
from cardwright.source.html_parsing import HtmlComment, HtmlElement, HtmlNode
from cardwright.source.tex import find_formula_end

FORMULA_START = re.compile(r"\\[(\[]")
_ENDS = {"\\(": "\\)", "\\[": "\\]"}


class HtmlFormula(Record, frozen=True):
    """A formula. tex: without its delimiters, and with marks of deletions (`field_marks.py`)."""

    tex: str
    display: bool


def split_formulas(nodes: Sequence[HtmlNode]) -> Iterator[HtmlNode | HtmlFormula]:
    """Yield nodes with formulas in place of what MathJax typesets.

    Source: MathJax 3, HTMLDomStrings: it joins texts, `<br>` and comments, and nothing else.
    """
    if not any(isinstance(node, str) and FORMULA_START.search(node) for node in nodes):
        yield from nodes
        return
    group: list[HtmlNode] = []
    for node in nodes:
        if isinstance(node, HtmlElement) and node.name not in ("br", "wbr"):
            yield from _formulas_in(group)
            group = []
            yield node
        else:
            group.append(node)
    yield from _formulas_in(group)


def _formulas_in(group: Sequence[HtmlNode]) -> Iterator[HtmlNode | HtmlFormula]:
    text = "".join(map(_text_of, group))
    position = 0
    while opener := FORMULA_START.search(text, position):
        end = find_formula_end(text, opener.end(), _ENDS[opener[0]])
        if end < 0:
            break
        yield from _lines(text[position : opener.start()])
        yield HtmlFormula(text[opener.end() : end].replace(BREAK, "\n"), opener[0] == "\\[")
        position = end + 2
    yield from _lines(text[position:])


def _text_of(node: HtmlNode) -> str:
    match node:
        case str():
            return node
        case HtmlComment():
            return ""
        case HtmlElement(name):
            return BREAK if name == "br" else "\u200b"


def _lines(text: str) -> Iterator[HtmlNode]:
    for number, line in enumerate(text.split(BREAK)):
        if number:
            yield HtmlElement("br", {}, ())
        if line:
            yield line
