"""Typst, and nothing else imports it: data in, measures or a PDF out."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import typst as untyped_typst

from cardwright.formats.pdf.cache import Cache, NullCache
from cardwright.formats.pdf.keys import CacheKeys
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.templates import files

# What a compile has found out is kept until ten more have not needed it. So some empty ones make room
# for what is to come, and so many for everything.
_COMPILES_TO_FORGET_ALL = 12
# So few for so many sides keep half a megabyte for each of the last 130, and all that every side needs.
_COMPILES_TO_FORGET = 3
_HELD_AT_ONCE = 32
_DATA_OF_A_SIDE = 2048  # bytes, at least
# Its types leave out sources given as a dict, which its documentation offers.
typst: Any = untyped_typst
_MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')


class AssetDir(Protocol):
    """A fresh, empty folder in which pictures lie while the engine reads them.

    It is on disk because the engine reads pictures from nowhere else, and holds no
    links, because the engine would follow them out of it.
    """

    @property
    def folder(self) -> str:
        """Its absolute path."""
        ...

    def put(self, name: str, data: bytes) -> None:
        """Lay a file into it. name: a relative path with `/`."""
        ...


class EngineError(Exception):
    """What the engine answers to something that it does not set; its argument is its message."""


class Engine:
    """Typst with certain fonts and one folder of pictures.

    font_folders: absolute paths; fonts in them are added to those that Typst brings.
    cache: what it answered before; it is not asked the same again, and the bytes are the same.
    """

    def __init__(self, stage: AssetDir, font_folders: Sequence[str] = (), cache: Cache | None = None) -> None:
        self._stage = stage
        self._fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=True, font_paths=list(font_folders)
        )
        self._cache = cache or NullCache()
        self._keys = CacheKeys(typst.__version__, self._fonts.fonts(), self._cache.digest)
        self._held = 0
        self._used = False

    def with_fonts(self, folders: Sequence[str]) -> "Engine":
        """The same with the fonts of other folders. folders: as `font_folders`."""
        return Engine(self._stage, folders, self._cache)

    @property
    def families(self) -> list[str]:
        """The names of the font families at hand, sorted."""
        families: list[str] = self._fonts.families()
        return families

    def measure(self, deck: Mapping[str, Json], main: str = "cards.typ") -> list[Mapping[str, Json]]:
        """How each of the deck's `sides` fits; the template says what it measures. main: as for `draw`.

        What was measured before is not measured again, whatever stood beside it.
        """
        sides = deck["sides"]
        assert isinstance(sides, Sequence)
        keys = self._keys.of_sides(main, deck, sides)
        known = self._cache.get(keys)
        left = [place for place, key in enumerate(keys) if key not in known]
        fresh = {}
        if left:
            found = self._query(main, {**deck, "sides": [sides[place] for place in left]})
            fresh = {keys[place]: _json(fit) for place, fit in zip(left, found, strict=True)}
            self._cache.put(fresh)
        return [json.loads(known[key] if key in known else fresh[key]) for key in keys]

    def render_pdf(self, deck: Json, main: str = "cards.typ") -> bytes:
        """The deck's pages as PDF/UA-1. Without a date in it, so that equal decks are equal bytes.

        main: the template's file that is to draw them.
        """
        data = _json(deck)
        key = self._keys.of(main, deck, data)
        known = self._cache.get([key])
        if key in known:
            return known[key]
        self._forget_all()
        pdf = self._compile(main, data)
        self._used = True
        self._cache.put({key: pdf})
        return pdf

    def render_png(self, deck: Json, ppi: int, main: str = "cards.typ") -> list[bytes]:
        """The deck's pages as PNG. ppi: pixels per inch. main: as for `draw`."""
        try:
            drawn: bytes | list[bytes] = typst.compile(
                files(main, _json(deck)), format="png", ppi=float(ppi), timestamp=0, **self._options
            )
        except untyped_typst.TypstError as error:
            raise EngineError(error.diagnostic) from error
        return drawn if isinstance(drawn, list) else [drawn]

    def find_missing_glyphs(self, group: Json) -> list[str]:
        """What of a group of texts its fonts cannot show; each piece once. group: as glyphs.typ reads it."""
        objection = self._objection("glyphs.typ", group)
        found = _MISSING.findall(objection)
        if objection and not found:
            raise EngineError(objection)
        return list(dict.fromkeys(_unescaped(text) for text in found))

    def picture_error(self, picture: str) -> str:
        """Why a picture cannot be drawn, or nothing when it can. picture: its name on the stage."""
        objection = self._objection("picture.typ", {"src": picture})
        return objection.partition("\n")[0].removeprefix("error: ")

    def _objection(self, main: str, deck: Json) -> str:
        """What the engine has against drawing something; empty when it can be drawn."""
        data = _json(deck)
        key = self._keys.of(main, deck, data)
        known = self._cache.get([key])
        if key in known:
            return known[key].decode()
        objection = ""
        try:
            self._compile(main, data)
        except EngineError as refused:
            objection = str(refused)
        self._cache.put({key: objection.encode()})
        return objection

    def _query(self, main: str, deck: Mapping[str, Json]) -> list[Json]:
        self._make_room()
        data = _json(deck)
        try:
            found = typst.query(
                files(main, data),
                "<fit>",
                field="value",
                sys_inputs={"probe": "1"},
                **self._options,
            )
        except RuntimeError as error:
            raise EngineError(str(error)) from error
        answer: list[Json] = json.loads(found)
        self._used = True
        # Pages of text are one answer, however many sides are on them.
        self._held += max(len(answer), len(data) // _DATA_OF_A_SIDE)
        return answer

    def _make_room(self) -> None:
        """Give back memory that earlier work took; half a megabyte for each side."""
        times, self._held = divmod(self._held, _HELD_AT_ONCE)
        self._compile_nothing(min(times * _COMPILES_TO_FORGET, _COMPILES_TO_FORGET_ALL))

    def _forget_all(self) -> None:
        """Give back all memory that earlier work took."""
        if self._used:
            self._used = False
            self._held = 0
            self._compile_nothing(_COMPILES_TO_FORGET_ALL)

    def _compile_nothing(self, times: int) -> None:
        for _ in range(times):
            typst.compile(b"", format="pdf", timestamp=0, **self._options)

    def _compile(self, main: str, data: bytes) -> bytes:
        try:
            pdf: bytes = typst.compile(
                files(main, data), format="pdf", timestamp=0, pdf_standards=["ua-1"], **self._options
            )
        except untyped_typst.TypstError as error:
            raise EngineError(error.diagnostic) from error
        return pdf

    @property
    def _options(self) -> dict[str, object]:
        return {"root": self._stage.folder, "font_paths": self._fonts, "ignore_system_fonts": True}


def _json(data: Json) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def _unescaped(text: str) -> str:
    r"""A text as the engine quotes it, where `\u{1b}` stands for a character."""
    text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"\\(.)", r"\1", text)
