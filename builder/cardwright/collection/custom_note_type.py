"""Note types that an author declares, and the cards of their notes, laid out as the templates say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Protocol

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.card import cloze_numbers, cloze_side
from cardwright.collection.card_page import FieldReader
from cardwright.collection.deck_name import DeckName
from cardwright.collection.html_layout import HtmlLayout, StyledLayout
from cardwright.collection.notetype import SPARE_FIELDS, SPARE_TEMPLATES, NoteType
from cardwright.collection.readings import READING_FILTERS, apply_reading_filter, supports_readings
from cardwright.collection.template import (
    Element,
    Nodes,
    PageNode,
    Replacement,
    ResolvedNode,
    Section,
    always_filled_fields,
    shows_field,
)
from cardwright.diagnostics import Span
from cardwright.record import Record, replace

# White space to HTML, and characters that no field can hold.
_BLANK = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]*")


class CustomTemplate(Record, frozen=True):
    """A card template that an author wrote.

    front, back: Anki's HTML, as it goes into the package.
    front_nodes, back_nodes: the same as trees, for every other output.
    """

    name: str
    front: str
    back: str
    front_nodes: Nodes
    back_nodes: Nodes


class CardStyles(Protocol):
    """The style sheet of a note type."""

    def apply(self, page: Nodes, ordinal: int) -> Nodes:
        """Return the elements of a page with the look that the style gives them, without what it hides.

        page: without sections and fields.
        ordinal: of the card, 0-based.
        """

    @property
    def unprinted(self) -> tuple[tuple[str, ...], bool]:
        """The properties that paper doesn't follow, and whether any of them changes what is read."""

    @property
    def sets_weights(self) -> bool:
        """Whether the style says which text is bold, and which isn't."""


_NEEDED_FIELDS = 4
"""Of image occlusion, without the one for comments."""
_IMAGE_OCCLUSION = 6
"""Source: Anki, proto/anki/notetypes.proto, `StockNotetype.OriginalStockKind`."""


