"""What a package or a collection of Anki holds, whatever its format, before anything is made of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from cardwright.record import Record


@dataclass(frozen=True, slots=True)
class AnkiType:
    """A note type as it was found.

    Names of fields differ from each other in more than upper and lower case, and so do those of templates.

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


class AnkiCard(Record, frozen=True):
    """A card. ordinal: 0-based. deck: full name, levels joined by `::`.

    deck: also of a card that lies in a filtered deck its home deck.
    due: its position among the new cards, which may be any number; None once it was studied.
    """

    ordinal: int
    deck: str
    due: int | None


class AnkiNote(Record, frozen=True):
    """A note.

    id, mod: as for a note type, but the id can be any number, also a negative one.
    guid: as stored; any text.
    fields: their HTML, by ordinal and as many as the note type has, as stored but for control characters,
        which Anki leaves out of whatever it imports. cards: by ordinal; there may be none.
    """

    id: int
    guid: str
    type_id: int
    mod: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    cards: tuple[AnkiCard, ...]


@dataclass(frozen=True, slots=True)
class AnkiDeck:
    """A deck.

    name: full name, levels joined by `::`. is_markdown: whether the description is Markdown.
    id: Anki's, by which a collection can be known again, since each has its own; 0 if there is none.
    """

    name: str
    description: str = ""
    is_markdown: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True)
class AnkiMedia:
    """A media file.

    name: in Anki, where fields refer to it by this name, in Unicode's NFC.
    file_name: under which it can be stored on any system, in a folder of its own; each differs from the
        others in more than upper and lower case.
    size: in bytes, as the package tells; 0 if it doesn't. Only reading tells for certain.
    open: returns a new reader of its bytes. The reader raises `UnreadableDeck` where the package is damaged,
        and at the limits of `archive.py`.
    """

    name: str
    file_name: str
    size: int
    open: Callable[[], IO[bytes]] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was odd, or cannot be carried over. Findings with the same text are counted together.

    text: a plain sentence without its number and its end, such as `notes with the GUID of another note`.
    names: of what it was found at, such as media files or fields; for the report. May be only the first ones.
    count: how often it was found.
    """

    text: str
    names: tuple[str, ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class AnkiCollection:
    """A package or collection, which can be read until the block that opened it is left.

    types: by Anki's id, as far as there are notes of them; decks: those that hold cards, and the ones
        around them. Both in the order in which they were found.
    notes: in ascending order of their ids; may be read more than once. Many are read from the disk each time.
    media: by name.
    has_ids: whether note types and notes have the ids that they have in Anki; without them no studied deck
        goes on.
    """

    types: Mapping[int, AnkiType]
    decks: Sequence[AnkiDeck]
    notes: Iterable[AnkiNote]
    note_count: int
    media: Mapping[str, AnkiMedia]
    findings: Sequence[Finding] = ()
    has_ids: bool = True
