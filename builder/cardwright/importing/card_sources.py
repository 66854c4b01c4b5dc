"""Write notes as cards of the sources."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from cardwright.importing.collection import AnkiNote
from cardwright.importing.source_types import SourceType
from cardwright.source.yaml_writing import Value


@dataclass(frozen=True, slots=True)
class RawHtml:
    """HTML of a field that no text of the sources says. text: its words."""

    html: str
    text: str


ConvertField = Callable[[str, bool], str | RawHtml]
"""Turns the HTML of a field into a text of the sources. The flag says whether it may have cloze deletions."""


class SourceCard(NamedTuple):
    """A card as it is written.

    entries: its texts by their keys, without the id and what the file says of all its cards.
    id_text: what its id is made from.
    """

    entries: Mapping[str, Value]
    id_text: str


def source_card(note: AnkiNote, source_type: SourceType, convert: ConvertField) -> SourceCard:
    """Return the card of a note."""
    names = source_type.anki.fields
    texts = {
        name: convert(html, name in source_type.cloze_fields)
        for name, html in zip(names, note.fields, strict=True)
    }
    first_text = next((words_of(text) for text in texts.values() if words_of(text).strip()), "")
    if source_type.kind == "type":
        fields = {name: text_value(text) for name, text in texts.items() if text}
        return SourceCard({"type": source_type.name, "fields": fields}, first_text)
    entries = {
        key: text_value(texts[name])
        for name, key in source_type.keys.items()
        if texts[name] or key in ("q", "a", "cloze")
    }
    main_text = next(texts[name] for name, key in source_type.keys.items() if key == source_type.kind)
    return SourceCard(entries, words_of(main_text) or first_text)


def words_of(text: str | RawHtml) -> str:
    """Return the words of a text, such as for an id."""
    return text if isinstance(text, str) else text.text


def text_value(text: str | RawHtml) -> Value:
    """Return a text as YAML has it. No text of a card keeps the white space around it."""
    if isinstance(text, RawHtml):
        return {"html": _as_block(text.html)}
    return _as_block(text)


def _as_block(text: str) -> str:
    return f"{text}\n" if "\n" in text else text
