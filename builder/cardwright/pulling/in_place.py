"""Change in a text of the sources only the words, or at least only the lines, that were changed in Anki.

What Anki doesn't know of the text stays so: how its markup is written, where its lines end, the words for a
sound. It is a guess, which has to be checked by what comes of it.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

# Tags, words, and what is between them.
_PART = re.compile(r"<[^>]*>|&\w+;|\w+|\s+|.", re.DOTALL)
_PLAIN = re.compile(r"[\w\s.,;:!?'\"()/%+=–—-]*")
_BULLET, _ANY_BULLET = (re.compile(rf"^( *){sign}(?= )", re.MULTILINE) for sign in ("-", "([-*+])"))
_LONGEST = 4_000
"""The most parts of a text that are compared."""
_MOST_CONTEXT = 40
"""The most parts on each side of a change by which its place is found."""


def change_words(text: str, before: str, after: str) -> str | None:
    """Return a text of the sources with the words replaced that were replaced in its HTML.

    before, after: HTML of the field that is made from the text.

    Returns None if more than words was changed, or if their places can't be told.
    """
    old, new = _PART.findall(before), _PART.findall(after)
    if max(len(old), len(new)) > _LONGEST:
        return None
    pieces: list[str] = []
    end = 0
    for start, stop, parts in _replacements(old, new):
        removed, words = "".join(old[start:stop]), "".join(parts)
        place = None
        if _PLAIN.fullmatch(removed) and _PLAIN.fullmatch(words):
            place = _find(text, old, start, stop)
        if place is None or place < end:
            return None
        pieces += [text[end:place], words]
        end = place + len(removed)
    return "".join([*pieces, text[end:]])


def change_lines(text: str, before: str, after: str) -> str | None:
    """Return a text of the sources with the lines replaced that differ between two other texts.

    before, after: what a conversion from HTML makes of the field as it was, and as it is.

    Returns None if the lines of the text can't be told by those before.
    """
    lines, old, new = text.split("\n"), before.split("\n"), after.split("\n")
    if max(len(lines), len(old), len(new)) > _LONGEST:
        return None
    places = dict(enumerate(range(len(lines))))
    if len(lines) != len(old):
        blocks = SequenceMatcher(None, old, lines, autojunk=False).get_matching_blocks()
        places = {block.a + n: block.b + n for block in blocks for n in range(block.size)}
    own_bullet = _ANY_BULLET.search(text)
    bullet = rf"\1{own_bullet[2]}" if own_bullet else r"\1-"
    pieces: list[str] = []
    end = 0
    for start, stop, changed in _replacements(old, new):
        first = places.get(start - 1, -2) + 1 if start else 0
        last = places.get(stop, -1) if stop < len(old) else len(lines)
        if not end <= first <= last or (start == stop and first != last):
            return None
        pieces += [*lines[end:first], *(_BULLET.sub(bullet, line) for line in changed)]
        end = last
    return "\n".join([*pieces, *lines[end:]])


def _replacements(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, Sequence[str]]]:
    """Yield start and stop of each changed place, and what stands there now."""
    for operation, start, stop, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation != "equal":
            yield start, stop, new[first:last]


def _find(text: str, parts: Sequence[str], start: int, stop: int) -> int | None:
    """Return where some parts stand in a text, by what is around them; None if that can't be told."""
    left, right = start, stop
    for _ in range(_MOST_CONTEXT):
        found = "".join(parts[left:right])
        indexes = _indexes(text, found)
        if len(indexes) == 1:
            return indexes[0] + len("".join(parts[left:start]))
        wider_left = left - 1 if left and _PLAIN.fullmatch(parts[left - 1]) else left
        wider_right = right + 1 if right < len(parts) and _PLAIN.fullmatch(parts[right]) else right
        if (found and not indexes) or (wider_left, wider_right) == (left, right):
            return None
        left, right = wider_left, wider_right
    return None


def _indexes(text: str, part: str) -> list[int]:
    """Return where a part of a text stands, unless it is there a part of a longer word."""
    if not part:
        return []
    before = r"(?<![^\W_])" if part[0].isalnum() else ""
    after = r"(?![^\W_])" if part[-1].isalnum() else ""
    return [match.start() for match in re.finditer(f"{before}{re.escape(part)}{after}", text)]
