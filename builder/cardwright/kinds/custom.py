"""`type`: a note of a note type of the author's own, its fields filled in one by one."""

from collections.abc import Iterator
from dataclasses import replace

from cardwright.collection.card import cloze_numbers
from cardwright.collection.content import EMPTY
from cardwright.collection.custom_cards import shows_own_field
from cardwright.collection.custom_note_type import CustomNoteType
from cardwright.collection.note import Note
from cardwright.collection.readings import supports_readings
from cardwright.collection.template import replacements
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.kinds.entry import CardEntry
from cardwright.source import decode
from cardwright.source.nodes import Mapping, Scalar
from cardwright.source.text import clean_line


def read_custom_card(entry: CardEntry) -> Iterator[Note]:
    """One note."""
    named = entry.text(entry.node, "type")
    given = decode.required(entry.node, "fields", "a `type` card", entry.report)
    filled = None if given is None else decode.mapping(given, "`fields`", entry.report)
    if named is None:
        return
    called = clean_line(named, entry.report)
    if called not in entry.note_types:
        _unknown(entry, named)
        return
    own = entry.note_types[called]
    if own is None or filled is None:
        return
    written = _written(entry, own, filled)
    fields = {
        name: content
        for name, text in written.items()
        if (content := entry.markup.content(text, cloze=name in own.cloze_fields))
    }
    for name in own.reading_fields:
        if name in fields and not supports_readings(fields[name]):
            entry.report.add(_unfit_for_readings(name, written[name]))
    note = replace(entry.note(own.type, fields, written=written), custom_type=own)
    if len(written) == len(filled.entries):
        entry.report.extend(_asks_nothing(note, own, named))
    yield note


def _unfit_for_readings(name: str, written: Scalar) -> Diagnostic:
    return Diagnostic(
        code="no-room-for-readings",
        message=f"`{truncate(name, 20)}` is shown with readings, so it has to be text",
        span=written.span,
        help="write each reading beside its word, `漢字[かんじ]`, and pictures and links in other fields",
    )


def _unknown(entry: CardEntry, named: Scalar) -> None:
    known = entry.note_types
    advice = did_you_mean(named.value, known) if known else "describe it under `note_types:` in deck.yaml"
    message = f"the deck has no note type `{truncate(named.value)}`"
    entry.report.add(Diagnostic("unknown-note-type", message, named.span, help=advice))


def _written(entry: CardEntry, own: CustomNoteType, filled: Mapping) -> dict[str, Scalar]:
    """The texts by field."""
    written = {}
    for key, value in filled.entries.values():
        name = clean_line(key, entry.report)
        if name not in own.fillable_fields:
            message = f"`{truncate(own.type, 20)}` notes have no field `{truncate(key.value, 24)}`"
            advice = did_you_mean(key.value, own.fields)
            entry.report.add(Diagnostic("unknown-field", message, key.span, help=advice))
        elif (text := decode.scalar(value, name, entry.report)) is not None:
            written[name] = text
    return written


def _asks_nothing(note: Note, own: CustomNoteType, named: Scalar) -> Iterator[Diagnostic]:
    """What to say when Anki would have nothing to show on the front of the note's only card."""
    if own.cloze_fields:
        if not any(cloze_numbers(note.fields.get(name, EMPTY)) for name in own.cloze_fields):
            advice = f"mark what is to be hidden in `{own.cloze_fields[0]}`: {{{{c1::like this}}}}"
            yield Diagnostic("cloze-without-deletion", "a cloze card hides nothing", named.span, help=advice)
    elif not shows_own_field(own, {**note.fields, **note.automatic_fields}, note.tags):
        message = f"no template of `{truncate(own.type, 24)}` has anything to ask here"
        fronts = [one for template in own.templates for one in replacements(template.front_nodes)]
        advice = f"fill in `{fronts[0].field}`" if fronts else ""
        yield Diagnostic("card-asks-nothing", message, named.span, help=advice)
