"""Find the sections of releases in `CHANGES.md`, and the name by which each says what it was made from."""

import re
from hashlib import sha256

from cardwright.identity.lock import Lock
from cardwright.identity.lock_text import CONFLICT_MARKER

CHANGES_PAGE = "CHANGES.md"
"""The name of the page, in the folder of a deck's outputs."""

_SECTION_START = re.compile(r"^(?=## [0-9]{4}-[0-9]{2}-[0-9]{2}$)", re.MULTILINE)


def is_new_release(page: str, name: str) -> bool:
    """Return whether a build has anything to tell. page: of the build before. name: of this release."""
    sections = split_sections(page)
    return not sections or name not in sections[0]


def split_sections(page: str) -> list[str]:
    """Return the sections of releases on a page, the latest first; of a merge in git, those of both sides."""
    ours, theirs = (
        [section.strip() for section in _SECTION_START.split(side)[1:]]
        for side in _sides_of_conflicts(page.replace("\r\n", "\n"))
    )
    only_theirs = [section for section in theirs if section not in ours]
    common = next((index for index, section in enumerate(ours) if section in theirs), len(ours))
    return [*ours[:common], *only_theirs, *ours[common:]]


# What follows each marker is a part of our page, and of theirs.
_SIDES = {"<": (True, False), "|": (False, False), "=": (False, True), ">": (True, True)}


def _sides_of_conflicts(page: str) -> tuple[str, str]:
    """Return the pages of both sides of a merge in git; without a conflict, twice the page.

    A section can't be read with the markers in it: git takes any equal lines of two sections for common.
    """
    if CONFLICT_MARKER.search(page) is None:
        return page, page
    sides: tuple[list[str], list[str]] = ([], [])
    present = _SIDES[">"]
    for line in page.split("\n"):
        if CONFLICT_MARKER.fullmatch(line) is None:
            for lines, is_present in zip(sides, present, strict=True):
                if is_present:
                    lines.append(line)
        elif line[0] == "<" or present != _SIDES[">"]:
            present = _SIDES[line[0]]
    return "\n".join(sides[0]), "\n".join(sides[1])


def release_name(lock: Lock) -> str:
    """Return a name in backquotes, other than the one before if there is anything to tell."""
    times = [lock.deck_name, *(f"{entry.guid} {entry.mod}" for entry in lock.notes.values())]
    times += [f"{entry.type} {entry.mod}" for entry in lock.types.values()]
    digest = sha256("\n".join(sorted(times)).encode()).hexdigest()
    return f"`{digest[:8]}`"
