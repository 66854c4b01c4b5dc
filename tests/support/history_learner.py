"""What learners do between two imports, as actions that may follow each other in any order."""

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from tests.support.deck_model import Identity, NoteContent
from tests.support.history_actions import random
from tests.support.timed_learner import TimedLearner, new_timed_learner

picks = st.integers(0, 11)
several_picks = st.lists(picks, min_size=1, max_size=4)


@dataclass(slots=True)
class LearnerNote:
    """A note in the learner's collection.

    id: Anki's.
    moves: `ReleasedNote.moves` of the release that the note was last taken from.
    edited_at: the learner's clock when they last edited it; None if it is as released.
    edited_content: its content after that edit.
    imported_at: the learner's clock when an import last updated it.
    """

    id: int
    moves: int
    edited_at: int | None = None
    edited_content: NoteContent | None = None
    imported_at: int = -1


class LearnerActions(RuleBasedStateMachine):
    """A learner with the notes of the deck. An action that finds nothing to act on does nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self._word_count = 0
        self.learner_notes: dict[Identity, LearnerNote] = {}
        self._stack = ExitStack()
        folder = self._stack.enter_context(tempfile.TemporaryDirectory())
        self.learner: TimedLearner = self._stack.enter_context(new_timed_learner(Path(folder)))

    def teardown(self) -> None:
        self._stack.close()

    @random(cards=several_picks, eases=st.lists(st.integers(1, 4), min_size=1, max_size=3))
    def study(self, cards: list[int], eases: list[int]) -> None:
        self.learner.study(self._cards(cards), eases)

    @random(
        cards=several_picks,
        action=st.sampled_from(
            [
                *("suspend", "unsuspend", "bury", "flag", "forget", "set_due"),
                *("move_to_another_deck", "put_into_filtered_deck"),
            ]
        ),
    )
    def handle_cards_in_browser(self, cards: list[int], action: str) -> None:
        if card_ids := self._cards(cards):
            getattr(self.learner, action)(card_ids)

    @random(note=picks, action=st.sampled_from(["edit", "tag"]))
    def edit_note(self, note: int, action: str) -> None:
        if self.learner_notes:
            learner_note = self._note(note)
            getattr(self.learner, action)(learner_note.id, self._word())
            self._remember_edit(learner_note)

    @random(card=picks)
    def make_leech(self, card: int) -> None:
        """Fail a card until Anki tags its note as a leech; a note that has the tag is left as it is."""
        if card_ids := self._cards([card]):
            note_id = self.learner.schedules()[card_ids[0]][0]
            before = self.learner.note_content(note_id)
            self.learner.make_leech(card_ids[0])
            if self.learner.note_content(note_id) != before:
                self._remember_edit(next(note for note in self.learner_notes.values() if note.id == note_id))

    @random(note=picks)
    def delete_note(self, note: int) -> None:
        if self.learner_notes:
            deleted = self._note(note)
            self.learner.delete(deleted.id)
            self.learner_notes = {
                identity: kept for identity, kept in self.learner_notes.items() if kept is not deleted
            }

    @random(name=st.sampled_from(["My deck", "Deck", "Course::Deck"]))
    def rename_learners_deck(self, name: str) -> None:
        self.learner.rename_deck(name)

    @random()
    def write_own_note(self) -> None:
        self.learner.write_note(self._word())

    @random()
    def check_database(self) -> None:
        self.learner.check_database()

    def _word(self) -> str:
        self._word_count += 1
        return f"mine-{self._word_count}"

    def _remember_edit(self, note: LearnerNote) -> None:
        note.edited_at, note.edited_content = self.now, self.learner.note_content(note.id)

    def _note(self, pick: int) -> LearnerNote:
        return list(self.learner_notes.values())[pick % len(self.learner_notes)]

    def _cards(self, chosen: list[int]) -> list[int]:
        """Return ids of cards of the deck that the learner has, each once."""
        note_ids = {note.id for note in self.learner_notes.values()}
        cards = [card for card, row in self.learner.schedules().items() if row[0] in note_ids]
        return list({cards[pick % len(cards)]: None for pick in chosen}) if cards else []
