"""Find the texts of the sources that fields are made from, and put in their place what they are in Anki."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cardwright.collection import notetype
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Report, Source, Span
from cardwright.formats.anki import image_occlusion
from cardwright.formats.anki.foreign_html import convert_field
from cardwright.formats.anki.shown_html import canonical
from cardwright.pulling.card_places import CardPlace, find_card
from cardwright.pulling.deck_state import automatic_fields, mask_field
from cardwright.pulling.in_place import change_lines, change_words
from cardwright.pulling.mask_edits import change_masks
from cardwright.pulling.new_cards import CardWriter, NewCard, NewNote
from cardwright.pulling.pulled_media import PulledMedia
from cardwright.pulling.three_way import FieldChange, TagChange, TypeChange, Verdict
from cardwright.record import Record
from cardwright.source import nodes
from cardwright.source.mapping_reader import read_marked_up
from cardwright.source.nodes import HtmlScalar, Scalar
from cardwright.source.safe_html import make_safe
from cardwright.source.yaml_additions import add_entry, change_list, replace_with_html
from cardwright.source.yaml_writing import Edit, replace_scalar

_KEYS = {
    notetype.EXTRA: "extra",
    image_occlusion.BACK_EXTRA: "extra",
    notetype.HINT: "hint",
}
"""The keys of a card, by the fields of our note types that they fill and that it may do without."""


Change = FieldChange | TagChange | NewNote
"""What was done in Anki, and sources can follow."""


class SourceEdit(Record, frozen=True):
    """Edits of a file that bring a change of Anki's into it.

    changes: the fields, or tags, that they bring; several if the fields are made from one text.
    span: what they replace, or are put beside.
    text: what the field's text becomes; empty for tags.
    otherwise: another way, if this one doesn't make what Anki has.
    labels: the keys of new labels by the numbers that they have in Anki.
    """

    source: Source
    edits: Sequence[Edit]
    changes: Sequence[Change]
    span: Span
    text: str = ""
    otherwise: "SourceEdit | None" = None
    labels: Mapping[int, str] = {}


class Leftover(Record, frozen=True):
    """A change of Anki's that is left to the author.

    reason: in a few words. span: the text that it is about. text: what may take its place, if anything.
    """

    change: Change | TypeChange
    reason: str
    span: Span
    text: str = ""


class DeckSources:
    """The texts that the notes of a deck are made from."""

    def __init__(self, deck: Deck) -> None:
        self.notes = {note.key: note for note in deck.notes}
        self._places: dict[tuple[str, int], CardPlace] = {}
        self._users: dict[tuple[str, int], set[str]] = defaultdict(set)
        for note in deck.notes:
            for text in note.source_texts.values():
                span = text.span
                self._users[span.source.path, span.start].add(note.key)

    def place(self, note: Note) -> CardPlace:
        """Return the entry of a note's card."""
        start = note.span.source.path, note.span.start
        if start not in self._places:
            self._places[start] = find_card(note.span)
        return self._places[start]

    def text(self, note: Note, field: str) -> Scalar | None:
        """Return the text that a field is made from, if there is one."""
        text = note.source_texts.get(field)
        if text is None and note.custom_type is None and field in _KEYS:
            place = self.place(note)
            node = None if place.card is None else place.card.get(_KEYS[field])
            scalar = None if node is None else read_marked_up(node, field, Report())
            return None if scalar is None else place.in_file(scalar, note.span.source)
        return text if isinstance(text, Scalar) else None

    def is_shared(self, scalar: Scalar, keys: Iterable[str]) -> bool:
        """Return whether a text is on the cards of other notes, too. keys: of the notes that may have it."""
        return not self._users[scalar.source.path, scalar.start] <= set(keys)

    def place_for(self, note: Note, field: str) -> tuple[nodes.Mapping, str] | None:
        """Return where a text for an empty field could be added: the mapping, and the key."""
        card = self.place(note).card
        if card is None:
            return None
        if note.custom_type is None:
            return (card, _KEYS[field]) if field in _KEYS else None
        fields = card.get("fields")
        if isinstance(fields, nodes.Mapping):
            return (fields, field) if field in note.custom_type.fillable_fields else None
        keys = {name: key for key, name in note.custom_type.keys.items()}
        return (card, keys[field]) if field in keys else None


def field_edits(
    sources: DeckSources, changes: Iterable[FieldChange], media: PulledMedia
) -> Iterator[SourceEdit | Leftover]:
    """Yield the edits that bring fields into the sources, and what is left.

    media: the paths of pictures and sounds by their names in Anki.
    """
    groups: dict[tuple[str, int, str], list[tuple[FieldChange, Scalar | None]]] = defaultdict(list)
    for change in changes:
        note = sources.notes[change.key]
        scalar = sources.text(note, change.field)
        group = (
            (f"{change.key}\0{change.field}", 0, "")
            if scalar is None
            else (scalar.source.path, scalar.start, "")
        )
        if note.type == NoteType.DIAGRAM and change.field == image_occlusion.NAMES:
            yield from _label_edits(sources, note, change, media)
        elif change.field == mask_field(note):
            yield _mask_edit(sources, note, change)
        else:
            groups[group].append((change, scalar))
    for group_changes in groups.values():
        scalar = group_changes[0][1]
        members = [change for change, _ in group_changes]
        if scalar is None:
            yield _edit_without_text(sources, members[0], media)
        else:
            yield from _edit_of_text(sources, members, scalar, media)


