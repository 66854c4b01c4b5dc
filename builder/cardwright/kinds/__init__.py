"""The kinds of cards, one file each, and the table of them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from cardwright.collection.note import Note
from cardwright.kinds import cloze, list_, question, table
from cardwright.kinds.card_reader import COMMON_KEYS, SHARED_KEYS, CardReader
from cardwright.source.mapping_reader import MappingReader
from cardwright.source.nodes import Mapping, Scalar


def _read_diagram_card(card: CardReader) -> Iterator[Note]:
    from cardwright.kinds import diagram  # noqa: PLC0415  few decks have diagrams

    return diagram.read_diagram_card(card)


def _read_custom_card(card: CardReader) -> Iterator[Note]:
    from cardwright.kinds import custom  # noqa: PLC0415  few decks have custom note types

    return custom.read_custom_card(card)


def _main_text(value: Scalar, _card: MappingReader) -> str:
    """Return the text without the openings of its cloze deletions."""
    return re.sub(r"\{\{c[\d,]+::", " ", value.value)


def _file_stem(value: Scalar, _card: MappingReader) -> str:
    return PurePosixPath(value.value).stem


def _first_field_text(value: Scalar, card: MappingReader) -> str:
    fields = card.get("fields")
    texts = fields.entries.values() if isinstance(fields, Mapping) else ()
    return next((text.value for _, text in texts if isinstance(text, Scalar)), "") or value.value


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of card.

    key: the key that makes a card one of this kind.
    other_keys: what else such a card may have.
    read: reads the notes of a card, and reports to the card's report.
    text_for_id: returns what a new id is made from; gets the value of `key` if it is a text.
    """

    key: str
    other_keys: frozenset[str]
    read: Callable[[CardReader], Iterator[Note]]
    text_for_id: Callable[[Scalar, MappingReader], str] = _main_text


KINDS = {
    kind.key: kind
    for kind in (
        Kind("q", COMMON_KEYS | {"a", "reverse"}, question.read_question_card),
        Kind("cloze", COMMON_KEYS, cloze.read_cloze_card),
        Kind("list", COMMON_KEYS | {"items", "show"}, list_.read_list_card),
        Kind("table", COMMON_KEYS, table.read_table_card),
        Kind("diagram", COMMON_KEYS | {"alt", "hide", "labels"}, _read_diagram_card, _file_stem),
        Kind("type", SHARED_KEYS | {"fields"}, _read_custom_card, _first_field_text),
    )
}
