"""The tags of foreign notes, as sources may have them."""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

from cardwright.importing.findings import FindingCounter

_OF_LEARNERS = frozenset({"marked", "leech"})
_OF_OWN_TYPES = frozenset({"retired"})
# Anki separates tags with white space, and keeps none of it.
_WHITE_SPACE = re.compile(r"\s+")


def usable_tags(tags: Collection[str], *, is_own_type: bool = False) -> tuple[str, ...]:
    """Return tags as a card may have them, sorted, each once, without those that it may not have.

    is_own_type: whether it becomes a note of a note type of ours, which says with a tag that it is retired.
    """
    if not tags:
        return ()
    taken = _taken(is_own_type=is_own_type)
    names = {_normal(tag) for tag in tags}
    return tuple(sorted(name for name in names if name and name.lower() not in taken))


def count_taken_tags(tags: Collection[str], found: FindingCounter, *, is_own_type: bool = False) -> None:
    """Count the tags that a card may not have. is_own_type: as for `usable_tags`."""
    if not tags:
        return
    taken = _taken(is_own_type=is_own_type)
    for name in sorted({_normal(tag).lower() for tag in tags} & taken):
        found.add(f"notes without their tag `{name}`, which only Anki or cardwright sets")


def _taken(*, is_own_type: bool) -> frozenset[str]:
    return _OF_LEARNERS | _OF_OWN_TYPES if is_own_type else _OF_LEARNERS


@lru_cache(maxsize=4096)
def _normal(tag: str) -> str:
    """Return a tag as Anki would have it: in NFC, and with `blank` for an empty level.

    Source: Anki, rslib/src/tags/register.rs, `normalized_tag_name_component`.
    """
    parts = _WHITE_SPACE.sub("-", unicodedata.normalize("NFC", tag)).split("::")
    return "" if not any(parts) else "::".join(part or "blank" for part in parts)
