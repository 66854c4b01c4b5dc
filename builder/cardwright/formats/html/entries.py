"""The entry of a note on the page: all of its cards.

Where cards differ by what is hidden alone, as with a cloze text and a picture, the entry has their content
once, with gaps that the page opens and closes. So the page stays small, and shows the text as one.

An entry is an `article`. Its questions are `h3`, or `.q` if they are more than a line; what follows one is
its answer. A text with gaps is `.z`. The extra content of all answers is an `aside`, a hint a `details`.
"""

import re
from collections.abc import Mapping, Sequence

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.card import cards
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.formats.html.page_content import PageContent, attributes


def write_entry(note: Note, guid: str, numbers: Mapping[str, Sequence[int]], writer: PageContent) -> str:
    """Write an entry.

    guid: by which a browser remembers the note. numbers: those of its tags (`data-t`) and of its citations
        (`data-s`) in the lists of the page, unless they are those of its section.
    """
    lists = {name: " ".join(map(str, own)) for name, own in numbers.items()}
    # An imported note may have any GUID, but no id has spaces.
    name = re.sub(r"\s", "_", guid)
    hint = f"<details>{writer.compact(note.hint)}</details>" if note.hint else ""
    extra = f"<aside>{writer.compact(note.extra)}</aside>" if note.extra else ""
    return f"<article{attributes({'id': name, **lists})}>{_cards(note, writer)}{hint}{extra}</article>"


def _cards(note: Note, writer: PageContent) -> str:
    if note.type == NoteType.CLOZE:
        return f"<div class=z>{writer.gapped(note.fields[notetype.TEXT])}</div>"
    if note.diagram is not None:
        return f"<div class=z>{writer.diagram(note.diagram)}</div>"
    return "".join(
        _question(card.front, card.ordinal, position, writer) + _answer(card.back, writer)
        for position, card in enumerate(cards(note))
    )


def _question(content: c.Content, ordinal: int, position: int, writer: PageContent) -> str:
    """Write a question, with the number of its card if that is another than its position says."""
    number = {"data-n": str(ordinal + 1)} if ordinal != position else {}
    if _is_line(content):
        return f"<h3{attributes(number)}>{writer.compact(content)}</h3>"
    return f"<div{attributes({'class': 'q', **number})}>{writer.compact(content)}</div>"


def _answer(content: c.Content, writer: PageContent) -> str:
    html = writer.compact(content)
    # Its end tag may be left out, as what follows ends it.
    return f"<p>{html}" if _is_line(content) else f"<div>{html}</div>"


def _is_line(content: c.Content) -> bool:
    """Return whether a content is a single paragraph."""
    return len(content) == 1 and isinstance(content[0], c.Paragraph)
