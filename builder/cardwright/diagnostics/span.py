"""A stretch of an author's text, and its line and column."""

from bisect import bisect_right
from dataclasses import dataclass

from cardwright.diagnostics.source import Source


@dataclass(frozen=True, slots=True)
class Position:
    """Where an offset lies. line, column: 1-based; column counts code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, not including, `end`; offsets in code points of the source's text."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def first(self) -> Position:
        """Line and column of the first character."""
        return _position(self.source, self.start)

    @property
    def last(self) -> Position:
        """Line and column just behind the last character."""
        return _position(self.source, self.end)


def _position(source: Source, offset: int) -> Position:
    starts = source.line_starts
    line = bisect_right(starts, offset)
    return Position(line, offset - starts[line - 1] + 1)
