"""A learner with real Anki: a profile that packages are imported into and cards studied in.

Only what a learner can do: the import dialog with the options of a fresh profile, the
answer buttons, Check Database, Tools > Empty Cards.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardwright.rehearsal.profile import FRESH_OPTIONS, Profile, new_profile

if TYPE_CHECKING:  # when it runs, anki.cards can only be imported by anki.collection
    from anki.cards import Card
    from anki.import_export_pb2 import ImportResponse

__all__ = ["AFTER_AN_IMPORT", "FRESH_OPTIONS", "CardSides", "Imported", "Learner", "new_learner"]

# Before 25.02 Anki stamps a note that an import updates with the real time of the import, and a
# release has to be later than that to update it again. In s since 1970.
AFTER_AN_IMPORT = 4_000_000_000


Progress = dict[tuple[str, int], tuple[object, ...]]
"""The schedules of cards, by key of the note and ordinal of the card."""


@dataclass(frozen=True, slots=True)
class Imported:
    """Anki's summary of an import: how many notes it added, updated, left alone and refused."""

    new: int
    updated: int
    duplicate: int
    conflicting: int


@dataclass(frozen=True, slots=True)
class CardSides:
    """A card as the reviewer shows it, HTML without the style sheet."""

    front: str
    back: str


class Learner:
    """Someone who studies with Anki."""

    def __init__(self, profile: Profile, folder: Path) -> None:
        self.collection = profile.collection
        self.profile = profile
        self._folder = folder

    def import_package(self, package: bytes) -> Imported:
        """Import a package with the options of a fresh profile."""
        log = self._import(package)
        return Imported(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))

    def _import(self, package: bytes) -> "ImportResponse.Log":
        path = self._folder / "deck.apkg"
        path.write_bytes(package)
        log = self.profile.import_package(path)
        others = (log.first_field_match, log.missing_notetype, log.missing_deck, log.empty_first_field)
        assert not any(len(notes) for notes in others)
        return log

    def study_all_cards(self) -> None:
        """Answer every card once with Good and once with Easy, so that each has its own history.

        Check Database at the end: Anki adds the time of the last review to cards that it
        left without while they were studied, when a second ended just then. If it does, it
        also asks for a full sync; neither is our doing.
        """
        for card_id in self.collection.find_cards(""):
            for ease in (3, 4):
                card = self.collection.get_card(card_id)
                card.start_timer()
                self.collection.sched.answerCard(card, ease)
        self.collection.fix_integrity()
        self.profile.mark_as_synced()

    def study_package(self, package: bytes) -> Progress:
        """Import a package, study all cards, and return the progress."""
        self.import_package(package)
        self.study_all_cards()
        return self.progress()

    def schedules(self) -> dict[int, tuple[Any, ...]]:
        """Return note id, ordinal and everything that scheduling knows, by card id."""
        rows = self.profile.database.all(
            "select c.id, c.nid, c.ord, c.did, c.type, c.queue, c.due, c.ivl, c.factor, c.reps, c.lapses,"
            " c.left, c.odue, c.odid, c.flags, c.data,"
            " (select count(*) from revlog r where r.cid = c.id) from cards c"
        )
        return {row[0]: tuple(row[1:]) for row in rows}

    def progress(self) -> Progress:
        """Return the schedule of each card."""
        schedules = self.schedules().items()
        return {(self.key(row[0]), row[1]): (card_id, *row[2:]) for card_id, row in schedules}

    def assert_kept(self, progress: Progress) -> None:
        """Assert that every card is still there with its schedule, and that no full sync is needed."""
        now = self.progress()
        assert {card: now.get(card) for card in progress} == progress
        assert not self.needs_full_sync()
        assert self.problems() == ""

    def assert_unchanged(self, progress: Progress) -> None:
        """Assert that every card has been kept, and that no card is new."""
        self.assert_kept(progress)
        assert self.cards() == set(progress)

    def key(self, note_id: int) -> str:
        """Return the key of a note, which its field Key contains."""
        return self.collection.get_note(note_id)["Key"]  # type: ignore[arg-type] # a NewType of int

    def guid(self, note_id: int) -> str:
        return self.collection.get_note(note_id).guid  # type: ignore[arg-type] # a NewType of int

    def keys(self) -> set[str]:
        return {self.key(note_id) for note_id in self.collection.find_notes("")}

    def cards(self) -> set[tuple[str, int]]:
        return set(self.progress())

    def card(self, key: str, ordinal: int = 0) -> "Card":
        card_ids = self.collection.find_cards(f'"Key:{key}" card:{ordinal + 1}')
        return self.collection.get_card(card_ids[0])

    def sides(self, key: str, ordinal: int = 0) -> CardSides:
        output = self.card(key, ordinal).render_output()
        return CardSides(output.question_text, output.answer_text)

    def new_cards(self) -> list[tuple[str, int]]:
        """Return keys and ordinals of the new cards in the order in which they would be studied."""
        card_ids = self.collection.find_cards("is:new", order="c.due, c.ord")
        cards = (self.collection.get_card(card_id) for card_id in card_ids)
        return [(self.key(card.nid), card.ord) for card in cards]

    def empty_cards(self) -> list[tuple[str, int]]:
        """Return what Tools > Empty Cards would delete."""
        report = self.collection.get_empty_cards()
        return [
            (self.key(note.note_id), self.collection.get_card(card_id).ord)
            for note in report.notes
            for card_id in note.card_ids
        ]

    def needs_full_sync(self) -> bool:
        return self.profile.needs_full_sync()

    def problems(self) -> str:
        """Return what Check Database finds; empty for nothing."""
        return "\n".join(self.profile.check_database())


@contextmanager
def new_learner(folder: Path) -> Iterator[Learner]:
    """A learner with a new profile, whose collection has just been synchronised."""
    with new_profile(folder) as profile:
        yield Learner(profile, folder)
