"""Checks SVG drawings for what they must not have: scripts, web pages, and references to the outside.

An SVG is a program as much as a picture. Anki shows it as a picture, in which no script runs; but anybody
who opens the file in a browser, or puts it into a page, runs it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from cardwright.diagnostics import Source, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.source.css import css_readings

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

_SVG = "http://www.w3.org/2000/svg"
_HTML = "http://www.w3.org/1999/xhtml"
_XML_BASE = "http://www.w3.org/XML/1998/namespace base"
_SCRIPT_ELEMENTS = frozenset({"script", "handler", "listener"})
_PAGE_ELEMENTS = frozenset({"foreignobject", "iframe", "object", "embed", "audio", "video", "canvas"})
_ANIMATION_ELEMENTS = frozenset({"set", "animate", "animatetransform", "animatemotion"})
# The PDF engine, and browsers, enter each element with a call of its own.
_MAX_DEPTH = 200

_ENTITIES = re.compile(r"<!DOCTYPE[^>\[]*\[|<!ENTITY", re.IGNORECASE)
_ENCODING = re.compile(r"<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']*)[\"']")
# References to parts of the drawing itself, and to bitmaps within it.
_INNER_REFERENCE = re.compile(r"#|data:image/(?:png|jpe?g|gif|webp)[;,]", re.IGNORECASE)
_CSS_REFERENCE = re.compile(
    r"(?P<import>@import)|(?:url\(\s*[\"']?\s*(?P<url>[^\"')]*))|(?P<other>\b(?:src|image|image-set)\()",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SvgProblem:
    """Something that a drawing must not have.

    description: words that can follow "has", such as "a script (`<script>`)".
    span: in the drawing's own text.
    """

    description: str
    span: Span


class UnreadableSvgError(Exception):
    """Raised for a file that is no XML or no SVG."""

    def __init__(self, description: str, span: Span) -> None:
        super().__init__(description)
        self.problem = SvgProblem(description, span)


def find_problems(path: str, data: bytes) -> list[SvgProblem]:
    """Return what a drawing has and must not have, in reading order. path: as shown to the author.

    Entities can turn a hundred bytes into a gigabyte, so they are refused before an XML parser sees them.

    Raises UnreadableSvgError.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        source = Source(path, data.decode("utf-8", "replace"))
        start = len(data[: error.start].decode("utf-8", "replace"))
        raise UnreadableSvgError("a byte that is not UTF-8", Span(source, start, start + 1)) from None
    source = Source(path, text)
    if match := _ENTITIES.search(text):
        return [SvgProblem("entities in its DOCTYPE", Span(source, *match.span()))]
    if (match := _ENCODING.match(text)) and match[1].lower() not in ("utf-8", "us-ascii", "ascii"):
        encoding = truncate(match[1], 16)
        raise UnreadableSvgError(f"the encoding `{encoding}`, not UTF-8", Span(source, *match.span(1)))
    return _SvgChecker(source).check()


class _SvgChecker:
    """Checks one drawing, element by element."""

    def __init__(self, source: Source) -> None:
        # Only a deck with drawings needs it, and start-up is what users wait for most.
        from xml.parsers import expat  # noqa: PLC0415

        self._source = source
        self._parse_error = expat.ExpatError
        self._parser: XMLParserType = expat.ParserCreate("utf-8", " ")
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.CharacterDataHandler = self._characters
        self._parser.ProcessingInstructionHandler = self._instruction
        self._problems: list[SvgProblem] = []
        self._depth = 0
        # The text of the style element that is open; None outside one.
        self._style: list[str] | None = None

    def check(self) -> list[SvgProblem]:
        try:
            self._parser.ParseFile(BytesIO(self._source.text.encode()))
        except self._parse_error as error:
            start = self._source.line_starts[error.lineno - 1] if error.lineno else 0
            line = self._source.line(error.lineno)
            description = str(error).rsplit(":", 1)[0]
            span = Span(self._source, start, start + max(1, len(line)))
            raise UnreadableSvgError(description, span) from None
        return self._problems

    def _open(self, full_name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = full_name.rpartition(" ")
        element = local.lower()
        if self._depth == 0 and (namespace, local) != (_SVG, "svg"):
            raise UnreadableSvgError("no `xmlns` of SVG in its first tag", self._span())
        self._depth += 1
        if self._depth == _MAX_DEPTH:
            self._add(f"elements nested {_MAX_DEPTH} deep")
        if element in _SCRIPT_ELEMENTS:
            self._add(f"a script (`<{truncate(local, 12)}>`)")
        elif element in _PAGE_ELEMENTS or namespace == _HTML:
            self._add(f"a piece of a web page (`<{truncate(local, 14)}>`)")
        if element == "style":
            self._style = []
        for name, value in attributes.items():
            for description in _attribute_problems(element, name, value):
                self._add(description)

    def _close(self, _name: str) -> None:
        self._depth -= 1
        if self._style is not None:
            for description in _css_problems("".join(self._style)):
                self._add(description)
            self._style = None

    def _characters(self, text: str) -> None:
        if self._style is not None:
            self._style.append(text)

    def _instruction(self, target: str, _text: str) -> None:
        if target.lower() == "xml-stylesheet":
            self._add("a style sheet from elsewhere")

    def _add(self, description: str) -> None:
        self._problems.append(SvgProblem(description, self._span()))

    def _span(self) -> Span:
        """Return the span of the tag that is being read, as far as its first line goes."""
        text = self._source.text
        start = self._source.line_starts[self._parser.CurrentLineNumber - 1]
        start = min(start + self._parser.CurrentColumnNumber, len(text))
        ends = [end for end in (text.find(">", start) + 1, text.find("\n", start)) if end > start]
        return Span(self._source, start, min(ends, default=min(start + 1, len(text))))


def _attribute_problems(element: str, name: str, value: str) -> Iterator[str]:
    """Yield descriptions of what an attribute must not have.

    element: its local name in lower case. name: with its namespace before it, as expat has it.
    """
    local = name.rpartition(" ")[2].lower()
    if " " not in name and re.fullmatch("on[a-z]+", local):
        yield f"an event handler (`{truncate(local, 16)}`)"
    elif name == _XML_BASE:
        yield "another address as its base (`xml:base`)"
    elif local in ("href", "src"):
        yield from _address_problems(value)
    elif (
        element in _ANIMATION_ELEMENTS
        and local == "attributename"
        and re.search(r"href\Z|\Aon", value.strip())
    ):
        yield f"an animation of `{truncate(value, 16)}`"
    else:
        yield from _css_problems(value)


def _address_problems(address: str) -> Iterator[str]:
    # Browsers ignore white space and control characters in an address.
    address = re.sub(r"[\x00-\x20]", "", address)
    if address and not _INNER_REFERENCE.match(address):
        yield f"a reference to `{truncate(address, 24)}`"


def _css_problems(css: str) -> Iterator[str]:
    problems: list[str] = []
    for reading in css_readings(css):
        problems += [problem for problem in _reference_problems(reading) if problem not in problems]
    yield from problems


def _reference_problems(css: str) -> Iterator[str]:
    for match in _CSS_REFERENCE.finditer(css):
        if match["import"]:
            yield "a style sheet from elsewhere (`@import`)"
        elif match["other"]:
            yield f"a reference in its style (`{match['other']}…)`)"
        else:
            yield from _address_problems(match["url"])
