"""What a package or a collection of Anki holds, whatever its format, before anything is made of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any


@dataclass(frozen=True, slots=True)
class AnkiType:
    """A note type as it was found.

    id, mod: Anki's id, and the time of its last change in s since 1970.
    fields: their names, by ordinal. templates: of the cards, by ordinal.
    json: all of it as JSON of schema 11, as Anki itself would export it: with the signed ids of fields and
        templates where they have any, and with keys that we know nothing of.
    """

    id: int
    name: str
    mod: int
    is_cloze: bool
    css: str
    fields: tuple[str, ...]
    templates: tuple["AnkiTemplate", ...]
    json: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AnkiTemplate:
    """A card template. front, back: Anki's HTML."""

    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class AnkiCard:
    """A card. ordinal: 0-based. deck: full name, levels joined by `::`.

    due: its position among the new cards; None once it was studied.
    """

    ordinal: int
    deck: str
    due: int | None


@dataclass(frozen=True, slots=True)
class AnkiNote:
    """A note. id, mod: as for a note type. fields: their HTML, by ordinal, just as stored."""

    id: int
    guid: str
    type_id: int
    mod: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    cards: tuple[AnkiCard, ...]


@dataclass(frozen=True, slots=True)
class AnkiDeck:
    """A deck. name: full name, levels joined by `::`. is_markdown: whether the description is Markdown."""

    name: str
    description: str = ""
    is_markdown: bool = False


@dataclass(frozen=True, slots=True)
class AnkiMedia:
    """A media file. size: in bytes, as unpacked. open: returns a new reader of its bytes."""

    name: str
    size: int
    open: Callable[[], IO[bytes]] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was odd, or cannot be carried over. Findings with the same text are counted together.

    text: a plain sentence without its number and its end, such as `notes with the GUID of another note`.
    names: of what it was found at, such as media files or fields; for the report.
    """

    text: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnkiCollection:
    """A package or collection. notes: by id; may be read more than once, from the disk."""

    types: Mapping[int, AnkiType]
    decks: Sequence[AnkiDeck]
    notes: Iterable[AnkiNote]
    note_count: int
    media: Mapping[str, AnkiMedia]
    findings: Sequence[Finding] = ()
