"""Compares snapshots to find out what an import did to a learner."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from cardwright.collection.deck_name import is_same_deck
from cardwright.formats.anki.shown_html import comparable
from cardwright.identity import likeness
from cardwright.rehearsal.snapshot import (
    CardSnapshot,
    DisplayName,
    NoteSnapshot,
    NoteTypeSnapshot,
    Snapshot,
    card_name,
    emptied_card_name,
    note_name,
    plain_text,
)

# Anki imports files with these prefixes even if no field refers to them, and never overwrites them.
# Source: Anki, rslib/src/import_export/package/media.rs and rslib/src/media/files.rs.
_STATIC_FILE_PREFIXES = ("_", "latex-")

_NEARLY_THE_SAME = 0.85
"""The share of their words that makes two notes the same to a learner; our own judgement."""

SCHEDULE_PARTS = {
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
"""All attributes of `Schedule` in plain words."""


class LossKind(Enum):
    """The ways in which a learner can lose something, worst first."""

    MISSING_NOTE = "missing-note"
    MISSING_CARD = "missing-card"
    CHANGED_SCHEDULE = "changed-schedule"
    CHANGED_GUID = "changed-guid"
    CONFLICTING_NOTE = "conflicting-note"
    FORKED_NOTE_TYPE = "forked-note-type"
    OVERWRITTEN_EDIT = "overwritten-edit"
    OVERWRITTEN_LOOK = "overwritten-look"
    UNSEEN_CHANGE = "unseen-change"
    UNSEEN_LOOK = "unseen-look"
    UNSEEN_FILE = "unseen-file"
    FULL_SYNC = "full-sync"
    DATABASE_PROBLEM = "database-problem"


class _Status(Enum):
    """The ways in which a note or note type can end up without a loss."""

    UPDATED = auto()
    REWRITTEN = auto()
    UNTOUCHED = auto()
    RETIRED = auto()
    EDIT_KEPT = auto()
    EDIT_REPLACED = auto()
    HELD_BACK = auto()


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that a learner loses. parts: the parts of a schedule that changed."""

    kind: LossKind
    name: DisplayName
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RehearsalResult:
    """The report on someone who studies one release and imports the next.

    losses: in the order of `LossKind`, then by name. All other names are sorted too.
    note_count, card_count: how many the learner had before.
    kept_schedules: how many of these cards still have the same schedule.
    untouched_notes: how many notes Anki found in the package and did not change.
    rewritten: notes that were updated although their content is the same.
    moved_cards: they are in another deck of the new release; an import leaves them where they are.
    edits_replaced, looks_replaced: the learner had changed them, and the author changed them too.
    changes_held_back: the author changed these notes, and later the learner did; they stay as they are.
    full_sync: whether Anki asks for a full sync.
    problems: what Check Database found.
    anki: the version of Anki.
    """

    losses: tuple[Loss, ...]
    note_count: int
    card_count: int
    kept_schedules: int
    untouched_notes: int
    new: tuple[DisplayName, ...]
    updated: tuple[DisplayName, ...]
    rewritten: tuple[DisplayName, ...]
    conflicting: tuple[DisplayName, ...]
    retired: tuple[DisplayName, ...]
    new_cards: tuple[DisplayName, ...]
    empty_cards: tuple[DisplayName, ...]
    moved_cards: tuple[DisplayName, ...]
    edits_kept: tuple[DisplayName, ...]
    edits_replaced: tuple[DisplayName, ...]
    changes_held_back: tuple[DisplayName, ...]
    looks_kept: tuple[DisplayName, ...]
    looks_replaced: tuple[DisplayName, ...]
    full_sync: bool
    problems: tuple[str, ...]
    anki: str

    @property
    def added_cards(self) -> tuple[DisplayName, ...]:
        """The new cards of notes that are not new."""
        new_guids = {name.guid for name in self.new}
        return tuple(name for name in self.new_cards if name.guid not in new_guids)


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
) -> RehearsalResult:
    """Return what the import of a release did to someone who studied the release before.

    old, new: the two releases, each imported into an empty collection.
    before, after: the learner's collection before and after importing the new release.
    conflicting: the notes that Anki called conflicting: id in `new`, and first field.
    full_sync: whether Anki asks for a full sync.
    problems: what Check Database found.
    anki: the version of Anki.
    """
    notes = _note_statuses(old, new, before, after, conflicting)
    types = _type_statuses(old, new, before, after)

    def note_names(status: _Status | LossKind) -> tuple[DisplayName, ...]:
        return _sorted(note_name(note, before.types) for note in notes[status])

    unknown_conflicts = [
        DisplayName("", plain_text(text)) for note_id, text in conflicting.items() if note_id not in new.notes
    ]
    conflicting_names = _sorted([*note_names(LossKind.CONFLICTING_NOTE), *unknown_conflicts])
    schedule_losses = list(_schedule_losses(before, after))
    new_notes = [note for note_id, note in after.notes.items() if note_id not in before.notes]
    retired = [old.notes[note.id] for note in notes[_Status.RETIRED]]
    recreated = _recreated_notes(retired, new_notes, after.types)
    losses = [
        *(Loss(LossKind.CONFLICTING_NOTE, name) for name in conflicting_names),
        *(
            Loss(kind, name)
            for kind in LossKind
            if kind is not LossKind.CONFLICTING_NOTE
            for name in (*note_names(kind), *_type_names(types[kind]))
        ),
        *schedule_losses,
        *(Loss(LossKind.CHANGED_GUID, note_name(note, after.types)) for note in recreated),
        *(Loss(LossKind.FORKED_NOTE_TYPE, name) for name in _type_names(_forked_types(new, before, after))),
        *(Loss(LossKind.UNSEEN_FILE, DisplayName("", file)) for file in _unseen_files(old, new, after)),
        *([Loss(LossKind.FULL_SYNC, DisplayName("", "asked for by the next sync"))] if full_sync else []),
        *(Loss(LossKind.DATABASE_PROBLEM, DisplayName("", problem)) for problem in problems),
    ]
    severity_order = list(LossKind)
    return RehearsalResult(
        losses=tuple(sorted(losses, key=lambda loss: (severity_order.index(loss.kind), loss.name.sort_key))),
        note_count=len(before.notes),
        card_count=len(before.cards),
        kept_schedules=len(before.cards) - len(schedule_losses),
        untouched_notes=len(notes[_Status.UNTOUCHED]),
        new=_sorted(note_name(note, after.types) for note in new_notes),
        updated=note_names(_Status.UPDATED),
        rewritten=note_names(_Status.REWRITTEN),
        conflicting=conflicting_names,
        retired=note_names(_Status.RETIRED),
        new_cards=_sorted(
            card_name(card, after) for card_id, card in after.cards.items() if card_id not in before.cards
        ),
        empty_cards=_sorted(
            emptied_card_name(after.cards[card_id], before, after) for card_id in after.empty - before.empty
        ),
        moved_cards=_sorted(card_name(card, new) for card in _moved_cards(old, new)),
        edits_kept=note_names(_Status.EDIT_KEPT),
        edits_replaced=note_names(_Status.EDIT_REPLACED),
        changes_held_back=note_names(_Status.HELD_BACK),
        looks_kept=_type_names(types[_Status.EDIT_KEPT]),
        looks_replaced=_type_names(types[_Status.EDIT_REPLACED]),
        full_sync=full_sync,
        problems=problems,
        anki=anki,
    )


