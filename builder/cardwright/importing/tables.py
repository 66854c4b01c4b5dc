"""Reads a table of texts: CSV, TSV, and what Anki, Brain Brew, Quizlet and spreadsheets export as text."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from cardwright.diagnostics import Diagnostic, Report, Severity, Source, Span
from cardwright.importing.anki_text import read_anki_header
from cardwright.importing.column_names import LEFT_OUT, count_known_keys
from cardwright.importing.columns import FIELD, Columns, plan_columns
from cardwright.importing.delimited import Dialect, Record, find_dialect
from cardwright.importing.row_reader import RowReader, TextFormat
from cardwright.importing.rows import RowTable
from cardwright.importing.text_encodings import decode_as, decode_text
from cardwright.source.deletion_scanner import CLOZE_OPEN

# The line that tells Excel which delimiter a file has.
_EXCEL_SEPARATOR = re.compile(r'"?sep=(.)"?[\t ;,|]*(?:\r\n|\n|\r|\Z)', re.IGNORECASE)
# HTML that nobody types who means the signs: a line break, a picture, an entity, an element with its end.
_HTML = re.compile(
    r"<br ?/?>|<img [^<>]*>|&(?:nbsp|lt|gt|amp);"
    r"|<(b|i|u|em|strong|div|p|span|sub|sup|font|ul|ol|table|a)\b[^<>]*>[^<]*</\1>",
    re.IGNORECASE,
)
# Beginnings of files that are no text, with what to do instead.
_AS_CSV = "save the spreadsheet as CSV (UTF-8), and import that file"
_NO_TEXTS = {
    b"PK\x03\x04": _AS_CSV,
    b"\xd0\xcf\x11\xe0": _AS_CSV,
    b"%PDF": "",
    b"\x89PNG": "",
    b"\x1f\x8b": "",
}
# A file with more control characters than this, and than this many of a hundred, is no text.
_MOST_CONTROLS, _MOST_CONTROLS_SHARE = 10, 5
# The same for characters that stand for bytes which the encoding hasn't.
_MOST_BROKEN = 5
# A width is usual if no other has more than this many times as many rows.
_USUAL_SHARE = 10
_LONGEST_HEADLINE = 72


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What an author says about tables; what they leave open is found out.

    columns: what each column fills: a key of `COLUMN_KEYS`, `-` to leave it out, or the name of a field if
        there is a note type. delimiter: one character or several.
    codec: Python's name of the encoding.
    text_format: what the texts are.
    has_header: whether the first row names the columns.
    note_type: whose fields the columns fill.
    """

    columns: tuple[str, ...] = ()
    delimiter: str = ""
    codec: str = ""
    text_format: TextFormat | None = None
    has_header: bool | None = None
    note_type: str = ""


def read_table(path: str, data: bytes, options: TableOptions, report: Report) -> RowTable | None:
    """Return the rows of a file; None after an error that concerns all of it.

    path: as shown to the author. data: the whole file.
    Rows that cannot be cards are reported, and left out.
    """
    if (source := _decode(path, data, options.codec, report)) is None:
        return None
    text, stem = source.text, PurePosixPath(path).stem
    head = read_anki_header(text)
    start = head.end if head else 0
    delimiter = options.delimiter or (head.delimiter if head else "")
    if match := _EXCEL_SEPARATOR.match(text, start):
        start, delimiter = match.end(), options.delimiter or match[1]
    found_dialect = find_dialect(text, start, count_known_keys, delimiter)
    dialect = found_dialect or Dialect("\t")
    records = [
        record
        for record in dialect.records(text, start)
        if any(map(str.strip, record.cells))
        and not (head and not record.is_quoted and record.cells[0].startswith("#"))
    ]
    names = next((row.cells for row in dialect.records(head.names)), ()) if head else ()
    if records and not names and _is_header(records[0].cells, options):
        names = records.pop(0).cells
    if not records:
        message = "the file names columns, and has no rows" if names else "the file has no rows"
        report.add(Diagnostic("no-rows", message, Span(source, 0, 0)))
        return None
    first = Span(source, records[0].start, records[0].end)
    if found_dialect is None and not options.columns and not CLOZE_OPEN.search(records[0].cells[0]):
        message, help_ = "no delimiter was found between columns", "name it, such as `--delimiter ' - '`"
        report.add(Diagnostic("no-columns", message, first, help=help_))
        return None
    fewest = 1 if found_dialect is None else 2
    widest = max(len(record.cells) for record in records)
    named = [place + 1 for place in head.columns if place < widest] if head else []
    width = max(fewest, len(names), _usual_width(records), *named)
    columns = plan_columns(width, names, head, options.columns, options.note_type, stem)
    text_format = options.text_format
    if text_format is None:
        text_format = _find_format(head.is_html if head else None, records, first, report)
    _tell_columns(columns, first, report)
    deck = (head.deck if head else "") or stem
    reader = RowReader(source, dialect, columns, report)
    table = reader.read(records, text_format, deck, head.tags if head else ())
    if not table.rows:
        report.add(Diagnostic("no-rows", "no row of the file can be a card", first))
    return table if table.rows else None


