"""Write the section of one release in `CHANGES.md`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cardwright.collection.notetype import NoteType
from cardwright.formats.anki.note_changes import (
    NoteChange,
    compare_note,
    compare_note_type,
    count_card_changes,
    summarize,
)
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.released import ReleasedNote, ReleasedPackage
from cardwright.formats.anki.render import RenderedDeck, RenderedNote
from cardwright.formats.word_diff import escape_markdown
from cardwright.identity.lock import Lock, NoteEntry
from cardwright.identity.superseded import is_superseded, released_key

_LISTED = 50
"""Notes, or groups of notes, below one heading; the others are only counted."""
_COMPARED = 2000
"""Changed notes that are compared word by word."""
_ALIKE = 3
"""Notes that have changed alike are shown together from this many on."""
_NAMED = 8
"""Of notes that are shown together, those that are named."""

_COPIES = (
    "",
    "These came as new notes although the deck had them before; the older ones are back, with what you",
    "had learned. If you have both, delete the copies.",
)

_Types = Mapping[NoteType, AnkiNoteType]
_Pair = tuple[ReleasedNote, RenderedNote]
_Cards = tuple[tuple[int, ...], RenderedNote]
"""The ordinals of an earlier note, and the note as it is now."""


def compare_releases(
    name: str, rendered: RenderedDeck, lock: Lock, package: ReleasedPackage, retired: ReleasedPackage
) -> str:
    """Return what this build changes for those who have an earlier package; empty if nothing.

    name: of the release, in Markdown. retired: the notes that were retired when the package was built.
    """
    types = _types_by_name(rendered)
    if package.types.keys().isdisjoint(note_type.id for note_type in rendered.types):
        return ""  # it is of another deck, or there is none
    new: list[RenderedNote] = []
    back: list[RenderedNote] = []
    same: list[_Cards] = []
    differing: list[_Pair] = []
    released = package.notes
    entries = lock.notes
    contents = ((entries[note.state.key].guid, note.fields, note.tags) for note in rendered.notes)
    for note, ordinals in zip(rendered.notes, released.ordinals_of_same(contents), strict=True):
        if ordinals is not None:
            same.append((ordinals, note))
            continue
        guid = entries[note.state.key].guid
        old = released.get(guid)
        if old is not None and len(old.values) == len(note.values):
            differing.append((old, note))
        else:
            (back if guid in retired.notes else new).append(note)
    gone = [entry for entry in _retired_entries(lock) if entry.guid in package.notes]
    compared = (
        compare_note(old, note, types[note.state.type], lock.deck_id) for old, note in differing[:_COMPARED]
    )
    changes = [change for change in compared if change is not None]
    looks = list(_list_looks(same, differing, package, rendered))
    renaming = _renaming(package.deck_name, lock.deck_name)
    if not (new or back or gone or changes or looks or renaming):
        return ""
    uncompared = max(len(differing) - _COMPARED, 0)
    counts = {
        "new": len(new),
        "changed": len(changes) + uncompared,
        "back": len(back),
        "taken out": len(gone),
        "as before": len(same) + len(differing) - len(changes) - uncompared,
    }
    copies = [entry for entry in gone if is_superseded(entry.key)]
    gone = [entry for entry in gone if not is_superseded(entry.key)]
    lines = [_count_line(name, counts), *renaming]
    lines += _part("New", list_notes(new, rendered))
    lines += _part("Changed", _list_changes(changes, uncompared))
    lines += _part("Back in the deck", list_notes(back, rendered))
    lines += _part("Taken out of the deck", _list_retired(gone, package.notes, types))
    if copies:
        lines += _part("Copies taken out of the deck", _list_retired(copies, package.notes, types))
        lines += _COPIES
    lines += _part("Look", looks)
    return "\n".join(lines)


def list_last_changes(name: str, rendered: RenderedDeck, lock: Lock, retired: ReleasedPackage) -> str:
    """Return what the lock alone says of the last release: which notes have changed, but not how.

    name, retired: as for `compare_releases`.
    """
    time = max((entry.mod for entry in lock.notes.values()), default=0)
    moved = [note for note in rendered.notes if lock.notes[note.state.key].mod == time]
    new = [note for note in moved if lock.notes[note.state.key].since == time]
    changed = [note for note in moved if lock.notes[note.state.key].since != time]
    gone = [entry for entry in _retired_entries(lock) if entry.mod == time]
    counts = {
        "new": len(new),
        "changed": len(changed),
        "taken out": len(gone),
        "as before": len(rendered.notes) - len(moved),
    }
    lines = [_count_line(name, counts)]
    if changed:
        lines += ["", "What the changed notes said before is no longer known."]
    lines += _part("New", list_notes(new, rendered))
    lines += _part("Changed", list_notes(changed, rendered))
    lines += _part("Taken out of the deck", _list_retired(gone, retired.notes, _types_by_name(rendered)))
    return "\n".join(lines)


def list_notes(notes: Sequence[RenderedNote], rendered: RenderedDeck) -> Iterator[str]:
    """Yield a line of Markdown for each note, with what it asks; many are only counted."""
    types = _types_by_name(rendered)
    for note in notes[:_LISTED]:
        yield _item(note.state.key, summarize(note.values, types[note.state.type])[:1])
    yield from _remaining(len(notes) - _LISTED)


def _list_retired(
    entries: Sequence[NoteEntry], released: Mapping[str, ReleasedNote], types: _Types
) -> Iterator[str]:
    """Yield a line for each retired note, with its text."""
    for entry in entries[:_LISTED]:
        note = released.get(entry.guid)
        yield _item(released_key(entry.key), summarize(note.values, types[entry.type])[:2] if note else ())
    yield from _remaining(len(entries) - _LISTED)


def _list_changes(changes: Iterable[NoteChange], uncompared: int) -> Iterator[str]:
    """Yield the changed notes; those that have changed alike together. uncompared: others, to be counted."""
    by_signature: dict[object, list[NoteChange]] = {}
    for change in changes:
        by_signature.setdefault(change.signature, []).append(change)
    groups: list[list[NoteChange]] = []
    for alike in by_signature.values():
        groups += [alike] if len(alike) >= _ALIKE else [[change] for change in alike]
    for first, *others in groups[:_LISTED]:
        if others:
            yield _alike_line([first, *others])
        else:
            yield _item(first.key, first.summary)
        yield from (f"  - {line}" for line in first.lines)
    yield from _remaining(sum(map(len, groups[_LISTED:])) + uncompared)


def _alike_line(changes: Sequence[NoteChange]) -> str:
    names = ", ".join(f"`{change.key}`" for change in changes[:_NAMED])
    more = f" and {len(changes) - _NAMED} more" if len(changes) > _NAMED else ""
    return f"- {len(changes)} notes alike: {names}{more}. In `{changes[0].key}`:"


def _list_looks(
    same: Sequence[_Cards], differing: Sequence[_Pair], package: ReleasedPackage, rendered: RenderedDeck
) -> Iterator[str]:
    """Yield what changes of templates and styles, and which cards come and go with it.

    same, differing: the notes that learners have, by whether their content is as before.
    """
    is_look_changed = False
    for note_type in rendered.types:
        if note_type.id not in package.types:
            continue
        pairs = [pair for pair in same if pair[1].state.type == note_type.type]
        others = (note for _, note in differing if note.state.type == note_type.type)
        used = {ordinal for note in (*(note for _, note in pairs), *others) for ordinal in note.ordinals}
        change = compare_note_type(package.types[note_type.id], note_type, used)
        card_lines = list(count_card_changes(pairs, note_type))
        if change or card_lines:
            is_look_changed = True
            yield f"- Changed in notes of the type `{note_type.type}`: {change or 'cards'}"
            yield from (f"  - {line}" for line in card_lines)
    if is_look_changed:
        yield ""
        yield "The import brings this to all your cards. If you changed templates or styles yourself, yours"
        yield "are replaced."


def _types_by_name(rendered: RenderedDeck) -> _Types:
    return {note_type.type: note_type for note_type in rendered.types}


def _retired_entries(lock: Lock) -> list[NoteEntry]:
    return [lock.notes[key] for key in sorted(lock.notes) if lock.notes[key].retired]


def _count_line(name: str, counts: Mapping[str, int]) -> str:
    numbers = ", ".join(f"{count} {words}" for words, count in counts.items() if count)
    return f"Release {name}. Notes: {numbers}."


def _renaming(old_name: str, new_name: str) -> list[str]:
    """Return what there is to say if the deck has got another name."""
    if old_name == new_name:
        return []
    old, new = map(escape_markdown, (old_name, new_name))
    cards = f"The cards you have stay there; new ones arrive in *{new}*. To have all of them in one deck,"
    return ["", f"The deck was called *{old}*.", cards, "rename yours in Anki before you import."]


def _part(title: str, lines: Iterable[str]) -> list[str]:
    items = list(lines)
    return ["", f"### {title}", "", *items] if items else []


def _item(key: str, texts: Iterable[str]) -> str:
    text = " — ".join(map(escape_markdown, texts))
    return f"- `{key}`: {text}" if text else f"- `{key}`"


def _remaining(count: int) -> Iterator[str]:
    if count > 0:
        yield f"- and {count} more"
