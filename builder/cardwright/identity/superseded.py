"""Keys of superseded entries: of notes that were released as new ones while they had an older history.

When the older one is continued (`was:` after a release), the younger is retired under a key of its own.
"""

_SEPARATOR = "~"
"""Stands between the key and the GUID; no key of a note contains it."""


def superseded_key(key: str, guid: str) -> str:
    """Return the key of an entry once it is superseded; the GUID makes it the same on two branches."""
    return f"{key}{_SEPARATOR}{guid}"


def is_superseded(key: str) -> bool:
    """Return whether a key of the lock is that of a superseded entry."""
    return _SEPARATOR in key


def released_key(key: str) -> str:
    """Return the key with which a note was released, of a key of the lock."""
    return key.partition(_SEPARATOR)[0]
