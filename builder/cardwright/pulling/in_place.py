"""Change in a text of the sources only the words that were changed in Anki.

What Anki doesn't know of the text stays so: how its markup is written, where its lines end, the words for a
sound. It is a guess, which has to be checked by what comes of it.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

# Tags, words, and what is between them.
_PART = re.compile(r"<[^>]*>|&\w+;|\w+|\s+|.", re.DOTALL)
_PLAIN = re.compile(r"[\w\s.,;:!?'\"()/%+=–—-]*")
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
    for start, stop, words in _replacements(old, new):
        removed = "".join(old[start:stop])
        place = None
        if _PLAIN.fullmatch(removed) and _PLAIN.fullmatch(words):
            place = _find(text, old, start, stop)
        if place is None or place < end:
            return None
        pieces += [text[end:place], words]
        end = place + len(removed)
    return "".join([*pieces, text[end:]])


def _replacements(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield start and stop of each changed place, and what stands there now."""
    for operation, start, stop, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation != "equal":
            yield start, stop, "".join(new[first:last])


def _find(text: str, parts: Sequence[str], start: int, stop: int) -> int | None:
    """Return where some parts stand in a text, by what is around them; None if that can't be told."""
    left, right = start, stop
    for _ in range(_MOST_CONTEXT):
        found = "".join(parts[left:right])
        count = text.count(found) if found else 0
        if count == 1:
            return text.index(found) + len("".join(parts[left:start]))
        wider_left = left - 1 if left and _PLAIN.fullmatch(parts[left - 1]) else left
        wider_right = right + 1 if right < len(parts) and _PLAIN.fullmatch(parts[right]) else right
        if (found and not count) or (wider_left, wider_right) == (left, right):
            return None
        left, right = wider_left, wider_right
    return None
