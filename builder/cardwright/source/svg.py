"""What an SVG drawing must not have: programs, pages, and references to anything outside of it.

An SVG is a program as much as a picture. Anki shows it as a picture, in which none of this
works; whoever opens the file in a browser, or inlines it, runs it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.span import Source, Span

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

_SVG = "http://www.w3.org/2000/svg"
_HTML = "http://www.w3.org/1999/xhtml"
_XML_BASE = "http://www.w3.org/XML/1998/namespace base"
_SCRIPTS = frozenset({"script", "handler", "listener"})
_PAGES = frozenset({"foreignobject", "iframe", "object", "embed", "audio", "video", "canvas"})
_ANIMATIONS = frozenset({"set", "animate", "animatetransform", "animatemotion"})
# The engine of the sheets, and browsers, go into each element with a call of their own.
_DEEPEST = 200

_ENTITIES = re.compile(r"<!DOCTYPE[^>\[]*\[|<!ENTITY", re.IGNORECASE)
_ENCODING = re.compile(r"<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']*)[\"']")
# Parts of the same drawing, and bitmaps that it brings along.
_WITHIN = re.compile(r"#|data:image/(?:png|jpe?g|gif|webp)[;,]", re.IGNORECASE)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_CSS = re.compile(
    r"(?P<import>@import)|(?:url\(\s*[\"']?\s*(?P<url>[^\"')]*))|(?P<other>\b(?:src|image|image-set)\()",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """what: as it stands after "has": `a script (`<script>`)`. span: where, in the drawing's own text."""

    what: str
    span: Span


class Broken(Exception):
    """Raised for what is no XML, or no SVG; its argument is the flaw."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


def flaws(path: str, data: bytes) -> list[Flaw]:
    """What a drawing has that it must not have, in reading order. path: as shown to the author.

    Entities can make a gigabyte of a hundred bytes, so they are refused before anything reads them.

    Errors: Broken.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        source = Source(path, data.decode("utf-8", "replace"))
        at = len(data[: error.start].decode("utf-8", "replace"))
        raise Broken(Flaw("a byte that is not UTF-8", Span(source, at, at + 1))) from None
    source = Source(path, text)
    if found := _ENTITIES.search(text):
        return [Flaw("entities in its DOCTYPE", Span(source, *found.span()))]
    if (found := _ENCODING.match(text)) and found[1].lower() not in ("utf-8", "us-ascii", "ascii"):
        raise Broken(
            Flaw(f"the encoding `{truncate(found[1], 16)}`, not UTF-8", Span(source, *found.span(1)))
        )
    return _Reader(source).read()


class _Reader:
    """One reading of one drawing."""

    def __init__(self, source: Source) -> None:
        # Only a deck with drawings needs it, and start-up is what users wait for most.
        from xml.parsers import expat  # noqa: PLC0415

        self._source = source
        self._error = expat.ExpatError
        self._parser: XMLParserType = expat.ParserCreate("utf-8", " ")
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.CharacterDataHandler = self._characters
        self._parser.ProcessingInstructionHandler = self._instruction
        self._found: list[Flaw] = []
        self._depth = 0
        self._style: list[str] | None = None

    def read(self) -> list[Flaw]:
        try:
            self._parser.ParseFile(BytesIO(self._source.text.encode()))
        except self._error as error:
            at = self._source.line_starts[error.lineno - 1] if error.lineno else 0
            line = self._source.line(error.lineno)
            words = str(error).rsplit(":", 1)[0]
            raise Broken(Flaw(words, Span(self._source, at, at + max(1, len(line))))) from None
        return self._found

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        small = local.lower()
        if self._depth == 0 and (namespace, local) != (_SVG, "svg"):
            raise Broken(Flaw("no `xmlns` of SVG in its first tag", self._here()))
        self._depth += 1
        if self._depth == _DEEPEST:
            self._say(f"elements nested {_DEEPEST} deep")
        if small in _SCRIPTS:
            self._say(f"a script (`<{truncate(local, 12)}>`)")
        elif small in _PAGES or namespace == _HTML:
            self._say(f"a piece of a web page (`<{truncate(local, 14)}>`)")
        if small == "style":
            self._style = []
        for key, value in attributes.items():
            for what in _of_attribute(small, key, value):
                self._say(what)

    def _close(self, _name: str) -> None:
        self._depth -= 1
        if self._style is not None:
            for what in _of_style("".join(self._style)):
                self._say(what)
            self._style = None

    def _characters(self, text: str) -> None:
        if self._style is not None:
            self._style.append(text)

    def _instruction(self, target: str, _text: str) -> None:
        if target.lower() == "xml-stylesheet":
            self._say("a style sheet from elsewhere")

    def _say(self, what: str) -> None:
        self._found.append(Flaw(what, self._here()))

    def _here(self) -> Span:
        """The line that is being read, from the tag that is being read on."""
        at = self._source.line_starts[self._parser.CurrentLineNumber - 1]
        at = min(at + self._parser.CurrentColumnNumber, len(self._source.text))
        end = self._source.text.find(">", at)
        line_end = self._source.text.find("\n", at)
        ends = [one for one in (end + 1, line_end) if one > at]
        return Span(self._source, at, min(ends, default=min(at + 1, len(self._source.text))))


def _of_attribute(element: str, key: str, value: str) -> Iterator[str]:
    """element: its local name in small letters. key: with its namespace before it, as expat has it."""
    local = key.rpartition(" ")[2].lower()
    if " " not in key and re.fullmatch("on[a-z]+", local):
        yield f"an event handler (`{truncate(local, 16)}`)"
    elif key == _XML_BASE:
        yield "another address as its base (`xml:base`)"
    elif local in ("href", "src"):
        yield from _of_address(value)
    elif element in _ANIMATIONS and local == "attributename" and re.search(r"href\Z|\Aon", value.strip()):
        yield f"an animation of `{truncate(value, 16)}`"
    else:
        yield from _of_style(value)


def _of_address(written: str) -> Iterator[str]:
    # White space and control characters in an address are nothing to a browser.
    address = re.sub(r"[\x00-\x20]", "", written)
    if address and not _WITHIN.match(address):
        yield f"a reference to `{truncate(address, 24)}`"


def _of_style(css: str) -> Iterator[str]:
    plain = _CSS_ESCAPE.sub(_unescaped, css) if "\\" in css else css
    for found in _CSS.finditer(plain):
        if found["import"]:
            yield "a style sheet from elsewhere (`@import`)"
        elif found["other"]:
            yield f"a reference in its style (`{found['other']}…)`)"
        else:
            yield from _of_address(found["url"])


def _unescaped(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[2]
    code = int(found[1], 16)
    return chr(code) if 0 < code < 0x110000 else "\ufffd"
