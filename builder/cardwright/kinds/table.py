"""`table`: rows and columns, of which each cell is asked for on a card of its own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.note import Note, TableCell
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.kinds.entry import CardEntry
from cardwright.kinds.question import own_question
from cardwright.source import decode, ids
from cardwright.source.nodes import Mapping, Node, Scalar

KEYS: frozenset[str] = frozenset()

# What rows and cells are put in place of; behind a letter it is the argument of a TeX macro.
_PLACE = re.compile(r"(?<![A-Za-z])\{(?:row|cell)\}")
_ANY_ROW = dict.fromkeys(("{row}", "{cell}"), (c.Text("…"),))


@dataclass(frozen=True, slots=True)
class _Column:
    """How one column is asked for.

    asked: its question as written. turned: whether the cell alone is the question of the way back.
    """

    key: Scalar
    asked: Scalar
    question: c.Content
    reverse: c.Content
    turned: bool


def read_table_card(entry: CardEntry) -> Iterator[Note]:
    """One note for each cell that is there, row by row."""
    table = decode.mapping(entry.node.entries["table"][1], "`table`", entry.report)
    if table is None:
        return
    decode.only(table, ("ask", "rows"), "`table`", entry.report)
    asked = decode.required(table, "ask", "`table`", entry.report)
    given = decode.required(table, "rows", "`table`", entry.report)
    if asked is None or given is None:
        return
    ask = decode.filled(asked, "`ask`", entry.report)
    rows = decode.filled(given, "`rows`", entry.report)
    if ask is None or rows is None:
        return
    columns = {key.value: column for key, column in _columns(entry, ask)}
    known = {"row", *ask.entries}
    used: set[str] = set()
    for name, (row_key, value) in rows.entries.items():
        row = decode.mapping(value, f"the row `{truncate(name)}`", entry.report)
        # Of a row that cannot be read it is not known which cells it has.
        used |= columns.keys() if row is None else row.entries.keys()
        if row is None or ids.read_id(row_key, entry.report) is None:
            continue
        _unknown_columns(entry, row, known)
        yield from _cells(entry, row_key, row, columns)
    for key in columns.keys() - used:
        entry.report.add(
            Diagnostic(
                code="column-without-cells",
                message=f"no row has a cell in the column `{truncate(key)}`",
                span=columns[key].key.span,
                severity=Severity.WARNING,
            )
        )


def _columns(entry: CardEntry, ask: Mapping) -> Iterator[tuple[Scalar, _Column]]:
    for key, value in ask.entries.values():
        if ids.read_id(key, entry.report) is None:
            continue
        if key.value == "row":
            message = "a column cannot be called `row`"
            advice = "`row` is what a row is called in the questions; choose another key"
            entry.report.add(Diagnostic("column-called-row", message, key.span, help=advice))
        column = _column(entry, key, value)
        if column is not None:
            yield key, column


def _column(entry: CardEntry, key: Scalar, value: Node) -> _Column | None:
    if not isinstance(value, Mapping):
        written = decode.scalar(value, key.value, entry.report)
        return (
            None if written is None else _Column(key, written, _asks(entry, written), c.EMPTY, turned=False)
        )
    what = f"the column `{truncate(key.value)}`"
    decode.only(value, ("q", "reverse"), what, entry.report)
    if decode.required(value, "q", what, entry.report) is None:
        return None
    written, reverse = entry.text(value, "q"), entry.text(value, "reverse")
    if written is None:
        return None
    question = _asks(entry, written)
    if reverse is None or reverse.value == "false":
        return _Column(key, written, question, c.EMPTY, turned=False)
    if reverse.value == "true":
        return _Column(key, written, question, c.EMPTY, turned=True)
    turned = _filled(entry, reverse, own_question(entry, reverse))
    return _Column(key, written, question, turned, turned=False)


def _asks(entry: CardEntry, written: Scalar) -> c.Content:
    """A column's question; without `{row}` it asks the same of every row."""
    if "{row}" not in written.value:
        entry.report.add(
            Diagnostic(
                code="question-without-row",
                message="a column asks the same question of every row",
                span=written.span,
                severity=Severity.WARNING,
                help="put `{row}` where the row's name belongs",
            )
        )
    return _filled(entry, written, entry.answer(written))


def _filled(entry: CardEntry, written: Scalar, question: c.Content) -> c.Content:
    """A question that was looked through for places where nothing is put in."""
    for inline in c.inlines(question):
        match inline:
            case c.Code(words) | c.Math(words, _) | c.Link(words, _) if found := _PLACE.search(words):
                entry.report.add(
                    Diagnostic(
                        code="place-not-filled",
                        message=f"`{found[0]}` stays as it is in code, formulas and addresses",
                        span=written.part(found[0]),
                        severity=Severity.WARNING,
                    )
                )
            case _:
                pass
    return question


def _unknown_columns(entry: CardEntry, row: Mapping, known: set[str]) -> None:
    for name in row.entries.keys() - known:
        entry.report.add(
            Diagnostic(
                code="unknown-column",
                message=f"the table asks nothing about `{truncate(name)}`",
                span=row.entries[name][0].span,
                help=did_you_mean(name, sorted(known)),
            )
        )


def _cells(entry: CardEntry, row_key: Scalar, row: Mapping, columns: dict[str, _Column]) -> Iterator[Note]:
    written = entry.text(row, "row") or row_key
    name = entry.line(written)
    typed = entry.flag(entry.node, "typed")
    for column_key, column in columns.items():
        value = row.get(column_key)
        cell = None if value is None else decode.scalar(value, column_key, entry.report)
        if cell is None:
            continue
        answer = entry.answer(cell)
        put = {"{row}": name, "{cell}": _within_line(answer)}
        fields = {notetype.QUESTION: c.substitute(column.question, put), notetype.ANSWER: answer}
        if column.reverse or column.turned:
            fields[notetype.REVERSE] = answer if column.turned else c.substitute(column.reverse, put)
            fields[notetype.REVERSE_ANSWER] = (c.Paragraph(name),)
        note = entry.question_note(
            fields,
            part=f"{row_key.value}/{column_key}",
            part_span=row.entries[column_key][0].span,
            typed=cell if typed else None,
            written={
                notetype.QUESTION: column.asked,
                notetype.ANSWER: cell,
                # What tells one way back from another is the cell.
                notetype.REVERSE: cell,
                notetype.REVERSE_ANSWER: written,
            },
        )
        yield replace(note, table_cell=TableCell(name, c.substitute(column.question, _ANY_ROW)))


def _within_line(answer: c.Content) -> c.Inlines:
    """A cell within a question: its lines one behind the other."""
    match answer:
        case (c.Paragraph(children),):
            return children
    return tuple(inline for inline in c.inlines(answer) if isinstance(inline, c.Text))
