"""Reads tables of texts: CSV, TSV, and what Anki, Brain Brew, Quizlet and spreadsheets export as text."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from cardwright.diagnostics import Diagnostic, Report, Span
from cardwright.diagnostics.phrases import count_noun
from cardwright.importing.column_names import LEFT_OUT
from cardwright.importing.columns import FIELD, Columns, plan_columns
from cardwright.importing.delimited import Dialect, Record
from cardwright.importing.joined_tables import in_language, join_tables, other_languages
from cardwright.importing.row_reader import RowReader
from cardwright.importing.rows import RowTable, TextFormat
from cardwright.importing.table_file import ParsedTable, TableOptions, note, parse_table
from cardwright.source.deletion_scanner import CLOZE_OPEN

# HTML that nobody types who means the signs: a line break, a picture, an entity, an element with its end.
_HTML = re.compile(
    r"<br ?/?>|<img [^<>]*>|&(?:nbsp|lt|gt|amp);"
    r"|<(b|i|u|em|strong|div|p|span|sub|sup|font|ul|ol|table|a)\b[^<>]*>[^<]*</\1>",
    re.IGNORECASE,
)
# A width is usual if no other has more than this many times as many rows.
_USUAL_SHARE = 10
# Markdown that people hardly write for its signs, and in how many cells it is told.
_MARKDOWN = re.compile(r"\*\*\w[^*\n]*\*\*|`[^`\n]+`|\[[^\[\]\n]+\]\(\S+\)")
_LEAST_MARKDOWN, _SAMPLE_ROWS = 3, 1000
_LONGEST_HEADLINE, _MOST_NAMED = 72, 12
_MOST_FIELDS = 200
"""Of a note type. A template that shows more of them would be too long."""


def read_tables(files: Iterable[tuple[str, bytes]], options: TableOptions, report: Report) -> list[RowTable]:
    """Return the rows of files. Files that belong together, as Brain Brew has them, become one table.

    files: for each its path, as shown to the author, and its content.
    Files and rows that cannot be read are reported, and left out.
    """
    parsed = [table for path, data in files if (table := parse_table(path, data, options, report))]
    joined = join_tables(parsed)
    tables = parsed if joined is None else [joined]
    tables = [_choose_language(table, options.language, report) for table in tables]
    return [rows for table in tables if (rows := _read_rows(table, options, report))]


def _read_rows(table: ParsedTable, options: TableOptions, report: Report) -> RowTable | None:
    head, records, first = table.head, table.records, table.first_row
    if table.dialect is None and not options.columns and not CLOZE_OPEN.search(records[0].cells[0]):
        message = "no delimiter was found between columns"
        help_ = "write a tab between question and answer, or name what is there: `--delimiter ' - '`"
        report.add(Diagnostic("no-columns", message, first, help=help_))
        return None
    widest = max(len(record.cells) for record in records)
    named = [place + 1 for place in head.columns if place < widest] if head else []
    width = max(1 if table.dialect is None else 2, len(table.names), _usual_width(records), *named)
    distinct = [_is_distinct(records, column) for column in range(width)]
    numbers = [_are_row_numbers(records, column) for column in range(width)]
    columns = plan_columns(distinct, numbers, table.names, head, options, table.stem)
    has_fields = columns.note_type or columns.file_type or columns.of("notetype")
    if has_fields and len(columns.of(FIELD)) > _MOST_FIELDS:
        message = f"a note type of {len(columns.of(FIELD)):,} fields; more than {_MOST_FIELDS} are not read"
        report.add(Diagnostic("too-many-columns", message, first, help="choose some with `--columns`"))
        return None
    text_format = options.text_format
    if text_format is None:
        text_format = _find_format(head.is_html if head else None, records, first, report)
    _tell_columns(table, columns, options, report)
    # Parts of a table have names such as `main` or `capitals`.
    name = options.note_type if records[0].is_joined and options.note_type else table.stem
    deck, tags = (head.deck or name, head.tags) if head else (name, ())
    reader = RowReader(table.source, table.dialect or Dialect("\t"), columns, report)
    rows = reader.read(records, text_format, deck, tags)
    if not rows.rows:
        report.add(Diagnostic("no-rows", "no row of the file can be a card", first))
    return rows if rows.rows else None


def _choose_language(table: ParsedTable, language: str, report: Report) -> ParsedTable:
    """Return a table in one language, if its columns have several."""
    languages = other_languages(table)
    if not languages:
        return table
    if language not in languages:
        message = f"columns in {count_noun(len(languages), 'other language')} are left out"
        help_ = f"to take one of them, say `--language` with {', '.join(f'`{name}`' for name in languages)}"
        report.add(note("other-languages", message, table.first_row, help_))
    return in_language(table, language)


def _is_distinct(records: Sequence[Record], column: int) -> bool:
    cells = [record.cells[column].strip() for record in records if column < len(record.cells)]
    filled = [cell for cell in cells if cell]
    return len({*filled}) * 2 > len(records)


def _are_row_numbers(records: Sequence[Record], column: int) -> bool:
    """Return whether a column has the numbers of the rows: 1, 2, 3 …, perhaps with a full stop."""
    cells = (
        record.cells[column].strip().rstrip(".") if column < len(record.cells) else "" for record in records
    )
    return all(cell == str(number) for number, cell in enumerate(cells, 1))


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
        _tell_markdown(records, first, report)
        return "plain"
    span = Span(first.source, first.start, len(first.source.text)).part(html[0])
    help_ = "if the signs are meant as they are, use `--text plain`"
    report.add(note("assumed-html", "the texts look like HTML, and are read as such", span, help_))
    return "html"


def _tell_markdown(records: Sequence[Record], first: Span, report: Report) -> None:
    cells = (cell for record in records[:_SAMPLE_ROWS] for cell in record.cells)
    if sum(_MARKDOWN.search(cell) is not None for cell in cells) >= _LEAST_MARKDOWN:
        message, help_ = "the texts look like Markdown; signs are shown as they are", "see `--text markdown`"
        report.add(note("maybe-markdown", message, first, help_))


def _tell_columns(table: ParsedTable, columns: Columns, options: TableOptions, report: Report) -> None:
    """Say what each column is taken for, unless the author said it."""
    if columns.are_asked:
        _tell_asked_columns(table, columns, options, report)
        return
    if columns.file_type or columns.of("notetype"):
        return  # Anki says it in the file
    words = {FIELD: "a field" if columns.note_type or columns.file_type else "`extra`"}
    filled = [words.get(key, f"`{key}`") for key in columns.keys]
    message = f"the columns are {', '.join(filled)}"
    if len(message) > _LONGEST_HEADLINE:
        message = f"the table has {len(filled)} columns"
    names = [
        key if key != FIELD else columns.name(column) if columns.note_type else "extra"
        for column, key in enumerate(columns.keys[:_MOST_NAMED])
    ]
    asked = ",".join(names)
    more = ",…" if len(columns.keys) > _MOST_NAMED else ""
    help_ = f"to change that, say `--columns {asked}{more}`, with `{LEFT_OUT}` for a column to leave out"
    if options.has_header is None and table.header is not None:
        help_ += "; and `--no-header` if this row is a card"
    elif options.has_header is None and not table.names and not table.head:
        help_ += "; and `--header` if this row names them"
    report.add(note("columns", message, table.first_row, help_))


def _tell_asked_columns(table: ParsedTable, columns: Columns, options: TableOptions, report: Report) -> None:
    """Say what the author's own words leave open, or leave out."""
    if options.has_header is None and table.header is not None:
        message, help_ = "this row names the columns", "say `--no-header` if it is a card"
        report.add(note("header", message, table.first_row, help_))
    named, there = len(options.columns), len(columns.keys)
    width = max(len(record.cells) for record in table.records)
    if there > named:
        message = f"{count_noun(there - named, 'column')} after those of `--columns` is left out"
        message = message if there == named + 1 else message.replace(" is ", " are ")
        help_ = f"name them as well if cards need them, or `{LEFT_OUT}` for those that they don't"
        report.add(note("columns-left-out", message, table.first_row, help_))
    elif width < named:
        message = f"`--columns` names {named} columns, and no row has more than {width}"
        help_ = "look whether another `--delimiter` stands between them"
        report.add(note("columns-not-there", message, table.first_row, help_))
