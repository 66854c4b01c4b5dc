"""Messages to the author: what is wrong, how serious it is, and where in the author's text.

`emit/` prints diagnostics, one module for each format; `phrases.py` has phrases that many messages share.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING

from cardwright.record import Record

_LINE_END = re.compile(r"\r\n|\n|\r")


class Source:
    """The decoded text of one source file.

    path: as shown to the author: relative to the project folder, with `/`.
    text: without a byte order mark; line ends are kept as they are in the file.
    """

    __slots__ = ("_data", "_starts", "path", "text")

    def __init__(self, path: str, text: str, data: bytes | None = None) -> None:
        """data: the UTF-8 that the text was decoded from, if it stays in memory anyway."""
        self.path = path
        self.text = text
        self._data = data
        self._starts: list[int] | None = None

    def forget_text(self) -> None:
        """Free the memory of the text, if it can be decoded again; it is as soon as it is asked for."""
        if self._data is not None and hasattr(self, "text"):
            del self.text
            self._starts = None

    if not TYPE_CHECKING:  # or every name would be an attribute

        def __getattr__(self, name: str) -> str:
            # Called for what isn't there, which can only be the text.
            if name != "text" or self._data is None:
                raise AttributeError(name)
            self.text = self._data.decode("utf-8-sig")
            return self.text

    @property
    def line_starts(self) -> list[int]:
        """The offset of each line's first character, in code points; the first offset is 0.

        A line ends where editors end it: at LF, CRLF or CR. YAML also breaks lines at U+2028 and
        similar characters; editors don't, so these don't count here.
        """
        if self._starts is None:
            self._starts = [0, *(end.end() for end in _LINE_END.finditer(self.text))]
        return self._starts

    def line(self, number: int) -> str:
        """Return the text of a line without its line end. number: 1-based."""
        start, end = self.line_bounds(number)
        return self.text[start:end]

    def line_bounds(self, number: int) -> tuple[int, int]:
        """Return the offsets of a line's start and of its end, before the line end. number: 1-based."""
        start = self.line_starts[number - 1]
        if number == len(self.line_starts):
            return start, len(self.text)
        end = self.line_starts[number] - 1
        return start, end - self.text.startswith("\r\n", end - 1)

    def position(self, offset: int) -> "Position":
        """Return the line and column of an offset."""
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def __repr__(self) -> str:
        return f"Source({self.path!r})"


class Position(Record, frozen=True):
    """A line and a column, both 1-based; columns count code points."""

    line: int
    column: int


class Span(Record, frozen=True):
    """The part of a source from offset `start` up to, but not including, `end`; both in code points."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def part(self, text: str) -> "Span":
        """Return the span of a part of the text; the whole span if the source spells the part differently."""
        start = self.source.text.find(text, self.start, self.end) if text else -1
        return self if start < 0 else Span(self.source, start, start + len(text))

    @property
    def start_position(self) -> Position:
        """The line and column of the first character."""
        return self.source.position(self.start)

    @property
    def end_position(self) -> Position:
        """The line and column just after the last character."""
        return self.source.position(self.end)

    @property
    def location(self) -> str:
        """The path, line and column of the first character, such as `cards_source/birds.yaml:3:1`."""
        return f"{self.source.path}:{self.start_position.line}:{self.start_position.column}"


class Severity(Enum):
    """The seriousness of a diagnostic. Only an error keeps the deck from being built.

    Advice is about how well a card can be learned; nothing is broken.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    ADVICE = "advice"


class Related(Record, frozen=True):
    """A further place that belongs to a diagnostic. text: a few words about it, such as "first used here"."""

    span: Span
    text: str


class Diagnostic(Record, frozen=True):
    """One problem, described to the author.

    code: the name of the mistake in kebab case; it reads well after `allow:`.
    message: the headline, at most 72 characters without a full stop. It makes sense on its
        own and says what was found in the author's words, never just "invalid".
    span: the smallest part of the text that causes the problem; None when no file does (the disk is full).
    note: a few words, shown next to the carets.
    help: a next step; empty unless it is sure to help.
    """

    code: str
    message: str
    span: Span | None
    severity: Severity = Severity.ERROR
    note: str = ""
    related: tuple[Related, ...] = ()
    help: str = ""


class Report:
    """Collects diagnostics; every stage of a run adds its own. Iterating sorts them and drops duplicates."""

    __slots__ = ("_diagnostics",)

    def __init__(self) -> None:
        self._diagnostics: list[Diagnostic] = []

    def add(self, diagnostic: Diagnostic) -> None:
        self._diagnostics.append(diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        self._diagnostics.extend(diagnostics)

    @property
    def has_errors(self) -> bool:
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self._diagnostics)

    @property
    def error_count(self) -> int:
        return sum(diagnostic.severity is Severity.ERROR for diagnostic in dict.fromkeys(self._diagnostics))

    def __len__(self) -> int:
        return len(self._diagnostics)

    def __iter__(self) -> Iterator[Diagnostic]:
        """Iterate in reading order: by path, then by offset, then by code.

        What is an error as well is no warning: paper needs what Anki may do without.
        """
        distinct = dict.fromkeys(self._diagnostics)
        errors = {_headline(found) for found in distinct if found.severity is Severity.ERROR}
        kept = [
            found for found in distinct if found.severity is Severity.ERROR or _headline(found) not in errors
        ]
        return iter(sorted(kept, key=_reading_order))


def _headline(diagnostic: Diagnostic) -> tuple[str, str, Span | None]:
    return diagnostic.code, diagnostic.message, diagnostic.span


def _reading_order(diagnostic: Diagnostic) -> tuple[str, int, str, str]:
    path, offset = (diagnostic.span.source.path, diagnostic.span.start) if diagnostic.span else ("", 0)
    return path, offset, diagnostic.code, diagnostic.message
