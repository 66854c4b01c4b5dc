"""What learners do between two imports, each an act that may follow any other."""

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from tests.support.acts import random
from tests.support.author import Identity, Said
from tests.support.student import Student, student

picks = st.integers(0, 11)
several = st.lists(picks, min_size=1, max_size=4)


@dataclass(slots=True)
class Held:
    """A note at the learner.

    id: Anki's. moves: as in the release that it was last taken from.
    own: the learner's clock when they last touched it, None if it is the author's.
    says: what it said when they had touched it.
    stamped: the learner's clock when an import last updated it.
    """

    id: int
    moves: int
    own: int | None = None
    says: Said | None = None
    stamped: int = -1


class Learning(RuleBasedStateMachine):
    """A learner, and the notes of the deck that they have."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self._said = 0
        self.held: dict[Identity, Held] = {}
        self._stack = ExitStack()
        folder = self._stack.enter_context(tempfile.TemporaryDirectory())
        self.learner: Student = self._stack.enter_context(student(Path(folder)))

    def teardown(self) -> None:
        self._stack.close()

    @random(cards=several, eases=st.lists(st.integers(1, 4), min_size=1, max_size=3))
    def studies(self, cards: list[int], eases: list[int]) -> None:
        self.learner.studies(self._cards(cards), eases)

    @random(
        cards=several,
        what=st.sampled_from(
            ["suspends", "unsuspends", "buries", "flags", "forgets", "sets_due", "moves", "crams"]
        ),
    )
    def handles(self, cards: list[int], what: str) -> None:
        """Do something to cards in the browser."""
        if chosen := self._cards(cards):
            getattr(self.learner, what)(chosen)

    @random(note=picks, what=st.sampled_from(["edits", "tags"]))
    def makes_it_their_own(self, note: int, what: str) -> None:
        if self.held:
            held = self._held(note)
            getattr(self.learner, what)(held.id, self._word())
            self._own(held)

    @random(card=picks)
    def fails_a_card(self, card: int) -> None:
        """Until it is a leech, which is a tag on its note; one that has the tag is left as it is."""
        if chosen := self._cards([card]):
            note = self.learner.rows()[chosen[0]][0]
            before = self.learner.says(note)
            self.learner.makes_leech(chosen[0])
            if self.learner.says(note) != before:
                self._own(next(held for held in self.held.values() if held.id == note))

    @random(note=picks)
    def deletes_note(self, note: int) -> None:
        if self.held:
            held = self._held(note)
            self.learner.deletes(held.id)
            self.held = {one: other for one, other in self.held.items() if other is not held}

    @random(name=st.sampled_from(["My deck", "Deck", "Course::Deck"]))
    def calls_deck(self, name: str) -> None:
        self.learner.renames_deck(name)

    @random()
    def writes_a_note(self) -> None:
        self.learner.writes_a_note(self._word())

    @random()
    def checks_database(self) -> None:
        self.learner.checks_database()

    def _word(self) -> str:
        self._said += 1
        return f"mine-{self._said}"

    def _own(self, held: Held) -> None:
        held.own, held.says = self.now, self.learner.says(held.id)

    def _held(self, pick: int) -> Held:
        return list(self.held.values())[pick % len(self.held)]

    def _cards(self, chosen: list[int]) -> list[int]:
        """Cards of the deck that the learner has, each once."""
        notes = {held.id for held in self.held.values()}
        cards = [card for card, row in self.learner.rows().items() if row[0] in notes]
        return list({cards[pick % len(cards)]: None for pick in chosen}) if cards else []