def _decode(path: str, data: bytes, codec: str, report: Report) -> Source | None:
    help_ = next((help_ for start, help_ in _NO_TEXTS.items() if data.startswith(start)), None)
    decoded = None
    if help_ is None:
        decoded = decode_as(data, codec) if codec else decode_text(data)
    start = Source(path, "")
    if decoded is None or _is_binary(decoded.text):
        report.add(Diagnostic("no-text", "the file isn't text", Span(start, 0, 0), help=help_ or ""))
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
        report.add(_note("assumed-encoding", message, Span(source, place, place + 1), help_))
    return source


def _is_binary(text: str) -> bool:
    count = len(re.findall(r"[\x00-\x08\x0e-\x1f]", text))
    return count > _MOST_CONTROLS and count * 100 > _MOST_CONTROLS_SHARE * len(text)


def _note(code: str, message: str, span: Span, help_: str) -> Diagnostic:
    return Diagnostic(code, message, span, Severity.NOTE, help=help_)


def _is_header(cells: Sequence[str], options: TableOptions) -> bool:
    """Tell whether a first row has the names of columns, without which fields would have none."""
    if options.has_header is not None:
        return options.has_header
    names_fields = bool(options.note_type) and not options.columns
    return (
        names_fields or count_known_keys(cells) > 1 or any(cell.strip().lower() == "guid" for cell in cells)
    )


def _usual_width(records: Sequence[Record]) -> int:
    """Return how many cells most rows have, without empty ones at their ends."""
    widths = Counter(
        max(place for place, cell in enumerate(record.cells, 1) if cell.strip()) for record in records
    )
    most = max(widths.values())
    # Rows that lack their last cells are no less usual: tags, for instance.
    return max(
        width
        for width, count in widths.items()
        if count == most or (count > 1 and count * _USUAL_SHARE >= most)
    )


def _find_format(is_html: bool | None, records: Sequence[Record], first: Span, report: Report) -> TextFormat:
    """Return what the texts are, as the file says or as they look."""
    if is_html is not None:
        return "html" if is_html else "plain"
    html = next((match for record in records for cell in record.cells if (match := _HTML.search(cell))), None)
    if html is None:
        return "plain"
    span = Span(first.source, first.start, len(first.source.text)).part(html[0])
    help_ = "if the signs are meant as they are, use `--text plain`"
    report.add(_note("assumed-html", "the texts look like HTML, and are read as such", span, help_))
    return "html"


def _tell_columns(columns: Columns, first: Span, report: Report) -> None:
    """Say what each column is taken for, unless the author said it."""
    if columns.are_asked:
        return
    words = {FIELD: "a field" if columns.note_type or columns.file_type else "`extra`"}
    filled = [words.get(key, f"`{key}`") for key in columns.keys]
    message = f"the columns are {', '.join(filled)}"
    if len(message) > _LONGEST_HEADLINE:
        message = f"the table has {len(filled)} columns"
    asked = ",".join("extra" if key == FIELD else key for key in columns.keys)
    help_ = f"to change that, say `--columns {asked}`, with `{LEFT_OUT}` for a column to leave out"
    report.add(_note("columns", message, first, help_))
