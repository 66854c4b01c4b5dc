"""Divide notes among decks and files, as a person would who writes the deck by hand."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from cardwright.collection.deck_name import SEPARATOR, is_same_deck
from cardwright.importing.media_names import safe_file_name
from cardwright.source.ids import id_words

FILE_LIMIT = 300
"""The most notes of a file, unless they are all that a sub-deck has; our own judgement."""
_LEAST_RUN = 15
"""The fewest notes that a file may have because of their tags; our own judgement."""

_NAME_LIMIT = 60
"""The most characters of the name of a file or folder, without its extension."""


class NoteSummary(NamedTuple):
    """What decides where a note goes.

    number: of the note, each its own; smaller numbers come first among notes without positions.
    deck: full name of the deck that its first card is in; empty if it has no card.
    position: of its first card among the new ones; None if it isn't known.
    type: Anki's id of its note type.
    """

    number: int
    deck: str
    tags: tuple[str, ...]
    position: int | None
    type: int = 0


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file with some of the notes of a deck.

    name: with extension; each of a deck differs from the others in more than upper and lower case.
    topic: what the file is about; empty if there is nothing to say.
    subdeck: as in `DeckName`, of all its notes; None if they are in several, so that each has its own.
    tags: those that all of its notes have, sorted.
    notes: in study order.
    """

    name: str
    topic: str
    subdeck: str | None
    tags: tuple[str, ...]
    notes: Sequence[NoteSummary]


@dataclass(frozen=True, slots=True)
class PlannedDeck:
    """A deck folder. name: in Anki. folder: its name, which is a possible id of a deck as well."""

    name: str
    folder: str
    files: tuple[PlannedFile, ...] = field(default=())

    @property
    def notes(self) -> list[NoteSummary]:
        """All notes of the deck, in the order of its files."""
        return [note for file in self.files for note in file.notes]

    def subdeck_of(self, note: NoteSummary) -> str:
        """Return the sub-deck of a note, as in `DeckName`."""
        return note.deck[len(self.name) + len(SEPARATOR) :]


def plan_decks(
    notes: Iterable[NoteSummary], used_folders: set[str], *, by_tag: bool = False
) -> list[PlannedDeck]:
    """Return the decks to write, with all notes.

    The deck's name is the longest beginning that the names of all decks with cards have in common, level by
    level. If there is none, each upper deck becomes a deck folder of its own; notes without cards go into
    the first.

    used_folders: names that no new folder may have, casefolded; takes those of the new ones.
    by_tag: whether there is a file for each tag instead of one for each sub-deck.
    """
    notes_by_deck: dict[str, list[NoteSummary]] = defaultdict(list)
    for note in notes:
        notes_by_deck[note.deck].append(note)
    without_cards = notes_by_deck.pop("", [])
    names = sorted(notes_by_deck, key=_study_order) or ["Imported"]
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        groups[name.split(SEPARATOR)[0].casefold()].append(name)
    planned_decks = []
    for group in groups.values():
        name = _common_beginning(group)
        deck = PlannedDeck(name, new_name(name.rpartition(SEPARATOR)[2], "deck", used_folders))
        group_notes = [note for deck_name in group for note in _in_order(notes_by_deck[deck_name])]
        group_notes += [note._replace(deck=name) for note in without_cards]
        without_cards = []
        files = (_files_by_tag if by_tag else _files_by_subdeck)(deck, group_notes)
        planned_decks.append(PlannedDeck(deck.name, deck.folder, tuple(files)))
    return planned_decks


def _study_order(deck_name: str) -> list[str]:
    """Return what decks are sorted by in Anki: their names level by level, in whatever case."""
    return [level.casefold() for level in deck_name.split(SEPARATOR)]


def _in_order(notes: list[NoteSummary]) -> list[NoteSummary]:
    """Return the notes of a deck in the order in which they are new, or else were made."""
    if all(note.position is not None for note in notes):
        return sorted(notes, key=lambda note: (note.position or 0, note.number))
    return sorted(notes, key=lambda note: note.number)


def _common_beginning(names: Sequence[str]) -> str:
    """Return the levels with which all names begin, as the first has them."""
    first, *others = [name.split(SEPARATOR) for name in names]
    count = len(first)
    for levels in others:
        pairs = list(zip(first[:count], levels, strict=False))
        count = next((n for n, (a, b) in enumerate(pairs) if not is_same_deck(a, b)), len(pairs))
    return SEPARATOR.join(first[:count])


