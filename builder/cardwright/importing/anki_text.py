"""The lines at the head of a text file that tell Anki how to read it: `#separator:tab`, `#tags column:3`.

Source: Anki manual, "Importing > Text files > File headers"; Anki, rslib/src/import_export/text/csv/
metadata.rs and export.rs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "pipe": "|", "colon": ":"}
_COLUMNS = {
    "guid column": "guid",
    "notetype column": "notetype",
    "deck column": "deck",
    "tags column": "tags",
}
_KEYS = {"separator", "html", "tags", "columns", "notetype", "deck", "if matches", "match scope", *_COLUMNS}
_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")
# What may follow a value if a spreadsheet has saved the line as a row.
_SURPLUS = re.compile(r"(?<=.)[^A-Za-z0-9].*")


@dataclass(frozen=True, slots=True)
class AnkiHeader:
    """What the head of a text file says.

    end: offset at which the rows begin.
    delimiter: empty if it is not told. is_html: None if it is not told.
    columns: of each column that is no field, what it holds, by its place, 0-based.
    names: of all columns, in one line, as written between delimiters; empty if they are not told.
    note_type, deck, tags: of all rows.
    """

    end: int
    delimiter: str = ""
    is_html: bool | None = None
    columns: Mapping[int, str] = field(default_factory=dict)
    names: str = ""
    note_type: str = ""
    deck: str = ""
    tags: tuple[str, ...] = ()


def read_anki_header(text: str) -> AnkiHeader | None:
    """Return what the first lines say that begin with `#`; None if they say nothing to Anki."""
    values: dict[str, str] = {}
    place = 0
    is_first = True
    while (match := _LINE.match(text, place)) and (text[place : place + 1] == "#" or is_first):
        line = match[1]
        if line.startswith('"#'):
            line = line[1:].rstrip('"')
        key, colon, value = line.removeprefix("#").partition(":")
        key = key.strip().lower()
        if line.startswith("#") and colon:
            values.setdefault(key, value)
        elif is_first and key == "tags" and colon:
            values[key] = value
        elif not line.startswith("#"):
            break
        place, is_first = match.end(), False
        if place == len(text):
            break
    return _header(values, place) if values.keys() & _KEYS else None


def _header(values: Mapping[str, str], end: int) -> AnkiHeader:
    separator = values.get("separator", "")
    name = _SURPLUS.sub("", separator.lower()) if separator.strip() else separator
    html = _SURPLUS.sub("", values.get("html", "").strip().lower())
    columns = {}
    for key, meaning in _COLUMNS.items():
        number = _SURPLUS.sub("", values.get(key, "").strip())
        if number.isascii() and number.isdigit() and int(number[:9]) > 0:
            columns[int(number[:9]) - 1] = meaning
    return AnkiHeader(
        end,
        delimiter=_SEPARATORS.get(name.strip(), separator[:1]),
        is_html={"true": True, "false": False}.get(html),
        columns=columns,
        names=values.get("columns", ""),
        note_type=values.get("notetype", "").strip(),
        deck=values.get("deck", "").strip(),
        tags=tuple(values.get("tags", "").split()),
    )
