"""What a table of texts holds, whatever program wrote it: a card in each row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cardwright.diagnostics import Span

TextFormat = Literal["html", "plain", "markdown"]
"""What the texts of a file are."""


@dataclass(frozen=True, slots=True)
class RowType:
    """A note type that rows belong to. A table knows the names of fields at best, and no card templates.

    fields: their names, in order; the first is asked for.
    """

    name: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row, which becomes a card.

    span: the row in its file, for messages.
    texts: by the card's key that they fill: `q` and `a`, or `cloze`, with `extra` and `hint` where there are
        any; by the names of fields if the row belongs to a note type. None is empty, nor is all white space.
    note_type: the name of a `RowType`; empty for our own ones.
    flags: keys of the card that are `true`: `reverse`, `typed`.
    deck: full name, levels joined by `::`.
    guid, id: empty if the table has none; no two rows share one. An id is one that cards may have.
    """

    span: Span
    texts: Mapping[str, str]
    deck: str
    note_type: str = ""
    flags: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    guid: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class RowTable:
    """The rows of a file.

    is_markdown: whether texts are Markdown, as sources have it; otherwise they are HTML, as fields of Anki
        have it, also where the file has plain text.
    types: by name.
    """

    rows: Sequence[Row]
    is_markdown: bool = False
    types: Mapping[str, RowType] = field(default_factory=dict)