def _files_by_subdeck(deck: PlannedDeck, notes: Iterable[NoteSummary]) -> Iterator[PlannedFile]:
    by_subdeck: dict[str, list[NoteSummary]] = defaultdict(list)
    for note in notes:
        by_subdeck[deck.subdeck_of(note)].append(note)
    used_names = {"deck"}
    for subdeck, group in by_subdeck.items():
        make_file = partial(_file, deck, subdeck.rpartition(SEPARATOR)[2])
        for tags, some in _runs_by_tags(group):
            yield from _divide(some, f"{subdeck} {tags}", used_names, make_file)


def _runs_by_tags(notes: Sequence[NoteSummary]) -> Iterable[tuple[str, Sequence[NoteSummary]]]:
    """Return notes that would fill several files as runs with equal tags, such as those of lessons.

    That is done where the order of the notes stays, and each run is worth a file. If there are too many runs,
    tags do not count that other notes lie between, such as `hard`. Each run comes with its tags, joined by
    spaces, without those of all notes.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, note in enumerate(notes if len(notes) > FILE_LIMIT else ()):
        for tag in note.tags:
            places[tag].append(place)
    dividing = {tag for tag, found in places.items() if len(found) < len(notes)}
    together = {tag for tag in dividing if places[tag][-1] - places[tag][0] < len(places[tag])}
    for tags in (dividing, together):
        keys = (" ".join(tag for tag in note.tags if tag in tags) for note in notes)
        runs = [
            (key, [note for _, note in run])
            for key, run in groupby(zip(keys, notes, strict=True), itemgetter(0))
        ]
        if len({key for key, _ in runs}) == len(runs) and min(len(run) for _, run in runs) >= _LEAST_RUN:
            return runs
    return [("", notes)]


def _files_by_tag(deck: PlannedDeck, notes: Sequence[NoteSummary]) -> Iterator[PlannedFile]:
    """Yield a file for each tag: a note is in that of its most frequent one, unless all notes have that."""
    counts = Counter(tag for note in notes for tag in note.tags)
    by_tag: dict[str, list[NoteSummary]] = defaultdict(list)
    for note in notes:
        tags = [tag for tag in note.tags if counts[tag] < len(notes)]
        by_tag[max(tags, key=lambda tag: (counts[tag], tag), default="")].append(note)
    used_names = {"deck"}
    for tag in sorted(by_tag, key=_study_order):
        make_file = partial(_file, deck, tag.rpartition(SEPARATOR)[2].replace("_", " "))
        yield from _divide(by_tag[tag], tag, used_names, make_file)


def _divide(
    notes: Sequence[NoteSummary],
    words: str,
    used_names: set[str],
    make_file: Callable[[str, Sequence[NoteSummary]], PlannedFile],
) -> Iterator[PlannedFile]:
    """Yield files of about equal size. words: what they are named after; may be empty."""
    count = -(-len(notes) // FILE_LIMIT)
    stem = new_name(words, "cards", used_names)
    for part in range(count):
        some = notes[part * len(notes) // count : (part + 1) * len(notes) // count]
        number = str(part + 1).zfill(len(str(count)))
        name = stem if count == 1 else new_name(f"{stem} {number}", stem, used_names)
        yield make_file(f"{name}.yaml", some)


def _file(deck: PlannedDeck, topic: str, name: str, notes: Sequence[NoteSummary]) -> PlannedFile:
    subdecks = {deck.subdeck_of(note) for note in notes}
    shared_tags = set(notes[0].tags).intersection(*(note.tags for note in notes))
    subdeck = subdecks.pop() if len(subdecks) == 1 else None
    return PlannedFile(name, topic, subdeck, tuple(sorted(shared_tags)), notes)


def new_name(words: str, default: str, used: set[str]) -> str:
    """Return a name for a file or folder after some words, and add it to the used ones."""
    name = ""
    for word in id_words(words):
        longer = f"{name}-{word}" if name else word[:_NAME_LIMIT]
        if len(longer) > _NAME_LIMIT:
            break
        name = longer
    return safe_file_name(name or default, used)
