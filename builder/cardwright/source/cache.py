"""What earlier builds computed: how it is kept, and the keys that it is kept under."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Protocol


class Cache(Protocol):
    """Keeps answers from one build to the next; a lost answer only costs time."""

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return the answers that are known under the keys; unknown keys are left out."""
        ...

    def put(self, answers: Mapping[str, bytes]) -> None:
        """Keep all of the answers by their keys, or none of them."""
        ...

    def digest(self, path: str) -> str:
        """Return a digest of a file's content, such as a font's. path: absolute."""
        ...


class NullCache:
    """A cache that keeps nothing."""

    __slots__ = ()

    def get(self, _keys: Sequence[str]) -> Mapping[str, bytes]:
        """See `Cache.get`."""
        return {}

    def put(self, answers: Mapping[str, bytes]) -> None:
        """See `Cache.put`."""

    def digest(self, _path: str) -> str:
        """See `Cache.digest`. No digest is needed, since nothing is kept under it."""
        return ""


def make_key(*parts: bytes) -> str:
    """Return the cache key of an answer. parts: everything that the answer depends on."""
    key = hashlib.blake2b(digest_size=20)
    for part in parts:
        # With its length, so that no two lists of parts run together into the same bytes.
        key.update(b"%d:" % len(part))
        key.update(part)
    return key.hexdigest()
