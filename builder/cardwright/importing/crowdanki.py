"""Reads a deck as the add-on CrowdAnki exports it: a folder with `deck.json` and `media/`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cardwright.collection import template
from cardwright.collection.deck_name import SEPARATOR
from cardwright.formats.anki.cards import TemplateCards, cloze_ordinals
from cardwright.identity import derive
from cardwright.importing.anki_note_types import (
    Json,
    checked_json,
    deck_name,
    fields_of_type,
    note_type,
    objects,
    with_unique_names,
)
from cardwright.importing.collection import AnkiCard, AnkiCollection, AnkiDeck, AnkiMedia, AnkiNote, AnkiType
from cardwright.importing.findings import PRESET_LEFT_OUT, Findings, FindingsOfNote
from cardwright.importing.media_folders import read_media_folder
from cardwright.importing.media_names import media_name
from cardwright.importing.safe_text import load_json, without_control_characters
from cardwright.importing.unreadable import UnreadableDeck
from cardwright.record import replace
from cardwright.shell.files import read_regular_file

_UUID = "crowdanki_uuid"
_MEDIA_FOLDER = "media"
_DEFAULT_PRESET = "Default"
_MAX_DEPTH = 100
"""Of decks in decks."""
_SIZE_LIMIT = 256 << 20
"""Of the file of the deck, in bytes: some 250,000 notes."""


def find_deck_file(folder: Path) -> Path | None:
    """Return the file of the deck in a folder, as CrowdAnki looks for it; None if there is none.

    Source: CrowdAnki, crowd_anki/importer/anki_importer.py, `get_deck_path`.
    """
    names = ("deck.json", f"{folder.resolve().name}.json")
    return next((folder / name for name in names if (folder / name).is_file()), None)


def read_crowdanki(path: str, deck_file: Path) -> AnkiCollection:
    """Return the collection of a deck and all decks in it, and the media beside it.

    path: as shown to the user.

    CrowdAnki leaves out the ids of Anki. When it imports, it finds notes by their GUID, and note types by a
    UUID that it keeps among the keys of the note type; to one that is new, Anki gives an id by the clock. So
    each learner has another one, which no file tells. Here ids are derived from the UUIDs; the UUIDs stay,
    and CrowdAnki still finds by them what a package of ours has brought. Who has studied the deck should
    export it from Anki as a package instead, which has the ids; a finding says so.
    Note ids rise in the order of the file. `mod` is 0, and so before any edit; all cards are new.

    Errors: UnreadableDeck; OSError if the file can't be read.
    Source: CrowdAnki, crowd_anki/representation/.
    """
    try:
        root = load_json(read_regular_file(deck_file, _SIZE_LIMIT).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        message = f"`{deck_file.name[:30]}` is no JSON, or only a part of it"
        raise UnreadableDeck(path, message, "export it again, or get it again") from error
    if not is_crowdanki(root):
        help_ = "export a package from Anki, or the cards of another program as CSV"
        raise UnreadableDeck(path, f"`{deck_file.name[:30]}` is no deck of CrowdAnki", help_)
    return _Reader(path, deck_file.parent, root).collection()


def is_crowdanki(root: object) -> bool:
    """Return whether JSON is a deck of CrowdAnki."""
    return isinstance(root, dict) and "note_models" in root and ("notes" in root or "children" in root)


class _Reader:
    def __init__(self, path: str, folder: Path, root: Mapping[str, Any]) -> None:
        self._path = path
        self._folder = folder
        self._root = root
        self._findings = Findings()
        self._types: dict[str, AnkiType] = {}
        self._decks: dict[str, AnkiDeck] = {}

    def collection(self) -> AnkiCollection:
        """Return the collection."""
        raw_notes = list(self._read_deck(self._root, "", 0))
        notes = list(self._notes(raw_notes))
        used = {note.type_id for note in notes}
        types = {type_.id: type_ for type_ in self._types.values() if type_.id in used}
        for type_ in types.values():
            self._findings.add(
                "note types without Anki's ids, which CrowdAnki leaves out; if the deck is studied already,"
                " import a package that Anki exported",
                type_.name,
            )
        decks, media = tuple(self._decks.values()), self._media()
        return AnkiCollection(types, decks, notes, len(notes), media, self._findings.findings, has_ids=False)

    def _read_deck(
        self, deck: Mapping[str, Any], parent: str, depth: int
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the notes of a deck and of those in it, each with its deck's name."""
        if depth > _MAX_DEPTH:
            raise UnreadableDeck(self._path, f"decks lie in each other more than {_MAX_DEPTH} deep")
        for found in objects(deck.get("note_models")):
            self._add_type(found)
        found_name = deck.get("name")
        own_name = deck_name(found_name if isinstance(found_name, str) else "")
        name = f"{parent}{SEPARATOR}{own_name}" if parent else own_name
        description = deck.get("desc")
        self._decks.setdefault(
            name,
            AnkiDeck(
                name,
                without_control_characters(description) if isinstance(description, str) else "",
                bool(deck.get("md", False)),
            ),
        )
        if _has_preset(deck, self._root):
            self._findings.add(PRESET_LEFT_OUT, name)
        for child in objects(deck.get("children")):
            yield from self._read_deck(child, name, depth + 1)
        for note in objects(deck.get("notes")):
            yield name, note

    def _add_type(self, found: Mapping[str, Any]) -> None:
        uuid = found.get(_UUID)
        if not isinstance(uuid, str) or uuid in self._types:
            return
        json_: Json = with_unique_names(checked_json(derive.note_type_id("crowdanki", uuid), found))
        json_.pop("__type__", None)
        if json_["flds"] and json_["tmpls"]:
            self._types[uuid] = note_type(json_)

    def _notes(self, raw_notes: list[tuple[str, Mapping[str, Any]]]) -> Iterator[AnkiNote]:
        """Yield the notes. Of those that have one GUID, CrowdAnki leaves the content of the last."""
        last = {
            raw.get("guid"): index
            for index, (_, raw) in enumerate(raw_notes)
            if isinstance(raw.get("guid"), str)
        }
        cards = {uuid: _CardFinder(type_) for uuid, type_ in self._types.items()}
        slots = derive.NOTE_SLOTS - len(raw_notes)
        first_slot = derive.preferred_slot("crowdanki", str(self._root.get(_UUID))) % max(slots, 1)
        for index, (deck, raw) in enumerate(raw_notes):
            guid, uuid, fields = raw.get("guid"), raw.get("note_model_uuid"), raw.get("fields")
            if not isinstance(guid, str) or not guid or not isinstance(fields, list):
                self._findings.add("notes that are damaged", f"note {index + 1:,} in the file")
                continue
            texts = tuple(
                "" if field is None else without_control_characters(str(field)) for field in fields or [""]
            )
            found = FindingsOfNote(self._findings, texts[0], guid)
            if last[guid] != index:
                found.add("notes with the GUID of a later one")
            elif not isinstance(uuid, str) or uuid not in self._types:
                found.add("notes of a note type that isn't there")
            else:
                type_ = self._types[uuid]
                tags = raw.get("tags")
                note = AnkiNote(
                    id=derive.note_id(first_slot + index),
                    guid=guid,
                    type_id=type_.id,
                    mod=0,
                    tags=tuple(
                        part
                        for tag in (tags if isinstance(tags, list) else ())
                        for part in without_control_characters(str(tag)).split()
                    ),
                    fields=fields_of_type(texts, type_, found),
                    cards=(),
                )
                ordinals = cards[uuid].ordinals(note)
                yield replace(note, cards=tuple(AnkiCard(ordinal, deck, index) for ordinal in ordinals))

    def _media(self) -> dict[str, AnkiMedia]:
        media = read_media_folder(self._folder / _MEDIA_FOLDER, self._findings)
        for listed in _listed_media(self._root):
            if media_name(listed) not in media:
                self._findings.add("media files that the deck lists but doesn't hold", listed)
        return media


