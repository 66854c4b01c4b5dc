"""Writes tables of Markdown, and finds the headings of a page."""

import re
from collections.abc import Iterable, Iterator, Sequence

_HEADING = re.compile(r"^(##+) (.+)$", re.MULTILINE)
_CODE_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table. head, rows: cells in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def one_of(words: Sequence[str]) -> str:
    """Return words as code, of which one is chosen."""
    *others, last = (f"`{word}`" for word in words)
    return f"{', '.join(others)} or {last}" if others else last


def headings(page: str) -> Iterator[tuple[int, str]]:
    """Yield the level and the title of each heading below the first one."""
    for match in _HEADING.finditer(_CODE_BLOCK.sub("", page)):
        yield len(match[1]), match[2]


def anchor(title: str) -> str:
    """Return the anchor that a forge gives to a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
