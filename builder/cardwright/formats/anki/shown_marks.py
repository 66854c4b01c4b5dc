"""Finds in the HTML of a field what Anki and MathJax read in it: deletions, sounds, commands, formulas."""

import re
from collections.abc import Iterator, Sequence

from cardwright.formats.anki import escape
from cardwright.formats.anki.shown import Command, Formats, Formula, Mark, Run, Sound
from cardwright.source.html_parsing import HtmlComment, HtmlElement, HtmlNode
from cardwright.source.tex import find_formula_end

# What Anki reads in a field before it is HTML, with marks for it that no field can have otherwise.
# Source: Anki, rslib/src/cloze.rs, `tokenize`; rslib/src/card_rendering/parser.rs; rslib/src/latex.rs;
# qt/aqt/reviewer.py, `typeAnsPat`.
_OPEN, _NUMBER_END, _HINT, _CLOSE, _SOUND, _COMMAND, _END, _BREAK = "\x01\x02\x03\x04\x05\x06\x07\x08"
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")
_DELETION_TOKEN = re.compile(r"\{\{c([0-9]+(?:,[0-9]+)*)::|\}\}|::")
_BRACKETS = re.compile(
    r"\[sound:([^\]<>]+)\]|(\[/?(?i:latex|\$\$?)\]|\[/?anki:[^\]<>]*\]|\[\[type:[^\]]+\]\])"
)
MARK = re.compile(
    rf"{_OPEN}([0-9]+){_NUMBER_END}|({_HINT}|{_CLOSE})|{_SOUND}([^{_END}]*){_END}|{_COMMAND}([^{_END}]*){_END}"
)
SIGNS = re.compile(rf"[{_OPEN}-{_BREAK}]")
FORMULA_START = re.compile(r"\\[(\[]")
_FORMULA_ENDS = {"\\(": "\\)", "\\[": "\\]"}


def mark_brackets(html: str) -> str:
    """Return the HTML with marks in place of what Anki reads in brackets."""
    return _BRACKETS.sub(_mark_brackets, html)


def _mark_brackets(match: re.Match[str]) -> str:
    return f"{_SOUND}{match[1]}{_END}" if match[1] else f"{_COMMAND}{match[2]}{_END}"


def mark_deletions(html: str) -> str:
    """Return the HTML with marks in place of the signs of deletions, as Anki reads them."""
    pieces: list[str] = []
    # For each open deletion where its opening stands, its numbers, and where its hint begins.
    stack: list[tuple[int, list[str], int | None]] = []
    position = 0
    for token in _DELETION_TOKEN.finditer(html):
        pieces.append(html[position : token.start()])
        position = token.end()
        if token[1]:
            numbers = token[1].split(",")
            stack.append((len(pieces), numbers, None))
            pieces.append(token[0])
        elif not stack:
            pieces.append(token[0])
        elif token[0] == "::":
            opening, numbers, hint = stack[-1]
            if hint is None:
                stack[-1] = (opening, numbers, len(pieces))
            pieces.append(token[0])
        else:
            opening, numbers, hint = stack.pop()
            pieces[opening] = "".join(f"{_OPEN}{int(number)}{_NUMBER_END}" for number in numbers)
            hint_html = ""
            if hint is not None:
                pieces[hint] = _HINT
                hint_html = "".join(pieces[hint:])
            pieces.append(_CLOSE + (hint_html + _CLOSE) * (len(numbers) - 1))
    pieces.append(html[position:])
    # Anki leaves out what stands in a deletion without an end.
    if stack:
        pieces.append(f"{_COMMAND}a deletion without an end{_END}")
    return "".join(pieces)


def with_formulas(nodes: Sequence[HtmlNode]) -> Iterator[HtmlNode | Formula]:
    """Yield nodes with formulas in place of what MathJax typesets.

    Source: MathJax 3, HTMLDomStrings: it joins texts, `<br>` and comments, and nothing else.
    """
    group: list[HtmlNode] = []
    for node in (*nodes, None):
        is_joined = isinstance(node, str | HtmlComment) or (
            isinstance(node, HtmlElement) and node.name in ("br", "wbr")
        )
        if node is not None and is_joined:
            group.append(node)
            continue
        yield from _formulas_in(group)
        group = []
        if node is not None:
            yield node


def _formulas_in(group: Sequence[HtmlNode]) -> Iterator[HtmlNode | Formula]:
    text = "".join(
        node
        if isinstance(node, str)
        else _BREAK
        if isinstance(node, HtmlElement) and node.name == "br"
        else ""
        for node in group
    )
    position = 0
    while opener := FORMULA_START.search(text, position):
        end = find_formula_end(text, opener.end(), _FORMULA_ENDS[opener[0]])
        if end < 0:
            break
        yield from _lines(text[position : opener.start()])
        yield Formula(_normal_tex(text[opener.end() : end]), opener[0] == "\\[")
        position = end + 2
    yield from _lines(text[position:])


def _lines(text: str) -> Iterator[HtmlNode]:
    for number, line in enumerate(text.split(_BREAK)):
        if number:
            yield HtmlElement("br", {}, ())
        if line:
            yield line


def _normal_tex(tex: str) -> str:
    """Return TeX as we would write it; white space that TeX ignores makes no difference."""
    tex = MARK.sub(_tex_sign, tex.replace(_BREAK, "\n"))
    written = escape.tex(tex.replace("\xa0", " "))
    return " ".join(written.split())


def _tex_sign(match: re.Match[str]) -> str:
    if match[1]:
        return f"{escape.DELETION_START}{match[1]}{escape.DELETION_PART}"
    if match[2]:
        return escape.DELETION_PART if match[2] == _HINT else escape.DELETION_END
    return match[0]


def marked(match: re.Match[str], formats: Formats) -> Run:
    if match[1]:
        return formats, Mark("open", int(match[1]))
    if match[2]:
        return formats, Mark("hint" if match[2] == _HINT else "close")
    if match[3] is not None:
        return (), Sound(match[3])
    return (), Command(match[4])