def _note_statuses(
    old: Snapshot, new: Snapshot, before: Snapshot, after: Snapshot, conflicting: Iterable[int]
) -> Mapping[_Status | LossKind, list[NoteSnapshot]]:
    new_by_guid = {note.guid: note for note in new.notes.values()}
    conflicting_guids = {new.notes[note_id].guid for note_id in conflicting if note_id in new.notes}
    by_status: dict[_Status | LossKind, list[NoteSnapshot]] = defaultdict(list)
    for note_id, note in before.notes.items():
        for status in _statuses_of_note(
            old.notes[note_id],
            new_by_guid.get(note.guid),
            note,
            after.notes.get(note_id),
            is_conflicting=note.guid in conflicting_guids,
        ):
            by_status[status].append(note)
    return by_status


def _statuses_of_note(
    old: NoteSnapshot,
    new: NoteSnapshot | None,
    before: NoteSnapshot,
    after: NoteSnapshot | None,
    *,
    is_conflicting: bool,
) -> Iterator[_Status | LossKind]:
    """Yield all statuses of one note. The arguments mean the same as those of `compare`."""
    if after is None:
        yield LossKind.MISSING_NOTE
        return
    is_updated = (after.content, after.mod) != (before.content, before.mod)
    learner_changed = before.content != old.content
    author_changed = new is not None and new.content != old.content
    if is_conflicting:
        yield LossKind.CONFLICTING_NOTE
    elif new is None:
        yield _Status.RETIRED
    elif is_updated:
        yield _Status.UPDATED
        if not author_changed:
            yield _Status.REWRITTEN
    else:
        yield _Status.UNTOUCHED
        if author_changed and learner_changed and new.mod > old.mod:
            # The learner's edit was newer still, and the author's next change will replace it.
            yield _Status.HELD_BACK
        elif author_changed and not _show_the_same(old, new):
            # A change that was never newer is lost for good. One that nobody can see is none: after a deck
            # has moved in, its fields may have other HTML.
            yield LossKind.UNSEEN_CHANGE
    if learner_changed:
        if after.content == before.content:
            yield _Status.EDIT_KEPT
        else:
            yield _Status.EDIT_REPLACED if author_changed else LossKind.OVERWRITTEN_EDIT


def _show_the_same(one: NoteSnapshot, other: NoteSnapshot) -> bool:
    """Return whether two versions of a note differ in nothing but HTML that shows the same."""
    return (one.type_id, one.tags, one.media) == (other.type_id, other.tags, other.media) and all(
        html == other_html or comparable(html, cloze=True) == comparable(other_html, cloze=True)
        for html, other_html in zip(one.fields, other.fields, strict=True)
    )


