"""What a learner does with a deck between two releases: everything, and the same every time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal, cast

from cardwright.rehearsal.profile import Profile
from cardwright.rehearsal.snapshot import NoteSnapshot, Snapshot
from cardwright.shell.progress import ProgressCallback

if TYPE_CHECKING:  # when it runs, these can only be imported by anki.collection
    from anki.cards import CardId
    from anki.models import NotetypeId
    from anki.notes import NoteId

AGAIN: Final = 1
HARD: Final = 2
GOOD: Final = 3
EASY: Final = 4
# Learning, graduated at once, and lapsed: every state that a card can be in after a day.
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

# Of the notes that the author changes, and of those that stay, the first is left alone, the next
# edited early, the next late, and so on up to this many.
EDITED_AMONG = 9


def study(learner: Profile, old: Snapshot, new: Snapshot, tell: ProgressCallback) -> None:
    """Study every card, arrange the deck to one's taste, edit some of it, and sync.

    old: what was imported. new: the release to come, as a new learner would have it; it
        tells which notes are worth editing.
    """
    card_ids = cast("list[CardId]", list(old.cards))
    _review(learner, card_ids, tell)
    _arrange(learner, card_ids)
    _edit(learner, old, new)
    _restyle(learner, old)
    # Anki adds the time of the last review to cards that it left without; that is none of the deck's doing.
    learner.problems()
    learner.syncs()


def _review(learner: Profile, card_ids: "Sequence[CardId]", tell: ProgressCallback) -> None:
    """Half of the cards under each of Anki's two schedulers, so that both ease and FSRS state are there."""
    collection = learner.collection
    done = 0
    for first, fsrs in enumerate((False, True)):
        collection.set_config("fsrs", fsrs)
        for place in range(first, len(card_ids), 2):
            for grade in GRADES[place % len(GRADES)]:
                card = collection.get_card(card_ids[place])
                card.start_timer()
                collection.sched.answerCard(card, grade)
            done += 1
            tell(done, len(card_ids))


def _arrange(learner: Profile, card_ids: "Sequence[CardId]") -> None:
    """Flag, suspend, bury and move some cards."""
    collection = learner.collection
    own_deck = collection.decks.id(OWN_DECK)
    assert own_deck is not None
    # The last fifth stays as it is.
    flagged, suspended, moved, buried, _ = (card_ids[place::5] for place in range(5))
    collection.set_user_flag_for_cards(3, flagged)
    collection.sched.suspend_cards(suspended)
    collection.set_deck(moved, own_deck)
    collection.sched.bury_cards(buried)


def _edit(learner: Profile, old: Snapshot, new: Snapshot) -> None:
    """Edit the text and the tags of a few notes, some before the author's next change and some after."""
    coming = {note.guid: note for note in new.notes.values()}
    late = max((note.mod for one in (old, new) for note in one.notes.values()), default=0) + 1
    changed: list[NoteSnapshot] = []
    staying: list[NoteSnapshot] = []
    retired: list[NoteSnapshot] = []
    for note in old.notes.values():
        next_one = coming.get(note.guid)
        if next_one is None:
            retired.append(note)
        else:
            (staying if next_one.content == note.content else changed).append(note)
    for group in (changed, staying, retired):
        few = group[:EDITED_AMONG]
        for note in few[1::3]:
            _remark(learner, note, note.mod + 1, old)
        for note in few[2::3]:
            _remark(learner, note, late, old)


def _remark(learner: Profile, state: NoteSnapshot, mod: int, old: Snapshot) -> None:
    """Write into a note. mod: when, in s since 1970, on the packages' clock rather than on ours."""
    note = learner.collection.get_note(cast("NoteId", state.id))
    note.fields[_place(state, old)] += OWN_TEXT
    note.tags.append(OWN_TAG)
    learner.collection.update_note(note)
    learner.database.execute("update notes set mod = ? where id = ?", mod, state.id)


def _place(note: NoteSnapshot, old: Snapshot) -> int:
    """Which field to write into: the first behind the question that says something, else the question."""
    key = old.types[note.type_id].key_place
    return next((n for n, text in enumerate(note.fields) if n not in (0, key) and text.strip()), 0)


def _restyle(learner: Profile, old: Snapshot) -> None:
    """Add to the style sheet of each note type, before the author's next change."""
    models = learner.collection.models
    for state in old.types.values():
        model = models.get(cast("NotetypeId", state.id))
        assert model is not None
        model["css"] += OWN_STYLE
        models.update_dict(model)
        learner.database.execute("update notetypes set mtime_secs = ? where id = ?", state.mod + 1, state.id)
