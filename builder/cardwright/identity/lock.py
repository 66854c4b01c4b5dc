"""The lock of a deck, `deck.lock`: the identities of its notes and note types; see `lock_text.py`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from json.encoder import encode_basestring as quote
from types import MappingProxyType
from typing import Annotated, Any, Self

from msgspec import Meta, Struct, structs

from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Source, Span
from cardwright.identity.note_state import are_labels
from cardwright.identity.positions import POSITION_LIMIT

FORMAT = 1
"""The version of the lock's text; a lock with a greater one was written by a newer cardwright."""

REMOVED_LABEL = "~"
"""Precedes the key of a label that a diagram no longer has; no key contains it."""

FIRST_CARD_ONLY: Mapping[int, str] = MappingProxyType({1: ""})
"""The cards of a note that has only its first card; the lock leaves them out."""
_FIRST_NUMBER = frozenset({1})

UNKNOWN_DIGEST = ""
"""The digest of an entry whose released content isn't known: it differs from that of every content."""

NEVER_RELEASED = (UNKNOWN_DIGEST, 0)
"""What was released of a note that only a pull has brought: nothing."""

ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INT64_MAX = 2**63 - 1

# The notes of an imported deck have the ids that they have in Anki, which may be anything.
_Id = Annotated[int, Meta(ge=-_INT64_MAX, le=_INT64_MAX)]
_Seconds = Annotated[int, Meta(ge=0, lt=_INT64_MAX)]


