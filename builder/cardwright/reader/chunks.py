"""Cut the cards of a file into chunks, each of which can be parsed without the others.

An edit changes the chunk that it is in, and no other: where a chunk begins is decided by the text of its
first card, not by how many cards there are before it.
"""

import re
import zlib
from itertools import pairwise

from cardwright.diagnostics import Source
from cardwright.record import Record

AVERAGE_CHUNK = 64
"""In cards."""
LARGEST_CHUNK = 256
"""In cards; longer runs without a natural beginning are divided."""

# Patterns that begin with a certain character are found many times faster than others.
_CARDS_KEY = re.compile(r"\ncards:[ ]*(?:#[^\n]*)?\r?(?=\n|\Z)")
_FIRST_ENTRY = re.compile(r"(?:[ ]*(?:#[^\n]*)?\r?\n)*(?P<indent>[ ]*)- ")


class CutFile(Record, frozen=True):
    """A file, cut.

    head: the offset at which its cards begin; what is before it ends with the key `cards`.
    bounds: offsets at which the chunks begin, and the end of the file.
    """

    head: int
    bounds: tuple[int, ...]

    @property
    def chunks(self) -> list[tuple[int, int]]:
        """Start and end of each chunk."""
        return list(pairwise(self.bounds))


def cut_file(source: Source) -> CutFile | None:
    """Cut a file whose last key is `cards`; return None if it doesn't look like one.

    What looks like the beginning of a card may be within a quoted text or within brackets. Then the chunk
    before it is no YAML by itself, so whoever parses the chunks in their order finds out.
    """
    text = source.text
    lines = "\n" + text
    keys = list(_CARDS_KEY.finditer(lines))
    if len(keys) != 1:
        return None
    head = keys[0].end()
    first = _FIRST_ENTRY.match(text, head)
    if first is None:
        return None
    indent = first["indent"]
    # Less indented than the cards are only comments and lines without text. The patterns begin with the end
    # of the line before, which is found faster than a beginning.
    if re.compile(rf"\n(?!{indent}- |{indent} |[ ]*(?:#|\r?\n|\Z))").search(text, head - 1):
        return None
    bounds = [head]
    count = 0
    for card in re.compile(rf"\n{indent}- ([^\n]*)").finditer(text, head - 1):
        count += 1
        is_natural = zlib.crc32(card[1].encode("utf-8", "replace")) % AVERAGE_CHUNK == 0
        if (is_natural or count > LARGEST_CHUNK) and card.start() >= first.end():
            bounds.append(card.start() + 1)
            count = 1
    return CutFile(head, (*bounds, len(text)))
