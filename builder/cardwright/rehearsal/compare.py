"""What an import did to a learner, told from snapshots alone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from enum import Enum, auto

from cardwright.rehearsal.names import card_name, emptied_name, name, plain
from cardwright.rehearsal.outcome import Kind, Loss, Named, Rehearsal
from cardwright.rehearsal.snapshot import NoteSnapshot, NoteTypeSnapshot, Schedule, Snapshot

# Files that Anki imports whether or not a field names them, and never writes over.
# Source: Anki, rslib/src/import_export/package/media.rs and rslib/src/media/files.rs.
_STATIC = ("_", "latex-")

PARTS = {
    "log": "review log",
    "deck": "deck",
    "type": "phase of learning",
    "queue": "suspended or buried",
    "due": "due date",
    "interval": "interval",
    "ease": "ease",
    "reps": "number of reviews",
    "lapses": "lapses",
    "steps": "learning steps left",
    "original_due": "due date outside of the filtered deck",
    "original_deck": "deck outside of the filtered deck",
    "flag": "flag",
    "memory": "FSRS state",
}
"""The attributes of `Schedule`, in plain words."""


class _Fate(Enum):
    """What can become of a note or of a note type without a loss."""

    UPDATED = auto()
    REWRITTEN = auto()
    UNTOUCHED = auto()
    RETIRED = auto()
    EDIT_KEPT = auto()
    EDIT_REPLACED = auto()
    HELD_BACK = auto()


def compare(
    old: Snapshot,
    new: Snapshot,
    before: Snapshot,
    after: Snapshot,
    *,
    conflicting: Mapping[int, str],
    full_sync: bool,
    problems: tuple[str, ...],
    anki: str,
) -> Rehearsal:
    """What the import of a second release did to someone who studied the first.

    old, new: the releases, each as it arrives at someone who has nothing yet.
    before, after: the learner's collection around the import of `new`.
    conflicting: the notes that Anki called so: id in `new`, and first field.
    full_sync: whether Anki asks for one now. problems: what Check Database found.
    anki: the version that did it.
    """
    notes = _fates_of_notes(old, new, before, after, conflicting)
    types = _fates_of_types(old, new, before, after)

    def told(fate: _Fate | Kind) -> tuple[Named, ...]:
        return _sorted(name(note, before.types) for note in notes[fate])

    strangers = [Named("", plain(text)) for one, text in conflicting.items() if one not in new.notes]
    refused = _sorted([*told(Kind.CONFLICTING_NOTE), *strangers])
    schedules = list(_schedules(before, after))
    arrived = [note for one, note in after.notes.items() if one not in before.notes]
    reborn = _reborn(notes[_Fate.RETIRED], arrived, after.types)
    losses = [
        *(Loss(Kind.CONFLICTING_NOTE, one) for one in refused),
        *(
            Loss(kind, one)
            for kind in Kind
            if kind is not Kind.CONFLICTING_NOTE
            for one in (*told(kind), *_types_named(types[kind]))
        ),
        *schedules,
        *(Loss(Kind.CHANGED_GUID, name(note, after.types)) for note in reborn),
        *(Loss(Kind.FORKED_NOTE_TYPE, one) for one in _types_named(_forks(new, before, after))),
        *(Loss(Kind.UNSEEN_FILE, Named("", one)) for one in _unseen_files(old, new, after)),
        *([Loss(Kind.FULL_SYNC, Named("", "asked for by the next sync"))] if full_sync else []),
        *(Loss(Kind.DATABASE_PROBLEM, Named("", problem)) for problem in problems),
    ]
    worst_first = list(Kind)
    return Rehearsal(
        losses=tuple(sorted(losses, key=lambda one: (worst_first.index(one.kind), one.name.order))),
        notes=len(before.notes),
        cards=len(before.cards),
        kept=len(before.cards) - len(schedules),
        untouched=len(notes[_Fate.UNTOUCHED]),
        new=_sorted(name(note, after.types) for note in arrived),
        updated=told(_Fate.UPDATED),
        rewritten=told(_Fate.REWRITTEN),
        conflicting=refused,
        retired=told(_Fate.RETIRED),
        new_cards=_sorted(
            card_name(card, after) for one, card in after.cards.items() if one not in before.cards
        ),
        empty_cards=_sorted(
            emptied_name(after.cards[one], before, after) for one in after.empty - before.empty
        ),
        edits_kept=told(_Fate.EDIT_KEPT),
        edits_replaced=told(_Fate.EDIT_REPLACED),
        changes_held_back=told(_Fate.HELD_BACK),
        looks_kept=_types_named(types[_Fate.EDIT_KEPT]),
        looks_replaced=_types_named(types[_Fate.EDIT_REPLACED]),
        full_sync=full_sync,
        problems=problems,
        anki=anki,
    )


def _fates_of_notes(
    old: Snapshot, new: Snapshot, before: Snapshot, after: Snapshot, conflicting: Iterable[int]
) -> Mapping[_Fate | Kind, list[NoteSnapshot]]:
    incoming = {note.guid: note for note in new.notes.values()}
    refused = {new.notes[one].guid for one in conflicting if one in new.notes}
    fates: dict[_Fate | Kind, list[NoteSnapshot]] = defaultdict(list)
    for one, note in before.notes.items():
        is_refused = note.guid in refused
        for fate in _of_note(old.notes[one], incoming.get(note.guid), note, after.notes.get(one), is_refused):
            fates[fate].append(note)
    return fates


def _of_note(
    old: NoteSnapshot,
    new: NoteSnapshot | None,
    before: NoteSnapshot,
    after: NoteSnapshot | None,
    refused: bool,
) -> Iterator[_Fate | Kind]:
    """All that is to be said of one note; the arguments are as those of `compare`."""
    if after is None:
        yield Kind.MISSING_NOTE
        return
    updated = (after.content, after.mod) != (before.content, before.mod)
    edited = before.content != old.content
    authored = new is not None and new.content != old.content
    if refused:
        yield Kind.CONFLICTING_NOTE
    elif new is None:
        yield _Fate.RETIRED
    elif updated:
        yield _Fate.UPDATED
        if not authored:
            yield _Fate.REWRITTEN
    else:
        yield _Fate.UNTOUCHED
        if authored:
            # Its author's next change will be newer than this edit; one that never was newer, is lost.
            yield _Fate.HELD_BACK if edited and new.mod > old.mod else Kind.UNSEEN_CHANGE
    if edited:
        if after.content == before.content:
            yield _Fate.EDIT_KEPT
        else:
            yield _Fate.EDIT_REPLACED if authored else Kind.OVERWRITTEN_EDIT


def _fates_of_types(
    old: Snapshot, new: Snapshot, before: Snapshot, after: Snapshot
) -> Mapping[_Fate | Kind, list[NoteTypeSnapshot]]:
    fates: dict[_Fate | Kind, list[NoteTypeSnapshot]] = defaultdict(list)
    for one, state in before.types.items():
        for fate in _of_type(old.types[one], new.types.get(one), state, after.types[one]):
            fates[fate].append(state)
    return fates


def _of_type(
    old: NoteTypeSnapshot, new: NoteTypeSnapshot | None, before: NoteTypeSnapshot, after: NoteTypeSnapshot
) -> Iterator[_Fate | Kind]:
    authored = new is not None and new.look != old.look
    newer = new is not None and new.mod > old.mod
    if after.look != before.look:
        if before.look != old.look:
            yield _Fate.EDIT_REPLACED if authored else Kind.OVERWRITTEN_LOOK
        return
    if before.look != old.look:
        yield _Fate.EDIT_KEPT
    if authored and not newer:
        yield Kind.UNSEEN_LOOK


def _forks(new: Snapshot, before: Snapshot, after: Snapshot) -> list[NoteTypeSnapshot]:
    """Note types that neither learner nor package had: Anki made them, since the two did not match."""
    known = before.types.keys() | new.types.keys()
    return [state for one, state in after.types.items() if one not in known]


def _reborn(
    retired: Iterable[NoteSnapshot], arrived: Iterable[NoteSnapshot], types: Mapping[int, NoteTypeSnapshot]
) -> list[NoteSnapshot]:
    """Notes that are new to Anki, though by key, or else by their whole first field, they are not."""

    def identity(note: NoteSnapshot) -> str:
        return name(note, types).key or note.fields[0]

    gone = {identity(note) for note in retired} - {""}
    return [note for note in arrived if identity(note) in gone]


def _schedules(before: Snapshot, after: Snapshot) -> Iterator[Loss]:
    """The cards that are gone, or not scheduled as they were."""
    for one, card in before.cards.items():
        still = after.cards.get(one)
        if still is None:
            yield Loss(Kind.MISSING_CARD, card_name(card, before))
        elif still.schedule != card.schedule:
            names = [each.name for each in fields(Schedule)]
            changed = (
                each for each in names if getattr(still.schedule, each) != getattr(card.schedule, each)
            )
            parts = tuple(PARTS[each] for each in changed)
            yield Loss(Kind.CHANGED_SCHEDULE, card_name(card, before), parts)


def _unseen_files(old: Snapshot, new: Snapshot, after: Snapshot) -> Iterator[str]:
    for file, digest in new.media.items():
        known = old.media.get(file)
        if file.startswith(_STATIC) and known not in (None, digest) and after.media.get(file) == known:
            yield file


def _types_named(types: Iterable[NoteTypeSnapshot]) -> tuple[Named, ...]:
    return _sorted(Named("", state.name) for state in types)


def _sorted(names: Iterable[Named]) -> tuple[Named, ...]:
    return tuple(sorted(names, key=lambda one: one.order))
