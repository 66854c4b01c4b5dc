"""`type`: a note of a custom note type, with its fields filled in by name."""

from collections.abc import Iterator, Mapping
from html import escape
from types import MappingProxyType

from cardwright.collection.card import cloze_numbers
from cardwright.collection.content import EMPTY, Content, Paragraph, RawHtml, Text
from cardwright.collection.custom_note_type import CustomNoteType, shows_own_field
from cardwright.collection.note import Note
from cardwright.collection.readings import supports_readings
from cardwright.collection.template import replacements
from cardwright.diagnostics import Diagnostic
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.kinds.card_reader import CardReader
from cardwright.record import replace
from cardwright.source.mapping_reader import MappingReader, read_marked_up
from cardwright.source.nodes import Scalar
from cardwright.source.text import clean_line

# Keys of a card that a note type may have no field for.
_NEED_A_FIELD = frozenset({"a", "extra", "hint", "reverse", "typed", "header", "comments"})


def read_custom_card(card: CardReader) -> Iterator[Note]:
    """Yield the note of a card of a custom note type."""
    type_scalar = card.values.scalar("type")
    help_ = "write each as `Name: …`, with the name of the field"
    fields_reader = card.values.mapping("fields", help_=help_) if card.values.require("fields") else None
    if type_scalar is None:
        return
    type_name = clean_line(type_scalar, card.report)
    if type_name not in card.context.note_types:
        card.report.add(_unknown_note_type(card, type_scalar))
        return
    note_type = card.context.note_types[type_name]
    if note_type is None or fields_reader is None:
        return
    scalars = _read_fields(note_type, fields_reader)
    is_complete = len(scalars) == len(fields_reader.entries)
    yield _read_note(card, note_type, scalars, type_scalar, is_complete=is_complete)


def read_keyed_card(card: CardReader) -> Iterator[Note]:
    """Yield the note of a `q` or `cloze` card whose note type is one of the deck's own."""
    note_type, values = card.note_type, card.values
    kind = "cloze" if "cloze" in values else "q"
    kind_scalar = values.marked_up(kind)
    if note_type is None or kind_scalar is None:
        return
    if "a" in note_type.keys and "a" not in values and not values.has_similar("a"):
        help_ = "add `a:` to the card"
        card.report.add(
            Diagnostic("missing-answer", "a question has no answer", values.key_span(kind), help=help_)
        )
    yield read_keyed_note(card, note_type, kind_scalar)


def read_keyed_note(
    card: CardReader,
    note_type: CustomNoteType,
    kind_scalar: Scalar,
    read_fields: Mapping[str, Content] = MappingProxyType({}),
) -> Note:
    """Return the note of a card whose keys fill the fields of its note type.

    kind_scalar: the value of the key that says the card's kind.
    read_fields: those fields that are read already, and that no text alone fills.
    """
    scalars: dict[str, Scalar] = {}
    for key, _ in card.values.entries:
        field = note_type.keys.get(key.value)
        if field is not None and field not in read_fields:
            if (scalar := card.values.marked_up(key.value)) is not None:
                scalars[field] = scalar
        elif field is None and (
            key.value in _NEED_A_FIELD or (key.value == "source" and note_type.imported is not None)
        ):
            card.report.add(_key_without_field(key, note_type))
    return _read_note(card, note_type, scalars, kind_scalar, read_fields, is_complete=True)


def _key_without_field(key: Scalar, note_type: CustomNoteType) -> Diagnostic:
    name = truncate(note_type.type, 24)
    message = f"notes of the type `{name}` have no field for `{key.value}`"
    ours = next((kind for kind in ("cloze", "diagram") if kind in note_type.keys), "question")
    help_ = f"leave it out, or add `note_type: {ours}` to the card, if it is new"
    if note_type.imported is None and key.value not in ("reverse", "typed", "source"):
        help_ = f"leave it out, or name the field under `keys` of `{name}`"
    return Diagnostic("key-without-field", message, key.span, help=help_)


def _read_note(
    card: CardReader,
    note_type: CustomNoteType,
    scalars: Mapping[str, Scalar],
    type_scalar: Scalar,
    read_fields: Mapping[str, Content] = MappingProxyType({}),
    *,
    is_complete: bool,
) -> Note:
    """Return the note of a card.

    scalars: by field name. type_scalar: where mistakes are shown that concern all of the card.
    read_fields: as for `read_keyed_note`. is_complete: whether all fields could be read.
    """
    fields = {**read_fields}
    fields |= {
        name: content
        for name, scalar in scalars.items()
        if (
            content := card.markup.read(
                scalar, cloze=name in note_type.cloze_fields, readings=name in note_type.reading_fields
            )
        )
    }
    for name in note_type.reading_fields if note_type.imported is None else ():
        if name in fields and not _shows_readings(fields[name]):
            message = f"`{truncate(name, 20)}` is shown with readings, so it has to be text"
            help_ = (
                "write each reading beside its word, `漢字[かんじ]`, and pictures and links in other fields"
            )
            card.report.add(Diagnostic("no-room-for-readings", message, scalars[name].span, help=help_))
    note = replace(card.note(note_type.type, fields, scalars), custom_type=note_type)
    card.report.extend(_unfit_for_tags(note, note_type, scalars, type_scalar))
    if is_complete and note_type.imported is None:
        card.report.extend(_empty_front(note, note_type, type_scalar))
    return note


