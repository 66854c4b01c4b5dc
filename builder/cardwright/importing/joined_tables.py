"""Joins tables that divide the columns of the same notes among them, as Brain Brew's sources do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cardwright.importing.column_names import key_of_name
from cardwright.importing.delimited import Record
from cardwright.importing.table_file import ParsedTable

# The end of a column's name that says its language, such as `capital:de`.
_LANGUAGE = re.compile(r"(.+):([a-z]{2,3}(?:-[A-Za-z]{2,4})?)")


def join_tables(tables: Sequence[ParsedTable]) -> ParsedTable | None:
    """Return one table with the columns of several; None if they are tables of their own.

    They belong together if the first column has the same name in all, tells their rows apart and is the only
    one that two of them have; and if one of them has guids. The rows are those of the table with tags, or
    else of the longest. What other tables say of other rows is left out.
    """
    tables = [table if table.names else _with_names(table) for table in tables]
    names = [name for table in tables for name in table.names[1:]]
    if (
        len(tables) < 2
        or len({table.names[0] for table in tables}) > 1
        or len({*names}) < len(names)
        or "guid" not in map(key_of_name, names)
    ):
        return None
    rows = [{record.cells[0].strip(): record for record in table.records} for table in tables]
    if any(len(rows_by_key) < len(table.records) for rows_by_key, table in zip(rows, tables, strict=True)):
        return None
    order = sorted(range(len(tables)), key=lambda index: (not _has_tags(tables[index]), -len(rows[index])))
    main, *others = (tables[index] for index in order)
    records = [_join(record, main, others, [rows[index] for index in order[1:]]) for record in main.records]
    return replace(
        main, names=(*main.names, *(name for table in others for name in table.names[1:])), records=records
    )


def _with_names(table: ParsedTable) -> ParsedTable:
    """Return a table whose first row has the names of its columns."""
    names = tuple(cell.strip() for cell in table.records[0].cells)
    return replace(table, names=names, records=table.records[1:])


def _has_tags(table: ParsedTable) -> bool:
    return "tags" in map(key_of_name, table.names)


def _join(
    record: Record, main: ParsedTable, others: Sequence[ParsedTable], rows: Sequence[Mapping[str, Record]]
) -> Record:
    cells = list(_filled_up(record.cells, len(main.names)))
    for table, rows_by_key in zip(others, rows, strict=True):
        found = rows_by_key.get(record.cells[0].strip())
        cells += _filled_up(found.cells if found else (), len(table.names))[1:]
    return replace(record, cells=tuple(cells), is_joined=True)


def _filled_up(cells: Sequence[str], width: int) -> Sequence[str]:
    return [*cells, *[""] * (width - len(cells))][:width]


def other_languages(table: ParsedTable) -> list[str]:
    """Return the languages that columns have besides that of a column with the same name, such as `de`."""
    matches = filter(None, map(_LANGUAGE.fullmatch, table.names))
    return list(dict.fromkeys(match[2] for match in matches if match[1] in table.names))


def in_language(table: ParsedTable, language: str) -> ParsedTable:
    """Return a table with its columns in one language.

    language: whose columns stand in place of those without one, where there are any; empty for none.
    """
    places = {name: column for column, name in enumerate(table.names)}
    kept = [
        (name, places.get(f"{name}:{language}", column))
        for name, column in places.items()
        if not ((match := _LANGUAGE.fullmatch(name)) and match[1] in places)
    ]
    records = [
        replace(
            record,
            cells=tuple(_filled_up(record.cells, len(table.names))[column] for _, column in kept),
            is_joined=True,
        )
        for record in table.records
    ]
    return replace(table, names=tuple(name for name, _ in kept), records=records)
