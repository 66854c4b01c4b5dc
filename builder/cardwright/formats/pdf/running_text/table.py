"""The cells of a table, which are notes of their own, as the table that they were written as."""

import re
from collections.abc import Sequence

from cardwright.collection import notetype
from cardwright.collection.content import Inlines, Paragraph, Strong, Table, Text
from cardwright.collection.note import Note

# A column asks about each row: `…: how strong is the pain?`
_ABOUT_A_ROW = re.compile(r"^…\s*(?:[:,;.،؛：，、–—-]\s*|\s)(?=\S)")


def table_of(notes: Sequence[Note]) -> Table | None:
    """The table of some notes of one table card; None when a cell is more than a line.

    Rows and columns none of whose cells is among the notes are left out.
    """
    heads: dict[str, Inlines] = {}
    names: dict[str, Inlines] = {}
    cells: dict[tuple[str, str], Inlines] = {}
    for note in notes:
        _, row, column = note.key.split("/")
        assert note.table_cell is not None
        match note.table_cell.question, note.fields[notetype.ANSWER]:
            case (Paragraph(asked),), (Paragraph(answer),):
                heads.setdefault(column, _head(asked))
                names.setdefault(row, note.table_cell.row)
                cells[row, column] = answer
            case _:
                return None
    return Table(
        ("",) * (len(heads) + 1),
        ((), *heads.values()),
        tuple(
            ((Strong(name),), *(cells.get((row, column), ()) for column in heads))
            for row, name in names.items()
        ),
    )


def is_cell(note: Note) -> bool:
    return note.table_cell is not None and note.key.count("/") == 2


def _head(asked: Inlines) -> Inlines:
    match asked:
        case (Text("…"), Text(text), *rest) if found := _ABOUT_A_ROW.match(f"…{text}"):
            return (Text(text[found.end() - 1 :]), *rest)
    return asked
