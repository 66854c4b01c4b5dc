"""Parses the file of a table: its encoding, its delimiter, its rows, and the names of its columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath

from cardwright.diagnostics import Diagnostic, Report, Severity, Source, Span
from cardwright.importing.anki_text import AnkiHeader, read_anki_header
from cardwright.importing.column_names import count_known_names
from cardwright.importing.delimited import Dialect, Record, find_dialect
from cardwright.importing.question_lists import is_question_list, read_question_list
from cardwright.importing.rows import TextFormat
from cardwright.importing.text_encodings import decode_as, decode_text

# The line that tells Excel which delimiter a file has.
_EXCEL_SEPARATOR = re.compile(r'"?sep=(.)"?[\t ;,|]*(?:\r\n|\n|\r|\Z)', re.IGNORECASE)
# A file with more control characters than this, and than this many of a hundred, is no text.
_MOST_CONTROLS, _MOST_CONTROLS_SHARE = 10, 5
# The same for characters that stand for bytes which the encoding hasn't.
_MOST_BROKEN = 5
# Numbers, addresses, pictures and sounds: values that no column has as its name. From so many rows on, and in
# so many of them, they tell that a first row without one has names.
_VALUE = re.compile(r"[-+]?[0-9][0-9.,:/-]*|https?://\S+|<img [^<>]*>|\[sound:[^\[\]]*\]")
_LEAST_ROWS, _SAMPLE_ROWS = 3, 200
_MOST_TITLES = 5


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What an author says about tables; what they leave open is found out.

    columns: what each column fills: a key of `COLUMN_KEYS`, `-` to leave it out, or the name of a field if
        there is a note type. delimiter: one character or several.
    codec: Python's name of the encoding.
    text_format: what the texts are.
    has_header: whether the first row names the columns.
    note_type: whose fields the columns fill.
    language: of which columns there are several, such as `de` for `capital:de`.
    """

    columns: tuple[str, ...] = ()
    delimiter: str = ""
    codec: str = ""
    text_format: TextFormat | None = None
    has_header: bool | None = None
    note_type: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """The rows of a file, before it is known what its columns mean.

    dialect: None if there is no delimiter, and so one column.
    names: of the columns, without white space around them; empty if the file doesn't name them.
    header: the row with these names; None if there is none.
    """

    source: Source
    dialect: Dialect | None
    head: AnkiHeader | None
    names: tuple[str, ...]
    records: Sequence[Record]
    header: Record | None = None

    @property
    def stem(self) -> str:
        """The name of the file without its suffix."""
        return PurePosixPath(self.source.path).stem

    @property
    def first_row(self) -> Span:
        """The row with the names of the columns; the first one, if no row has them."""
        record = self.header or self.records[0]
        return Span(self.source, record.start, record.end)


def parse_table(path: str, data: bytes, options: TableOptions, report: Report) -> ParsedTable | None:
    """Return the rows of a file, at least one; None after an error.

    path: as shown to the author. data: the whole file.
    """
    if (source := _decode(path, data, options.codec, report)) is None:
        return None
    text = source.text
    if not options.delimiter and is_question_list(text):
        questions = [*read_question_list(text)]
        return ParsedTable(source, Dialect("\t"), None, ("Q", "A"), questions)
    head = read_anki_header(text)
    start = head.end if head else 0
    delimiter = options.delimiter or (head.delimiter if head else "")
    if match := _EXCEL_SEPARATOR.match(text, start):
        start, delimiter = match.end(), options.delimiter or match[1]
    dialect = find_dialect(text, start, count_known_names, delimiter)
    # Where there is no delimiter, a tab is none either.
    rows = (dialect or Dialect("\t")).records(text, start)
    records = [record for record in rows if not (_is_blank(record) or (head and _is_comment(record)))]
    names: tuple[str, ...] = ()
    header: Record | None = None
    if head and head.names:
        names = next((row.cells for row in (dialect or Dialect("\t")).records(head.names)), ())
    elif records and _is_header(table := records[_count_titles(records) :], options):
        for title in records[: -len(table)]:
            span = Span(source, title.start, title.end)
            message = "a title, before the names of the columns; it is left out"
            report.add(note("title-row", message, span, "say `--no-header` if it is a card"))
        (header, *records), names = table, table[0].cells
    if not records:
        message = "the file names columns, and has no rows" if names else "the file has no rows"
        report.add(Diagnostic("no-rows", message, Span(source, 0, 0)))
        return None
    return ParsedTable(source, dialect, head, tuple(map(str.strip, names)), records, header)


