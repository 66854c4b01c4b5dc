"""The kinds of cards, one file each, and the table of them."""

import re
from collections import abc
from collections.abc import Callable, Collection, Iterator
from pathlib import PurePosixPath

from cardwright.collection.note import Note
from cardwright.kinds import list_, question, table
from cardwright.kinds.card_keys import (
    CLOZE_KEYS,
    CUSTOM_KEYS,
    DIAGRAM_KEYS,
    LIST_KEYS,
    QUESTION_KEYS,
    TABLE_KEYS,
)
from cardwright.kinds.card_reader import CardReader
from cardwright.record import Record
from cardwright.source.ids import id_words
from cardwright.source.keys import Key
from cardwright.source.mapping_reader import MappingReader
from cardwright.source.nodes import Mapping, Scalar

# Shorter hidden words are part of other words by chance; those of scripts without spaces are short.
_MIN_PART, _MIN_ASCII_PART = 2, 5

# A tag, the address of a link or a picture, or an entity.
_NOT_SHOWN = re.compile(r"</?([a-z][a-z0-9]*)[^<>]*>|\]\([^()\s]*\)|&#?\w+;", re.IGNORECASE)


def _read_diagram_card(card: CardReader) -> Iterator[Note]:
    from cardwright.kinds import diagram  # noqa: PLC0415  few decks have diagrams

    return diagram.read_diagram_card(card)


def _read_question_card(card: CardReader) -> Iterator[Note]:
    return question.read_question_card(card) if card.note_type is None else _read_keyed_card(card)


def _read_cloze_card(card: CardReader) -> Iterator[Note]:
    if card.note_type is not None:
        return _read_keyed_card(card)
    from cardwright.kinds import cloze  # noqa: PLC0415  many decks have no deletions

    return cloze.read_cloze_card(card)


def _read_keyed_card(card: CardReader) -> Iterator[Note]:
    from cardwright.kinds import custom  # noqa: PLC0415  few decks have custom note types

    return custom.read_keyed_card(card)


def _read_custom_card(card: CardReader) -> Iterator[Note]:
    from cardwright.kinds import custom  # noqa: PLC0415  few decks have custom note types

    return custom.read_custom_card(card)


def _main_text(value: Scalar, _card: MappingReader) -> str:
    return shown_text(_without_markup(value.value))


def _without_markup(text: str) -> str:
    """Return a text without what no card shows: tags, the addresses of links and pictures, entities."""
    if _NOT_SHOWN.search(text) is None:
        return text
    from cardwright.collection.html_layout import WITHIN_WORDS  # noqa: PLC0415  few new cards have tags

    return _NOT_SHOWN.sub(lambda part: "" if (part[1] or "").lower() in WITHIN_WORDS else " ", text)


def shown_text(text: str) -> str:
    """Return the words of a text that none of its cloze deletions hides; if there are none, their hints."""
    if "{{" not in text:
        return text
    # Many decks have no deletions.
    from cardwright.source.deletion_scanner import hidden_spans, hints_of  # noqa: PLC0415

    spans = hidden_spans(text)
    if not spans:
        return text
    hidden = {word for start, end in spans for word in id_words(text[start:end])}
    starts, ends = [0, *(end for _, end in spans)], [*(start for start, _ in spans), len(text)]
    shown = " ".join(text[start:end] for start, end in zip(starts, ends, strict=True))
    words = [word for word in id_words(shown) if not _gives_away(word, hidden)]
    return " ".join(words or hints_of(text))


def _gives_away(word: str, hidden: Collection[str]) -> bool:
    """Tell whether a word is hidden, or has a hidden one in it, as Chinese writes words without spaces."""
    return word in hidden or any(
        part in word and len(part) >= (_MIN_ASCII_PART if part.isascii() else _MIN_PART) for part in hidden
    )


def _file_stem(value: Scalar, _card: MappingReader) -> str:
    return PurePosixPath(value.value).stem


def _first_field_text(value: Scalar, card: MappingReader) -> str:
    fields = card.get("fields")
    texts = fields.entries.values() if isinstance(fields, Mapping) else ()
    text = next((text.value for _, text in texts if isinstance(text, Scalar)), "")
    return shown_text(_without_markup(text)) or value.value


class Kind(Record, frozen=True):
    """A kind of card.

    key: the key that makes a card one of this kind.
    keys: all that such a card may have.
    read: reads the notes of a card, and reports to the card's report.
    text_for_id: returns what a new id is made from, no hidden words; gets the value of `key` if it is a text.
    """

    key: str
    keys: abc.Mapping[str, Key]
    read: Callable[[CardReader], Iterator[Note]]
    text_for_id: Callable[[Scalar, MappingReader], str] = _main_text


KINDS = {
    kind.key: kind
    for kind in (
        Kind("q", QUESTION_KEYS, _read_question_card),
        Kind("cloze", CLOZE_KEYS, _read_cloze_card),
        Kind("list", LIST_KEYS, list_.read_list_card),
        Kind("table", TABLE_KEYS, table.read_table_card),
        Kind("diagram", DIAGRAM_KEYS, _read_diagram_card, _file_stem),
        Kind("type", CUSTOM_KEYS, _read_custom_card, _first_field_text),
    )
}
