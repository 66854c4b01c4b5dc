"""How a person knows notes and cards of any package: by key, text and number."""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape

from cardwright.rehearsal.outcome import Named
from cardwright.rehearsal.snapshot import CardSnapshot, NoteSnapshot, NoteTypeSnapshot, Snapshot

# Tags within a word or around it, and those that part one word from the next.
_WITHIN = re.compile(r"</?(?:a|b|code|em|font|i|mark|s|small|span|strong|su[bp]|u)\b[^>]*>", re.IGNORECASE)
_BETWEEN = re.compile(r"<[^>]*>")
_CLOZE = re.compile(r"\{\{c[0-9,]+::(.*?)(?:::.*?)?\}\}", re.DOTALL)
_NUMBERED = re.compile(r"\{\{c([0-9]+)::(.*?)\}\}", re.DOTALL)
# What the first field of image occlusion begins with, and what its picture shows.
_MASKS = re.compile(r"\{\{c[0-9]+::image-occlusion:")
_ALT = re.compile(r'<img [^>]*alt="([^"]*)"')


def name(note: NoteSnapshot, types: Mapping[int, NoteTypeSnapshot]) -> Named:
    """How a person knows a note."""
    place = types[note.type_id].key_place if note.type_id in types else None
    first = note.fields[0]
    if _MASKS.match(first):
        # Masks say nothing to a person; the picture behind them has words.
        first = next((found[1] for field in note.fields[1:] if (found := _ALT.search(field))), "")
    return Named("" if place is None else note.fields[place], plain(first), note.guid)


def plain(html: str) -> str:
    """The text of a field, without markup and on one line."""
    return " ".join(unescape(_BETWEEN.sub(" ", _WITHIN.sub("", _CLOZE.sub(r"\1", html)))).split())


def card_name(card: CardSnapshot, snapshot: Snapshot) -> Named:
    """How a person knows a card: by its note, and in a diagram by what it asks for."""
    state = snapshot.notes[card.note_id]
    note = name(state, snapshot.types)
    return Named(note.key, _label(state, card.ordinal + 1) or note.text, note.guid, card.ordinal)


def emptied_name(card: CardSnapshot, before: Snapshot, after: Snapshot) -> Named:
    """A card with nothing to ask any more. What it asked for in a picture, only the old note knows."""
    named = card_name(card, after)
    old = before.notes.get(card.note_id)
    return replace(named, text=_label(old, card.ordinal + 1) or named.text) if old else named


def _label(note: NoteSnapshot, number: int) -> str:
    """What a card asks for in a picture; empty where no field says it. number: that of the cloze."""
    if not _MASKS.match(note.fields[0]):
        return ""
    clozes = (found for field in note.fields[1:] for found in _NUMBERED.finditer(field))
    return next((plain(found[2]) for found in clozes if int(found[1]) == number), "")
