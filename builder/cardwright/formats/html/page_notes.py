"""The HTML of a note on the page: all of its cards.

Where cards differ by what is hidden alone, as with a cloze text and a picture, the note has their content
once, with gaps that the page opens and closes. So the page stays small, and shows the text as one.

A note is an `li`. Its questions are `h3`, or `.q` if they are more than a line, or a picture; what follows
one is its answer. A note that begins with neither is a text with gaps. The extra content of all answers
is an `aside`, a hint a `details`. End tags that HTML lets one leave out are left out.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Container

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.card import cards
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.formats.html.page_content import PageContent, attributes, is_line


def short_name(guid: str, taken: Container[str]) -> str:
    """Return the name by which a browser remembers a note; it has few letters, since every note has one."""
    name = urlsafe_b64encode(hashlib.sha256(guid.encode()).digest()).decode("ascii")
    return next(name[:length] for length in range(5, len(name)) if name[:length] not in taken)


def write_note(note: Note, writer: PageContent, hint: str) -> str:
    """Write a note. hint: our word for one."""
    help_ = f"<details><summary>{hint}</summary>{writer.compact(note.hint)}</details>" if note.hint else ""
    extra = f"<aside>{writer.compact(note.extra)}</aside>" if note.extra else ""
    return f"<li>{_cards(note, writer)}{help_}{extra}"


def _cards(note: Note, writer: PageContent) -> str:
    if note.type == NoteType.CLOZE:
        return writer.gapped(note.fields[notetype.TEXT])
    if note.diagram is not None and note.custom_type is None:
        return f"<div>{writer.diagram(note.diagram)}</div>"
    return "".join(
        _question(card.front, card.ordinal, position, writer) + writer.paragraph(card.back)
        for position, card in enumerate(cards(note))
    )


def _question(content: c.Content, ordinal: int, position: int, writer: PageContent) -> str:
    """Write a question, with the number of its card if that is another than its position says."""
    number = {"data-n": str(ordinal + 1)} if ordinal != position else {}
    html = writer.compact(content)
    if is_line(content) and c.plain_text(content).strip():
        return f"<h3{attributes(number)}>{html}</h3>"
    return f"<div{attributes({'class': 'q', **number})}>{html}</div>"