def _has_preset(deck: Mapping[str, Any], root: Mapping[str, Any]) -> bool:
    """Return whether a deck has an options preset other than Anki's default."""
    uuid = deck.get("deck_config_uuid")
    presets = objects(root.get("deck_configurations"))
    return any(preset.get(_UUID) == uuid and preset.get("name") != _DEFAULT_PRESET for preset in presets)


def _listed_media(deck: Mapping[str, Any]) -> Iterator[str]:
    listed = deck.get("media_files")
    yield from (name for name in (listed if isinstance(listed, list) else ()) if isinstance(name, str))
    for child in objects(deck.get("children")):
        yield from _listed_media(child)


class _CardFinder:
    """Finds the cards that Anki makes of the notes of a type, since CrowdAnki doesn't list them."""

    def __init__(self, type_: AnkiType) -> None:
        self._is_cloze = type_.is_cloze
        fronts = []
        for card_template in type_.templates:
            try:
                front = template.parse_template(card_template.front)
                template.deciding_fields(front)
            except (ValueError, RecursionError):
                front = ()  # Anki shows such a template as an error, and makes no card of it
            fronts.append(front)
        clozes = {name for front in fronts for name in template.fields_with_filter(front, "cloze")}
        self._clozes = [index for index, name in enumerate(type_.fields) if name in clozes]
        self._templates = TemplateCards(fronts, type_.fields)

    def ordinals(self, note: AnkiNote) -> tuple[int, ...]:
        if self._is_cloze:
            return cloze_ordinals([note.fields[index] for index in self._clozes])
        return self._templates.ordinals(note.fields, tagged=bool(note.tags))