def _edit_of_text(
    sources: DeckSources, changes: Sequence[FieldChange], scalar: Scalar, media: PulledMedia
) -> Iterator[SourceEdit | Leftover]:
    reason, (text, is_html) = "", _as_text(changes[0], scalar, media)
    place = sources.place(sources.notes[changes[0].key])
    shown = [change.canonical(change.exported) for change in changes]
    if verdict := next((change.verdict for change in changes if change.verdict is not Verdict.IN_ANKI), None):
        reason = f"changed {verdict.value}"
    elif any(other != shown[0] for other in shown):
        reason = "one text, changed in two ways"
    elif sources.is_shared(scalar, {change.key for change in changes}):
        reason = "the text is on other cards, too"
    elif any(media.missing(change.exported) - media.missing(change.current) for change in changes):
        reason = "a picture or sound of it isn't there, or cards can't have it"
    elif (edit := _replacement(place, scalar, text, is_html=is_html)) is None:
        reason = "the text can't be replaced where it stands"
    else:
        whole = SourceEdit(scalar.source, place.edits_of_file([edit]), changes, scalar.span, text)
        yield _edit_in_place(place, scalar, whole, media)
        return
    for change in changes:
        merged = change_words(scalar.value.strip(), change.released, change.exported)
        yield Leftover(change, reason, scalar.span, merged or _as_text(change, scalar, media)[0])


def _as_text(change: FieldChange, scalar: Scalar, media: PulledMedia) -> tuple[str, bool]:
    """Return what takes the place of a text, and whether it is HTML where Markdown was."""
    if isinstance(scalar, HtmlScalar):
        safe = make_safe(
            change.exported,
            cloze=change.cloze,
            name_media=lambda name: media.get(name, name),
            keeps_styles=change.keeps_styles,
        )
        return safe.html, False
    converted = convert_field(change.exported, cloze=change.cloze, media=media, styles=change.styles)
    return converted.text, converted.is_html


def _replacement(place: CardPlace, scalar: Scalar, text: str, *, is_html: bool) -> Edit | None:
    own = place.in_excerpt(scalar)
    return replace_with_html(own.source, own, text) if is_html else replace_scalar(own.source, own, text)


def _edit_in_place(place: CardPlace, scalar: Scalar, whole: SourceEdit, media: PulledMedia) -> SourceEdit:
    """Return the edit that replaces only words of a text, or else only lines, or else the whole."""
    change = whole.changes[0]
    if not isinstance(change, FieldChange) or isinstance(scalar, HtmlScalar):
        return whole
    own, best = scalar.value.strip(), whole
    before = convert_field(change.current, cloze=change.cloze, media=media, styles=change.styles)
    lines = None if before.is_html else change_lines(own, before.text, whole.text)
    for text in (lines, change_words(own, change.current, change.exported)):
        if text is None or text == best.text:
            continue
        edit = _replacement(place, scalar, text, is_html=False)
        if edit is not None:
            edits = place.edits_of_file([edit])
            best = SourceEdit(scalar.source, edits, whole.changes, scalar.span, text, otherwise=best)
    return best


def _edit_without_text(
    sources: DeckSources, change: FieldChange, media: PulledMedia
) -> SourceEdit | Leftover:
    """Return the edit that adds a text to a card that doesn't have it yet."""
    note = sources.notes[change.key]
    if change.field in automatic_fields(note) or _is_spare(note, change.field):
        return Leftover(change, "the field isn't made from a text of the card", note.key_span)
    converted = convert_field(change.exported, cloze=change.cloze, media=media, styles=change.styles)
    text = "" if converted.is_html else converted.text
    place = None if change.current else sources.place_for(note, change.field)
    if change.verdict is not Verdict.IN_ANKI:
        reason = f"changed {change.verdict.value}"
    elif converted.is_html:
        reason = "its look can't be written in the sources"
    elif media.missing(change.exported):
        reason = "a picture or sound of it isn't there, or cards can't have it"
    elif place is None:
        reason = "the field isn't made from a text of the card alone"
    else:
        mapping, key = place
        edit = add_entry(mapping.source, mapping, key, text)
        if edit is not None:
            edits = sources.place(note).edits_of_file([edit])
            return SourceEdit(note.span.source, edits, [change], note.key_span, text)
        reason = "there is no place for it on the card"
    return Leftover(change, reason, note.key_span, text)


def _is_spare(note: Note, field: str) -> bool:
    is_imported = note.custom_type is not None and note.custom_type.imported is not None
    return field in notetype.SPARE_FIELDS and not is_imported