def _shows_readings(content: Content) -> bool:
    """Return whether the filters of readings can show a field; for HTML its author is responsible."""
    return isinstance(content[0], RawHtml) or supports_readings(content)


def _unfit_for_tags(
    note: Note, note_type: CustomNoteType, scalars: Mapping[str, Scalar], type_scalar: Scalar
) -> Iterator[Diagnostic]:
    """Yield an error for each text that a template puts into a tag, and that could end the tag."""
    if not note_type.tag_fields:
        return
    from cardwright.source.template_attributes import unfit_character  # noqa: PLC0415  few templates have any

    contents = {name: note.fields[name] for name in note_type.tag_fields if name in note.fields}
    texts = {name: _text_if_plain(content) for name, content in contents.items()}
    if "Tags" in note_type.tag_fields:
        texts["Tags"] = " ".join(note.tags)
    for name, text in texts.items():
        scalar = scalars.get(name, type_scalar)
        if note_type.imported is not None:
            if text is None or not _fits_imported_tag(note_type, name, text):
                message = f"`{truncate(name, 24)}` does not fit into a tag of a template"
                help_ = "write it without markup and quotes, or take it out of the template's tag"
                yield Diagnostic("unfit-for-tag", message, scalar.span, help=help_)
        elif text is None:
            message, span = f"`{truncate(name, 24)}` stands in a tag, so it has to be plain text", scalar.span
            yield Diagnostic("unfit-for-tag", message, span, help="write it without markup")
        elif sign := unfit_character(text):
            message = f"`{truncate(name, 24)}` stands in a tag, and has `{truncate(sign)}` in it"
            help_ = "use letters, digits, spaces and ordinary punctuation there"
            yield Diagnostic("unfit-for-tag", message, scalar.part(sign), help=help_)


def _fits_imported_tag(note_type: CustomNoteType, name: str, text: str) -> bool:
    from cardwright.source.unsafe_markup import fits_into_tag  # noqa: PLC0415  few decks are imported

    html = escape(text, quote=False)
    return (
        fits_into_tag(html, "text")
        and (name not in note_type.file_fields or fits_into_tag(html, "file"))
        and (name not in note_type.link_fields or fits_into_tag(html, "link"))
    )


def _text_if_plain(content: Content) -> str | None:
    """Return the text of a field without markup, which stands in a tag as it is; None for any other."""
    match content:
        case (Paragraph((Text(text),)),):
            return text
        case _:
            return None


def _unknown_note_type(card: CardReader, type_scalar: Scalar) -> Diagnostic:
    names = card.context.note_types
    help_ = "describe it under `note_types:` in deck.yaml"
    if names:
        help_ = did_you_mean(type_scalar.value, names)
    message = f"the deck has no note type `{truncate(type_scalar.value)}`"
    return Diagnostic("unknown-note-type", message, type_scalar.span, help=help_)


def _read_fields(note_type: CustomNoteType, fields: MappingReader) -> dict[str, Scalar]:
    """Return the texts by the name of their field; report fields that the note type does not have."""
    scalars = {}
    has_unknown = any(key.value not in note_type.fillable_fields for key, _ in fields.entries)
    continued = fields.report_continued_texts() if has_unknown else []
    for key, value in fields.entries:
        name = clean_line(key, fields.report)
        if any(span.start <= key.start < span.end for span in continued):
            continue
        if name not in note_type.fillable_fields:
            message = f"`{truncate(note_type.type, 20)}` notes have no field `{truncate(key.value, 24)}`"
            help_ = did_you_mean(key.value, note_type.fields)
            fields.report.add(Diagnostic("unknown-field", message, key.span, help=help_))
        elif (scalar := read_marked_up(value, name, fields.report)) is not None:
            scalars[name] = scalar
    return scalars


def _empty_front(note: Note, note_type: CustomNoteType, type_scalar: Scalar) -> Iterator[Diagnostic]:
    """Yield an error if Anki would have nothing to show on the front of any card of the note."""
    if note_type.cloze_fields:
        if not any(cloze_numbers(note.fields.get(name, EMPTY)) for name in note_type.cloze_fields):
            message = "a cloze card hides nothing"
            help_ = f"mark what to hide in `{note_type.cloze_fields[0]}`: {{{{c1::like this}}}}"
            yield Diagnostic("cloze-without-deletion", message, type_scalar.span, help=help_)
    elif not shows_own_field(note_type, {**note.fields, **note.automatic_fields}, note.tags):
        message = f"no template of `{truncate(note_type.type, 24)}` has anything to ask here"
        fronts = (template.front_nodes for template in note_type.templates)
        first_field = next((node.field for front in fronts for node in replacements(front)), "")
        help_ = f"fill in `{first_field}`" if first_field else ""
        yield Diagnostic("card-asks-nothing", message, type_scalar.span, help=help_)
