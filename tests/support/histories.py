"""Random histories of a deck: an author edits and releases it, a learner studies and imports it.

Any action may follow any other, and every import has to obey the laws (see `History._import`).
"""

from collections.abc import Iterable, Iterator
from typing import Self

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.support.deck_model import SPARE_ORDINAL, Identity
from tests.support.history_actions import Action, actions_of
from tests.support.history_learner import LearnerActions, LearnerNote
from tests.support.history_releases import START, Release, ReleaseActions, ReleasedNote
from tests.support.timed_learner import STAMPS_IMPORTS

YEAR = 31_536_000

# Which release the learner imports, counted back from the newest, if any.
releases_back = st.sampled_from([None, None, 0, 0, 0, 0, 0, 1, 2, 5])
# How far the author's clock is ahead of the learner's, in s, if there is a release.
drifts = st.sampled_from([None, None, 0, 0, 0, 1, -1, -3600, 3600, -YEAR, YEAR])


class History(ReleaseActions, LearnerActions):
    """One author's deck, and one learner."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.last_imported = -1
        self.wait(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.teardown()

    def teardown(self) -> None:
        try:
            if self.releases:
                self.import_release()
                self._assert_only_removed_cards_are_empty()
        finally:
            super().teardown()

    @rule(
        edits=st.lists(actions_of(ReleaseActions), max_size=6),
        drift=drifts,
        actions=st.lists(actions_of(LearnerActions), max_size=4),
        back=releases_back,
        with_retired=st.booleans(),
        seconds=st.sampled_from([0, 1, 60, 86_400, YEAR]),
    )
    def season(
        self,
        edits: list[Action],
        drift: int | None,
        actions: list[Action],
        back: int | None,
        with_retired: bool,
        seconds: int,
    ) -> None:
        """The author edits and may publish a release, the learner studies and may import one.

        All in one rule, because of several rules Hypothesis leaves some out of most histories.
        """
        for edit in edits:
            edit.run_on(self)
        if drift is not None:
            self.publish(drift)
        for action in actions:
            action.run_on(self)
        if back is not None and self.releases:
            self.import_release(back)
            if with_retired:
                self.import_retired(back)
        self.wait(seconds)

    def wait(self, seconds: int) -> None:
        self.now += seconds
        self.learner.now = self.now

    def import_release(self, back: int = 0) -> None:
        """Import the newest release or `back` releases before it."""
        number = max(0, len(self.releases) - 1 - back)
        self._import(number, self.releases[number])

    def import_retired(self, back: int = 0) -> None:
        """Import the package that marks retired notes, if the release has one."""
        number = max(0, len(self.releases) - 1 - back)
        if retired := self.releases[number].retired:
            self._import(number, retired)

    def _import(self, number: int, release: Release) -> None:
        """Import a package, and assert the laws.

        - No card is changed or lost.
        - Nothing conflicts, no full sync is needed, Check Database finds nothing.
        - Every note is still the same note, whatever its key is now.
        - The author's edits arrive, except where the learner's own edit is newer.
        - What the author didn't edit, the import doesn't touch.
        - New cards are in the deck or sub-deck that the release names.
        """
        learner, notes = self.learner, release.notes
        learner.check_database()  # repairs what was wrong before the import
        schedules = learner.schedules()
        other_ids = [note.id for identity, note in self.learner_notes.items() if identity not in notes]
        other_contents = [learner.note_content(note_id) for note_id in other_ids]

        log = learner.import_with_log(release.package)

        schedules_after = learner.schedules()
        assert {card: schedules_after.get(card) for card in schedules} == schedules
        assert log.conflicting == 0
        assert not learner.needs_full_sync()
        assert learner.problems() == ""
        for note_id, before in zip(other_ids, other_contents, strict=True):
            content = learner.note_content(note_id)
            assert content.text == before.text
            # Anki makes cards of templates that are new, also of notes that left the deck.
            assert content.cards - before.cards <= {SPARE_ORDINAL}
            assert content.cards >= before.cards
        # In Anki's log new notes have the id of the package, updated ones that of the collection.
        identities = {released.id: identity for identity, released in notes.items()}
        identities |= {note.id: identity for identity, note in self.learner_notes.items()}
        new, updated = ({identities[id_] for id_ in ids} for ids in (log.new, log.updated))
        assert new == notes.keys() - self.learner_notes.keys()
        self._add_new_notes(release, new)
        self._assert_new_cards_are_in_their_deck(release, schedules_after.keys() - schedules.keys())
        assert not {notes[identity].key for identity in updated if self._must_stay(identity, notes[identity])}
        for identity in new | updated:
            note = self.learner_notes[identity]
            note.moves, note.edited_at, note.edited_content = notes[identity].moves, None, None
            note.imported_at = self.now if identity in updated else -1
        if number >= self.last_imported:
            self.last_imported = number
            self._assert_all_edits_arrived(release)

    def _add_new_notes(self, release: Release, new: set[Identity]) -> None:
        """Find the new notes in the collection, and assert that there are no others."""
        old_ids = {note.id for note in self.learner_notes.values()}
        ids = {self.learner.guid(note_id): note_id for note_id in self.learner.deck_notes() - old_ids}
        assert ids.keys() == {release.notes[identity].guid for identity in new}
        for identity in new:
            released = release.notes[identity]
            self.learner_notes[identity] = LearnerNote(ids[released.guid], released.moves)

    def _assert_new_cards_are_in_their_deck(self, release: Release, cards: Iterable[int]) -> None:
        """They are where the release says; those that Anki makes of a new template are beside the others."""
        decks = {note.id: release.notes[identity].deck for identity, note in self._learners_notes_of(release)}
        new_cards = set(cards)
        collection = self.learner.collection
        for card_id in new_cards:
            card = collection.get_card(card_id)  # type: ignore[arg-type] # a NewType of int
            siblings = [collection.get_card(id_) for id_ in card.note().card_ids() if id_ not in new_cards]
            is_of_spare = card.ord == SPARE_ORDINAL and "Told" in card.note()
            if is_of_spare and card.did in {sibling.did for sibling in siblings}:
                continue
            if card.nid in decks:  # and not a note that left the deck
                assert collection.decks.name(card.did) == decks[card.nid]

    def _learners_notes_of(self, release: Release) -> Iterator[tuple[Identity, LearnerNote]]:
        return (pair for pair in self.learner_notes.items() if pair[0] in release.notes)

    def _must_stay(self, identity: Identity, released: ReleasedNote) -> bool:
        """Return whether Anki has no reason to update the note."""
        note = self.learner_notes[identity]
        if note.moves < released.moves:
            return False
        stamp = note.edited_at
        if STAMPS_IMPORTS and note.imported_at >= 0:
            stamp = max(note.imported_at, -1 if stamp is None else stamp)
        # An author whose clock is ahead counts as newer than what the learner does today.
        return stamp is None or stamp >= released.mod

    def _assert_all_edits_arrived(self, release: Release) -> None:
        for identity, released in release.notes.items():
            note = self.learner_notes[identity]
            content = self.learner.note_content(note.id)
            assert released.content.cards <= content.cards, released.key
            assert self.learner.language(note.id) == release.language
            if note.edited_at is not None and note.edited_at >= released.changed_at:
                assert note.edited_content is not None
                assert content.text == note.edited_content.text, released.key
            elif STAMPS_IMPORTS and note.imported_at >= released.changed_at:
                continue
            elif released.changed_at > self.lost_mods.get(identity, -1):
                assert content.text == released.content.text, released.key

    def _assert_only_removed_cards_are_empty(self) -> None:
        """Tools > Empty Cards lists the cards that the author has removed from a note, and no others."""
        empty = self.learner.empty_card_ordinals()
        for identity, released in self.releases[-1].notes.items():
            note = self.learner_notes[identity]
            content = self.learner.note_content(note.id)
            if content.text == released.content.text:
                ordinals = {ordinal for note_id, ordinal in empty if note_id == note.id}
                assert ordinals == content.cards - released.content.cards, released.key
