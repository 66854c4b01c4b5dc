"""Reads the rows of a table as cards: which text fills what, and what is wrong with a row."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cardwright.collection.deck_name import SEPARATOR, with_parents
from cardwright.diagnostics import Diagnostic, Report, Severity, Source, Span
from cardwright.diagnostics.phrases import count_noun, truncate
from cardwright.importing.column_names import COLUMN_KEYS, FLAG_KEYS, TEXT_KEYS, key_of_name
from cardwright.importing.columns import FIELD, Columns, fit_type_name, row_type_fields
from cardwright.importing.delimited import Dialect, Record
from cardwright.importing.rows import Row, RowTable, RowType, TextFormat
from cardwright.importing.stock_types import OPTIONAL_REVERSE, stock_manner
from cardwright.reader.deck_names import UNSEEN, fit_deck_name
from cardwright.source import media_formats
from cardwright.source.deletion_scanner import CLOZE_OPEN
from cardwright.source.ids import is_plain_id

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What shows nothing in Anki.
_BLANK_HTML = re.compile(r"(?:\s|&nbsp;|</?(?:br|div|p|span) ?/?>)*+", re.IGNORECASE)
_IMAGE_OCCLUSION = re.compile(r"\{\{c[0-9]+::image-occlusion:")
_NO = frozenset({"", "0", "false", "no", "n", "-"})


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the columns fill in the rows of one note type.

    texts: the key, or the field, that a column fills. note_type: None for our own ones.
    """

    texts: Mapping[int, str]
    note_type: RowType | None = None
    flags: tuple[str, ...] = ()