class ImportedType(Record, frozen=True):
    """What Anki has of an imported note type and the sources haven't; the lock keeps it.

    id: Anki's id of it.
    json: its JSON of schema 11 as it was found, without what the sources say: `id`, `mod` and `css`, the
        names of fields and templates, and `qfmt` and `afmt`. The ids of fields and templates may be missing.
    """

    id: int
    json: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its name in Anki."""
        return str(self.json.get("name", ""))

    @property
    def is_cloze(self) -> bool:
        """Whether Anki makes a card for each cloze number, instead of for each template."""
        return self.json.get("type") == 1

    @property
    def occlusion_fields(self) -> tuple[int, ...]:
        """The indexes of the fields of Anki's image occlusion; none if it is another note type.

        They have the masks, the picture, what stands above it and under the answer, and mostly comments.
        Source: Anki, rslib/src/image_occlusion/imagedata.rs, `get_io_field_indexes`.
        """
        fields = self.json.get("flds", ())
        if self.json.get("originalStockKind") != _IMAGE_OCCLUSION or len(fields) < _NEEDED_FIELDS:
            return ()
        tags = [field.get("tag") for field in fields]
        if {*range(_NEEDED_FIELDS)} <= {*tags}:
            return tuple(tags.index(tag) for tag in range(_NEEDED_FIELDS + 1) if tag in tags)
        return tuple(range(len(fields)))[: _NEEDED_FIELDS + 1]


@dataclass(frozen=True, slots=True)
class CustomNoteType:
    """A note type that an author declares in `note_types:`.

    type: its name in deck.yaml.
    fields: the author's fields, in order.
    css: added to the style of the built-in cards, or instead of it.
    cloze_fields: the fields that the front shows through `cloze:`; none in an ordinary type. A type with
        any has one template, which makes a card for each cloze number.
    span: its name as written in deck.yaml.
    reading_fields: the fields that a template shows through a filter for readings (`readings.py`).
    tag_fields: the fields that stand in tags of a template, such as `<span class="{{Gender}}">`.
    css_only: whether the style of the built-in cards is left out.
    files: the fonts and pictures that the CSS names, by their names in the package.
    styles: what `css` and the styles in the templates make of a page; None if there are neither.
    keys: which field a key of a card fills, such as `q`, so that cards can be written with these keys.
    imported: of one that keeps what it is in Anki, without spare or automatic fields.
    is_trusted: of an imported one, whether its templates may run and fetch what they like.
    file_fields, link_fields: of an imported one, those `tag_fields` that name a file, or where a link leads.
    """

    type: NoteType
    fields: tuple[str, ...]
    templates: tuple[CustomTemplate, ...]
    css: str
    cloze_fields: tuple[str, ...]
    span: Span
    reading_fields: tuple[str, ...] = ()
    tag_fields: tuple[str, ...] = ()
    css_only: bool = False
    files: tuple[c.MediaFile, ...] = ()
    styles: "CardStyles | None" = field(default=None, compare=False)
    keys: Mapping[str, str] = field(default_factory=dict)
    imported: ImportedType | None = None
    is_trusted: bool = False
    file_fields: tuple[str, ...] = ()
    link_fields: tuple[str, ...] = ()

    @property
    def template_names(self) -> tuple[str, ...]:
        """The names of the templates, without those that stand in for a spare one."""
        names = tuple(template.name for template in self.templates)
        if self.imported is not None or self.cloze_fields:
            return names
        return tuple(name for name in names if name not in SPARE_TEMPLATES)

    @property
    def fillable_fields(self) -> tuple[str, ...]:
        """The fields that a card of the sources may fill in."""
        return self.fields if self.imported is not None else (*self.fields, *SPARE_FIELDS)

    @property
    def mask_fields(self) -> tuple[str, ...]:
        """The fields with the masks and with the picture, if it is Anki's image occlusion; otherwise none."""
        indexes = () if self.imported is None else self.imported.occlusion_fields[:2]
        return tuple(self.fields[index] for index in indexes)

    @property
    def name_in_anki(self) -> str:
        """What `{{Type}}` shows on paper."""
        return self.type if self.imported is None else self.imported.name


def custom_cards(
    note_type: CustomNoteType, fields: Mapping[str, c.Content], tags: Sequence[str], deck_name: DeckName
) -> Iterator[tuple[int, c.Content, c.Content]]:
    """Yield ordinal (0-based and ascending), front and back of each card that Anki makes of a note.

    fields: by name; empty ones may be left out.

    An ordinary note whose fronts all show nothing still has its first card, as in Anki. A cloze note that
    hides nothing has none; the reader reports it.
    """
    filled = _filled_fields(fields)
    deck_fields = {"Deck": c.plain(deck_name.full), "Subdeck": c.plain(deck_name.last_part)}
    fields = {**deck_fields, **fields}
    if note_type.cloze_fields:
        template = note_type.templates[0]  # Anki shows no other one
        texts = [fields.get(name, c.EMPTY) for name in note_type.cloze_fields]
        # `{{c0::…}}` makes no card.
        for number in sorted({number for text in texts for number in cloze_numbers(text)} - {0}):
            yield _card(note_type, template, number - 1, fields, filled, tags)
        return
    all_filled = filled | _always_filled(filled, tags)
    fronts = (template.front_nodes for template in note_type.templates)
    for ordinal in [n for n, front in enumerate(fronts) if shows_field(front, all_filled)] or [0]:
        yield _card(note_type, note_type.templates[ordinal], ordinal, fields, filled, tags)


def shows_own_field(note_type: CustomNoteType, fields: Mapping[str, c.Content], tags: Sequence[str]) -> bool:
    """Return whether any front shows a field of a note, and not only what Anki knows about every card."""
    filled = _filled_fields(fields)
    always_filled = _always_filled(filled, tags)
    return any(shows_field(template.front_nodes, filled, always_filled) for template in note_type.templates)


