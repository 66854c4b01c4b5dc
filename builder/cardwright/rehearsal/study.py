"""Plays a learner between two releases, who does a bit of everything, and always the same."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal, cast

from cardwright.formats.outputs import ProgressCallback
from cardwright.rehearsal.profile import Profile
from cardwright.rehearsal.snapshot import NoteSnapshot, Snapshot

if TYPE_CHECKING:  # at run time, these can only be imported after anki.collection
    from anki.cards import CardId
    from anki.models import NotetypeId
    from anki.notes import NoteId

AGAIN: Final = 1
HARD: Final = 2
GOOD: Final = 3
EASY: Final = 4
# These lead to every state that a card can be in after a day: learning, graduated at once, and lapsed.
GRADES: tuple[tuple[Literal[1, 2, 3, 4], ...], ...] = (
    (GOOD, GOOD),
    (EASY, AGAIN),
    (AGAIN, GOOD),
    (EASY,),
    (HARD, GOOD),
)

OWN_DECK = "My own deck"
OWN_TAG = "my-own-tag"
OWN_TEXT = " (my own remark)"
OWN_STYLE = "\n/* my own style */\n.card { letter-spacing: 0.01em; }\n"

# Of this many notes that the author changes, the learner leaves a third alone, edits a third before that
# change, and a third after it. The same goes for notes that stay the same, and for retired ones.
EDITED_AMONG = 9


def study(learner: Profile, old: Snapshot, new: Snapshot, progress: ProgressCallback) -> None:
    """Study every card, rearrange some, edit a few notes and the styling, and sync.

    old: the release that was imported.
    new: the next release, imported into an empty collection; it shows which notes are worth editing.
    """
    card_ids = cast("list[CardId]", list(old.cards))
    _review_cards(learner, card_ids, progress)
    _rearrange_cards(learner, card_ids)
    _edit_notes(learner, old, new)
    _edit_styling(learner, old)
    # Check Database adds the time of the last review where a card lacks it. That must not count as a
    # change that the next import makes.
    learner.check_database()
    learner.mark_as_synced()


def _review_cards(learner: Profile, card_ids: "Sequence[CardId]", progress: ProgressCallback) -> None:
    """Review half of the cards with each of Anki's schedulers, so that both ease and FSRS states exist."""
    collection = learner.collection
    done = 0
    for first, fsrs in enumerate((False, True)):
        collection.set_config("fsrs", fsrs)
        for index in range(first, len(card_ids), 2):
            for grade in GRADES[index % len(GRADES)]:
                card = collection.get_card(card_ids[index])
                card.start_timer()
                collection.sched.answerCard(card, grade)
            done += 1
            progress(done, len(card_ids))


def _rearrange_cards(learner: Profile, card_ids: "Sequence[CardId]") -> None:
    """Flag, suspend, move and bury a fifth of the cards each; the last fifth stays as it is."""
    collection = learner.collection
    own_deck = collection.decks.id(OWN_DECK)
    assert own_deck is not None
    flagged, suspended, moved, buried, _ = (card_ids[start::5] for start in range(5))
    collection.set_user_flag_for_cards(3, flagged)
    collection.sched.suspend_cards(suspended)
    collection.set_deck(moved, own_deck)
    collection.sched.bury_cards(buried)


def _edit_notes(learner: Profile, old: Snapshot, new: Snapshot) -> None:
    """Edit the text and the tags of a few notes, some before the author's next change and some after it."""
    new_by_guid = {note.guid: note for note in new.notes.values()}
    late = max((note.mod for release in (old, new) for note in release.notes.values()), default=0) + 1
    changed: list[NoteSnapshot] = []
    unchanged: list[NoteSnapshot] = []
    retired: list[NoteSnapshot] = []
    for note in old.notes.values():
        new_note = new_by_guid.get(note.guid)
        if new_note is None:
            retired.append(note)
        else:
            (unchanged if new_note.content == note.content else changed).append(note)
    for group in (changed, unchanged, retired):
        notes = group[:EDITED_AMONG]
        for note in notes[1::3]:
            _edit_note(learner, note, note.mod + 1, old)
        for note in notes[2::3]:
            _edit_note(learner, note, late, old)


def _edit_note(learner: Profile, snapshot: NoteSnapshot, mod: int, old: Snapshot) -> None:
    """Add a remark and a tag to a note. mod: in seconds since 1970, on the clock of the packages."""
    note = learner.collection.get_note(cast("NoteId", snapshot.id))
    note.fields[_field_to_edit(snapshot, old)] += OWN_TEXT
    note.tags.append(OWN_TAG)
    learner.collection.update_note(note)
    learner.database.execute("update notes set mod = ? where id = ?", mod, snapshot.id)


def _field_to_edit(note: NoteSnapshot, old: Snapshot) -> int:
    """Return the index of the first field with text after the question, or else of the question."""
    key_index = old.types[note.type_id].key_index
    return next(
        (index for index, text in enumerate(note.fields) if index not in (0, key_index) and text.strip()), 0
    )


def _edit_styling(learner: Profile, old: Snapshot) -> None:
    """Add to the style sheet of each note type, before the author's next change."""
    models = learner.collection.models
    for note_type in old.types.values():
        model = models.get(cast("NotetypeId", note_type.id))
        assert model is not None
        model["css"] += OWN_STYLE
        models.update_dict(model)
        mod = note_type.mod + 1
        learner.database.execute("update notetypes set mtime_secs = ? where id = ?", mod, note_type.id)
