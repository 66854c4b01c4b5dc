"""A learner whose clock is the history's own, and what learners do to their cards."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardwright.rehearsal.profile import ANKI_VERSION, Profile, new_profile
from tests.support.author import Said, words

if TYPE_CHECKING:  # when it runs, anki.cards can only be imported by anki.collection
    from anki.cards import CardId
    from anki.decks import DeckId
    from anki.notes import Note, NoteId

# Before 25.02 a note updated by an import gets the time of the import, not that of the package.
# Source: https://github.com/ankitects/anki/commit/2a1448bc45
STAMPS_IMPORTS = tuple(int(part) for part in ANKI_VERSION.split(".")[:2]) < (25, 2)

# Any clock that a history tells is earlier, and any that this machine can have is later.
REAL_TIME = 1_500_000_000


@dataclass(frozen=True, slots=True)
class Log:
    """What Anki says of an import, by note id in the package."""

    new: frozenset[int]
    updated: frozenset[int]
    conflicting: int


class Student:
    """A learner in a history. now: their clock, in s since 1970."""

    def __init__(self, one: Profile, folder: Path) -> None:
        self.now = 0
        self.profile = one
        self.collection = one.collection
        self._folder = folder

    def takes(self, package: bytes) -> Log:
        """Import a package with the options of a fresh profile."""
        path = self._folder / "deck.apkg"
        path.write_bytes(package)
        log = self.profile.import_package(path)
        others = (log.first_field_match, log.missing_notetype, log.missing_deck, log.empty_first_field)
        assert not any(len(other) for other in others)
        self._tell_time()
        new = frozenset(one.id.nid for one in log.new)
        return Log(new, frozenset(one.id.nid for one in log.updated), len(log.conflicting))

    def _tell_time(self) -> None:
        """Anki stamps what a learner does with this machine's time; put the history's in its place."""
        self.profile.database.execute("update notes set mod = ? where mod >= ?", self.now, REAL_TIME)

    def rows(self) -> dict[int, tuple[Any, ...]]:
        """All that scheduling knows, by card id."""
        rows = self.profile.database.all(
            "select c.id, c.nid, c.ord, c.did, c.type, c.queue, c.due, c.ivl, c.factor, c.reps, c.lapses,"
            " c.left, c.odue, c.odid, c.flags, c.data,"
            " (select count(*) from revlog r where r.cid = c.id) from cards c"
        )
        return {row[0]: tuple(row[1:]) for row in rows}

    def notes(self) -> set[int]:
        """Ids of all notes made by the deck."""
        return set(self.collection.find_notes('"Key:_*"'))

    def key(self, note_id: int) -> str:
        return self._note(note_id)["Key"]

    def says(self, note_id: int) -> Said:
        """What a note says now."""
        note = self._note(note_id)
        told = {name: words(written) for name, written in note.items()}
        cards = frozenset(card.ord for card in note.cards())
        return Said({name: text for name, text in told.items() if text}, frozenset(note.tags), cards)

    def _note(self, note_id: int) -> "Note":
        return self.collection.get_note(note_id)  # type: ignore[arg-type] # a NewType of int

    def empty_cards(self) -> set[tuple[int, int]]:
        """What Tools > Empty Cards would delete: ids of notes, and ordinals of their cards."""
        report = self.collection.get_empty_cards()
        rows = self.rows()
        return {(note.note_id, rows[card][1]) for note in report.notes for card in note.card_ids}

    def language(self, note_id: int) -> str:
        """That of the note's first front."""
        front = self._note(note_id).cards()[0].render_output().question_text
        found = re.search(r'lang="([^"]*)"', front)
        return "" if found is None else found[1]

    # What learners do. cards, notes: ids.

    def studies(self, cards: Iterable[int], eases: Sequence[int]) -> None:
        """Answer each card once with each of the answers."""
        for card_id in cards:
            for ease in eases:
                card = self.collection.get_card(card_id)  # type: ignore[arg-type] # a NewType of int
                card.start_timer()
                self.collection.sched.answerCard(card, ease)  # type: ignore[arg-type] # 1, 2, 3 or 4
        self.checks_database()

    def checks_database(self) -> None:
        """Tools > Check Database, and a sync behind it; see `studies_everything`."""
        self.profile.check_database()
        self.profile.mark_as_synced()
        self._tell_time()

    def suspends(self, cards: Sequence[int]) -> None:
        self.collection.sched.suspend_cards(_cards(cards))

    def unsuspends(self, cards: Sequence[int]) -> None:
        self.collection.sched.unsuspend_cards(_cards(cards))

    def buries(self, cards: Sequence[int]) -> None:
        self.collection.sched.bury_cards(_cards(cards))

    def flags(self, cards: Sequence[int]) -> None:
        self.collection.set_user_flag_for_cards(3, _cards(cards))

    def forgets(self, cards: Sequence[int]) -> None:
        self.collection.sched.schedule_cards_as_new(_cards(cards))

    def sets_due(self, cards: Sequence[int]) -> None:
        self.collection.sched.set_due_date(_cards(cards), "3-9")

    def moves(self, cards: Sequence[int]) -> None:
        """To a deck of their own."""
        deck_id = self.collection.decks.id("My own")
        assert deck_id is not None
        self.collection.set_deck(_cards(cards), deck_id)

    def crams(self, cards: Sequence[int]) -> None:
        """Put cards into a filtered deck."""
        sched = self.collection.sched
        filtered = sched.get_or_create_filtered_deck(0)  # type: ignore[arg-type] # a NewType of int
        filtered.name = f"Cram {cards[0]}"
        filtered.allow_empty = True
        term = filtered.config.search_terms[0]
        term.search, term.limit = f"cid:{','.join(map(str, cards))}", 99
        del filtered.config.search_terms[1:]
        sched.add_or_update_filtered_deck(filtered)

    def renames_deck(self, name: str) -> None:
        """Whatever deck most of the cards are in."""
        row = self.profile.database.first("select did from cards group by did order by count(*) desc, did")
        deck = self.collection.decks.get(row[0]) if row else None
        if deck is not None and not self.collection.decks.is_filtered(deck["id"]):
            self.collection.decks.rename(deck, name)

    def edits(self, note: int, text: str) -> None:
        """Write something into the note."""
        own = self._note(note)
        own["Extra" if "Extra" in own else "Told"] += f" {text}"
        self.collection.update_note(own)
        self._tell_time()

    def tags(self, note: int, tag: str) -> None:
        self.collection.tags.bulk_add(_notes([note]), tag)
        self._tell_time()

    def deletes(self, note: int) -> None:
        self.collection.remove_notes(_notes([note]))

    def makes_leech(self, card: int) -> None:
        """Forget a card until Anki tags its note."""
        deck_id: DeckId = self.collection.get_card(card).current_deck_id()  # type: ignore[arg-type] # a NewType
        options = self.collection.decks.config_dict_for_deck_id(deck_id)
        usual, options["lapse"]["leechFails"] = options["lapse"]["leechFails"], 1
        self.collection.decks.update_config(options)
        self.studies([card], [4, 1])
        options["lapse"]["leechFails"] = usual
        self.collection.decks.update_config(options)

    def writes_a_note(self, text: str) -> None:
        """A note of their own, of Anki's own type, in the deck."""
        model = self.collection.models.by_name("Basic")
        deck_id = self.collection.decks.id("Deck")
        assert model is not None
        assert deck_id is not None
        own = self.collection.new_note(model)
        own["Front"], own["Back"] = text, "mine"
        self.collection.add_note(own, deck_id)
        self._tell_time()


def _cards(ids: Sequence[int]) -> "list[CardId]":
    return list(ids)  # type: ignore[arg-type] # a NewType of int


def _notes(ids: Sequence[int]) -> "list[NoteId]":
    return list(ids)  # type: ignore[arg-type] # a NewType of int


@contextmanager
def student(folder: Path) -> Iterator[Student]:
    """A learner with a new profile, whose collection has just been synchronised."""
    with new_profile(folder) as one:
        yield Student(one, folder)
