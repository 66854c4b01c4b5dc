"""Reads rows of cells between delimiters (CSV, TSV), and finds out which delimiter that is."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile

from cardwright.diagnostics import Source, Span

# The delimiters that a file is tried with. Where several fit equally well, the first one is taken: commas are
# signs of texts, too.
_DELIMITERS = ("\t", ";", "|", ",")
# What people type between a word and its meaning; tried where no delimiter is found.
_TYPED_DELIMITERS = (" - ", " – ", " — ", " = ", " : ", " :: ", " >> ", " -> ", " => ", " → ", " / ")
# So many rows, or characters, a delimiter is judged by.
_SAMPLE_ROWS, _SAMPLE_LENGTH = 500, 200_000
# So many rows must have a delimiter, or the usual number of it, for it to be taken.
_LEAST_SHARE = 0.5
_LEAST_SHARE_OF_TYPED = 0.9
_LINE_END = r"\r\n|\n|\r"


@dataclass(frozen=True, slots=True)
class Record:
    """A row. cells: their texts, without quotes. start, end: offsets of the row, without its line end.

    is_quoted: whether the first cell stands in quotes.
    is_joined: whether its cells come from several places, so that they are not those of this row of the file.
    """

    cells: tuple[str, ...]
    start: int
    end: int
    is_quoted: bool = False
    is_joined: bool = False


@dataclass(frozen=True)
class Dialect:
    r"""How cells are written.

    delimiter: what stands between two cells; one character or several.
    has_backslashes: whether a quote within quotes is written as `\"`, not as `""`.
    """

    delimiter: str
    has_backslashes: bool = False

    @cached_property
    def _cell(self) -> re.Pattern[str]:
        delimiter = re.escape(self.delimiter)
        first = re.escape(self.delimiter[0])
        plain = rf"[^{first}\r\n]*+"
        if len(self.delimiter) > 1:
            plain = rf"(?:[^{first}\r\n]++|(?!{delimiter})[^\r\n])*+"
        within = r'[^"\\]++|\\.|""' if self.has_backslashes else r'[^"]++|""'
        blank = "[ ]*+" if not self.delimiter.isspace() else ""
        # Quotes belong to the text if no delimiter follows the closing one: `"Hola" means hello`.
        quoted = rf'{blank}"(?P<quoted>(?:{within})*+)"{blank}(?={delimiter}|[\r\n]|\Z)'
        return re.compile(rf"(?s:{quoted}|(?P<plain>{plain}))(?P<end>{delimiter}|{_LINE_END}|\Z)")

    def records(self, text: str, start: int = 0) -> Iterator[Record]:
        """Yield the rows of a text from an offset on, without empty lines."""
        cells: list[str] = []
        first, is_quoted = start, False
        for match in self._cell.finditer(text, start):
            quoted, plain, end = match.groups()
            if not cells:
                is_quoted = quoted is not None
            cells.append(plain if quoted is None else self._unquote(quoted))
            if end == self.delimiter:
                continue
            if len(cells) > 1 or cells[0] or is_quoted:
                yield Record(tuple(cells), first, match.start("end"), is_quoted)
            cells, first = [], match.end()
            if first == len(text):
                return

    def _unquote(self, cell: str) -> str:
        if self.has_backslashes:
            return re.sub(r'\\(["\\])|"(")', r"\1\2", cell)
        return cell.replace('""', '"')

    def cell_span(self, source: Source, record: Record, column: int) -> Span:
        """Return where a cell stands, with its quotes; where the row does if it lacks it. column: 0-based."""
        cells = islice(self._cell.finditer(source.text, record.start), column, None)
        match = next(cells, None) if column < len(record.cells) else None
        if match is None or record.is_joined:
            return Span(source, record.start, record.end)
        return Span(source, match.start(), match.start("end"))

    def sample(self, text: str, start: int) -> Sequence[Record]:
        """Return the first rows, as many as it takes to judge a delimiter."""
        limit = start + _SAMPLE_LENGTH
        records = islice(self.records(text, start), _SAMPLE_ROWS)
        return list(takewhile(lambda record: record.start <= limit, records))


def find_dialect(
    text: str, start: int, count_names: Callable[[Sequence[str]], int], delimiter: str = ""
) -> Dialect | None:
    """Return how the cells of a text are written; None if it has a single column.

    count_names: how many of the first row's cells are names of columns.
    delimiter: if it is known.
    """
    has_backslashes = _has_backslashes(text, start)
    if delimiter:
        return Dialect(delimiter, has_backslashes)
    best: tuple[tuple[int, float, int], Dialect] | None = None
    for rank, candidate in enumerate(_DELIMITERS):
        dialect = Dialect(candidate, has_backslashes)
        rows = dialect.sample(text, start)
        width, share = _usual_width(rows)
        divided = sum(len(row.cells) > 1 for row in rows)
        names = count_names(rows[0].cells) if rows and len(rows[0].cells) > 1 else 0
        if divided >= max(1, _LEAST_SHARE * len(rows)) or names > 1:
            best = max(best or ((0, 0, 0), dialect), ((names, round(share, 1), -rank), dialect), key=_score)
    if best is not None:
        return best[1]
    for candidate in _TYPED_DELIMITERS:
        dialect = Dialect(candidate)
        width, share = _usual_width(dialect.sample(text, start))
        if width == 2 and share >= _LEAST_SHARE_OF_TYPED:
            return dialect
    return None


def _usual_width(rows: Sequence[Record]) -> tuple[int, float]:
    """Return how many cells the rows usually have, and the share of rows that have as many."""
    widths = Counter(len(record.cells) for record in rows)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    return width, count / max(1, len(rows))


def _score(entry: tuple[tuple[int, float, int], Dialect]) -> tuple[int, float, int]:
    return entry[0]


def _has_backslashes(text: str, start: int) -> bool:
    r"""Tell whether quotes within quotes are written as `\"`; then no `""` stands beside a letter."""
    return '\\"' in text and bool(
        re.compile(r'\\"[^\s",;|]').search(text, start)
        and not re.compile(r'[^\s",;|\\]""|""[^\s",;|]').search(text, start)
    )