class RowReader:
    """Reads the rows of one file."""

    def __init__(self, source: Source, dialect: Dialect, columns: Columns, report: Report) -> None:
        self._source, self._dialect, self._columns, self._report = source, dialect, columns, report
        self._by_key = {key: columns.of(key) for key in COLUMN_KEYS}
        self._type_names: set[str] = set()
        self._records_by_name: dict[tuple[str, str], Record] = {}

    def read(
        self, records: Sequence[Record], text_format: TextFormat, deck: str, tags: Sequence[str]
    ) -> RowTable:
        """Return the rows that can be cards; report the others.

        deck: full name of the deck of rows that name none. tags: of all rows.
        """
        layouts = self._layouts(records)
        deck = fit_deck_name(deck) or "Imported"
        decks = self._deck_names(records, deck)
        rows = []
        for record in records:
            layout = layouts[self._anki_type(record)]
            self._check(record, layout)
            texts = self._texts(record, layout, text_format)
            if not self._is_card(record, texts, layout):
                continue
            name = self._cell(record, "deck")
            row = Row(
                Span(self._source, record.start, record.end),
                texts,
                decks.get(name, deck),
                layout.note_type.name if layout.note_type else "",
                tuple(self._flags(record, layout, texts)),
                tuple(dict.fromkeys([*tags, *self._tags(record)])),
                self._unique(record, "guid"),
                self._unique(record, "id"),
            )
            rows.append(row)
        types = {layout.note_type.name: layout.note_type for layout in layouts.values() if layout.note_type}
        return RowTable(rows, text_format == "markdown", types)

    def _cell(self, record: Record, key: str) -> str:
        """Return what the first column for a key says, as one line."""
        columns = self._by_key[key]
        return " ".join(_cell(record, columns[0]).split()) if columns else ""

    def _warn(self, record: Record, column: int | None, code: str, message: str, help_: str = "") -> None:
        span = Span(self._source, record.start, record.end)
        if column is not None:
            span = self._dialect.cell_span(self._source, record, column)
        self._report.add(Diagnostic(code, message, span, Severity.WARNING, help=help_))

    # Layouts

    def _anki_type(self, record: Record) -> str:
        return self._cell(record, "notetype") or self._columns.file_type

    def _layouts(self, records: Iterable[Record]) -> Mapping[str, _Layout]:
        """Return what the columns fill, by Anki's name of the note type. The rows tell how many it fills."""
        fields = self._columns.of(FIELD)
        used: Counter[str] = Counter()
        clozes: set[str] = set()
        for record in records:
            name = self._anki_type(record)
            filled = [place for place, column in enumerate(fields, 1) if _cell(record, column).strip()]
            used[name] = max(used[name], *filled, 0)
            if fields and _has_deletion(_cell(record, fields[0])):
                clozes.add(name)
        return {
            name: self._layout(name, fields[: max(count, 2)], is_cloze=name in clozes)
            for name, count in used.items()
        }

    def _layout(self, anki_type: str, fields: Sequence[int], *, is_cloze: bool) -> _Layout:
        columns = self._columns
        if columns.note_type:
            # The order of the columns is the one of the fields, also of those that are empty in all rows.
            names = row_type_fields(columns, columns.of(FIELD))
            return _Layout(names, RowType(columns.note_type, tuple(names.values())))
        if not anki_type:
            return _Layout(
                {
                    column: "extra" if key == FIELD else key
                    for column, key in enumerate(columns.keys)
                    if key in {*TEXT_KEYS, FIELD}
                }
            )
        manner = stock_manner(anki_type)
        if len(fields) > 2 and not is_cloze and manner != OPTIONAL_REVERSE:
            names = row_type_fields(columns, fields)
            fit = name = fit_type_name(anki_type)
            number = 1
            while name.casefold() in self._type_names:
                number += 1
                name = f"{fit}-{number}"
            self._type_names.add(name.casefold())
            return _Layout(names, RowType(name, tuple(names.values())))
        keys = ["q", "a", "reverse"] if manner == OPTIONAL_REVERSE else ["q", "a"]
        texts = dict(zip(fields, [*keys, *["extra"] * len(fields)], strict=False))
        return _Layout(texts, flags=(manner,) if manner in FLAG_KEYS else ())

    # Decks and tags

    def _deck_names(self, records: Iterable[Record], deck: str) -> Mapping[str, str]:
        """Return the full name of each deck that the rows name.

        Anki writes full names. Elsewhere, names that have no common beginning are of parts of the deck.
        """
        cells = dict.fromkeys(self._cell(record, "deck") for record in records)
        names = {cell: name for cell in cells if (name := fit_deck_name(cell))}
        is_full = self._columns.is_anki or len({name.split(SEPARATOR)[0] for name in names.values()}) == 1
        spellings: dict[str, str] = {}
        return {
            cell: _in_one_spelling(name if is_full else fit_deck_name(f"{deck}{SEPARATOR}{name}"), spellings)
            for cell, name in names.items()
        }

    def _tags(self, record: Record) -> Iterator[str]:
        cells = (_cell(record, column) for column in self._by_key["tags"])
        for cell in cells:
            is_list = not self._columns.is_anki and re.search(r"[,;]", cell)
            for part in re.split(r"[,;]", cell) if is_list else cell.split():
                levels = (UNSEEN.sub("", "_".join(level.split())) for level in part.split(SEPARATOR))
                tag = SEPARATOR.join(filter(None, levels))
                if tag:
                    yield tag

    # Texts

    def _texts(self, record: Record, layout: _Layout, text_format: TextFormat) -> dict[str, str]:
        """Return the texts of a row that are not empty, by what they fill."""
        parts: dict[str, list[str]] = {}
        for column, key in self._filled(record, layout):
            if text := _text(_cell(record, column), text_format):
                name = self._columns.name(column) if key == "extra" else ""
                if name and key_of_name(name) != "extra" and not _is_file_name(text):
                    text = f"{_text(name, text_format)}: {text}"
                parts.setdefault(key, []).append(text)
        if layout.note_type is None:
            if "cloze" not in parts and _has_deletion("".join(parts.get("q", ()))):
                parts["cloze"] = parts.pop("q")
            if "cloze" in parts and (
                others := [text for key in ("q", "a", "extra") for text in parts.pop(key, ())]
            ):
                parts["extra"] = others
        between = "\n\n" if text_format == "markdown" else "<br>"
        return {key: between.join(texts) for key, texts in parts.items()}

    def _filled(self, record: Record, layout: _Layout) -> Iterator[tuple[int, str]]:
        """Yield the columns of texts with what they fill; also those that only this row has."""
        yield from ((column, key) for column, key in layout.texts.items() if key not in FLAG_KEYS)
        if layout.note_type is None and not self._columns.are_asked:
            yield from ((column, "extra") for column in range(len(self._columns.keys), len(record.cells)))

    def _flags(self, record: Record, layout: _Layout, texts: Mapping[str, str]) -> Iterator[str]:
        if "q" not in texts:
            return
        for flag in FLAG_KEYS:
            columns = [*self._by_key[flag], *(c for c, key in layout.texts.items() if key == flag)]
            is_set = any(_cell(record, column).strip().lower() not in _NO for column in columns)
            if is_set or flag in layout.flags:
                yield flag

    # Problems

    def _check(self, record: Record, layout: _Layout) -> None:
        """Warn of what looks like a mistake in the file, though the row can be read."""
        width, surplus = len(self._columns.keys), 0
        for column, cell in enumerate(record.cells):
            if (match := _CONTROLS.search(cell)) is not None:
                message = f"U+{ord(match[0]):04X} cannot be shown, and is left out"
                self._warn(record, column, "control-character", message)
            if cell.startswith('"') and cell.count('"') % 2:
                message = "a quote at the beginning of a cell has no end"
                help_ = "it is read as a part of the text; end the cell with another one if it is not"
                self._warn(record, column, "unbalanced-quote", message, help_)
            surplus += column >= width and bool(cell.strip())
        if surplus:
            is_left_out = layout.note_type is not None or self._columns.are_asked
            message = f"the row has {count_noun(surplus, 'cell')} more than there are columns"
            place = "left out" if is_left_out else "put into `extra`"
            help_ = f"what they hold is {place}; a text with a delimiter in it needs quotes"
            self._warn(record, width, "ragged-row", message, help_)

    def _is_card(self, record: Record, texts: Mapping[str, str], layout: _Layout) -> bool:
        """Return whether a row can be a card; report it if not."""
        if layout.note_type is not None:
            field = layout.note_type.fields[0]
            if field not in texts:
                self._leave_out(record, "row-without-question", f"the row has nothing in `{truncate(field)}`")
            return field in texts
        if "cloze" in texts:
            if _IMAGE_OCCLUSION.search(texts["cloze"]):
                message = "image occlusion, whose picture a text file hasn't"
                help_ = "the card is left out; export a package (.apkg) from Anki, and import that"
                self._warn(record, None, "image-occlusion", message, help_)
                return False
            if not _has_deletion(texts["cloze"]):
                self._leave_out(
                    record, "row-without-deletion", "the text has no deletion such as `{{c1::word}}`"
                )
                return False
            return True
        for key, code, name in (
            ("q", "row-without-question", "question"),
            ("a", "row-without-answer", "answer"),
        ):
            if key not in texts:
                self._leave_out(record, code, f"the row has no {name}")
                return False
        return True

    def _leave_out(self, record: Record, code: str, message: str) -> None:
        self._warn(record, None, code, message, "the row is left out")

    def _unique(self, record: Record, key: str) -> str:
        """Return the guid or the id of a row; empty for none. One that can't be used has a warning."""
        column = next(iter(self._by_key[key]), None)
        value = "" if column is None else _cell(record, column).strip()
        if not value:
            return ""
        if key == "id" and not is_plain_id(value):
            message = f"`{truncate(value, 24)}` cannot be an id"
            help_ = "one is made from the text; ids are made of letters, digits, `-`, `_` and `.`"
            self._warn(record, column, "unfit-id", message, help_)
            return ""
        first = self._records_by_name.setdefault((key, value), record)
        if first is not record:
            message = f"the {key} `{truncate(value, 24)}` is used twice"
            place = Span(self._source, first.start, first.end).location
            self._warn(record, column, f"{key}-used-twice", message, f"it stays with {place}")
            return ""
        return value


