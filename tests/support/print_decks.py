"""Decks for the tests of the PDF output, and readers of the PDF."""

import io
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pdfplumber
import pikepdf
import pytest

from cardwright.collection import notetype
from cardwright.collection.content import Content, plain
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.collection.print_settings import PrintSettings
from cardwright.collection.reference import Citation, Reference
from cardwright.diagnostics import Report, Severity, Source, Span
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.settings import make_design
from cardwright.formats.pdf.sheets import CardSheets, lay_out_sheets
from cardwright.layout.card_sizes import CARD_SIZES
from cardwright.layout.geometry import Line
from cardwright.reader.print_settings import read_print_settings
from cardwright.shell.environment import LocalAssetDir
from cardwright.shell.font_folders import find_font_folders
from cardwright.source import yaml_tree
from cardwright.source.nodes import Mapping

SYSTEM_FONTS = tuple(str(folder) for folder in find_font_folders(os.environ))
MM_PER_POINT = 25.4 / 72
CITATION = Citation(Reference("gray", "Anatomy", author="Gray", date="1918"), "Thigh")
each_card_size = pytest.mark.parametrize(
    "card_size", CARD_SIZES, ids=lambda size: f"{size.sheet.name}-{size.name}"
)


def note(
    key: str,
    question: str | Content,
    answer: str | Content = "Answer",
    *,
    topic: str = "Topic",
    extra: str | Content = "",
    hint: str = "",
    reverse: str = "",
    citations: Sequence[Citation] = (),
    printed: bool = True,
) -> Note:
    """Make a question; its source is its own text, so that tests can compare spans."""
    source = Source(f"{key}.yaml", f"id: {key}\nq: {question}\na: {answer}\n")
    fields = {notetype.QUESTION: _content(question), notetype.ANSWER: _content(answer)}
    for name, text in ((notetype.EXTRA, extra), (notetype.HINT, hint), (notetype.REVERSE, reverse)):
        if text:
            fields[name] = _content(text)
    if reverse:
        fields[notetype.REVERSE_ANSWER] = plain("Reverse answer")
    return Note(
        key=key,
        key_span=Span(source, 4, 4 + len(key)),
        span=Span(source, 0, len(source.text)),
        type=NoteType.QUESTION,
        fields=fields,
        topic=topic,
        citations=tuple(citations),
        printed=printed,
    )


def _content(text: str | Content) -> Content:
    return plain(text) if isinstance(text, str) else text


def deck(notes: Iterable[Note], *, name: str = "Thigh", language: str = "en", **settings: str) -> Deck:
    """Make a deck. settings: those below `print:` in its header, with `_` for `-`."""
    lines = [f"  {key.replace('_', '-')}: {text}\n" for key, text in settings.items() if text]
    source = Source("deck.yaml", "deck: Deck\n" + "".join(["print:\n", *lines] if lines else []))
    return Deck(
        name=name,
        id="thigh",
        span=Span(source, 6, 10),
        folder="thigh",
        notes=tuple(notes),
        language=language,
        authors=("A. Author",),
        print_settings=_read_settings(source),
    )


def _read_settings(source: Source) -> PrintSettings:
    report = Report()
    node = yaml_tree.parse_yaml(source, report)
    assert isinstance(node, Mapping)
    settings = read_print_settings(node.get("print"))
    assert [diagnostic.message for diagnostic in report] == []
    return settings


def lay_out_cards(deck: Deck, folder: Path, **context: Any) -> CardSheets:
    """Lay out the card sheets of a deck that can be printed. context: further fields of `RenderContext`."""
    sheets, report = _lay_out(deck, folder, **context)
    assert [diagnostic.message for diagnostic in report if diagnostic.severity is Severity.ERROR] == []
    assert sheets is not None
    return sheets


def render_sheets(deck: Deck, folder: Path, *, fonts: Sequence[str] = ()) -> bytes:
    """Return the card sheets of a deck that can be printed, as PDF."""
    (drawn,) = lay_out_cards(deck, folder, system_font_folders=fonts).draw()
    return drawn.data


def layout_report(deck: Deck, folder: Path, *, fonts: Sequence[str] = ()) -> Report:
    """Return what is reported of a deck, whether it can be printed or not."""
    return _lay_out(deck, folder, system_font_folders=fonts)[1]


def layout_errors(deck: Deck, folder: Path) -> Report:
    """Return what is reported of a deck that cannot be printed."""
    sheets, report = _lay_out(deck, folder)
    assert sheets is None
    return report


def _lay_out(deck: Deck, folder: Path, **context: Any) -> tuple[CardSheets | None, Report]:
    report = Report()
    folder.mkdir(exist_ok=True)
    design = make_design(deck.print_settings, report)
    if design is None:
        return None, report
    render_context = RenderContext(LocalAssetDir(str(folder)), **context)
    return lay_out_sheets(deck, deck.notes, design, render_context, report), report


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page; its edges in mm from the top left corner of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def page_words(pdf: bytes, *, vertical: bool = False) -> Iterator[list[Word]]:
    """Yield the words of each page, as poppler finds them. vertical: vertical words in the margin, too."""
    html = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    root = ET.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", html))
    for page in root.iter("{http://www.w3.org/1999/xhtml}page"):
        on_page = [
            Word(
                word.text or "",
                *(float(word.get(edge, "")) * MM_PER_POINT for edge in ("xMin", "yMin", "xMax", "yMax")),
            )
            for word in page
        ]
        yield [word for word in on_page if vertical or not _is_vertical(word)]


def _is_vertical(word: Word) -> bool:
    return len(word.text) > 2 and word.bottom - word.top > 2 * (word.right - word.left)


def pdf_text(pdf: bytes) -> str:
    """Return all text of a PDF, line by line, in reading order."""
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def page_texts(pdf: bytes, *, below: float = 0) -> list[str]:
    """Return the words of each page, joined by spaces. below: leave out what is higher, in mm."""
    return [" ".join(word.text for word in page if word.top >= below) for page in page_words(pdf)]


def by_text(page: Iterable[Word]) -> dict[str, Word]:
    """Return the words of a page by their text; of equal words the last one."""
    return {word.text: word for word in page}


def page_lines(pdf: bytes) -> list[list[Line]]:
    """Return the straight lines that are drawn on each page, in mm from its top left corner."""
    edges = ("x0", "top", "x1", "bottom")
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        return [
            [Line(*(line[edge] * MM_PER_POINT for edge in edges)) for line in page.lines]
            for page in file.pages
        ]


def bookmarks(pdf: bytes) -> list[tuple[str, list[str]]]:
    """Return the titles of a PDF's bookmarks, each with those below it."""
    with pikepdf.open(io.BytesIO(pdf)) as file, file.open_outline() as outline:
        return [(topic.title, [card.title for card in topic.children]) for topic in outline.root]


def structure_types(pdf: bytes) -> list[str]:
    """Return the types of all structure elements of a tagged PDF, such as `/P`."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        dictionaries = (item for item in file.objects if isinstance(item, pikepdf.Dictionary))
        return [str(item["/S"]) for item in dictionaries if "/S" in item]
