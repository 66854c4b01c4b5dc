"""Two lines for one thing, as a merge of two branches leaves them, made one.

Which of them learners have is not known: either branch may have been released, or neither.
So the greater `mod` counts; and where both are equal and the contents are not, the content
counts as unknown, and whatever the sources now say moves `mod` above both.

Neither the order of the lines nor how many there are makes a difference.
"""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from cardwright.collection.notetype import NoteType
from cardwright.identity.lock import NoteEntry, NoteTypeEntry

UNKNOWN = ""
"""A digest that no content has."""


def merge_note_entries(one: NoteEntry, other: NoteEntry) -> NoteEntry | None:
    """The note of two lines with one key; None when they tell of two notes."""
    if (one.guid, one.type) != (other.guid, other.type):
        return None
    newer, older = (one, other) if one.mod >= other.mod else (other, one)
    healed = replace(newer, id=min(one.id, other.id), since=min(one.since, other.since))
    cards = _together(one.cards, other.cards)
    if older.mod < newer.mod:
        # Numbers of labels stand nowhere but here; that a branch is newer is no reason to forget them.
        return replace(healed, cards=cards) if one.type == NoteType.DIAGRAM else healed
    same = (one.digest, one.retired) == (other.digest, other.retired)
    return replace(
        healed,
        digest=one.digest if same else UNKNOWN,
        retired=one.retired if same else "",
        due=min(one.due, other.due),
        cards=cards,
    )


def merge_note_type_entries(one: NoteTypeEntry, other: NoteTypeEntry) -> NoteTypeEntry | None:
    """The note type of two lines; None when they differ in what must never change."""
    if (one.type, one.id, one.schema) != (other.type, other.id, other.schema):
        return None
    if one.mod == other.mod and one.digest != other.digest:
        return replace(one, digest=UNKNOWN)
    return max(one, other, key=lambda entry: entry.mod)


def dedupe_guids(
    notes: Mapping[str, NoteEntry], present: AbstractSet[str]
) -> tuple[Mapping[str, NoteEntry], list[str]]:
    """The notes with one key for each guid.

    A card whose id was rewritten on one branch, and edited on the other, has a line under
    either key. It goes by the one that is in the sources.

    present: the keys in the sources.

    Returns the notes, and keys in the sources that share a guid with one before them.
    """
    if len({entry.guid for entry in notes.values()}) == len(notes):
        return notes, []
    by_guid: dict[str, list[NoteEntry]] = defaultdict(list)
    for key in sorted(notes):
        by_guid[notes[key].guid].append(notes[key])
    healed: dict[str, NoteEntry] = {}
    clashing: list[str] = []
    for entries in by_guid.values():
        first, *more = sorted(entries, key=lambda entry: (entry.key not in present, -entry.mod))
        for entry in more:
            joined = merge_note_entries(first, replace(entry, key=first.key, digest=UNKNOWN))
            if entry.key in present or joined is None:
                clashing.append(entry.key)
            else:
                first = joined
        healed[first.key] = first
    return healed, clashing


def _together(one: Mapping[int, str], other: Mapping[int, str]) -> dict[int, str]:
    return {**one, **{number: min(digest, one.get(number, digest)) for number, digest in other.items()}}
