"""Write notes as cards of the sources."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import NamedTuple

from cardwright.collection.image_occlusion import OcclusionMasks, read_masks
from cardwright.formats.anki.field_text import read_field
from cardwright.formats.anki.foreign_html import ForeignText
from cardwright.formats.anki.render import FieldHtml
from cardwright.identity.label_numbers import label_key
from cardwright.importing.collection import AnkiNote
from cardwright.importing.diagram_cards import diagram_entries
from cardwright.importing.source_types import SourceType
from cardwright.kinds import KINDS, shown_text
from cardwright.source.field_styles import FieldStyles
from cardwright.source.ids import id_words
from cardwright.source.yaml_writing import Value

ConvertField = Callable[[str, bool, FieldStyles | None], ForeignText]
"""Turns the HTML of a field into a text of the sources.

The flag says whether it may have cloze deletions; the styles are those of its note type.
"""


_NO_DIAGRAM = (
    "notes of image occlusion that stay `type` and `fields`, since no diagram has what they have: texts on "
    "the picture, masks that are turned, coloured or on all cards, other fields, or no picture"
)
# What marks formulas, and commands in them that are no part of what they say.
_TEX = re.compile(
    r"\[/?latex\]|\[/?\$\$?\]|\\(?:begin|end)\s*\{[^{}]*\}"
    r"|\\(?:left|right|[bB]igg?[lmr]?|[dt]?frac|text(?:bf|it|rm|tt)?|math(?:bb|bf|cal|frak|rm|sf|scr)"
    r"|operatorname|displaystyle|limits|q?quad)(?![A-Za-z])"
)
# A field of words, as most are, with a letter at the beginning.
_WORDS = re.compile(r"[A-Za-z][\w ,.;:'\"!?()/\-]*", re.ASCII)
_FOR_MEDIA = frozenset({"picture", "sound"})
"""What `read_field` says of media without words."""


class SourceCard(NamedTuple):
    """A card as it is written.

    entries: its texts by their keys, without the id and what the file says of all its cards.
    id_text: what its id is made from.
    labels: of a diagram, their keys by cloze number.
    finding: what is to be told of it; empty for nothing.
    made: what a build makes of its texts, by the names of the fields; None if that isn't known of all.
    """

    entries: Mapping[str, Value]
    id_text: str
    labels: Mapping[int, str] = MappingProxyType({})
    finding: str = ""
    made: Mapping[str, FieldHtml] | None = None

    @property
    def kind(self) -> str:
        """The key that says what kind of card it is."""
        return next(filter(KINDS.__contains__, self.entries))


def source_card(note: AnkiNote, source_type: SourceType, convert: ConvertField) -> SourceCard:
    """Return the card of a note."""
    styles, cloze_fields = source_type.styles, source_type.cloze_fields
    html_by_name = dict(zip(source_type.anki.fields, note.fields, strict=True))
    mask_field = source_type.mask_field
    texts = {
        name: convert(html, name in cloze_fields, styles)
        for name, html in html_by_name.items()
        if name != mask_field
    }
    asked = [html_by_name[name] for name in source_type.asked_fields]
    # The number that a question has says less of a card of many fields than their words do.
    has_one = source_type.kind in ("q", "cloze")
    id_text = (text_for_id(asked) if has_one else "") or text_for_id([*asked, *html_by_name.values()])
    made = None
    if mask_field:
        masks = read_masks(html_by_name[mask_field])
        diagram = None if masks is None else _diagram_entries(masks, texts, source_type)
        if masks is not None and diagram is not None:
            return SourceCard(diagram, id_text, {number: label_key(number) for number in masks.shapes})
        # Nobody sees how this text looks.
        texts = {mask_field: convert(html_by_name[mask_field], mask_field in cloze_fields, None), **texts}
    else:
        made = _known({name: text.made for name, text in texts.items() if text.text}, cloze_fields)
    if source_type.kind in ("type", "diagram"):
        finding = _NO_DIAGRAM if source_type.kind == "diagram" else ""
        fields = {name: text_value(text) for name, text in texts.items() if text.text}
        return SourceCard({"type": source_type.name, "fields": fields}, id_text, {}, finding, made)
    entries = {
        key: text_value(texts[name])
        for name, key in source_type.keys.items()
        if texts[name].text or key in ("q", "a", "cloze")
    }
    return SourceCard(entries, id_text, made=made)


def _known(
    made: Mapping[str, FieldHtml | None], cloze_fields: Collection[str]
) -> Mapping[str, FieldHtml] | None:
    """Return what is made of all fields; None if that isn't known. cloze_fields: those with deletions."""
    known = {name: field for name, field in made.items() if field is not None}
    if len(known) < len(made):
        return None
    # Anki looks for deletions in all fields of a cloze note, so they are written in another way there.
    others = (field.html for name, field in known.items() if name not in cloze_fields)
    return None if cloze_fields and any("{{c" in html for html in others) else known


def _diagram_entries(
    masks: OcclusionMasks, texts: Mapping[str, ForeignText], source_type: SourceType
) -> dict[str, Value] | None:
    """Return a note of image occlusion as a diagram; None if that can't say all of it.

    texts: of the fields, by name.
    """
    keyed: dict[str, ForeignText] = {}
    for name, text in texts.items():
        if text.text:
            keyed[source_type.keys.get(name, "")] = text
    picture = keyed.pop("diagram", ForeignText(""))
    if "" in keyed or picture.is_html:
        return None
    return diagram_entries(picture.text, masks, {key: text_value(text) for key, text in keyed.items()})


def text_for_id(fields: Iterable[str]) -> str:
    """Return what the id of a note is made from: words that no deletion hides, or else the name of a file.

    fields: their HTML, the most important ones first. Returns an empty text if there is nothing.
    """
    number = ""
    for html in fields:
        if _WORDS.fullmatch(html):
            return html
        field = read_field(html)
        words = shown_text(_TEX.sub(" ", field.text))
        if field.media and set(id_words(words)) <= _FOR_MEDIA:
            return PurePosixPath(field.media[0]).stem
        if any(char.isalpha() for char in words):
            return words
        number = number or " ".join(id_words(words))
    return number


def text_value(text: ForeignText) -> Value:
    """Return a text as YAML has it. No text of a card keeps the white space around it."""
    return {"html": _as_block(text.text)} if text.is_html else _as_block(text.text)


def _as_block(text: str) -> str:
    return f"{text}\n" if "\n" in text else text
