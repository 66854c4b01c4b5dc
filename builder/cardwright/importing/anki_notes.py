"""Reads the notes of a collection with their cards, one after the other."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from cardwright.importing.anki_note_types import MAX_PARTS, fields_of_type
from cardwright.importing.collection import AnkiCard, AnkiNote, AnkiType
from cardwright.importing.findings import Findings
from cardwright.importing.foreign_database import ForeignDatabase, blob, integer, string
from cardwright.importing.safe_text import decode, without_control_characters

NOTE_COLUMNS = ("id", "guid", "mid", "mod", "tags", "flds")
CARD_COLUMNS = ("nid", "ord", "did", "odid", "type", "due", "odue")
DEFAULT_DECK = 1

_FIELD_SEPARATOR = "\x1f"
_MAX_CLOZES = 500
"""Anki makes cards of the cloze numbers 1 to 500."""
_TAGS_LIMIT = 1 << 20
"""In characters; Anki can't synchronise a note of more."""


@dataclass(frozen=True, slots=True)
class Decks:
    """Decks by id. descriptions: with whether they are Markdown. filtered: ids of filtered decks."""

    names: Mapping[int, str]
    descriptions: Mapping[int, tuple[str, bool]]
    filtered: frozenset[int]

    def home(self, deck_id: int, original_id: int) -> str | None:
        """Return the deck of a card, the home deck of one in a filtered deck; None if there is no such deck.

        deck_id, original_id: columns `did` and `odid` of the card.
        """
        homes = (self.names[id_] for id_ in (original_id, deck_id) if self.is_ordinary(id_))
        return next(homes, None)

    def is_ordinary(self, deck_id: int) -> bool:
        """Return whether there is such a deck, and it is no filtered one."""
        return deck_id in self.names and deck_id not in self.filtered


class NoteReader:
    """The notes of a database, read anew each time that they are iterated."""

    def __init__(self, database: ForeignDatabase, types: Mapping[int, AnkiType], decks: Decks) -> None:
        self._database = database
        self._types = types
        self._decks = decks
        self._newest = dict(self._find_newest())

    def __iter__(self) -> Iterator[AnkiNote]:
        return self.read(Findings())

    def read(self, findings: Findings) -> Iterator[AnkiNote]:
        """Yield the notes in the order of their ids, and add what is odd to the findings.

        Errors: UnreadableDeck.
        """
        cards = _CardRows(
            self._database.rows("cards", CARD_COLUMNS, order="nid, ord", are_numbers=True), findings
        )
        last_id = -(1 << 63) - 1
        for row in self._database.rows("notes", NOTE_COLUMNS, order="id"):
            if row[0] <= last_id:
                raise self._database.damaged()
            last_id = row[0]
            own_cards = cards.of_note(last_id)
            try:
                note = self._note(row, findings)
            except ValueError:
                findings.add("notes that are damaged")
                continue
            if self._newest.get(note.guid, note.id) != note.id:
                text = "notes with the GUID of another one; Anki updates only the newest of them"
                findings.add(text, note.fields[0])
            elif note.type_id not in self._types:
                findings.add("notes of a note type that isn't there", note.fields[0])
            else:
                fields = fields_of_type(note, self._types[note.type_id], findings)
                yield replace(note, fields=fields, cards=self._cards(note, own_cards, findings))

    def _find_newest(self) -> Iterator[tuple[str, int]]:
        """Yield each GUID that several notes have, with the highest id of a note that has it."""
        seen: set[int] = set()
        for id_, guid in self._database.rows("notes", ("id", "guid"), order="id"):
            # Hashes of 64 bits, seeded by chance, take less memory than GUIDs.
            if isinstance(guid, bytes):
                if (digest := hash(guid)) in seen:
                    yield string(guid), id_
                seen.add(digest)

    @cached_property
    def _most_used_deck(self) -> str:
        """The deck with the most cards."""
        rows = self._database.rows("cards", ("did", "odid"), are_numbers=True)
        homes = Counter(self._decks.home(deck, original) for deck, original in rows)
        del homes[None]
        if homes:
            return str(homes.most_common(1)[0][0])
        return self._decks.names.get(DEFAULT_DECK, "Default")

    def _note(self, row: tuple[Any, ...], findings: Findings) -> AnkiNote:
        """Return a note without its cards. Errors: ValueError."""
        id_, guid, type_id, mod, tags, fields = row
        all_fields, is_utf8 = decode(blob(fields))
        all_tags = string(tags)
        if len(all_tags) > _TAGS_LIMIT:
            raise ValueError("too many tags")
        if not is_utf8:
            findings.add("notes with a text that is not in UTF-8", all_fields)
        return AnkiNote(
            id=integer(id_),
            guid=string(guid),
            type_id=integer(type_id),
            mod=integer(mod),
            tags=tuple(without_control_characters(all_tags).split()),
            fields=tuple(
                without_control_characters(field) for field in all_fields.split(_FIELD_SEPARATOR, MAX_PARTS)
            ),
            cards=(),
        )

    def _cards(
        self, note: AnkiNote, rows: Iterable[tuple[int, ...]], findings: Findings
    ) -> tuple[AnkiCard, ...]:
        """Return the cards of a note. Those of a deck that is not there get the deck of another card."""
        type_ = self._types[note.type_id]
        ordinals = range(_MAX_CLOZES if type_.is_cloze else len(type_.templates))
        homes: dict[int, str | None] = {}
        dues: dict[int, int | None] = {}
        for _, ordinal, deck_id, original_id, state, due, original_due in rows:
            if ordinal not in ordinals:
                findings.add("cards without a card template", note.fields[0])
            elif ordinal in homes:
                findings.add("cards that are there twice", note.fields[0])
            else:
                home = homes[ordinal] = self._decks.home(deck_id, original_id)
                dues[ordinal] = None if state else original_due if original_id else due
                if home is None:
                    findings.add("cards whose deck isn't there, put into another one", note.fields[0])
        if None not in homes.values():
            return tuple(AnkiCard(ordinal, str(home), dues[ordinal]) for ordinal, home in homes.items())
        fallback = next(filter(None, homes.values()), None) or self._most_used_deck
        return tuple(AnkiCard(ordinal, home or fallback, dues[ordinal]) for ordinal, home in homes.items())


class _CardRows:
    """Rows of cards, in the order of their notes' ids, given out note by note."""

    def __init__(self, rows: Iterator[tuple[Any, ...]], findings: Findings) -> None:
        self._rows = rows
        self._findings = findings
        self._row = next(rows, None)
        self._note_id: int | None = None

    def of_note(self, note_id: int) -> Iterator[tuple[int, ...]]:
        """Return the rows of a note's cards, by ordinal. note_id: greater than that of the last call."""
        while self._row is not None and self._row[0] < note_id:
            if self._row[0] != self._note_id:
                self._findings.add("cards without a note")
            self._row = next(self._rows, None)
        self._note_id = note_id
        return self._rows_of_note()

    def _rows_of_note(self) -> Iterator[tuple[int, ...]]:
        while self._row is not None and self._row[0] == self._note_id:
            yield tuple(map(int, self._row))
            self._row = next(self._rows, None)
