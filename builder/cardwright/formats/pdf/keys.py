"""Under what an engine's answers are kept: all that they depend on."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from cardwright.formats.pdf import templates
from cardwright.formats.pdf.cache import make_key
from cardwright.formats.pdf.nodes import Json
from cardwright.version import VERSION

# Text in such a picture is set in any font at hand, not in those that the deck names.
_SETS_TEXT = b'.svg"'


class Font(Protocol):
    """A font file's face. path: None for one that the engine brings along. index: within the file."""

    family: str
    path: str | None
    index: int


class CacheKeys:
    """Makes keys for one engine.

    version: of the engine. fonts: at hand, in its order. digest: as `Cache.digest`.

    Pictures are in the data by names that tell their content.
    """

    def __init__(self, version: str, fonts: Sequence[Font], digest: Callable[[str], str]) -> None:
        self._version = version
        self._fonts = fonts
        self._digest = digest
        self._faces: dict[frozenset[str] | None, bytes] = {}

    def of(self, main: str, deck: Json, data: bytes) -> str:
        """The key of a drawing. main: the template's file. deck: what it sets; data: the same as JSON."""
        return make_key(*self._about(main, deck, data), b"drawn", data)

    def of_sides(self, main: str, deck: Mapping[str, Json], sides: Sequence[Json]) -> list[str]:
        """For each of the sides the key of how it fits. deck: the sides are to be set as it tells."""
        rest = _json({name: part for name, part in deck.items() if name != "sides"})
        written = [_json(side) for side in sides]
        about = make_key(*self._about(main, deck, b"".join(written)), rest).encode()
        return [make_key(about, b"fit", side) for side in written]

    def _about(self, main: str, deck: Json, data: bytes) -> tuple[bytes, ...]:
        named = deck.get("fonts") if isinstance(deck, Mapping) else None
        families = None if _SETS_TEXT in data else frozenset(name.lower() for name in _names(named))
        if families not in self._faces:
            self._faces[families] = self._faces_of(families)
        versions = (VERSION.encode(), self._version.encode(), templates.digest())
        return (*versions, self._faces[families], main.encode())

    def _faces_of(self, families: frozenset[str] | None) -> bytes:
        """The files of some fonts, by content. families: None for all."""
        return make_key(
            *(
                f"{font.family}/{font.index}/{self._digest(font.path)}".encode()
                for font in self._fonts
                if font.path is not None and (families is None or font.family.lower() in families)
            )
        ).encode()


def _names(families: Json) -> Iterator[str]:
    """The names in a deck's `fonts`, whatever their arrangement."""
    if isinstance(families, str):
        yield families
    elif isinstance(families, Mapping):
        for part in families.values():
            yield from _names(part)
    elif isinstance(families, Sequence):
        for part in families:
            yield from _names(part)


def _json(data: Json) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()