def _label_edits(
    sources: DeckSources, note: Note, change: FieldChange, media: PulledMedia
) -> Iterator[SourceEdit | Leftover]:
    """Yield the edit that brings the names of a diagram's labels into the sources."""
    place = sources.place(note)
    labels = None if place.card is None else place.card.get("labels")
    names = _names_by_number(change.exported)
    if change.verdict is not Verdict.IN_ANKI:
        yield Leftover(change, f"changed {change.verdict.value}", note.key_span)
        return
    edits: list[Edit] = []
    before = _names_by_number(change.current)
    if note.diagram is None or not isinstance(labels, nodes.Mapping) or names.keys() != before.keys():
        yield Leftover(change, "its labels are not those of the sources", note.key_span)
        return
    for label in note.diagram.labels:
        html = names[label.cloze_number]
        if canonical(html) == canonical(before[label.cloze_number]):
            continue
        entry = labels.get(label.key)
        name = entry.get("name") if isinstance(entry, nodes.Mapping) else None
        converted = convert_field(html, cloze=False, media=media)
        edit = None
        if isinstance(name, Scalar) and not converted.is_html:
            edit = replace_scalar(name.source, name, converted.text)
        if edit is None:
            yield Leftover(change, "a name can't be replaced where it stands", note.key_span)
            return
        edits.append(edit)
    yield SourceEdit(note.span.source, place.edits_of_file(edits), [change], note.key_span)


def _mask_edit(sources: DeckSources, note: Note, change: FieldChange) -> SourceEdit | Leftover:
    """Return the edit that brings the masks of a diagram into the sources."""
    place = sources.place(note)
    if change.verdict is not Verdict.IN_ANKI:
        return Leftover(change, f"changed {change.verdict.value}", note.key_span)
    if place.card is None or note.diagram is None:
        return Leftover(change, "the masks can't be changed where they stand", note.key_span)
    edits = change_masks(place.card, note.diagram, change, may_be_nameless=note.custom_type is not None)
    if isinstance(edits, str):
        return Leftover(change, edits, note.key_span)
    numbers, changed = edits
    return SourceEdit(
        *(note.span.source, place.edits_of_file(changed), [change], note.key_span), labels=numbers
    )


def _names_by_number(html: str) -> dict[int, str]:
    """Return the names in the field of a diagram's labels, as HTML, by number."""
    names: dict[int, str] = {}
    for line in html.split("<br>"):
        number, colons, rest = line.removeprefix("{{c").partition("::")
        if not line.startswith("{{c") or not colons or not number.isdecimal() or not rest.endswith("}}"):
            return {}
        names[int(number)] = rest.removesuffix("}}")
    return names


def new_note_edits(
    writer: CardWriter, notes: Iterable[tuple[NewNote, str]], deck_span: Span
) -> Iterator[SourceEdit | Leftover]:
    """Yield the edits that add cards, and what is left.

    notes: with the reason why they can't be cards, if there is one. deck_span: the deck, for those left.
    """
    for note, reason in notes:
        card = reason or writer.write(note)
        if isinstance(card, NewCard):
            yield SourceEdit(card.source, [card.edit], [note], card.span)
        else:
            yield Leftover(note, card, deck_span)


def tag_edits(sources: DeckSources, changes: Iterable[TagChange]) -> Iterator[SourceEdit | Leftover]:
    """Yield the edits that bring tags into the sources, and what is left."""
    by_card: dict[str, list[TagChange]] = defaultdict(list)
    for change in changes:
        by_card[sources.notes[change.key].card_id].append(change)
    notes_by_card: dict[str, set[str]] = defaultdict(set)
    for note in sources.notes.values():
        notes_by_card[note.card_id].add(note.key)
    for card_id, card_changes in by_card.items():
        note = sources.notes[card_changes[0].key]
        first = card_changes[0]
        agree = all((change.added, change.removed) == (first.added, first.removed) for change in card_changes)
        reason = ""
        if any(change.unsure for change in card_changes):
            reason = Verdict.UNKNOWN.value
        elif not agree or {change.key for change in card_changes} != notes_by_card[card_id]:
            reason = "the tags are those of several notes"
        edit = None if reason else _tag_edit(sources, note, card_changes)
        if edit is not None:
            yield edit
            continue
        for change in card_changes:
            yield Leftover(change, reason or "the tags aren't the card's own", note.key_span)


def _tag_edit(sources: DeckSources, note: Note, changes: Sequence[TagChange]) -> SourceEdit | None:
    place, first = sources.place(note), changes[0]
    card = place.card
    if card is None:
        return None
    node = card.get("tags")
    if node is None:
        edit = None if first.removed else add_entry(card.source, card, "tags", first.added)
        edits = None if edit is None else [edit]
    else:
        own = node.items if isinstance(node, nodes.Sequence) else [node]
        texts = {item.value.strip() for item in own if isinstance(item, Scalar)}
        if not texts >= set(first.removed):
            return None
        edits = change_list(card.source, node, first.added, first.removed)
    if edits is None:
        return None
    return SourceEdit(note.span.source, place.edits_of_file(edits), changes, note.key_span)
