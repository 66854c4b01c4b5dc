"""A learner whose clock the test sets, and what learners do to their cards."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cardwright.rehearsal.profile import ANKI_VERSION, new_profile
from tests.support.deck_model import NoteContent, words
from tests.support.real_anki import Learner

if TYPE_CHECKING:  # when it runs, anki.cards can only be imported by anki.collection
    from anki.cards import CardId
    from anki.decks import DeckId
    from anki.notes import Note, NoteId

# Before 25.02 a note updated by an import gets the time of the import, not that of the package.
# Source: https://github.com/ankitects/anki/commit/2a1448bc45
STAMPS_IMPORTS = tuple(int(part) for part in ANKI_VERSION.split(".")[:2]) < (25, 2)

# Later than any clock of a history, and earlier than any that this machine can have.
REAL_TIME = 1_500_000_000


@dataclass(frozen=True, slots=True)
class ImportLog:
    """What Anki reports of an import, by note id in the package."""

    new: frozenset[int]
    updated: frozenset[int]
    conflicting: int


class TimedLearner(Learner):
    """A learner with a clock of their own. now: in s since 1970. cards, notes: by Anki's ids."""

    now = 0

    def import_with_log(self, package: bytes) -> ImportLog:
        """Import a package with the options of a fresh profile."""
        log = self._import(package)
        self._set_clock()
        new, updated = (frozenset(note.id.nid for note in notes) for notes in (log.new, log.updated))
        return ImportLog(new, updated, len(log.conflicting))

    def _set_clock(self) -> None:
        """Replace this machine's time, with which Anki stamps what a learner does, by the learner's."""
        self.profile.database.execute("update notes set mod = ? where mod >= ?", self.now, REAL_TIME)

    def deck_notes(self) -> set[int]:
        """Return the ids of all notes that come from a package."""
        return set(self.collection.find_notes('"Key:_*"'))

    def note_content(self, note_id: int) -> NoteContent:
        """Return the content of a note; of the words that say when it was retired, the date alone.

        Their language is that of the deck when the package was built.
        """
        note = self._note(note_id)
        fields = {name: words(html) for name, html in note.items()}
        if date := re.search(r"\d{4}-\d\d-\d\d", fields.get("Retired", "")):
            fields["Retired"] = date[0]
        cards = frozenset(card.ord for card in note.cards())
        return NoteContent({name: text for name, text in fields.items() if text}, frozenset(note.tags), cards)

    def _note(self, note_id: int) -> "Note":
        return self.collection.get_note(note_id)  # type: ignore[arg-type] # a NewType of int

    def empty_card_ordinals(self) -> set[tuple[int, int]]:
        """Return what Tools > Empty Cards would delete: note ids with the ordinals of cards."""
        report = self.collection.get_empty_cards()
        schedules = self.schedules()
        return {(note.note_id, schedules[card][1]) for note in report.notes for card in note.card_ids}

    def language(self, note_id: int) -> str:
        """Return the language of the note's first front."""
        front = self._note(note_id).cards()[0].render_output().question_text
        match = re.search(r'lang="([^"]*)"', front)
        return "" if match is None else match[1]

    def study(self, cards: Iterable[int], eases: Sequence[int]) -> None:
        """Answer each card once with each of the answers, from 1 to 4."""
        for card_id in cards:
            for ease in eases:
                card = self.collection.get_card(card_id)  # type: ignore[arg-type] # a NewType of int
                card.start_timer()
                self.collection.sched.answerCard(card, ease)  # type: ignore[arg-type] # 1, 2, 3 or 4
        self.check_database()

    def check_database(self) -> None:
        """Use Tools > Check Database, and sync; see `study_all_cards`."""
        self.profile.check_database()
        self.profile.mark_as_synced()
        self._set_clock()

    def suspend(self, cards: Sequence[int]) -> None:
        self.collection.sched.suspend_cards(_cards(cards))

    def unsuspend(self, cards: Sequence[int]) -> None:
        self.collection.sched.unsuspend_cards(_cards(cards))

    def bury(self, cards: Sequence[int]) -> None:
        self.collection.sched.bury_cards(_cards(cards))

    def flag(self, cards: Sequence[int]) -> None:
        self.collection.set_user_flag_for_cards(3, _cards(cards))

    def forget(self, cards: Sequence[int]) -> None:
        self.collection.sched.schedule_cards_as_new(_cards(cards))

    def set_due(self, cards: Sequence[int]) -> None:
        self.collection.sched.set_due_date(_cards(cards), "3-9")

    def move_to_another_deck(self, cards: Sequence[int]) -> None:
        deck_id = self.collection.decks.id("My own")
        assert deck_id is not None
        self.collection.set_deck(_cards(cards), deck_id)

    def put_into_filtered_deck(self, cards: Sequence[int]) -> None:
        sched = self.collection.sched
        filtered = sched.get_or_create_filtered_deck(0)  # type: ignore[arg-type] # a NewType of int
        filtered.name = f"Cram {cards[0]}"
        filtered.allow_empty = True
        term = filtered.config.search_terms[0]
        term.search, term.limit = f"cid:{','.join(map(str, cards))}", 99
        del filtered.config.search_terms[1:]
        sched.add_or_update_filtered_deck(filtered)

    def rename_deck(self, name: str) -> None:
        """Rename the deck that most of the cards are in."""
        row = self.profile.database.first("select did from cards group by did order by count(*) desc, did")
        deck = self.collection.decks.get(row[0]) if row else None
        if deck is not None and not self.collection.decks.is_filtered(deck["id"]):
            self.collection.decks.rename(deck, name)

    def edit(self, note_id: int, text: str) -> None:
        """Append some text to a field of the note."""
        note = self._note(note_id)
        note["Extra" if "Extra" in note else "Told"] += f" {text}"
        self.collection.update_note(note)
        self._set_clock()

    def tag(self, note_id: int, tag: str) -> None:
        self.collection.tags.bulk_add(_notes([note_id]), tag)
        self._set_clock()

    def delete(self, note_id: int) -> None:
        self.collection.remove_notes(_notes([note_id]))

    def make_leech(self, card: int) -> None:
        """Forget a card until Anki tags its note."""
        deck_id: DeckId = self.collection.get_card(card).current_deck_id()  # type: ignore[arg-type] # a NewType
        options = self.collection.decks.config_dict_for_deck_id(deck_id)
        usual, options["lapse"]["leechFails"] = options["lapse"]["leechFails"], 1
        self.collection.decks.update_config(options)
        self.study([card], [4, 1])
        options["lapse"]["leechFails"] = usual
        self.collection.decks.update_config(options)

    def write_note(self, text: str) -> None:
        """Add a note of Anki's own type Basic to the deck."""
        model = self.collection.models.by_name("Basic")
        deck_id = self.collection.decks.id("Deck")
        assert model is not None
        assert deck_id is not None
        note = self.collection.new_note(model)
        note["Front"], note["Back"] = text, "mine"
        self.collection.add_note(note, deck_id)
        self._set_clock()


def _cards(ids: Sequence[int]) -> "list[CardId]":
    return list(ids)  # type: ignore[arg-type] # a NewType of int


def _notes(ids: Sequence[int]) -> "list[NoteId]":
    return list(ids)  # type: ignore[arg-type] # a NewType of int


@contextmanager
def new_timed_learner(folder: Path) -> Iterator[TimedLearner]:
    """A learner with a new profile, whose collection has just been synchronised."""
    with new_profile(folder) as profile:
        yield TimedLearner(profile, folder)