def _type_statuses(
    old: Snapshot, new: Snapshot, before: Snapshot, after: Snapshot
) -> Mapping[_Status | LossKind, list[NoteTypeSnapshot]]:
    by_status: dict[_Status | LossKind, list[NoteTypeSnapshot]] = defaultdict(list)
    for type_id, note_type in before.types.items():
        for status in _statuses_of_type(
            old.types[type_id], new.types.get(type_id), note_type, after.types[type_id]
        ):
            by_status[status].append(note_type)
    return by_status


def _statuses_of_type(
    old: NoteTypeSnapshot, new: NoteTypeSnapshot | None, before: NoteTypeSnapshot, after: NoteTypeSnapshot
) -> Iterator[_Status | LossKind]:
    author_changed = new is not None and new.look != old.look
    is_newer = new is not None and new.mod > old.mod
    if after.look != before.look:
        if before.look != old.look:
            yield _Status.EDIT_REPLACED if author_changed else LossKind.OVERWRITTEN_LOOK
        return
    if before.look != old.look:
        yield _Status.EDIT_KEPT
    if author_changed and not is_newer:
        yield LossKind.UNSEEN_LOOK


def _forked_types(new: Snapshot, before: Snapshot, after: Snapshot) -> list[NoteTypeSnapshot]:
    """Return the note types that Anki created because those of learner and package did not match."""
    known_ids = before.types.keys() | new.types.keys()
    return [note_type for type_id, note_type in after.types.items() if type_id not in known_ids]


def _recreated_notes(
    retired: Iterable[NoteSnapshot], new_notes: Sequence[NoteSnapshot], types: Mapping[int, NoteTypeSnapshot]
) -> list[NoteSnapshot]:
    """Return the new notes that have the key of a retired note, or its texts, or nearly so.

    Notes without a key, which other tools made, are compared by their first text.
    """

    def fields(note: NoteSnapshot) -> dict[str, str]:
        return dict(zip(types[note.type_id].fields, note.fields, strict=True))

    def identities(note: NoteSnapshot) -> set[object]:
        key_index = types[note.type_id].key_index
        if key_index is None:
            return {note.fields[0] or None}
        return {note.fields[key_index], (note.type_id, likeness.content_of(fields(note)))}

    old_notes = list(retired)
    old_identities = set().union(*map(identities, old_notes)) - {None}
    recreated: list[NoteSnapshot] = []
    others: list[NoteSnapshot] = []
    for note in new_notes:
        is_recreated = not old_identities.isdisjoint(identities(note))
        (recreated if is_recreated else others).append(note)
    old_notes, others = (
        [note for note in notes if types[note.type_id].key_index is not None] for notes in (old_notes, others)
    )
    if not old_notes or not others:
        return recreated
    old_words, new_words = (
        {note.id: likeness.words_of([fields(note)]) for note in notes} for notes in (old_notes, others)
    )
    weights = likeness.Weights.of(list(new_words.values()))

    def score(old: NoteSnapshot, new: NoteSnapshot) -> float:
        share = weights.share(old_words[old.id].all, new_words[new.id].all)
        return share if old.type_id == new.type_id and share >= _NEARLY_THE_SAME else 0

    pairs = likeness.candidates(list(old_words.values()), list(new_words.values()))
    return recreated + [new for _, new in likeness.match(old_notes, others, score, pairs)]


def _schedule_losses(before: Snapshot, after: Snapshot) -> Iterator[Loss]:
    """Yield a loss for each card that is missing or has another schedule."""
    for card_id, card in before.cards.items():
        card_after = after.cards.get(card_id)
        if card_after is None:
            yield Loss(LossKind.MISSING_CARD, card_name(card, before))
        elif card_after.schedule != card.schedule:
            parts = tuple(
                words
                for name, words in SCHEDULE_PARTS.items()
                if getattr(card_after.schedule, name) != getattr(card.schedule, name)
            )
            yield Loss(LossKind.CHANGED_SCHEDULE, card_name(card, before), parts)


def _moved_cards(old: Snapshot, new: Snapshot) -> Iterator[CardSnapshot]:
    """Yield the cards of the new release that were in another deck in the old one."""
    old_decks = {
        (old.notes[card.note_id].guid, card.ordinal): old.deck_of(card) for card in old.cards.values()
    }
    for card in new.cards.values():
        old_deck = old_decks.get((new.notes[card.note_id].guid, card.ordinal))
        if old_deck is not None and not is_same_deck(old_deck, new.deck_of(card)):
            yield card


def _unseen_files(old: Snapshot, new: Snapshot, after: Snapshot) -> Iterator[str]:
    """Yield the static files that the author changed and that Anki did not overwrite."""
    for file, digest in new.media.items():
        old_digest = old.media.get(file)
        if (
            file.startswith(_STATIC_FILE_PREFIXES)
            and old_digest not in (None, digest)
            and after.media.get(file) == old_digest
        ):
            yield file


def _type_names(types: Iterable[NoteTypeSnapshot]) -> tuple[DisplayName, ...]:
    return _sorted(DisplayName("", note_type.name) for note_type in types)


def _sorted(names: Iterable[DisplayName]) -> tuple[DisplayName, ...]:
    return tuple(sorted(names, key=lambda name: name.sort_key))
