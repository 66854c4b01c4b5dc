"""The keys under which the engine's answers are kept from one build to the next."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Protocol

from cardwright.formats.pdf.nodes import Json, strings, to_json
from cardwright.source.cache import make_key
from cardwright.version import VERSION

# Text in an SVG picture is set in any font at hand, not only in those that the deck names.
_MAY_USE_ANY_FONT = b'.svg"'


@cache
def code_digest(*parts: tuple[str, str]) -> bytes:
    """Return a digest of the code that makes answers, so that a developer gets no old ones.

    parts: packages, each with what the names of its modules begin with. What else they need changes with
        the version alone.
    """
    files = sorted(
        (file.name, file.read_bytes())
        for package, name in parts
        for file in resources.files(package).iterdir()
        if file.name.startswith(name) and file.name.endswith((".py", ".tsv"))
    )
    contents = (part for name, data in files for part in (name.encode(), data))
    return make_key(VERSION.encode(), *contents).encode()


class FontFace(Protocol):
    """A face in a font file. path: None for a font inside the engine. index: the face's, within the file."""

    family: str
    path: str | None
    index: int


class CacheKeys:
    """Makes the keys for one engine.

    engine_version, template_digest: what every answer depends on.
    fonts: the faces at hand, in the engine's order.
    digest_file: `Cache.digest`.

    Pictures need no key of their own: the data has them by names that contain a digest.
    """

    def __init__(
        self,
        engine_version: str,
        template_digest: bytes,
        fonts: Sequence[FontFace],
        digest_file: Callable[[str], str],
    ) -> None:
        self._versions = (VERSION.encode(), engine_version.encode(), template_digest)
        self._fonts = fonts
        self._digest_file = digest_file
        self._font_keys: dict[frozenset[str] | None, bytes] = {}

    def of_document(self, template: str, data: Json, encoded: bytes) -> str:
        """Return the key of a rendered document. template: its file. encoded: the data as JSON."""
        return make_key(*self._context(template, data, encoded), b"drawn", encoded)

    def of_sides(self, template: str, data: Mapping[str, Json], sides: Sequence[Json]) -> list[str]:
        """Return for each of the sides the key of how it fits; the rest of the data applies to all."""
        shared = to_json({name: value for name, value in data.items() if name != "sides"})
        encoded_sides = [to_json(side) for side in sides]
        context = make_key(*self._context(template, data, b"".join(encoded_sides)), shared).encode()
        return [make_key(context, b"fit", side) for side in encoded_sides]

    def _context(self, template: str, data: Json, encoded: bytes) -> tuple[bytes, ...]:
        fonts = data.get("fonts") if isinstance(data, Mapping) else None
        families = None if _MAY_USE_ANY_FONT in encoded else frozenset(map(str.lower, strings(fonts)))
        if families not in self._font_keys:
            self._font_keys[families] = self._font_key(families)
        return (*self._versions, self._font_keys[families], template.encode())

    def _font_key(self, families: frozenset[str] | None) -> bytes:
        """Return a key of the font files by their content. families: None for all."""
        return make_key(
            *(
                f"{font.family}/{font.index}/{self._digest_file(font.path)}".encode()
                for font in self._fonts
                if font.path is not None and (families is None or font.family.lower() in families)
            )
        ).encode()
