"""Reads the keys of deck.yaml that concern all of its cards."""

import re
from collections import abc
from typing import TYPE_CHECKING

from cardwright.collection.deck import Deck
from cardwright.collection.reference import Reference
from cardwright.diagnostics import Diagnostic
from cardwright.reader.deck_keys import DECK_KEYS, LANGUAGE
from cardwright.reader.deck_names import read_deck_name
from cardwright.reader.print_settings import read_print_settings
from cardwright.reader.references import read_references
from cardwright.record import Record
from cardwright.source.files import DeckFiles
from cardwright.source.mapping_reader import MappingReader, describe_value
from cardwright.source.media_reader import MediaReader
from cardwright.source.nodes import Mapping, Node, Scalar
from cardwright.source.text import clean_line

if TYPE_CHECKING:
    from cardwright.collection.custom_note_type import CustomNoteType, ImportedType
    from cardwright.collection.deck import OptionsPreset

_MAYBE_A_TOPIC = "add `deck:`; a file that is part of a deck belongs in the folder of its deck.yaml"

_LANGUAGE = re.compile(LANGUAGE)


class DeckHeader(Record, frozen=True):
    """The part of deck.yaml that concerns all cards.

    deck: without its id and its cards, which are read later; its name is empty if it is missing.
    id_scalar, listed_files: the values of `id:` and `files:`; None if the key is missing.
    references, note_types: by key; None for a note type with a mistake, already reported.
    """

    deck: Deck
    id_scalar: Scalar | None
    listed_files: list[Scalar] | None
    references: dict[str, Reference]
    note_types: "abc.Mapping[str, CustomNoteType | None]"


def read_deck_header(
    main: MappingReader,
    files: DeckFiles,
    media: MediaReader,
    imported_types: "abc.Mapping[str, ImportedType] | None",
) -> DeckHeader:
    """Read the header of a deck from its main file. imported_types: as in `ReadingOptions`."""
    deck = main.renamed("a deck")
    deck.allow_only(DECK_KEYS)
    has_name = deck.require("deck", _MAYBE_A_TOPIC if files.is_single_file else "")
    span = deck.key_span("deck") if has_name else deck.node.span
    name_node = deck.get("deck")
    if isinstance(name_node, Mapping):
        message = "`deck` needs a text; a mapping was found"
        help_ = "write the name beside `deck:`, and the other keys below it without the indentation"
        deck.report.add(Diagnostic("unexpected-value", message, name_node.span, help=help_))
        name_node = None
    name_scalar = None if name_node is None else deck.scalar("deck")
    name = "" if name_scalar is None else read_deck_name(name_scalar, deck.report)
    if name_scalar is not None and not name:
        deck.report.add(Diagnostic("empty-text", "the deck's name is empty", span))
    id_scalar, references, note_types = (
        deck.scalar("id"),
        read_references(deck),
        _read_note_types(deck, media, imported_types),
    )
    preset, preset_problems = _read_preset(deck.get("anki"))
    deck_without_cards = Deck(
        name=name,
        id="",
        span=span if id_scalar is None else id_scalar.span,
        folder=files.name,
        notes=(),
        description=deck.text("description"),
        language=_read_language(deck),
        license=deck.text("license"),
        authors=tuple(clean_line(scalar, deck.report) for scalar in deck.scalars("authors")),
        references=tuple(references.values()),
        print_settings=read_print_settings(deck.get("print")),
        preset=preset,
        preset_problems=preset_problems,
        note_types=tuple(note_type for note_type in note_types.values() if note_type is not None),
        imported_media=tuple(media.travelling_files(span)),
        html=deck.flag("html"),
        # What a note of an imported type is, and which media it has, only the lock knows.
        is_complete=not any(
            note_type and note_type.imported and not note_type.imported.json
            for note_type in note_types.values()
        ),
    )
    listed_files = deck.scalars("files") if "files" in deck else None
    return DeckHeader(deck_without_cards, id_scalar, listed_files, references, note_types)


def _read_preset(node: Node | None) -> "tuple[OptionsPreset | None, tuple[Diagnostic, ...]]":
    if node is None:
        return None, ()
    from cardwright.reader.options_preset import read_options_preset  # noqa: PLC0415  few decks have one

    return read_options_preset(node)


def _read_note_types(
    deck: MappingReader, media: MediaReader, imported_types: "abc.Mapping[str, ImportedType] | None"
) -> "abc.Mapping[str, CustomNoteType | None]":
    node = deck.get("note_types")
    if node is None:
        return {}
    from cardwright.reader.note_types import read_note_types  # noqa: PLC0415  few decks have any

    return read_note_types(node, media, deck.report, imported_types)


def _read_language(deck: MappingReader) -> str:
    scalar = deck.scalar("language")
    if scalar is None:
        return "en"
    if not _LANGUAGE.fullmatch(scalar.value):
        message = f"`language` is a code such as en or pt-BR; found {describe_value(scalar)}"
        deck.report.add(Diagnostic("not-a-language", message, scalar.span))
    return scalar.value
