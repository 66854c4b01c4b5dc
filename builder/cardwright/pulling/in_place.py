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
_BULLET = re.compile(r"^ *([-*+]) ", re.MULTILINE)
_NUMBER = re.compile(r"^ *[0-9]+[.)](?= )", re.MULTILINE)
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
        shapes, own_shapes = list(map(_shape, old)), list(map(_shape, lines))
        blocks = SequenceMatcher(None, shapes, own_shapes, autojunk=False).get_matching_blocks()
        places = {block.a + n: block.b + n for block in blocks for n in range(block.size)}
    pieces: list[str] = []
    end = last_stop = 0
    for start, stop, changed in _replacements(old, new):
        # Up to the next lines whose places are known.
        above = next((n for n in range(start, last_stop, -1) if n - 1 in places), 0)
        below = next((n for n in range(stop, len(old)) if n in places), len(old))
        first = places[above - 1] + 1 if above else 0
        last = places[below] if below < len(old) else len(lines)
        if not end <= first <= last or (above == below and first != last):
            return None
        written = [*old[above:start], *changed, *old[stop:below]]
        pieces += [*lines[end:first], *(_as_marked(line, text) for line in written)]
        end, last_stop = last, below
    return "\n".join([*pieces, *lines[end:]])


def _shape(line: str) -> str:
    """Return a line as `change_lines` compares it, whose markup may be written in another way."""
    line = re.sub(r"^( *)(?:[-*+]|[0-9]+[.)]) +", r"\1- ", line.rstrip())
    line = re.sub(r"^( *```).*", r"\1", line)
    line = re.sub(r"-{3,}", "---", re.sub(r" *\| *", "|", line)) if "|" in line else line
    return line.replace("_", "*")


def _as_marked(line: str, text: str) -> str:
    """Return a line with the marks of lists that a text has."""
    if line.lstrip(" ").startswith("- ") and (bullet := _BULLET.search(text)):
        return line.replace("-", bullet[1], 1)
    if _NUMBER.match(line) and len(numbers := _NUMBER.findall(text)) > 1 and len({*numbers}) == 1:
        return _NUMBER.sub(numbers[0], line, count=1)
    return line


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
