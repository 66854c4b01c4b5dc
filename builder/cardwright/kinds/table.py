"""`table`: a table whose cells are each a card of their own."""

import re
from collections.abc import Iterable, Iterator

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.note import Note, TableCell
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.kinds.card_keys import COLUMN_KEYS, TABLE_PART_KEYS
from cardwright.kinds.card_reader import CardReader
from cardwright.kinds.question import reverse_question
from cardwright.record import Record, replace
from cardwright.source.ids import read_id
from cardwright.source.mapping_reader import MappingReader, read_mapping, read_scalar
from cardwright.source.nodes import Mapping, Node, Scalar

# After a letter, braces hold the argument of a TeX macro.
_PLACEHOLDER = re.compile(r"(?<![A-Za-z])\{(?:row|cell)\}")
_COMMA = c.Text(", ")
_LINE_BREAK = c.LineBreak()
_ANY_ROW = dict.fromkeys(("{row}", "{cell}"), (c.Text("…"),))


class _Column(Record, frozen=True):
    """A column of a table, and the questions that ask for its cells.

    question_scalar: the source of `question`.
    reverse: the reverse question; empty for none.
    reverse_is_cell: whether the reverse question is the cell alone.
    """

    key: Scalar
    question_scalar: Scalar
    question: c.Content
    reverse: c.Content = c.EMPTY
    reverse_is_cell: bool = False


def read_table_card(card: CardReader) -> Iterator[Note]:
    """Yield one note for each cell, row by row; an empty cell has none."""
    table = card.values.mapping(
        "table", help_="write `ask:` and `rows:` below it; for a text with a table, `q: |`"
    )
    if table is None:
        return
    table.allow_only(TABLE_PART_KEYS)
    has_ask, has_rows = table.require("ask"), table.require("rows")
    if not (has_ask and has_rows):
        return
    ask = table.mapping("ask", filled=True, help_='write each column as `capital: "Capital of {row}?"`')
    rows = table.mapping(
        "rows", filled=True, help_="write each row as `fr: {row: France, …}`, without the dash"
    )
    if ask is None or rows is None:
        return
    columns = {column.key.value: column for column in _read_columns(card, ask)}
    row_keys = {"row", *ask.node.entries}
    used: set[str] = set()
    for row_key, value in rows.entries:
        row = read_mapping(value, f"the row `{truncate(row_key.value)}`", card.report)
        # It is unknown which cells a row has that cannot be read.
        used |= columns.keys() if row is None else row.node.entries.keys()
        if row is None or read_id(row_key, card.report) is None:
            continue
        _report_unknown_columns(row, row_keys)
        yield from _read_row(card, row_key, row, columns)
    for name in columns.keys() - used:
        message = f"no row has a cell in the column `{truncate(name)}`"
        span = columns[name].key.span
        card.report.add(Diagnostic("column-without-cells", message, span, Severity.WARNING))


def _read_columns(card: CardReader, ask: MappingReader) -> Iterator[_Column]:
    for key, value in ask.entries:
        if read_id(key, card.report) is None:
            continue
        if key.value == "row":
            message = "a column cannot be called `row`"
            help_ = "`row` is the name of a row in the questions; choose another key"
            card.report.add(Diagnostic("column-called-row", message, key.span, help=help_))
        column = _read_column(card, key, value)
        if column is not None:
            yield column


def _read_column(card: CardReader, key: Scalar, value: Node) -> _Column | None:
    if not isinstance(value, Mapping):
        scalar = read_scalar(value, key.value, card.report)
        return None if scalar is None else _Column(key, scalar, _read_question(card, scalar))
    column = MappingReader(value, f"the column `{truncate(key.value)}`", card.report)
    column.allow_only(COLUMN_KEYS)
    if not column.require("q"):
        return None
    scalar, reverse = column.scalar("q"), column.scalar("reverse")
    if scalar is None:
        return None
    question = _read_question(card, scalar)
    if reverse is None or reverse.value in ("true", "false"):
        is_cell = reverse is not None and reverse.value == "true"
        return _Column(key, scalar, question, reverse_is_cell=is_cell)
    reverse_content = reverse_question(card, reverse)
    _report_unfilled_placeholders(card, reverse, reverse_content)
    return _Column(key, scalar, question, reverse_content)


def _read_question(card: CardReader, scalar: Scalar) -> c.Content:
    """Parse the question of a column; without `{row}` every row asks the same."""
    if "{row}" not in scalar.value:
        message = "a column asks the same question of every row"
        help_ = "put `{row}` where the row's name belongs"
        card.report.add(
            Diagnostic("question-without-row", message, scalar.span, Severity.WARNING, help=help_)
        )
    question = card.content(scalar)
    _report_unfilled_placeholders(card, scalar, question)
    return question