def _filled_fields(fields: Mapping[str, c.Content]) -> frozenset[str]:
    return frozenset(name for name, content in fields.items() if not is_empty_field(content))


def _always_filled(filled: AbstractSet[str], tags: Sequence[str]) -> AbstractSet[str]:
    """Return what Anki knows about every note. The topic is a tag as well there."""
    return always_filled_fields(tagged=bool(tags) or notetype.TOPIC in filled)


def is_empty_field(content: c.Content) -> bool:
    """Return whether Anki takes a field for empty: it has nothing but white space and line breaks."""
    match content:
        case ():
            return True
        case (c.Paragraph(children),):
            return all(
                isinstance(inline, c.LineBreak)
                or (isinstance(inline, c.Text) and _BLANK.fullmatch(inline.text) is not None)
                for inline in children
            )
        case _:
            return False


def _card(
    note_type: CustomNoteType,
    template: CustomTemplate,
    ordinal: int,
    fields: Mapping[str, c.Content],
    filled: AbstractSet[str],
    tags: Sequence[str],
) -> tuple[int, c.Content, c.Content]:
    special = {
        "Tags": c.plain(" ".join(tags)),
        "Type": c.plain(note_type.name_in_anki),
        "Card": c.plain(template.name),
    }
    all_filled = filled | _always_filled(filled, tags)
    all_fields = {**special, **fields}

    def lay_out(nodes: Nodes, *, is_front: bool) -> c.Content:
        shown = all_fields
        if note_type.mask_fields:
            from cardwright.collection.image_occlusion import with_masks  # noqa: PLC0415  few decks have any

            masks, picture = (fields.get(name, c.EMPTY) for name in note_type.mask_fields)
            masked = with_masks(picture, masks, ordinal + 1, is_front=is_front)
            shown = {**all_fields, note_type.mask_fields[1]: masked}
        return _Side(shown, all_filled, ordinal, note_type.styles, is_front=is_front).lay_out(nodes)

    back = _without_first_rules(lay_out(template.back_nodes, is_front=False))
    return ordinal, lay_out(template.front_nodes, is_front=True), back


def _without_first_rules(back: c.Content) -> c.Content:
    """Return a back without rules at its top, which separate it from the front: that is on other paper."""
    match back:
        case (c.ThematicBreak(), *rest):
            return _without_first_rules(tuple(rest))
        case (c.Aligned(alignment, children), *rest):
            inner = _without_first_rules(children)
            return (c.Aligned(alignment, inner), *rest) if inner else _without_first_rules(tuple(rest))
        case _:
            return back


