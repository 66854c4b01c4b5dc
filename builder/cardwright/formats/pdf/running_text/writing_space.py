"""How much room an answer needs that is written by hand."""

import math
from collections.abc import Iterable

from cardwright.collection import notetype
from cardwright.collection.content import (
    Block,
    BulletList,
    Cloze,
    Code,
    CodeBlock,
    Content,
    Image,
    Inlines,
    Math,
    OrderedList,
    Paragraph,
    Quote,
    Table,
    Text,
    inlines,
)
from cardwright.formats.pdf.running_text.entries import TextEntry, filled
from cardwright.formats.pdf.words import has_cjk

# A hand needs so many mm for a letter, and more for a Chinese one.
_LETTER = 2.6
_WIDE_LETTER = 6.5
_MOST_LINES = 12
_LINES_FOR_A_PICTURE = 4
# A gap in a text is one word of so many low lines, each about 2 mm wide; it must not be broken in two.
_LOW_LINE = 2.0
_GAP = (10, 22)
# Small writing gets more into it.
_MOST_IN_A_GAP = 1.4 * _GAP[1] * _LOW_LINE


def lines(entry: TextEntry, width: float) -> int:
    """How many lines to draw below a question; none where its text has gaps enough.

    width: of a line, in mm.
    """
    if entry.is_cloze:
        deletions: list[Cloze] = []

        def note(cloze: Cloze) -> Inlines:
            deletions.append(cloze)
            return ()

        filled(entry.note.fields[notetype.TEXT], note)
        long = [by_hand for one in deletions if (by_hand := _by_hand(one.children)) > _MOST_IN_A_GAP]
        return min(_MOST_LINES, math.ceil(sum(long) / width))
    return min(_MOST_LINES, max(1, sum(_lines(block, width) for block in entry.told)))


def gap(cloze: Cloze) -> Inlines:
    """Room to write in a text, and the hint behind it."""
    least, most = _GAP
    line = Text("_" * min(most, max(least, math.ceil(_by_hand(cloze.children) / _LOW_LINE))))
    return (line, Text(f" ({cloze.hint})")) if cloze.hint else (line,)


def _lines(block: Block, width: float) -> int:
    match block:
        case BulletList(items) | OrderedList(_, items):
            return sum(_lines_of(item, width) for item in items)
        case Quote(children):
            return _lines_of(children, width)
        case CodeBlock(text):
            return len(text.splitlines())
        case Table(_, _, rows):
            return 1 + len(rows)
        case Paragraph() if any(isinstance(inline, Image) for inline in inlines((block,))):
            return _LINES_FOR_A_PICTURE
        case _:
            return math.ceil(_length(inlines((block,))) / width)


def _lines_of(content: Content, width: float) -> int:
    return max(1, sum(_lines(block, width) for block in content))


def _by_hand(children: Inlines) -> float:
    return _length(inlines((Paragraph(children),)))


def _length(found: Iterable[object]) -> float:
    """In mm."""
    length = 0.0
    for inline in found:
        match inline:
            case Text(text) | Code(text):
                length += sum(_WIDE_LETTER if has_cjk([sign]) else _LETTER for sign in text)
            case Math(tex, _):
                length += len(tex) * _LETTER
            case _:
                pass
    return length
