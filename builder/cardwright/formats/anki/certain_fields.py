"""Reads fields whose text is certain: lines of words, perhaps bold or in italics, and deletions of words.

Most fields are no more than that. They have no sign that HTML, Anki, Markdown or a warning could take for
anything else, so that nobody has to try what comes of them, which takes a hundred times as long.
`tests/formats/anki/test_certain_fields.py` holds both ways together.
"""

import re
import unicodedata
from collections.abc import Iterator

from cardwright.formats.anki import shown
from cardwright.formats.anki.render import FieldHtml

# Words in one line: as long as nothing else is in the field, some more signs are certain.
_SIGNS = r"\w ,.;:'\"!?()/’‘“”„«»–—…、。・，（）！？\-"
_START = r"[(（“‘„«\"']?(?!\d+[.)])[^\W_]"
_PLAIN = re.compile(rf"{_START}[{_SIGNS}+=%#@°×]*")
_LINE = re.compile(rf"(?:{_START}[{_SIGNS}\xa0]*)?")
_BLANK = " \xa0"
_UNCERTAIN = ("  ", "++", "==", "%%", "_", "> <")
"""What makes a field uncertain, although its signs alone don't."""

# From a letter or a digit to another, with a space or nothing before it, and behind it at most the end of a
# clause: emphasised words, and deletions in cloze notes. Each begins with a sign, which is found fast.
_INNER = r"(?:[^\W_](?:[\w ,.;'’\-]*[^\W_])?)"
_EMPHASIS = re.compile(rf"<(?<![^ ]<)(b|i|strong|em)>({_INNER})</\1>(?=[.,;:!?]?(?: |\Z))")
_DELETION = re.compile(rf"\{{\{{(?<![^ ]\{{\{{)c([1-9])::({_INNER})\}}\}}(?=[.,;:!?]?(?: |\Z))")
CERTAIN_ELEMENTS = ("b", "strong", "i", "em", "div", "br", "p")
"""Those of certain fields, and those that are made of their texts."""

_SIGNS_OF_EMPHASIS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_ELEMENTS = {"**": "b", "*": "i"}


def certain_field(html: str, *, cloze: bool) -> tuple[str, FieldHtml] | None:
    """Return the text that certainly shows what a field shows, and what is made of it; None for no such text.

    cloze: whether the field is the text of a cloze note.
    """
    if "&nbsp;" in html:
        html = html.replace("&nbsp;", "\xa0")
    html = html.strip(" ")
    if not html:
        return "", FieldHtml("")
    if any(map(html.__contains__, _UNCERTAIN)) or not _is_normal(html):
        return None
    if _PLAIN.fullmatch(html) is not None:
        return None if "::" in html else (html, FieldHtml(html))
    if "<ul>" in html:
        return None if cloze else _certain_list(html)
    return _certain_lines(html, cloze=cloze)


def _certain_list(html: str) -> tuple[str, FieldHtml] | None:
    """Return what `certain_field` does for lines with a list of lines behind them."""
    before, _, rest = html.partition("<ul>")
    entries = rest.removesuffix("</li></ul>").split("</li>")
    lines = _certain_lines(before, cloze=False)
    certain = [_certain_lines(entry.removeprefix("<li>"), cloze=False) for entry in entries]
    if lines is None or not rest.endswith("</li></ul>") or not all(entry[:4] == "<li>" for entry in entries):
        return None
    if not all(entry is not None and "\n" not in entry[0] for entry in certain):
        return None
    text = "".join(f"\n- {entry[0]}" for entry in certain if entry is not None)
    written = "".join(f"<li>{entry[1].html}</li>" for entry in certain if entry is not None)
    paragraphs = lines[1].html if "\n\n" in lines[0] else f"<p>{lines[1].html}</p>"
    return f"{lines[0]}\n{text}", FieldHtml(f"{paragraphs}<ul>{written}</ul>")


def _certain_lines(html: str, *, cloze: bool) -> tuple[str, FieldHtml] | None:
    """Return what `certain_field` does for lines. html: with no-break spaces as they are."""
    lines = list(_lines(html)) if "<" in html else [html.strip(" ").rstrip(_BLANK)]
    while lines and not lines[-1]:
        lines.pop()
    if not lines or not lines[0]:
        return None
    hidden: list[tuple[int, str]] = []
    for line in lines:
        words = _EMPHASIS.sub(r"\2", line) if "<" in line else line
        if cloze and "{{" in words and (deletions := _DELETION.findall(words)):
            words = _DELETION.sub(r"\2", words)
            hidden += [(int(number), text) for number, text in deletions]
        if _LINE.fullmatch(words) is None or "::" in words:
            return None
    text, made = "\\\n".join(lines), "<br>".join(lines)
    if "<" in text:
        text = "\\\n".join([_EMPHASIS.sub(_as_markdown, line) for line in lines])
        made = "<br>".join([_EMPHASIS.sub(_as_rendered, line) for line in lines])
    text, made = text.replace("\xa0", "&nbsp;"), made.replace("\xa0", "&nbsp;")
    if "" in lines:
        if "<br><br><br>" in made:
            return None
        text = text.replace("\\\n\\\n", "\n\n")
        made = f"<p>{made.replace('<br><br>', '</p><p>')}</p>"
    return text, FieldHtml(made, tuple(hidden))


def _is_normal(text: str) -> bool:
    return text.isascii() or unicodedata.is_normalized("NFC", text)


def _lines(html: str) -> Iterator[str]:
    """Yield the lines of a field, each a `<div>` or ended by `<br>`; something uncertain if they are not."""
    if "<div>" not in html:
        yield from (line.strip(" ").rstrip(_BLANK) for line in html.split("<br>"))
        return
    first, *others = html.split("<div>")
    if first:
        yield first.strip(" ").rstrip(_BLANK)
    for line in others:
        words = line.removesuffix("</div>").strip(" ").rstrip(_BLANK)
        yield "" if line == "<br></div>" else words or "<div></div>"


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
