"""The tags of foreign notes, as sources may have them."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from cardwright.importing.findings import FindingCounter

_OF_LEARNERS = ("marked", "leech")
_OF_OWN_TYPES = ("retired",)
# Anki separates tags with white space, and keeps none of it.
_WHITE_SPACE = re.compile(r"\s+")


def usable_tags(tags: Iterable[str], found: FindingCounter, *, is_own_type: bool = False) -> tuple[str, ...]:
    """Return tags as a card may have them, sorted, each once; count those that it may not have.

    is_own_type: whether it becomes a note of a note type of ours, which says with a tag that it is retired.
    """
    taken = (*_OF_LEARNERS, *_OF_OWN_TYPES) if is_own_type else _OF_LEARNERS
    usable = set()
    for tag in tags:
        name = _normal(tag)
        if name.lower() in taken:
            found.add(f"notes without their tag `{name.lower()}`, which only Anki or cardwright sets")
        elif name:
            usable.add(name)
    return tuple(sorted(usable))


@lru_cache(maxsize=4096)
def _normal(tag: str) -> str:
    """Return a tag as Anki would have it: in NFC, and with `blank` for an empty level.

    Source: Anki, rslib/src/tags/register.rs, `normalized_tag_name_component`.
    """
    parts = _WHITE_SPACE.sub("-", unicodedata.normalize("NFC", tag)).split("::")
    return "" if not any(parts) else "::".join(part or "blank" for part in parts)