class _Side:
    """One side of one card."""

    def __init__(
        self,
        fields: Mapping[str, c.Content],
        filled: AbstractSet[str],
        ordinal: int,
        styles: CardStyles | None,
        *,
        is_front: bool,
    ) -> None:
        self._fields = fields
        self._filled = filled
        self._ordinal = ordinal
        self._number = ordinal + 1
        self._styles = styles
        self._is_front = is_front
        self._shown: frozenset[str] = frozenset()

    def lay_out(self, nodes: Nodes) -> c.Content:
        """Return what the side shows."""
        self._shown = frozenset(self._shown_fields(nodes))
        if self._styles is None:
            return HtmlLayout(self._resolve).lay_out(nodes)
        page = self._styles.apply(tuple(self._page_nodes(nodes)), self._ordinal)
        return StyledLayout(lambda nodes: nodes).lay_out(page)  # type: ignore[arg-type, return-value]  # the same

    def _page_nodes(self, nodes: Nodes) -> Iterator[PageNode]:
        """Yield nodes with their fields as elements."""
        reader = FieldReader(self._number, hide=self._is_front)
        for node in self._resolve(nodes):
            if isinstance(node, tuple):
                yield from reader.nodes(node)  # type: ignore[misc]  # without sections and fields
            elif isinstance(node, Element):
                nodes = tuple(self._page_nodes(node.nodes))
                yield Element(node.name, node.value, nodes, node.formats, node.alignment, node.attributes)
            else:
                yield node

    def _shown_fields(self, nodes: Nodes) -> Iterator[str]:
        for node in self._decide_sections(nodes):
            if isinstance(node, Element):
                yield from self._shown_fields(node.nodes)
            elif isinstance(node, Replacement) and _is_printed(node):
                yield node.field

    def _decide_sections(self, nodes: Nodes) -> Iterator[Replacement | Element | ResolvedNode]:
        for node in nodes:
            if isinstance(node, Element) and node.field_attributes:
                yield self._fill_in_tag(node)
            elif not isinstance(node, Section):
                yield node
            elif (node.field in self._filled) != node.negated:
                yield from self._decide_sections(node.nodes)

    def _fill_in_tag(self, element: Element) -> Element:
        """Return an element whose attributes have the texts of their fields."""
        values = {name: self._text(nodes) for name, nodes in element.field_attributes}
        formats = tuple(
            c.Link(values["href"], ()) if isinstance(wrapper, c.Link) and "href" in values else wrapper
            for wrapper in element.formats
        )
        attributes = (*element.attributes, *values.items())
        return replace(element, formats=formats, attributes=attributes, field_attributes=())

    def _text(self, nodes: Nodes) -> str:
        parts = (
            c.inlines_text(tuple(c.inlines(self._fields.get(node.field, c.EMPTY))))
            if isinstance(node, Replacement)
            else node.text
            for node in self._decide_sections(nodes)
            if isinstance(node, Replacement | c.Text)
        )
        return "".join(parts)

    def _resolve(self, nodes: Nodes) -> Iterator[ResolvedNode]:
        """Decide the sections of nodes and fill in their fields."""
        for node in self._decide_sections(nodes):
            if not isinstance(node, Replacement):
                yield node
            elif _is_printed(node):
                yield from self._field(node)
            elif node.filters[0] == "type" and node.field in self._filled and node.field not in self._shown:
                # A field that the side shows anyway isn't printed once more for being typed in.
                yield self._typed_answer(self._fields.get(node.field, c.EMPTY), node.filters[1:])

    def _field(self, node: Replacement) -> Iterator[ResolvedNode]:
        content, filters = self._fields.get(node.field, c.EMPTY), node.filters
        reading_filters = filters if supports_readings(content) else ()
        if "cloze" in filters:
            # Anki shows nothing of a field that hides nothing on this card.
            # Source: Anki, rslib/src/cloze.rs, `reveal_cloze_text`.
            if self._number not in cloze_numbers(content):
                content = c.EMPTY
            elif self._styles is None:
                content = cloze_side(content, self._number, hide=self._is_front)
        for name in READING_FILTERS:
            if name in reading_filters:
                content = apply_reading_filter(content, name)
        if "hint" not in filters:
            yield content
        elif not is_empty_field(content):
            # Paper can't show a hint on request, so the hint stands in a line of its own.
            content = c.map_runs(content, lambda run: (c.Emphasis(run),))
            yield Element("div", nodes=(content,), attributes=(("class", "hint"),))

    def _typed_answer(self, content: c.Content, filters: Sequence[str]) -> c.Content:
        """Return what stands for a field that the learner types in: a blank, and on the back the answer."""
        if self._is_front:
            return (c.Paragraph((c.Blank(),)),)
        if "cloze" not in filters:
            return content
        hidden = [
            c.part_alone(deletion.children)
            for deletion in c.deletions(content)
            if self._number in deletion.numbers
        ]
        run = [inline for children in hidden for inline in (c.Text(", "), *children)][1:]
        return (c.Paragraph(tuple(run)),)


def _is_printed(node: Replacement) -> bool:
    """Return whether paper shows a field as it is: not one that is typed in or spoken."""
    return not any(name == "type" or name.startswith("tts ") for name in node.filters)
