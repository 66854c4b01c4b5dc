"""Turns the HTML of a field back into text for people, as it stands in `CHANGES.md`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from cardwright.collection import notetype
from cardwright.formats.anki.image_occlusion import BACK_EXTRA, HEADER, IMAGE, NAMES, OCCLUSION
from cardwright.formats.anki.note_types import TYPED

FIELD_WORDS: Mapping[str, str] = {
    notetype.QUESTION: "question",
    notetype.ANSWER: "answer",
    notetype.REVERSE: "reverse question",
    notetype.REVERSE_ANSWER: "reverse answer",
    notetype.TEXT: "text",
    notetype.EXTRA: "extra",
    notetype.HINT: "hint",
    notetype.SOURCE: "sources",
    notetype.TOPIC: "topic",
    notetype.KEY: "id",
    TYPED: "to type in",
    IMAGE: "picture",
    NAMES: "labels",
    OCCLUSION: "masks",
    HEADER: "topic",
    BACK_EXTRA: "extra",
}
"""What the fields of the built-in note types are called in words."""

_MARKUP = re.compile(r"[<&\[\\]")
_DELETION_MARK = re.compile(r"\{\{c([0-9]+)::|::|\}\}")
_FORMULA_DELIMITER = re.compile(r"\\[()\[\]]")
_SOUND = re.compile(r"\[sound:([^\]]*)\]")
# The elements of our fields that end a line.
_LINES = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "div", "pre", "table"})
_LINE_END = " / "
# A space that no text ends with, so that what follows a bullet stays on its line.
_AFTER_BULLET = "\x1f"
_MAX_DIGITS = 10
# U+2060 only keeps characters apart, see escape.py; U+00AD and U+200B are places for a line break.
_INVISIBLE = str.maketrans("", "", "\u2060\u00ad\u200b")


@dataclass(frozen=True, slots=True)
class FieldText:
    """A field as text in one line.

    media: names of pictures and sounds in Anki, which change with their content.
    links: the addresses of links.
    """

    text: str
    media: Sequence[str] = ()
    links: Sequence[str] = ()


def read_field(html: str, *, cloze: bool = False) -> FieldText:
    """Return the text of a field that `render_html` wrote, in this version or an earlier one.

    Line ends are ` / `; a deletion stands in square brackets, a formula as its TeX, a picture as its
    alternative text.

    cloze: whether deletions are to be read.
    """
    if cloze:
        html = _read_deletions(html)
    if _MARKUP.search(html) is None:
        return FieldText(_one_line(html.replace("\n", " ")))
    reader = _FieldReader()
    reader.feed(html)
    reader.close()
    return FieldText(_one_line("".join(reader.parts)), tuple(reader.media), tuple(reader.links))


def _read_deletions(html: str) -> str:
    """Return HTML with `[text; hint]` for each deletion, or `[2: text]` if there are several numbers."""
    numbers = {match[1] for match in _DELETION_MARK.finditer(html) if match[1]}
    depth = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal depth
        if match[1]:
            depth += 1
            return f"[{match[1]}: " if len(numbers) > 1 else "["
        if not depth:
            return match[0]
        if match[0] == "::":
            return "; "
        depth -= 1
        return "]"

    return _DELETION_MARK.sub(replace, html)


def _one_line(text: str) -> str:
    """Return a text in one line; `\\n` are the ends of lines."""
    lines = (" ".join(line.translate(_INVISIBLE).split()) for line in text.split("\n"))
    return _LINE_END.join(line for line in lines if line)


class _FieldReader(HTMLParser):
    """Collects the text of a field, with `\\n` at the ends of lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.media: list[str] = []
        self.links: list[str] = []
        # The numbers of the entries to come, of each list around; None for bullets.
        self._lists: list[int | None] = []
        self._in_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        last_part = self.parts[-1] if self.parts else "\n"
        if tag == "img":
            self.media.append(attributes.get("src", ""))
            alt = attributes.get("alt", "").strip()
            self.parts.append(f" [picture: {alt}]" if alt else " [picture]")
        elif tag == "a":
            self.links.append(attributes.get("href", ""))
        elif tag in ("ul", "ol"):
            start = attributes.get("start", "1")
            is_number = tag == "ol" and start.isdecimal() and len(start) < _MAX_DIGITS
            self._lists.append(int(start) if is_number else None)
        elif tag == "li":
            self.parts.append(self._next_bullet())
        elif tag in ("td", "th"):
            self.parts.append("" if last_part == "\n" else " | ")
        elif tag in ("br", "tr", "hr") or (tag in _LINES and not last_part.endswith(_AFTER_BULLET)):
            self.parts.append("\n")
        self._in_code = self._in_code or tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        if tag in _LINES or tag in ("ul", "ol"):
            self.parts.append("\n")
        self._in_code = self._in_code and tag != "pre"

    def handle_data(self, data: str) -> None:
        def name_sound(match: re.Match[str]) -> str:
            self.media.append(match[1])
            return " [sound]"

        text = _FORMULA_DELIMITER.sub("", _SOUND.sub(name_sound, data))
        self.parts.append(text if self._in_code else text.replace("\n", " "))

    def _next_bullet(self) -> str:
        if not self._lists or (number := self._lists[-1]) is None:
            return f" •{_AFTER_BULLET}"
        self._lists[-1] = number + 1
        return f" {number}.{_AFTER_BULLET}"
