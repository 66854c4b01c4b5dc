"""Reads the notes of a collection with their cards, one after the other."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cardwright.importing.anki_note_types import MAX_PARTS, fields_of_type
from cardwright.importing.collection import AnkiCard, AnkiNote, AnkiType
from cardwright.importing.findings import FindingCounter, Findings, FindingsOfNote
from cardwright.importing.foreign_database import ForeignDatabase, blob, integer, string
from cardwright.importing.safe_text import decode

NOTE_COLUMNS = ("id", "guid", "mid", "mod", "tags", "flds")
CARD_COLUMNS = ("nid", "ord", "did", "odid", "type", "due", "odue")
DEFAULT_DECK = DEFAULT_PRESET = 1

_CONTROL_CHARACTERS = bytes([*range(9), *range(11, 31), 127])
"""Those that `without_control_characters` leaves out, but for the separator of fields."""
_FIELD_SEPARATOR = "\x1f"
_MAX_CLOZES = 500
"""Anki makes cards of the cloze numbers 1 to 500."""
_TAGS_LIMIT = 1 << 20
"""In characters; Anki can't synchronise a note of more."""


@dataclass(frozen=True, slots=True)
class Decks:
    """Decks by id.

    descriptions: with whether they are Markdown. filtered: ids of filtered decks.
    with_preset: ids of decks with an options preset other than Anki's default.
    """

    names: Mapping[int, str]
    descriptions: Mapping[int, tuple[str, bool]]
    filtered: frozenset[int]
    with_preset: frozenset[int]

    @property
    def ordinary(self) -> dict[int, str]:
        """The names of the decks that are not filtered, by their ids."""
        return {id_: name for id_, name in self.names.items() if id_ not in self.filtered}


class NoteReader:
    """The notes of a database, read anew each time that they are iterated."""

    def __init__(self, database: ForeignDatabase, types: Mapping[int, AnkiType], decks: Decks) -> None:
        self._database = database
        self._types = types
        self._ordinals = {
            type_.id: range(_MAX_CLOZES if type_.is_cloze else len(type_.templates))
            for type_ in types.values()
        }
        self._decks = decks
        self._ordinary_decks = decks.ordinary
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
                note = self._note(row, own_cards, findings)
            except ValueError:
                findings.add("notes that are damaged", f"note {last_id}")
                continue
            if note is not None:
                yield note

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
        homes = Counter(self._home(deck_id, original_id) for deck_id, original_id in rows)
        del homes[None]
        if homes:
            return str(homes.most_common(1)[0][0])
        return self._decks.names.get(DEFAULT_DECK, "Default")

    def _home(self, deck_id: int, original_id: int) -> str | None:
        """Return the deck of a card, the home deck of one in a filtered deck; None if there is no such deck.

        deck_id, original_id: columns `did` and `odid` of the card.
        """
        return self._ordinary_decks.get(original_id) or self._ordinary_decks.get(deck_id)

    def _note(
        self, row: tuple[Any, ...], card_rows: Iterator[tuple[int, ...]], findings: Findings
    ) -> AnkiNote | None:
        """Return a note; None if it is left out. Errors: ValueError."""
        id_, guid, type_id, mod, tags, fields = row
        # The field separator and control characters are single bytes of UTF-8.
        text, is_utf8 = decode(blob(fields).translate(None, _CONTROL_CHARACTERS))
        values = tuple(text.split(_FIELD_SEPARATOR, MAX_PARTS))
        found = FindingsOfNote(findings, values[0], f"note {id_}")
        if not is_utf8:
            found.add("notes with a text that is not in UTF-8")
        if len(tags := blob(tags)) > _TAGS_LIMIT:
            raise ValueError("too many tags")
        guid_text, type_id = string(guid), integer(type_id)
        if self._newest.get(guid_text, id_) != id_:
            found.add("notes with the GUID of another one; Anki updates only the newest of them")
            return None
        if type_id not in self._types:
            found.add("notes of a note type that isn't there")
            return None
        return AnkiNote(
            id_,
            guid_text,
            type_id,
            integer(mod),
            tuple(decode(tags.translate(None, _CONTROL_CHARACTERS))[0].split()),
            fields_of_type(values, self._types[type_id], found),
            self._cards(self._ordinals[type_id], card_rows, found),
        )

    def _cards(
        self, ordinals: range, rows: Iterator[tuple[int, ...]], found: FindingCounter
    ) -> tuple[AnkiCard, ...]:
        """Return the cards of a note. Those of a deck that is not there get the deck of another card.

        ordinals: those that its note type can have. rows: by ordinal.
        """
        cards: list[AnkiCard] = []
        for _, ordinal, deck_id, original_id, state, due, original_due in rows:
            if ordinal not in ordinals:
                found.add("cards without a card template")
            elif cards and cards[-1].ordinal == ordinal:
                found.add("cards that are there twice")
            else:
                home = self._home(deck_id, original_id) or ""
                position = None if state else original_due if original_id else due
                cards.append(AnkiCard(ordinal, home, position))
        lost = [card for card in cards if not card.deck]
        for _ in lost:
            found.add("cards whose deck isn't there, put into another one")
        if lost:
            fallback = next((card.deck for card in cards if card.deck), self._most_used_deck)
            return tuple(AnkiCard(card.ordinal, card.deck or fallback, card.due) for card in cards)
        return tuple(cards)


class _CardRows:
    """Rows of cards, in the order of their notes' ids, given out note by note."""

    def __init__(self, rows: Iterator[tuple[Any, ...]], findings: Findings) -> None:
        self._rows = rows
        self._findings = findings
        self._row: tuple[int, ...] | None = next(rows, None)
        self._note_id: int | None = None

    def of_note(self, note_id: int) -> Iterator[tuple[int, ...]]:
        """Return the rows of a note's cards, by ordinal. note_id: greater than that of the last call."""
        while self._row is not None and self._row[0] < note_id:
            if self._row[0] != self._note_id:
                self._findings.add("cards without a note", f"note {self._row[0]}")
            self._row = next(self._rows, None)
        self._note_id = note_id
        return self._rows_of_note()

    def _rows_of_note(self) -> Iterator[tuple[int, ...]]:
        while self._row is not None and self._row[0] == self._note_id:
            yield self._row
            self._row = next(self._rows, None)
