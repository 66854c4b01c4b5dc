"""Decides what each column of a table fills: a key of its card, or a field."""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from cardwright.collection import notetype
from cardwright.collection.template import SPECIAL_FIELDS
from cardwright.importing.anki_text import AnkiHeader
from cardwright.importing.column_names import (
    COLUMN_KEYS,
    LEFT_OUT,
    ROW_KEYS,
    TEXT_KEYS,
    is_numbering,
    key_of_name,
)
from cardwright.importing.table_file import TableOptions

FIELD = "field"
"""What a column fills that is a text of its own: a field of the note type, or a part of `extra`."""

# A table that names its guids and has this many other columns is of notes with fields, such as Brain Brew's.
_LEAST_FIELDS = 3
# Of tables with a question and its answer alone.
_WIDTH_OF_PAIRS = 2
# Names of note types and fields of ours may have less in them than Anki's; see `reader/note_types.py`.
_SIGNS_IN_FIELDS, _SIGNS_IN_TYPES = frozenset(" -–_.,()'’+/?!%*="), frozenset("-_.")
_LONGEST_NAME = 60
_TAKEN_FIELDS = frozenset(
    name.casefold()
    for names in (
        notetype.AUTOMATIC_FIELDS, notetype.SPARE_FIELDS, notetype.RESERVED_FIELDS, SPECIAL_FIELDS
    )
    for name in names
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table fill.

    keys: for each column one of `COLUMN_KEYS`, `FIELD`, or `LEFT_OUT`.
    names: of the columns as the table has them; empty for those without.
    note_type: that all rows belong to, as the author says, or the table shows; empty for none.
    file_type: Anki's name of the note type of all rows, as the file says; empty if it says nothing.
    is_anki: whether the head of the file is for Anki.
    are_asked: whether the author says what the columns fill.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    note_type: str = ""
    file_type: str = ""
    is_anki: bool = False
    are_asked: bool = False

    def name(self, column: int) -> str:
        """Return the name of a column; empty if it has none."""
        return self.names[column].strip() if column < len(self.names) else ""

    def of(self, *keys: str) -> list[int]:
        """Return the columns that fill these keys."""
        return [column for column, key in enumerate(self.keys) if key in keys]


def plan_columns(
    distinct: Sequence[bool],
    row_numbers: Sequence[bool],
    names: Sequence[str],
    head: AnkiHeader | None,
    options: TableOptions,
    stem: str,
) -> Columns:
    """Return what the columns of a table fill.

    distinct: for each column whether most of its cells differ from each other, as questions do.
    row_numbers: for each column whether it numbers the rows.
    names: of the columns; empty if the table has none.
    stem: the name of the file without its suffix.
    """
    width = len(distinct)
    if options.columns:
        return _asked_columns(width, names, options, is_anki=head is not None)
    keys = [FIELD] * width
    for column, key in (head.columns if head else {}).items():
        if column < width:
            keys[column] = key
    file_type = head.note_type if head and "notetype" not in keys else ""
    _fill_named(keys, names)
    note_type = options.note_type
    if not head and not note_type and _is_of_fields(keys):
        note_type = stem
    if note_type or file_type or "notetype" in keys:
        keys = [FIELD if key in TEXT_KEYS else key for key in keys]
    else:
        for column, name in enumerate(names[:width]):
            if row_numbers[column] and is_numbering(name) and width > _WIDTH_OF_PAIRS:
                keys[column] = LEFT_OUT
        asking = [
            is_distinct and not is_number
            for is_distinct, is_number in zip(distinct, row_numbers, strict=True)
        ]
        _fill_by_place(keys, asking)
    name = fit_type_name(note_type)
    return Columns(tuple(keys), tuple(names), name, file_type, is_anki=head is not None)


def _asked_columns(width: int, names: Sequence[str], options: TableOptions, *, is_anki: bool) -> Columns:
    """Return what the author says that the columns fill; others than the author names are left out."""
    asked = options.columns
    known = {*(ROW_KEYS if options.note_type else COLUMN_KEYS), LEFT_OUT}
    keys = [word if word in known else FIELD for word in asked]
    own_names = [
        word if key == FIELD else name for word, key, name in zip(asked, keys, [*names, *asked], strict=False)
    ]
    keys += [LEFT_OUT] * (width - len(asked))
    return Columns(
        tuple(keys),
        (*own_names, *names[len(asked) :]),
        fit_type_name(options.note_type),
        is_anki=is_anki,
        are_asked=True,
    )


def _fill_named(keys: list[str], names: Sequence[str]) -> None:
    """Set the keys of columns by their names. Of several columns for a key, the first one fills it."""
    for column, name in enumerate(names[: len(keys)]):
        key = key_of_name(name)
        if key and keys[column] == FIELD and (key not in keys or key == "extra"):
            keys[column] = key


def _is_of_fields(keys: Sequence[str]) -> bool:
    fields = [key for key in keys if key not in ROW_KEYS]
    return "guid" in keys and len(fields) >= _LEAST_FIELDS and not {"q", "a"} <= {*keys}


def _fill_by_place(keys: list[str], asking: Sequence[bool]) -> None:
    """Let the first columns without a known name be question and answer, if no others are.

    asking: for each column whether its cells may be questions. The number of a chapter is none, since many
        rows have the same one, and that of the row is none either.
    """
    if "cloze" in keys:
        return
    fields = [column for column, key in enumerate(keys) if key == FIELD]
    if "q" not in keys and fields:
        # An answer has to be left after it.
        candidates = fields if "a" in keys else fields[:-1] or fields
        keys[next((column for column in candidates if asking[column]), fields[0])] = "q"
    if "a" not in keys and "q" in keys:
        fields = [column for column, key in enumerate(keys) if key == FIELD]
        fields = [column for column in fields if column > keys.index("q")] or fields
        if fields:
            keys[fields[0]] = "a"


def row_type_fields(columns: Columns, fields: Iterable[int]) -> dict[int, str]:
    """Return a name for each of these columns that a field of a note type of ours may have, each once."""
    taken: set[str] = set(_TAKEN_FIELDS)
    names: dict[int, str] = {}
    for number, column in enumerate(fields, 1):
        plain = _fit(columns.name(column), _SIGNS_IN_FIELDS)
        name = " ".join(plain.split()).lstrip("/! ")[:_LONGEST_NAME].strip() or f"Field {number}"
        if name.casefold() in taken:
            name = next(
                candidate
                for candidate in (f"{name} {more}" for more in range(2, len(taken) + 3))
                if candidate.casefold() not in taken
            )
        taken.add(name.casefold())
        names[column] = name
    return names


def fit_type_name(name: str) -> str:
    """Return a name as note types of ours may have it; empty for an empty one."""
    if not name:
        return ""
    fit = "-".join(_fit(name, _SIGNS_IN_TYPES).split())[:_LONGEST_NAME] or "table"
    return (
        f"{fit}-2" if fit.casefold() in {built_in.casefold() for built_in in notetype.BUILT_IN_TYPES} else fit
    )


def _fit(name: str, signs: Collection[str]) -> str:
    """Return a name with spaces for what is no letter, digit or one of these signs."""
    return "".join(
        char if char.isalnum() or char in signs or unicodedata.category(char)[0] == "M" else " "
        for char in unicodedata.normalize("NFC", name)
    )