def _report_unfilled_placeholders(card: CardReader, scalar: Scalar, question: c.Content) -> None:
    for inline in c.inlines(question):
        match inline:
            case c.Verbatim(text) | c.Math(text) | c.Link(text) if placeholder := _PLACEHOLDER.search(text):
                message = f"`{placeholder[0]}` stays as it is in code, formulas and addresses"
                span = scalar.part(placeholder[0])
                help_ = "put it outside of them, or write a card with `q` for each row"
                card.report.add(Diagnostic("place-not-filled", message, span, Severity.WARNING, help=help_))
            case _:
                pass


def _report_unknown_columns(row: MappingReader, row_keys: set[str]) -> None:
    unknown = [key for key, _ in row.entries if key.value not in row_keys]
    continued = row.report_continued_texts() if unknown else []
    for key in unknown:
        if not any(span.start <= key.start < span.end for span in continued):
            message = f"the table has no column `{truncate(key.value)}`"
            help_ = did_you_mean(key.value, sorted(row_keys))
            row.report.add(Diagnostic("unknown-column", message, key.span, help=help_))


def _read_row(
    card: CardReader, row_key: Scalar, row: MappingReader, columns: dict[str, _Column]
) -> Iterator[Note]:
    row_scalar = row.scalar("row") or row_key
    row_name = card.inline_content(row_scalar)
    typed = card.values.flag("typed")
    for column_key, column in columns.items():
        cell = row.scalar(column_key)
        if cell is None:
            continue
        answer = card.content(cell)
        placeholders = {"{row}": row_name, "{cell}": _as_inlines(answer)}
        fields = {notetype.QUESTION: c.substitute(column.question, placeholders), notetype.ANSWER: answer}
        if column.reverse or column.reverse_is_cell:
            reverse = answer if column.reverse_is_cell else c.substitute(column.reverse, placeholders)
            fields[notetype.REVERSE] = reverse
            fields[notetype.REVERSE_ANSWER] = (c.Paragraph(row_name),)
        scalars = {
            notetype.QUESTION: column.question_scalar,
            notetype.ANSWER: cell,
            # The cell is what differs between the reverse questions of a column.
            notetype.REVERSE: cell,
            notetype.REVERSE_ANSWER: row_scalar,
        }
        note = card.note(
            NoteType.QUESTION,
            fields,
            scalars,
            part=f"{row_key.value}/{column_key}",
            part_spans=(row_key.span, row.key_span(column_key)),
            typed=card.typed_answer(cell, answer) if typed else "",
        )
        yield replace(note, table_cell=TableCell(row_name, c.substitute(column.question, _ANY_ROW)))


def _as_inlines(content: c.Content, between: c.Inline = _LINE_BREAK) -> c.Inlines:
    """Return a cell as it stands within a question: its blocks joined into one. between: what joins them."""
    return _join((_block_as_inlines(block, between) for block in content), between)


def _block_as_inlines(block: c.Block, between: c.Inline) -> c.Inlines:
    match block:
        case c.Paragraph(children) | c.Heading(_, children):
            return children
        case c.CodeBlock(children):
            return _code_as_inlines(children)
        case c.BulletList(entries):
            return _join((_as_inlines(entry, _COMMA) for entry in entries), _COMMA)
        case c.OrderedList(start, entries):
            numbered = enumerate((_as_inlines(entry, _COMMA) for entry in entries), start)
            return _join(((c.Text(f"{number}. "), *entry) for number, entry in numbered), _COMMA)
        case c.Quote(children) | c.Aligned(_, children) | c.RawHtml(_, _, children):
            return _as_inlines(children, between)
        case c.Table(_, head, rows):
            lines = (_join((_as_inlines(cell, _COMMA) for cell in row), _COMMA) for row in (head, *rows))
            return _join(lines, between)
        case c.ThematicBreak():
            return ()


def _code_as_inlines(children: c.Inlines) -> c.Inlines:
    """Return lines of code as code within a line: a code for each, unless parts of them are marked."""
    if not all(isinstance(inline, c.Verbatim) for inline in children):
        return (c.Code(children),)
    lines = c.inlines_text(children).split("\n")
    return _join(((c.code(line),) for line in lines if line.strip()), _LINE_BREAK)


def _join(parts: Iterable[c.Inlines], between: c.Inline) -> c.Inlines:
    """Return parts as one, without those that have nothing in them."""
    return tuple(inline for part in parts if part for inline in (between, *part))[1:]
