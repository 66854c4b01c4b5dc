"""The cards of a note of the author's own note type, laid out as their templates say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from cardwright.collection import notetype, readings
from cardwright.collection.card import cloze_numbers, cloze_side
from cardwright.collection.content import (
    EMPTY,
    Blank,
    Cloze,
    Content,
    LineBreak,
    Paragraph,
    Text,
    ThematicBreak,
    inlines,
    plain,
)
from cardwright.collection.custom_note_type import CustomNoteType, CustomTemplate
from cardwright.collection.page import Page
from cardwright.collection.template import (
    CloseTag,
    Constant,
    Nodes,
    OpenTag,
    Replacement,
    Section,
    always_filled_fields,
    shows_field,
)

# White space to HTML, and characters that no field can hold.
_BLANK = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]*")


def custom_cards(
    own: CustomNoteType, fields: Mapping[str, Content], tags: Sequence[str]
) -> Iterator[tuple[int, Content, Content]]:
    """Ordinal, 0-based and ascending, front and back of each card that Anki makes of a note.

    fields: by name; empty ones may be left out.

    An ordinary note of which no front shows anything has its first card nevertheless, as in Anki; a
    cloze note that hides nothing has none, which is reported where it is read.
    """
    filled = _filled(fields)
    if own.cloze_fields:
        (template,) = own.templates
        for number in sorted(
            {n for name in own.cloze_fields for n in cloze_numbers(fields.get(name, EMPTY))}
        ):
            yield _card(own, template, number - 1, fields, filled, tags)
        return
    known = filled | _always_filled(filled, tags)
    fronts = (template.front_nodes for template in own.templates)
    for ordinal in [n for n, front in enumerate(fronts) if shows_field(front, known)] or [0]:
        yield _card(own, own.templates[ordinal], ordinal, fields, filled, tags)


def shows_own_field(own: CustomNoteType, fields: Mapping[str, Content], tags: Sequence[str]) -> bool:
    """Whether any front shows a field of a note, and not only what Anki knows of every card."""
    filled = _filled(fields)
    deciding = _always_filled(filled, tags)
    return any(shows_field(template.front_nodes, filled, deciding) for template in own.templates)


def _filled(fields: Mapping[str, Content]) -> frozenset[str]:
    return frozenset(name for name, content in fields.items() if not is_empty_field(content))


def _always_filled(filled: AbstractSet[str], tags: Sequence[str]) -> AbstractSet[str]:
    """What Anki knows of every note. In it the topic is a tag as well."""
    return always_filled_fields(tagged=bool(tags) or notetype.TOPIC in filled)


def is_empty_field(content: Content) -> bool:
    """Whether Anki takes a field for empty: nothing in it but blanks and line breaks."""
    match content:
        case ():
            return True
        case (Paragraph(children),):
            return all(
                isinstance(one, LineBreak)
                or (isinstance(one, Text) and _BLANK.fullmatch(one.text) is not None)
                for one in children
            )
        case _:
            return False


def _card(
    own: CustomNoteType,
    template: CustomTemplate,
    ordinal: int,
    fields: Mapping[str, Content],
    filled: AbstractSet[str],
    tags: Sequence[str],
) -> tuple[int, Content, Content]:
    """The front and the back of one card."""
    special = {"Tags": plain(" ".join(tags)), "Type": plain(own.type), "Card": plain(template.name)}
    known = filled | _always_filled(filled, tags)
    every = {**special, **fields}
    front = _Side(every, known, ordinal + 1, asks=True).laid_out(template.front_nodes)
    back = _Side(every, known, ordinal + 1, asks=False).laid_out(template.back_nodes)
    # What stood above it is on the other side of the paper.
    while back and isinstance(back[0], ThematicBreak):
        back = back[1:]
    return ordinal, front, back


class _Side:
    """One side of one card. number: of its cloze deletions."""

    def __init__(
        self, fields: Mapping[str, Content], filled: AbstractSet[str], number: int, *, asks: bool
    ) -> None:
        self._fields = fields
        self._filled = filled
        self._number = number
        self._asks = asks
        self._page = Page()

    def laid_out(self, nodes: Nodes) -> Content:
        """What the side shows. A field that it shows is not shown once more for being typed in."""
        parts = list(self._left(nodes))
        shown = {part.field for part in parts if isinstance(part, Replacement) and _is_shown(part)}
        for part in parts:
            match part:
                case OpenTag():
                    self._page.open(part)
                case CloseTag(name):
                    self._page.close(name)
                case Replacement(field, filters) if _is_shown(part):
                    self._show(self._fields.get(field, EMPTY), filters)
                case Replacement(field, ("type", *others)):
                    if field in self._filled and field not in shown:
                        self._page.insert(self._typed(self._fields.get(field, EMPTY), others))
                case Replacement():
                    pass
                case _:
                    self._page.add((part,))
        return self._page.content()

    def _left(self, nodes: Nodes) -> Iterator[Replacement | Constant]:
        """What is left when the sections are decided."""
        for node in nodes:
            if not isinstance(node, Section):
                yield node
            elif (node.field in self._filled) != node.negated:
                yield from self._left(node.nodes)

    def _show(self, content: Content, filters: Sequence[str]) -> None:
        if "cloze" in filters:
            # Anki shows nothing of a field that hides nothing on this card.
            # Source: Anki, rslib/src/cloze.rs, `reveal_cloze_text`.
            here = self._number in cloze_numbers(content)
            content = cloze_side(content, self._number, hide=self._asks) if here else EMPTY
        if filters and filters[-1] in readings.READING_FILTERS and readings.supports_readings(content):
            content = readings.apply_reading_filter(content, filters[-1])
        if "hint" not in filters:
            self._page.insert(content)
        elif not is_empty_field(content):
            # On paper nothing can be asked for, so it stands there, set off from what is asked.
            for tag in ("div", "em"):
                self._page.open(OpenTag(tag))
            self._page.insert(content)
            for tag in ("em", "div"):
                self._page.close(tag)

    def _typed(self, content: Content, filters: Sequence[str]) -> Content:
        """What the learner types in: a place to fill, and on the back what was to be typed."""
        if self._asks:
            return (Paragraph((Blank(),)),)
        if "cloze" not in filters:
            return content
        hidden = [
            inline.children
            for inline in inlines(content)
            if isinstance(inline, Cloze) and self._number in inline.numbers
        ]
        run = [part for children in hidden for part in (Text(", "), *children)][1:]
        return (Paragraph(tuple(run)),)


def _is_shown(part: Replacement) -> bool:
    """Whether paper shows a field as it is: not what is typed in, nor what is spoken."""
    return not any(one == "type" or one.startswith("tts ") for one in part.filters)