class _Entry(Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """A line of a lock: its fields have the names and the order that they have there."""

    def replace(self, **changes: Any) -> Self:
        """Return a copy with other values of some fields."""
        return structs.replace(self, **changes)


class NoteEntry(_Entry, frozen=True):
    """The identity of a note.

    guid: the id by which Anki recognises the note.
    id: Anki's note id, in ms since 1970; the ids of its cards follow it. Any number for an imported note.
    digest: hash of the content as last released.
    mod: when that content was released, in s since 1970; Anki takes an update only if it is greater.
    since: when the note was first released, in s since 1970.
    due: position among the new cards, 0 to 999,999.
    cards: short digests of what the cards ask for, by card number, as in `NoteState`.
    retired: ISO date on which the note left the sources; empty while it is in them.
    subdeck: with which its cards were last released, as in `DeckName`.
    former_subdecks: others with which they were released before, sorted; learners may have them there.
    monotonic_since: `since` on a clock that never goes back; 0 if it is the same.
    printed: digest of what its cards show on paper, as in `NoteState`; empty if unknown.
    printed_mod: when that last changed, in s since 1970; 0 for at `mod`.
    missing: numbers of cards that an imported note lacks in Anki though its templates would make them; they
        are left out until they ask for something else.
    pulled: Anki's id of the deck in the collection that this content was pulled from, and which so certainly
        has it; 0 for none.
    before: `digest` and `mod` as released before a pull, so that what was pulled can be taken out again. Only
        until the next build, which releases what is left; None otherwise, NEVER_RELEASED for a new note.
    """

    key: str
    type: NoteType
    guid: Annotated[str, Meta(min_length=1)]
    id: _Id
    digest: str
    mod: _Seconds
    since: _Seconds
    due: Annotated[int, Meta(ge=0, lt=POSITION_LIMIT)]
    cards: Mapping[Annotated[int, Meta(gt=0)], str] = FIRST_CARD_ONLY
    retired: Annotated[str, Meta(pattern=rf"^(?:{ISO_DATE.pattern})?\Z")] = ""
    subdeck: str = ""
    former_subdecks: tuple[str, ...] = ()
    monotonic_since: _Seconds = 0
    printed: str = ""
    printed_mod: _Seconds = 0
    missing: tuple[Annotated[int, Meta(gt=0)], ...] = ()
    pulled: Annotated[int, Meta(ge=0, lt=_INT64_MAX)] = 0
    before: tuple[str, _Seconds] | None = None

    @property
    def card_id(self) -> str:
        """As in `Note`."""
        return self.key.partition("/")[0]

    @property
    def age_key(self) -> int:
        """A number that is smaller than that of every note that was released for the first time later."""
        return max(self.since, self.monotonic_since)

    @property
    def card_numbers(self) -> frozenset[int]:
        """The numbers of the cards that exist; those of removed labels are only remembered."""
        if self.cards is FIRST_CARD_ONLY and not self.missing:
            return _FIRST_NUMBER
        return frozenset(
            number
            for number, digest in self.cards.items()
            if not digest.startswith(REMOVED_LABEL) and number not in self.missing
        )

    @property
    def has_labels(self) -> bool:
        """Whether its cards are the labels of a diagram."""
        return self.cards is not FIRST_CARD_ONLY and are_labels(self.type, self.cards)

    @property
    def seen_mod(self) -> int:
        """When what its cards show on paper last changed, in s since 1970."""
        return self.printed_mod or self.mod

    @property
    def released_mod(self) -> int:
        """When its content was last released, in s since 1970, if the last thing that happened was a pull."""
        return self.mod if self.before is None else self.before[1]


class NoteTypeEntry(_Entry, frozen=True):
    """The identity of a note type: digests and names as in `NoteTypeState`, `mod` in s since 1970.

    imported: of one that was imported, what Anki has of it and the sources haven't; see `ImportedType`.
        Empty for all others.
    """

    type: NoteType
    id: _Id
    schema: str
    digest: str
    mod: _Seconds
    fields: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    imported: Mapping[str, Any] = {}


class MediaEntry(_Entry, frozen=True):
    """The name of an imported media file, which it keeps while its bytes stay the same.

    media: its path, relative to the deck's folder.
    name: in Anki.
    sha256: of its bytes, in hex.
    """

    media: Annotated[str, Meta(min_length=1)]
    name: Annotated[str, Meta(min_length=1)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class DescriptionEntry(_Entry, frozen=True):
    """The description that an imported deck keeps in Anki, as long as that in deck.yaml stays the same.

    description: as in deck.yaml. desc: as in Anki. md: whether Anki takes it for Markdown, not for HTML.
    """

    description: str
    desc: str
    md: bool = False


@dataclass(frozen=True, slots=True)
class Lock:
    """The identities of a deck.

    deck_name: as last released; Anki finds decks by name.
    types: those of the notes.
    notes: by key, including retired notes.
    media: by path, those that were imported.
    description: of an imported deck; None for any other.
    source: the text that the lock was read from; None if it was never written.
    """

    deck_id: str
    types: Mapping[NoteType, NoteTypeEntry]
    notes: Mapping[str, NoteEntry]
    deck_name: str = ""
    source: Source | None = field(default=None, compare=False)
    media: Mapping[str, MediaEntry] = field(default_factory=dict)
    description: DescriptionEntry | None = None

    def header_span(self) -> Span | None:
        """Return where the lock names the deck."""
        return self._find("{" + f'"lock":{FORMAT},"deck":{quote(self.deck_id)}')

    def note_span(self, key: str) -> Span | None:
        """Return the beginning of a note's line, up to its key, if it is written as by `encode_lock`."""
        return self._find("{" + f'"key":{quote(key)}')

    def type_span(self, note_type: NoteType) -> Span | None:
        """Return the beginning of a note type's line, up to its name, as for a note."""
        return self._find("{" + f'"type":"{note_type}"')

    def _find(self, beginning: str) -> Span | None:
        """Return where a line begins like this; its JSON goes on with another key."""
        start = -1 if self.source is None else self.source.text.find(f"{beginning},")
        return None if self.source is None or start < 0 else Span(self.source, start, start + len(beginning))


def merge_note_entries(first: NoteEntry, second: NoteEntry) -> NoteEntry | None:
    """Merge two lines for one key, as a git merge leaves them; return None if they are two notes.

    Learners may have either line, or neither. So the entry with the greater `mod` wins. If both are
    equal and the contents differ, the content counts as unknown, and the next build moves `mod`
    above both. Neither the order of the lines nor their number makes a difference.

    What was last printed is known only if both agree on it.
    """
    if (first.guid, first.type) != (second.guid, second.type):
        return None
    newer, older = (first, second) if first.mod >= second.mod else (second, first)
    subdeck = max(first.subdeck, second.subdeck)
    subdecks = {first.subdeck, second.subdeck, *first.former_subdecks, *second.former_subdecks}
    same_print = bool(first.printed) and first.printed == second.printed
    merged = newer.replace(
        id=min(first.id, second.id),
        since=min(first.since, second.since),
        monotonic_since=min(first.monotonic_since, second.monotonic_since),
        subdeck=subdeck,
        former_subdecks=tuple(sorted(subdecks - {subdeck})),
        printed=first.printed if same_print else "",
        printed_mod=max(first.seen_mod, second.seen_mod) if same_print else 0,
        missing=tuple(number for number in first.missing if number in second.missing),
        before=first.before if first.before == second.before else None,
    )
    cards = dict(first.cards)
    for number, digest in second.cards.items():
        cards[number] = min(digest, cards.get(number, digest))
    if older.mod < newer.mod:
        # The lock alone holds the numbers of labels, so the older branch's numbers are kept too.
        return merged.replace(cards=cards) if first.has_labels else merged
    same = (first.digest, first.retired) == (second.digest, second.retired)
    return merged.replace(
        digest=first.digest if same else UNKNOWN_DIGEST,
        retired=first.retired if same else "",
        due=min(first.due, second.due),
        cards=cards,
    )


def merge_type_entries(first: NoteTypeEntry, second: NoteTypeEntry) -> NoteTypeEntry | None:
    """Merge two lines for one note type; return None if they differ in what must never change."""
    if any(getattr(first, name) != getattr(second, name) for name in ("type", "id", "schema", "imported")):
        return None
    if first.mod == second.mod and first.digest != second.digest:
        return first.replace(digest=UNKNOWN_DIGEST)
    return max(first, second, key=lambda entry: entry.mod)
