"""Read `note_type:`: which note types the cards of a deck, a topic or a single card have."""

from collections.abc import Mapping

from cardwright.collection.custom_note_type import CustomNoteType
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Diagnostic
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.source.mapping_reader import MappingReader

_OURS: Mapping[str, str] = {NoteType.QUESTION: "q", NoteType.CLOZE: "cloze", NoteType.DIAGRAM: "diagram"}
_KINDS = tuple(_OURS.values())


def read_card_types(
    reader: MappingReader, note_types: Mapping[str, CustomNoteType | None]
) -> dict[str, CustomNoteType | None]:
    """Return the note types of cards by the key that says their kind, such as `q`; None for ours.

    note_types: the deck's own by name; None for one with a mistake, whose cards are read as ours.
    """
    types: dict[str, CustomNoteType | None] = {}
    for scalar in reader.scalars("note_type"):
        name = scalar.value
        if name in _OURS:
            types.setdefault(_OURS[name], None)
        elif name not in note_types:
            message = f"the deck has no note type `{truncate(name)}`"
            help_ = did_you_mean(name, [*note_types, *_OURS])
            reader.report.add(Diagnostic("unknown-note-type", message, scalar.span, help=help_))
        elif (note_type := note_types[name]) is not None:
            if not note_type.keys:
                message = f"`{truncate(name, 24)}` doesn't say which keys of a card it has"
                help_ = "add `keys: {q: …, a: …}` to it under `note_types`, with the names of fields"
                reader.report.add(Diagnostic("note-type-without-keys", message, scalar.span, help=help_))
            for kind in _KINDS:
                if kind in note_type.keys:
                    types.setdefault(kind, note_type)
    return types


def read_own_type(
    card: MappingReader, kind: str, note_types: Mapping[str, CustomNoteType | None]
) -> CustomNoteType | None:
    """Return the note type that a card names itself; None for ours, or after a mistake. kind: its key."""
    types = read_card_types(card, note_types)
    if types and kind not in types:
        name = truncate(card.line("note_type"), 24)
        message = f"the note type `{name}` is for cards with `{next(iter(types))}`, not `{kind}`"
        card.report.add(Diagnostic("unfit-note-type", message, card.value_span("note_type")))
    return types.get(kind)
