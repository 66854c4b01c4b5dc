"""Histories of a deck: someone edits and releases it, someone else studies and imports it.

Every rule may follow every other, and every import is held to the laws (`History.imports`).
"""

from typing import Self

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.support.acts import Act, acts_of
from tests.support.author import Identity, Said
from tests.support.history_learner import Held, Learning
from tests.support.history_releases import START, Given, Release, Releasing
from tests.support.student import STAMPS_IMPORTS

YEAR = 31_536_000

# Which release is taken, counted back from the newest, if one is.
backs = st.sampled_from([None, None, 0, 0, 0, 0, 0, 1, 2, 5])
# How far the author's clock is ahead of the learner's, in s, if there is a release.
drifts = st.sampled_from([None, None, 0, 0, 0, 1, -1, -3600, 3600, -YEAR, YEAR])


class History(Releasing, Learning):
    """One author's deck, and one learner."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.imported = -1
        self.passes(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.teardown()

    def teardown(self) -> None:
        try:
            if self.releases:
                self.imports()
                self._assert_only_what_is_gone_is_empty()
        finally:
            super().teardown()

    @rule(
        edits=st.lists(acts_of(Releasing), max_size=6),
        drift=drifts,
        acts=st.lists(acts_of(Learning), max_size=4),
        back=backs,
        marked=st.booleans(),
        seconds=st.sampled_from([0, 1, 60, 86_400, YEAR]),
    )
    def season(
        self,
        edits: list[Act],
        drift: int | None,
        acts: list[Act],
        back: int | None,
        marked: bool,
        seconds: int,
    ) -> None:
        """The author edits and may give out a release, the learner studies and may take one.

        All in one rule, because of several Hypothesis leaves some out of most histories.
        """
        for edit in edits:
            edit.call_on(self)
        if drift is not None:
            self.releases_deck(drift)
        for act in acts:
            act.call_on(self)
        if back is not None and self.releases:
            self.imports(back)
            if marked:
                self.imports_retired(back)
        self.passes(seconds)

    def passes(self, seconds: int) -> None:
        self.now += seconds
        self.learner.now = self.now

    def imports(self, back: int = 0) -> None:
        """Take a release, the newest or `back` before it."""
        number = max(0, len(self.releases) - 1 - back)
        self._takes(number, self.releases[number])

    def imports_retired(self, back: int = 0) -> None:
        """Take what marks the notes that have left the deck, if there is something."""
        number = max(0, len(self.releases) - 1 - back)
        if retired := self.releases[number].retired:
            self._takes(number, retired)

    def _takes(self, number: int, release: Release) -> None:
        """Import a package, and hold what Anki does to the laws.

        No card is changed or lost. Nothing conflicts, no full sync is asked for, Check
        Database finds nothing. Every note is the one it was, whatever it is called by now.
        What the author edited is there, unless the learner's own newer edit stands in its
        place. And what the author did not edit, the import does not touch.
        """
        student, notes = self.learner, release.notes
        student.checks_database()  # what is wrong before the import is not its doing
        rows = student.rows()
        others = [held.id for one, held in self.held.items() if one not in notes]
        before = [student.says(one) for one in others]

        log = student.takes(release.package)

        after = student.rows()
        assert {card: after.get(card) for card in rows} == rows
        assert log.conflicting == 0
        assert not student.profile.needs_full_sync()
        assert student.profile.check_database() == ()
        assert [student.says(one) for one in others] == before
        # In Anki's log new notes have the id of the package, updated ones that of the collection.
        called = {given.id: one for one, given in notes.items()}
        called |= {held.id: one for one, held in self.held.items()}
        new, updated = ({called[id_] for id_ in ids} for ids in (log.new, log.updated))
        assert new == notes.keys() - self.held.keys()
        self._receive(release, new)
        assert not {notes[one].key for one in updated if self._may_not_move(one, notes[one])}
        for one in new | updated:
            held = self.held[one]
            held.moves, held.own, held.says = notes[one].moves, None, None
            held.stamped = self.now if one in updated else -1
        if number >= self.imported:
            self.imported = number
            self._assert_all_edits_arrived(release)

    def _receive(self, release: Release, new: set[Identity]) -> None:
        """Find the notes that have come; no other one has."""
        known = {held.id for held in self.held.values()}
        came = {self.learner.key(note): note for note in self.learner.notes() - known}
        assert came.keys() == {release.notes[one].key for one in new}
        for one in new:
            self.held[one] = Held(came[release.notes[one].key], release.notes[one].moves)

    def _may_not_move(self, identity: Identity, given: Given) -> bool:
        """Whether nothing gives Anki a reason to update the note."""
        held = self.held[identity]
        if held.moves < given.moves:
            return False
        last_stamp = held.own
        if STAMPS_IMPORTS and held.stamped >= 0:
            last_stamp = max(held.stamped, -1 if held.own is None else held.own)
        # An author whose clock is ahead counts as newer than what the learner does today.
        return last_stamp is None or last_stamp >= given.mod

    def _assert_all_edits_arrived(self, release: Release) -> None:
        for identity, given in release.notes.items():
            held = self.held[identity]
            found = self.learner.says(held.id)
            assert given.said.cards <= found.cards, given.key
            assert self.learner.language(held.id) == release.language
            if held.own is not None and held.own >= given.changed:
                assert _content(found) == _content(held.says), given.key
            elif STAMPS_IMPORTS and held.stamped >= given.changed:
                continue
            elif given.changed > self.forgotten.get(identity, -1):
                assert _content(found) == _content(given.said), given.key

    def _assert_only_what_is_gone_is_empty(self) -> None:
        """Tools > Empty Cards names the cards that the author has taken from a note, and no other."""
        empty = self.learner.empty_cards()
        for identity, given in self.releases[-1].notes.items():
            held = self.held[identity]
            found = self.learner.says(held.id)
            if _content(found) == _content(given.said):
                listed = {ordinal for note, ordinal in empty if note == held.id}
                assert listed == found.cards - given.said.cards, given.key


def _content(said: Said | None) -> object:
    return None if said is None else (said.fields, said.tags)
