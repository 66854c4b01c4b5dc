"""Reads fields whose text is certain: lines of words, perhaps bold or in italics, and deletions of words.

Most fields are no more than that. They have no sign that HTML, Anki, Markdown or a warning could take for
anything else, so that nobody has to try what comes of them, which takes a hundred times as long.
`tests/formats/anki/test_certain_fields.py` holds both ways together.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from cardwright.formats.anki import shown
from cardwright.formats.anki.render import FieldHtml

# Words in one line: as long as nothing else is in the field, some more signs are certain.
_SIGNS = r"\w ,.;:'\"!?()/’‘“”„«»–—…、。・，（）！？\-"
_START = r"[(（“‘„«\"']?(?!\d+[.)])[^\W_]"
_PLAIN = re.compile(rf"{_START}[{_SIGNS}+=%#@°×]*")
_LINE = re.compile(rf"(?:{_START}[{_SIGNS}]*)?")
_UNCERTAIN = re.compile(r"[ +=%]{2}|_|> <")
"""What makes a field uncertain, although its signs alone don't."""

# From a letter or a digit to another, with a space or nothing before it, and behind it at most the end of a
# clause: emphasised words, and deletions in cloze notes.
_INNER = r"(?:[^\W_](?:[\w ,.;'’\-]*[^\W_])?)"
_EMPHASIS = re.compile(rf"(?<![^ ])<(b|i|strong|em)>({_INNER})</\1>(?=[.,;:!?]?(?: |\Z))")
_DELETION = re.compile(rf"(?<![^ ])\{{\{{c([1-9])::({_INNER})\}}\}}(?=[.,;:!?]?(?: |\Z))")
CERTAIN_ELEMENTS = ("b", "strong", "i", "em", "div", "br", "p")
"""Those of certain fields, and those that are made of their texts."""

_SIGNS_OF_EMPHASIS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_ELEMENTS = {"**": "b", "*": "i"}


def certain_field(html: str, *, cloze: bool) -> tuple[str, FieldHtml] | None:
    """Return the text that certainly shows what a field shows, and what is made of it; None for no such text.

    cloze: whether the field is the text of a cloze note.
    """
    html = html.strip(" ")
    if not html:
        return "", FieldHtml("")
    if _UNCERTAIN.search(html) or not _is_normal(html):
        return None
    if _PLAIN.fullmatch(html) is not None:
        return None if "::" in html else (html, FieldHtml(html))
    lines = list(_lines(html)) if "<" in html else [html] if cloze else []
    while lines and not lines[-1]:
        lines.pop()
    return _certain_lines(lines, cloze=cloze) if lines and lines[0] else None


def _certain_lines(lines: Sequence[str], *, cloze: bool) -> tuple[str, FieldHtml] | None:
    """Return what `certain_field` does. lines: HTML of each, the first and the last not empty."""
    hidden: list[tuple[int, str]] = []
    for line in lines:
        words = _EMPHASIS.sub(r"\2", line)
        if cloze and (deletions := _DELETION.findall(words)):
            words = _DELETION.sub(r"\2", words)
            hidden += [(int(number), text) for number, text in deletions]
        if _LINE.fullmatch(words) is None or "::" in words:
            return None
    text = "\\\n".join([_EMPHASIS.sub(_as_markdown, line) for line in lines])
    html = "<br>".join([_EMPHASIS.sub(_as_rendered, line) for line in lines])
    if "" in lines:
        if "<br><br><br>" in html:
            return None
        text = text.replace("\\\n\\\n", "\n\n")
        html = f"<p>{html.replace('<br><br>', '</p><p>')}</p>"
    return text, FieldHtml(html, tuple(hidden))


def _is_normal(text: str) -> bool:
    return text.isascii() or unicodedata.is_normalized("NFC", text)


def _lines(html: str) -> Iterator[str]:
    """Yield the lines of a field, each a `<div>` or ended by `<br>`; something uncertain if they are not."""
    if "<div>" not in html:
        yield from (line.strip(" ") for line in html.split("<br>"))
        return
    first, *others = html.split("<div>")
    if first:
        yield first.strip(" ")
    for line in others:
        yield "" if line == "<br></div>" else line.removesuffix("</div>").strip(" ") or "<div></div>"


def _as_markdown(match: re.Match[str]) -> str:
    signs = _SIGNS_OF_EMPHASIS[match[1]]
    return f"{signs}{match[2]}{signs}"


def _as_rendered(match: re.Match[str]) -> str:
    element = _ELEMENTS[_SIGNS_OF_EMPHASIS[match[1]]]
    return f"<{element}>{match[2]}</{element}>"


def plain_html(blocks: shown.Blocks) -> str:
    """Return lines of words as HTML of the simplest kind; empty if the blocks are anything else."""
    parts: list[str] = []
    for block in blocks:
        if type(block) is not shown.Line or block.gap > (1 if parts else 0) or block.alignment:
            return ""
        parts += ["<br>" * (1 + block.gap) if parts else "", *map(_plain_run, block.runs)]
    html = "".join(parts)
    return "" if _NOT_PLAIN in html else html


_NOT_PLAIN = "\0"


def _plain_run(run: shown.Run) -> str:
    match run:
        case ((), str(text)) if "<" not in text and "&" not in text:
            return text
        case ((("b" | "i" as element,),), str(text)) if "<" not in text and "&" not in text:
            return f"<{element}>{text}</{element}>"
        case _:
            return _NOT_PLAIN
