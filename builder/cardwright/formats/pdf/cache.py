"""What the engine answered before, so that it need not be asked again."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Protocol


class Cache(Protocol):
    """Keeps answers from one build to the next, as long as it likes: an answer lost only costs time."""

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """What is known under the keys; the others are left out."""
        ...

    def put(self, answers: Mapping[str, bytes]) -> None:
        """Keep answers by their keys, all or none of them."""
        ...

    def digest(self, path: str) -> str:
        """Tells the content of a file, such as a font's, from any other. path: absolute."""
        ...


class NullCache:
    """The cache of those who want none."""

    __slots__ = ()

    def get(self, _keys: Sequence[str]) -> Mapping[str, bytes]:
        """See `Cache.get`."""
        return {}

    def put(self, answers: Mapping[str, bytes]) -> None:
        """See `Cache.put`."""

    def digest(self, _path: str) -> str:
        """See `Cache.digest`. Nothing is kept under it."""
        return ""


def make_key(*parts: bytes) -> str:
    """The key of an answer. parts: all that it depends on."""
    found = hashlib.blake2b(digest_size=20)
    for part in parts:
        # With its length, so that no two lists of parts run together into the same bytes.
        found.update(b"%d:" % len(part))
        found.update(part)
    return found.hexdigest()
