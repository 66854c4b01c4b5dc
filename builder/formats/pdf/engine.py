"""Typst, and nothing else imports it: data in, measures or a PDF out."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Protocol

import typst as untyped_typst

from builder.formats.pdf.nodes import Json

# What a compile has found out is kept for the next ten; so many empty ones make room again.
_COMPILES_TO_FORGET = 12
# Its types leave out sources given as a dict, which its documentation offers.
typst: Any = untyped_typst
_MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')


class Stage(Protocol):
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


class Refused(Exception):
    """What the engine answers to something that it does not set; its argument is its message."""


class Engine:
    """Typst with certain fonts and one folder of pictures.

    font_folders: absolute paths; fonts in them are added to those that Typst brings.
    """

    def __init__(self, stage: Stage, font_folders: Sequence[str] = ()) -> None:
        self._root = stage.folder
        self._fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=True, font_paths=list(font_folders)
        )

    @property
    def families(self) -> list[str]:
        """The names of the font families at hand, sorted."""
        families: list[str] = self._fonts.families()
        return families

    def measure(self, deck: Json, main: str = "cards.typ") -> list[Mapping[str, Json]]:
        """How each of the deck's sides fits; the template says what it measures. main: as for `draw`."""
        try:
            found = typst.query(
                _files(main, deck), "<fit>", field="value", sys_inputs={"probe": "1"}, **self._options
            )
        except RuntimeError as error:
            raise Refused(str(error)) from error
        answer: list[Mapping[str, Json]] = json.loads(found)
        return answer

    def draw(self, deck: Json, main: str = "cards.typ") -> bytes:
        """The deck's pages as PDF/UA-1. Without a date in it, so that equal decks are equal bytes.

        main: the template's file that is to draw them.
        """
        return self._compile(main, deck)

    def pictures(self, deck: Json, ppi: int, main: str = "cards.typ") -> list[bytes]:
        """The deck's pages as PNG. ppi: pixels per inch. main: as for `draw`."""
        try:
            drawn: bytes | list[bytes] = typst.compile(
                _files(main, deck), format="png", ppi=float(ppi), timestamp=0, **self._options
            )
        except untyped_typst.TypstError as error:
            raise Refused(error.diagnostic) from error
        return drawn if isinstance(drawn, list) else [drawn]

    def missing(self, group: Json) -> list[str]:
        """What of a group of texts its fonts cannot show; each piece once. group: as glyphs.typ reads it."""
        try:
            self._compile("glyphs.typ", group)
        except Refused as refused:
            found = _MISSING.findall(str(refused))
            if not found:
                raise
            return list(dict.fromkeys(_unescaped(text) for text in found))
        return []

    def refusal(self, picture: str) -> str:
        """Why a picture cannot be drawn, or nothing when it can. picture: its name on the stage."""
        try:
            self._compile("picture.typ", {"src": picture})
        except Refused as refused:
            return str(refused).splitlines()[0].removeprefix("error: ")
        return ""

    def forget(self) -> None:
        """Give back the memory that earlier measuring took; a megabyte for each card."""
        for _ in range(_COMPILES_TO_FORGET):
            typst.compile(b"", format="pdf", timestamp=0, **self._options)

    def _compile(self, main: str, deck: Json) -> bytes:
        try:
            pdf: bytes = typst.compile(
                _files(main, deck), format="pdf", timestamp=0, pdf_standards=["ua-1"], **self._options
            )
        except untyped_typst.TypstError as error:
            raise Refused(error.diagnostic) from error
        return pdf

    @property
    def _options(self) -> dict[str, object]:
        return {"root": self._root, "font_paths": self._fonts, "ignore_system_fonts": True}


def _files(main: str, deck: Json) -> dict[str, bytes]:
    files = dict(_template())
    files["deck.json"] = json.dumps(deck, ensure_ascii=False).encode()
    files["main.typ"] = files[main]
    return files


@cache
def _template() -> Mapping[str, bytes]:
    folder = resources.files(__package__) / "template"
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name.endswith(".typ")}


def _unescaped(text: str) -> str:
    r"""A text as the engine quotes it, where `\u{1b}` stands for a character."""
    text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"\\(.)", r"\1", text)
