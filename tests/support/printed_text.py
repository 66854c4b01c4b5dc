"""The letters of a printed page: where each of them stands, how large it is, and in which colour."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import pdfplumber


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter on a page, or a ligature of several. Lengths in pt; `base_line` from the top of the page.

    colour: its components, each 0 to 1: one of grey, or three of red, green and blue.
    """

    text: str
    left: float
    right: float
    base_line: float
    size: float
    colour: tuple[float, ...]
    font: str


@dataclass(frozen=True, slots=True)
class Area:
    """A filled area on a page. Lengths in pt from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float
    colour: tuple[float, ...]


def letters(pdf: bytes, page: int = 0) -> list[Letter]:
    """Return the letters of a page in the order in which the file has them."""
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        height = float(file.pages[page].height)
        return [
            Letter(
                char["text"],
                char["x0"],
                char["x1"],
                height - char["matrix"][5],
                char["size"],
                _components(char["non_stroking_color"]),
                char["fontname"],
            )
            for char in file.pages[page].chars
        ]


def find_text(pdf: bytes, text: str, page: int = 0) -> list[Letter]:
    """Return the letters of a text that a page has once; ligatures count as one letter."""
    on_page = letters(pdf, page)
    starts = [0, *accumulate(len(letter.text) for letter in on_page)]
    content = "".join(letter.text for letter in on_page)
    assert content.count(text) == 1, (text, content)
    start = content.index(text)
    return [
        letter
        for letter, position in zip(on_page, starts, strict=False)
        if start <= position < start + len(text)
    ]


def areas(pdf: bytes, page: int = 0) -> list[Area]:
    """Return the filled rectangles and shapes of a page."""
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        shapes = [*file.pages[page].rects, *file.pages[page].curves]
        return [
            Area(
                shape["x0"],
                shape["top"],
                shape["x1"],
                shape["bottom"],
                _components(shape["non_stroking_color"]),
            )
            for shape in shapes
            if shape["fill"] and shape["non_stroking_color"] is not None
        ]


def _components(colour: float | Sequence[float]) -> tuple[float, ...]:
    return tuple(colour) if isinstance(colour, Sequence) else (colour,)
