"""The lock of a deck: the identities that were given out, one line each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from json.encoder import encode_basestring as _quoted

from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.span import Source, Span

FORMAT = 1
"""The version of the lock's text; a lock with a greater one is of a newer tool."""

LABEL_GONE = "~"
"""Stands before the key of a label that a diagram had: no key has it in it."""

PLAIN = {1: ""}
"""The cards of a note that has only its first; left out in the lock."""


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """What was given to a note.

    guid: by which Anki knows the note again.
    id: Anki's note id, in ms since 1970; its cards have the ids behind it.
    digest: of the content as last released.
    mod: when that was, in s since 1970; Anki takes an update only if it is greater.
    due: place among the new cards, 0 to 999,999.
    cards: as in `Claim`: card number to a short digest of what it asks for.
    since: when it was first released, in s since 1970.
    retired: ISO date on which the note left the sources; empty while it is in them.
    """

    key: str
    type: NoteType
    guid: str
    id: int
    digest: str
    mod: int
    due: int
    cards: Mapping[int, str]
    since: int
    retired: str = ""

    @property
    def numbers(self) -> frozenset[int]:
        """Of the cards that are there; those of labels that are gone are only remembered."""
        return frozenset(one for one, digest in self.cards.items() if not digest.startswith(LABEL_GONE))


@dataclass(frozen=True, slots=True)
class NoteTypeEntry:
    """What was given to a note type; digests and names as in `TypeClaim`, mod in s since 1970."""

    type: NoteType
    id: int
    schema: str
    digest: str
    mod: int
    fields: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lock:
    """The identities of a deck.

    deck_name: as last released; Anki finds decks by name.
    notes: by key, retired ones included.
    source: the text it was read from; None for one that was never written.
    """

    deck_id: str
    types: Mapping[NoteType, NoteTypeEntry]
    notes: Mapping[str, NoteEntry]
    deck_name: str = ""
    source: Source | None = field(default=None, compare=False)

    def header_span(self) -> Span | None:
        """Where the lock says which deck it belongs to."""
        return self._line("{" + f'"lock":{FORMAT},"deck":')

    def note_span(self, key: str) -> Span | None:
        """The line of a note, if it is written as `write` writes it."""
        return self._line("{" + f'"key":{_quoted(key)},')

    def type_span(self, note_type: NoteType) -> Span | None:
        """The line of a note type, if it is written as `write` writes it."""
        return self._line("{" + f'"type":"{note_type}",')

    def _line(self, beginning: str) -> Span | None:
        if self.source is None:
            return None
        start = self.source.text.find(beginning)
        if start < 0:
            return None
        end = self.source.text.find("\n", start)
        return Span(self.source, start, end if end >= 0 else len(self.source.text))


def write_lock(lock: Lock) -> str:
    """The text of a lock: JSON Lines, sorted, so that a merge of two is a merge of lines."""
    header = f'"lock":{FORMAT},"deck":{_quoted(lock.deck_id)},"name":{_quoted(lock.deck_name)}'
    lines = ["{" + header + "}"]
    types = sorted(lock.types.values(), key=lambda one: one.type)
    lines += (_type_line(one) for one in types)
    lines += (_note_line(lock.notes[key]) for key in sorted(lock.notes))
    lines.append("")
    return "\n".join(lines)


def _type_line(entry: NoteTypeEntry) -> str:
    names = ""
    if entry.fields:
        names = f',"fields":{_names(entry.fields)},"templates":{_names(entry.templates)}'
    return (
        f'{{"type":"{entry.type}","id":{entry.id},"schema":{_quoted(entry.schema)},'
        f'"digest":{_quoted(entry.digest)},"mod":{entry.mod}{names}}}'
    )


def _names(names: Iterable[str]) -> str:
    return f"[{','.join(map(_quoted, names))}]"


def _note_line(entry: NoteEntry) -> str:
    rest = ""
    if entry.cards != PLAIN:
        numbers = ",".join(f'"{number}":{_quoted(entry.cards[number])}' for number in sorted(entry.cards))
        rest = f',"cards":{{{numbers}}}'
    if entry.retired:
        rest += f',"retired":{_quoted(entry.retired)}'
    return (
        f'{{"key":{_quoted(entry.key)},"type":"{entry.type}","guid":{_quoted(entry.guid)},'
        f'"id":{entry.id},"digest":{_quoted(entry.digest)},"mod":{entry.mod},"since":{entry.since},"due":{entry.due}{rest}}}'
    )