def _in_one_spelling(name: str, spellings: dict[str, str]) -> str:
    """Return the name of a deck with its levels spelled as they were first, since Anki ignores case."""
    spelled = ""
    for part in with_parents(name):
        spelled = spellings.setdefault(
            part.casefold(), SEPARATOR.join(filter(None, (spelled, part.rpartition(SEPARATOR)[2])))
        )
    return spelled


def _cell(record: Record, column: int) -> str:
    return record.cells[column] if column < len(record.cells) else ""


def _is_file_name(text: str) -> bool:
    """Tell whether a cell is the name of a picture or a sound, which speaks for itself on a card."""
    return "<" not in text and media_formats.file_extension(text) in media_formats.EXTENSIONS


def _has_deletion(text: str) -> bool:
    """Tell whether a text hides something; a deletion that has no end, or the number 0, hides nothing."""
    openings = (opening for opening in CLOZE_OPEN.finditer(text) if set(opening[1]) - {"0", ","})
    opening = next(openings, None)
    return opening is not None and "}}" in text[opening.end() :]


def _text(cell: str, text_format: TextFormat) -> str:
    """Return what a cell says, as HTML or as Markdown; empty if it shows nothing.

    Plain text becomes the HTML that Anki makes of it.
    Source: Anki, rslib/src/import_export/text/csv/import.rs, `stringify_fn`.
    """
    text = _CONTROLS.sub("", cell).replace("\r\n", "\n").replace("\r", "\n").strip()
    if text_format == "plain":
        return html.escape(text, quote=False).replace("\n", "<br>")
    return "" if text_format == "html" and _BLANK_HTML.fullmatch(text) else text
