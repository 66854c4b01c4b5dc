"""Where a card asks to type in the answer: the box on its front, and the comparison on its back.

Source: Anki, qt/aqt/reviewer.py, `typeAnsFilter`; rslib/src/typeanswer.rs, `compare_answer`.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from cardwright.formats.anki.cloze_html import typed_clozes, without_tags
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.sound_tags import decode_entities, without_sounds
from cardwright.record import Record

_PLACE = re.compile(r"\[\[type:(.+?)\]\]")
_LINE_BREAKS = re.compile(r"(?:\n|<br\s?/?>|</?div>)+", re.IGNORECASE)
_ANSWER_LINE = "<hr id=answer>"
_FONT, _FONT_SIZE = "Arial", 20  # px; of fields whose note type is not imported, see collection.py


class _Asked(Record, frozen=True):
    """What is to be typed in. html: the right answer; empty if nothing is asked. style: of box and answer."""

    name: str
    html: str
    style: str


def with_typing(
    front: str, back: str, note_type: AnkiNoteType, fields: Sequence[str], number: int
) -> tuple[str, str]:
    """Return both sides as Anki shows them to a learner who types in nothing.

    front, back: as in `CardSides`. fields: HTML, in the note type's order. number: 1-based, of the card.
    """
    place = _PLACE.search(front)
    if place is None:
        return front, _PLACE.sub("", back)
    asked = _asked(place[1], note_type, fields, number)
    if asked is None:
        name = place[1].rpartition(":")[2]
        message = "Please run Tools&gt;Empty Cards" if place[1].startswith("cloze:") else _unknown(name)
        return _PLACE.sub(lambda _: message, front), _PLACE.sub("", back)
    if not asked.html:
        return _PLACE.sub("", front), _PLACE.sub("", back)
    attributes = f'autocomplete=off aria-label="{escape(asked.name)}" style="{asked.style}"'
    box = f"\n<center>\n<input type=text id=typeans {attributes}>\n</center>\n"
    return _PLACE.sub(lambda _: box, front), _with_comparison(back, asked)


def _unknown(name: str) -> str:
    return f"Type answer: unknown field {escape(name)}"


def _asked(place: str, note_type: AnkiNoteType, fields: Sequence[str], number: int) -> _Asked | None:
    """Return what is asked for; None if there is no such field or deletion. place: such as `nc:Answer`."""
    name = place
    for prefix in ("cloze:", "nc:"):
        if name.startswith(prefix):
            name = name.split(":")[1]
    if name not in note_type.field_names:
        return None
    index = note_type.field_names.index(name)
    html = fields[index]
    if place.startswith("cloze:"):
        html = typed_clozes(html, number)
        if not html:
            return None
    stored: Sequence[Mapping[str, Any]] = note_type.imported.json["flds"] if note_type.imported else ()
    look = stored[index] if index < len(stored) else {}
    font = escape(str(look.get("font", _FONT)))
    return _Asked(name, html, f"font-family: '{font}'; font-size: {look.get('size', _FONT_SIZE)}px")


def _with_comparison(back: str, asked: _Asked) -> str:
    """Return a back with the right answer. The line above the answer moves above what is compared."""
    if not _PLACE.search(back):
        return back
    words = decode_entities(without_tags(_LINE_BREAKS.sub(" ", without_sounds(asked.html)))).strip()
    answer = f'\n<div style="{asked.style}"><code id=typeans>{escape(words)}</code></div>'
    if _ANSWER_LINE in back:
        back = back.replace(_ANSWER_LINE, "")
        answer = _ANSWER_LINE + answer
    return _PLACE.sub(lambda _: answer, back)
