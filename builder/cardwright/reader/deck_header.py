"""Read the keys of deck.yaml that concern all of its cards."""

import re
from collections import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cardwright.collection.deck import PRINT_KEYS, Choice, PrintSettings
from cardwright.collection.reference import Reference
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.span import Span
from cardwright.layout.geometry import SHEETS, Sheet
from cardwright.layout.layout_problems import MAX_SHEET_LENGTH
from cardwright.reader.cards import TOPIC_KEYS
from cardwright.reader.custom_card_size import read_card_size
from cardwright.reader.references import read_references
from cardwright.source.mapping_reader import MappingReader, describe_value
from cardwright.source.nodes import Mapping, Scalar
from cardwright.source.text import clean_line

if TYPE_CHECKING:
    from cardwright.collection.custom_note_type import CustomNoteType
    from cardwright.collection.options_preset import OptionsPreset

DECK_KEYS = (
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
    *TOPIC_KEYS,
)

_MAYBE_A_TOPIC = "add `deck:`; a file that is part of a deck belongs in the folder of its deck.yaml"

# The shape only; which languages exist is not ours to say. Source: RFC 5646, section 2.1.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class DeckHeader:
    """The decoded keys of deck.yaml.

    name: empty if it is missing, which is an error. span: of its key.
    files: the value of `files:`; None if the key is missing.
    note_types: None for a note type with a mistake, already reported.
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
    note_types: "abc.Mapping[str, CustomNoteType | None]"


def read_deck_header(main: MappingReader, *, is_single_file: bool) -> DeckHeader:
    """Read the header of a deck. is_single_file: whether the deck is this one file."""
    deck = MappingReader(main.node, "a deck", main.report)
    deck.allow_only(DECK_KEYS)
    has_name = deck.require("deck", _MAYBE_A_TOPIC if is_single_file else "")
    span = deck.key_span("deck") if has_name else deck.node.span
    name_scalar = deck.scalar("deck")
    name = "" if name_scalar is None else clean_line(name_scalar, deck.report)
    if name_scalar is not None and not name:
        deck.report.add(Diagnostic("empty-text", "the deck's name is empty", span))
    return DeckHeader(
        name=name,
        span=span,
        id=deck.scalar("id"),
        description=deck.text("description"),
        language=_read_language(deck),
        license=deck.text("license"),
        authors=tuple(clean_line(scalar, deck.report) for scalar in deck.scalars("authors")),
        files=deck.scalars("files") if "files" in deck else None,
        references=read_references(deck),
        settings=_read_print_settings(deck),
        preset=_read_preset(deck),
        note_types=_read_note_types(deck),
    )


def _read_preset(deck: MappingReader) -> "OptionsPreset | None":
    node = deck.value("anki")
    if node is None:
        return None
    from cardwright.reader.options_preset import read_options_preset  # noqa: PLC0415  few decks have one

    return read_options_preset(node, deck.report)


def _read_note_types(deck: MappingReader) -> "abc.Mapping[str, CustomNoteType | None]":
    node = deck.value("note_types")
    if node is None:
        return {}
    from cardwright.reader.note_types import read_note_types  # noqa: PLC0415  few decks have any

    return read_note_types(node, deck.report)


def _read_language(deck: MappingReader) -> str:
    scalar = deck.scalar("language")
    if scalar is None:
        return "en"
    if not _LANGUAGE.fullmatch(scalar.value):
        message = f"`language` is a code such as en or pt-BR; found {describe_value(scalar)}"
        deck.report.add(Diagnostic("not-a-language", message, scalar.span))
    return scalar.value


def _read_print_settings(deck: MappingReader) -> PrintSettings:
    settings = deck.mapping("print")
    if settings is None:
        return PrintSettings()
    settings.allow_only((*PRINT_KEYS, "fonts"))
    fonts = settings.scalars("fonts")
    custom_card = settings.value("card") if isinstance(settings.value("card"), Mapping) else None
    choices = {
        key: Choice(scalar.value, scalar.span)
        for key in PRINT_KEYS
        if not (key == "card" and custom_card) and (scalar := settings.scalar(key)) is not None
    }
    card_size = None
    if isinstance(custom_card, Mapping):
        # Its paper may stand beside it. A paper that does not exist is reported with the other choices;
        # meanwhile the largest possible paper takes its place.
        any_paper = Sheet("", MAX_SHEET_LENGTH, MAX_SHEET_LENGTH)
        paper = SHEETS.get(choices["paper"].text, any_paper) if "paper" in choices else None
        card_size = read_card_size(custom_card, deck.report, paper)
        choices["card"] = Choice("" if card_size is None else card_size.name, settings.key_span("card"))
    return PrintSettings(
        choices=choices,
        stock=card_size,
        fonts=tuple(font.value for font in fonts),
        font_spans=tuple(font.span for font in fonts),
        faulty=custom_card is not None and card_size is None,
    )
