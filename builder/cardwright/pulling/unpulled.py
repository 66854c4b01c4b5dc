"""What is different in Anki and is told, but not for the sources to follow."""

from collections.abc import Mapping, Sequence

from cardwright.collection.deck_name import DeckName, is_same_deck
from cardwright.identity.lock import Lock, NoteEntry
from cardwright.importing.collection import AnkiCollection, AnkiNote
from cardwright.pulling.deck_state import DeckState
from cardwright.record import Record


class Unpulled(Record, frozen=True):
    """The differences.

    missing: keys of the notes that are not in the export.
    moved: the names of the decks of notes that are elsewhere, by their keys.
    types: what was changed in note types, by their names in Anki.
    media: paths of the files whose bytes are others.
    """

    missing: Sequence[str]
    moved: Mapping[str, str]
    types: Mapping[str, Sequence[str]]
    media: Sequence[str]


def other_deck(note: AnkiNote, entry: NoteEntry, lock: Lock) -> str:
    """Return the name of the deck to which cards of a note were moved; empty for those of releases."""
    subdecks = (entry.subdeck, *entry.former_subdecks)
    names = [DeckName(lock.deck_name, subdeck).full for subdeck in subdecks]
    decks = (card.deck for card in note.cards)
    return next((deck for deck in decks if not any(is_same_deck(deck, name) for name in names)), "")


def changed_types(state: DeckState, lock: Lock, collection: AnkiCollection) -> dict[str, list[str]]:
    """Return what was changed of note types since the last build, by their names in Anki."""
    changed: dict[str, list[str]] = {}
    for type_ in state.rendered_deck.types:
        anki_type, entry = collection.types.get(type_.id), lock.types.get(type_.type)
        if anki_type is None or entry is None or anki_type.mod <= entry.mod:
            continue
        templates = [(own.name, own.front, own.back) for own in type_.templates]
        theirs = [(own.name, own.front, own.back) for own in anki_type.templates]
        parts = {
            "fields": type_.field_names != anki_type.fields,
            "card templates": templates != theirs,
            "style": type_.css != anki_type.css,
        }
        if names := [name for name, is_changed in parts.items() if is_changed]:
            changed[anki_type.name] = names
    return changed


def changed_media(state: DeckState, collection: AnkiCollection) -> list[str]:
    """Return the paths of files that have the same names in Anki, but another size."""
    sizes = {name: media.size for name, media in collection.media.items()}
    own = sorted((file.path, len(file.data), sizes.get(file.name)) for file in state.rendered_deck.media)
    return [path for path, size, exported in own if exported and exported != size]
