"""What a deck says once for all its cards."""

import re
from collections.abc import Mapping as Known
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cardwright.collection.deck import PRINT_KEYS, Choice, PrintSettings
from cardwright.collection.reference import Reference
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Span
from cardwright.layout.geometry import SHEETS, Sheet
from cardwright.layout.layout_problems import MAX_SHEET_LENGTH
from cardwright.reader import cards
from cardwright.reader.custom_card_size import read_card_size
from cardwright.source import decode
from cardwright.source.nodes import Mapping, Node, Scalar
from cardwright.source.references import read_references
from cardwright.source.text import clean_line, clean_text

if TYPE_CHECKING:
    from cardwright.collection.custom_note_type import CustomNoteType
    from cardwright.collection.options_preset import OptionsPreset

KEYS = (
    "deck",
    "id",
    "description",
    "language",
    "license",
    "authors",
    "files",
    "sources",
    "print",
    "anki",
    "note_types",
    *cards.TOPIC_KEYS,
)

_TOPIC_ASTRAY = "add `deck:`; a file that is part of a deck belongs in the folder of its deck.yaml"

# Shape only: which languages there are is not ours to say. Source: RFC 5646, section 2.1.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class DeckHeader:
    """The keys of deck.yaml, decoded.

    name: empty when there is none, which is an error. span: of its key.
    files: as written; None when left out.
    """

    name: str
    span: Span
    id: Scalar | None
    description: str
    language: str
    license: str
    authors: tuple[str, ...]
    files: list[Scalar] | None
    references: dict[str, Reference]
    settings: PrintSettings
    preset: "OptionsPreset | None"
    note_types: "Known[str, CustomNoteType | None]"


def read_deck_header(main: Mapping, report: Report, *, single: bool) -> DeckHeader:
    """The header of a deck.

    single: whether the deck is this one file.
    """
    decode.only(main, KEYS, "a deck", report)
    node = decode.required(main, "deck", "a deck", report, _TOPIC_ASTRAY if single else "")
    name = None if node is None else decode.scalar(node, "deck", report)
    span = main.entries["deck"][0].span if node is not None else main.span
    called = "" if name is None else clean_line(name, report)
    if name is not None and not called:
        report.add(Diagnostic(code="empty-text", message="the deck's name is empty", span=span))
    sources, files = main.get("sources"), main.get("files")
    return DeckHeader(
        name=called,
        span=span,
        id=_scalar(main, "id", report),
        description=_text(main, "description", report),
        language=_language(main, report),
        license=_text(main, "license", report),
        authors=_texts(main, "authors", report),
        files=None if files is None else decode.texts(files, "files", report),
        references={} if sources is None else read_references(sources, report),
        settings=_settings(main.get("print"), report),
        preset=_preset(main.get("anki"), report),
        note_types=_note_types(main.get("note_types"), report),
    )


def _preset(node: Node | None, report: Report) -> "OptionsPreset | None":
    if node is None:
        return None
    from cardwright.reader.options_preset import read_preset  # noqa: PLC0415  few decks have one

    return read_preset(node, report)


def _note_types(node: Node | None, report: Report) -> "Known[str, CustomNoteType | None]":
    if node is None:
        return {}
    from cardwright.reader.note_types import read_note_types  # noqa: PLC0415  few decks have any

    return read_note_types(node, report)


def _scalar(main: Mapping, key: str, report: Report) -> Scalar | None:
    node = main.get(key)
    return None if node is None else decode.scalar(node, key, report)


def _text(main: Mapping, key: str, report: Report) -> str:
    written = _scalar(main, key, report)
    return "" if written is None else clean_text(written, report)


def _texts(node: Mapping, key: str, report: Report) -> tuple[str, ...]:
    value = node.get(key)
    return () if value is None else tuple(clean_line(one, report) for one in decode.texts(value, key, report))


def _language(main: Mapping, report: Report) -> str:
    written = _scalar(main, "language", report)
    if written is None:
        return "en"
    if not _LANGUAGE.fullmatch(written.value):
        report.add(
            Diagnostic(
                code="not-a-language",
                message=f"`language` is a code such as en or pt-BR; found `{truncate(written.value, 16)}`",
                span=written.span,
            )
        )
    return written.value


def _settings(node: Node | None, report: Report) -> PrintSettings:
    given = None if node is None else decode.mapping(node, "`print`", report)
    if given is None:
        return PrintSettings()
    decode.only(given, (*PRINT_KEYS, "fonts"), "`print`", report)
    fonts = decode.texts(given.entries["fonts"][1], "fonts", report) if "fonts" in given.entries else []
    own = given.get("card")
    written = {
        key: _scalar(given, key, report)
        for key in PRINT_KEYS
        if key != "card" or not isinstance(own, Mapping)
    }
    choices = {key: Choice(one.value, one.span) for key, one in written.items() if one is not None}
    stock = None
    if isinstance(own, Mapping):
        # Its paper may stand beside it. What is no paper at all is reported with the other choices; as
        # large a one as there is stands in for it meanwhile.
        any_paper = Sheet("", MAX_SHEET_LENGTH, MAX_SHEET_LENGTH)
        beside = SHEETS.get(choices["paper"].text, any_paper) if "paper" in choices else None
        stock = read_card_size(own, report, beside)
        choices["card"] = Choice("" if stock is None else stock.name, given.entries["card"][0].span)
    return PrintSettings(
        choices=choices,
        stock=stock,
        fonts=tuple(one.value for one in fonts),
        font_spans=tuple(one.span for one in fonts),
        faulty=isinstance(own, Mapping) and stock is None,
    )