def _is_blank(record: Record) -> bool:
    return not any(map(str.strip, record.cells))


def _is_comment(record: Record) -> bool:
    """Tell whether Anki leaves out a row of a file that has a head for it."""
    return not record.is_quoted and record.cells[0].startswith("#")


def _decode(path: str, data: bytes, codec: str, report: Report) -> Source | None:
    decoded = decode_as(data, codec) if codec else decode_text(data)
    start = Source(path, "")
    if decoded is None or _is_binary(decoded.text):
        help_ = "export the cards from the program that made it, as CSV or as tab-separated text"
        report.add(Diagnostic("no-text", "the file isn't text", Span(start, 0, 0), help=help_))
        return None
    if len(decoded.broken) * 100 > _MOST_BROKEN * len(decoded.text):
        message = f"the file isn't {decoded.encoding}"
        help_ = "without `--encoding` it is found out which one it has" if codec else "try `--encoding`"
        report.add(Diagnostic("no-text", message, Span(start, 0, 0), help=help_))
        return None
    source = Source(path, decoded.text)
    for place in decoded.broken:
        message = f"a byte that isn't {decoded.encoding}; this character is a guess"
        span = Span(source, place, place + 1)
        report.add(Diagnostic("broken-encoding", message, span, Severity.WARNING))
    if not codec and not decoded.encoding.startswith("UTF"):
        others = " or ".join(f"`{name}`" for name in decoded.others)
        help_ = f"if letters are wrong, try `--encoding`{f' with {others}' if others else ''}"
        message = f"the encoding looks like {decoded.encoding}"
        place = next((match.start() for match in re.finditer("[^\x00-\x7f]", decoded.text)), 0)
        report.add(note("assumed-encoding", message, Span(source, place, place + 1), help_))
    return source


def _is_binary(text: str) -> bool:
    count = len(re.findall(r"[\x00-\x08\x0e-\x1f]", text))
    return count > _MOST_CONTROLS and count * 100 > _MOST_CONTROLS_SHARE * len(text)


def note(code: str, message: str, span: Span, help_: str) -> Diagnostic:
    return Diagnostic(code, message, span, Severity.NOTE, help=help_)


def _count_titles(records: Sequence[Record]) -> int:
    """Return how many rows at the beginning have a single cell, such as the title of a table that follows."""
    counts = (sum(map(bool, map(str.strip, record.cells))) for record in records)
    count = sum(1 for _ in takewhile(lambda filled: filled == 1, counts))
    return count if count <= _MOST_TITLES and count < len(records) else 0


def _is_header(records: Sequence[Record], options: TableOptions) -> bool:
    """Tell whether a first row has the names of columns, without which fields would have none."""
    if options.has_header is not None:
        return options.has_header
    cells = records[0].cells
    if (options.note_type and not options.columns) or count_known_names(cells) > 1:
        return True
    return any(cell.strip().lower() == "guid" for cell in cells) or _is_unlike(records)


def _is_unlike(records: Sequence[Record]) -> bool:
    """Tell whether the first row lacks what all others have in a column, such as a number or an address."""
    others = records[1:_SAMPLE_ROWS]
    if len(others) < _LEAST_ROWS or not all(cell.strip() for cell in records[0].cells):
        return False
    return any(
        not _VALUE.fullmatch(cell.strip())
        and all(
            column < len(other.cells) and _VALUE.fullmatch(other.cells[column].strip()) for other in others
        )
        for column, cell in enumerate(records[0].cells)
    )
