"""Decks of real Anki as sources and lock, written as an import writes them, for texts without markup."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Report
from cardwright.formats.anki.imported_types import read_imported_type
from cardwright.formats.anki.render import render_deck
from cardwright.identity.lock import DescriptionEntry, Lock, MediaEntry, NoteEntry, NoteTypeEntry
from cardwright.identity.lock_text import encode_lock
from cardwright.pipeline.load import load_decks
from cardwright.rehearsal.profile import Profile
from tests.support.builds import DeckBuild, build_deck
from tests.support.memory import FakeEnvironment, deck_files

if TYPE_CHECKING:
    from cardwright.identity.note_state import NoteState


_FOLDER = "cards_source/deck"
_MEDIA = re.compile(r'<img src="([^"]*)">|\[sound:([^\]]*)\]')


class Row(NamedTuple):
    """A note. type: id of its note type. fields: as Anki stores them."""

    id: int
    guid: str
    type: int
    mod: int
    tags: str
    fields: str


KEYS = {"Basic": {"q": "Front", "a": "Back"}, "Cloze": {"cloze": "Text", "extra": "Back Extra"}}
"""The keys of cards by the Anki names of note types; other notes are written with `type` and `fields`."""


def type_name(model: Mapping[str, Any]) -> NoteType:
    words = "".join(
        "-plus" if char == "+" else char if char.isalnum() else " " for char in model["name"].lower()
    ).split()
    return NoteType("-".join(["anki", *words]))


def declaration(model: Mapping[str, Any], keys: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what `note_types:` says of a note type. model: its JSON of schema 11."""
    templates = {part["name"]: {"front": part["qfmt"], "back": part["afmt"]} for part in model["tmpls"]}
    said: dict[str, Any] = {"imported": True, "fields": [field["name"] for field in model["flds"]]}
    if keys:
        said["keys"] = dict(keys)
    return {**said, "templates": templates, "css_only": True, "css": model["css"]}


def type_entry(model: Mapping[str, Any]) -> NoteTypeEntry:
    """Return the line of the lock for a note type, still without its digests."""
    fields, templates = (tuple(part["name"] for part in model[key]) for key in ("flds", "tmpls"))
    imported = read_imported_type(model)
    mod = model["mod"]
    return NoteTypeEntry(type_name(model), imported.id, "", "", mod, fields, templates, imported.json)


class TakenOver:
    """A deck of a profile as sources and lock.

    sources: by path below `cards_source/`; `deck/deck.yaml` as JSON, which is YAML too.
    paths: of the media, by their names in Anki. library: the media by path relative to the project.
    """

    def __init__(self, profile: Profile, deck: str) -> None:
        query = "select id, guid, mid, mod, tags, flds from notes order by id"
        rows = [Row(*row) for row in profile.database.all(query)]
        used = {row.type for row in rows}
        models = profile.collection.models.all()
        self.models: dict[int, Mapping[str, Any]] = {
            model["id"]: model for model in models if model["id"] in used
        }
        files = sorted(Path(profile.collection.media.dir()).iterdir())
        self.paths = {
            file.name: f"media/file-{number}{file.suffix}" for number, file in enumerate(files, start=1)
        }
        self.library = {f"{_FOLDER}/{self.paths[file.name]}": file.read_bytes() for file in files}
        self.cards: list[dict[str, Any]] = [self._card(row) for row in rows]
        decks = profile.collection.decks
        self._deck = decks.by_name(deck) or {"desc": "", "md": False}
        self.head: dict[str, Any] = {
            "deck": deck,
            "id": "deck",
            "description": self._deck["desc"].replace("<br>", "\n"),
            "note_type": [type_name(model) for model in self.models.values() if model["name"] in KEYS],
            "note_types": {
                type_name(model): declaration(model, KEYS.get(model["name"]))
                for model in self.models.values()
            },
        }
        ordinals = profile.database.all("select nid, ord from cards")
        self._numbers = {row.id: {ord_ + 1 for nid, ord_ in ordinals if nid == row.id} for row in rows}
        self.lock = self._lock(rows)

    @property
    def sources(self) -> dict[str, str]:
        head = {key: value for key, value in self.head.items() if value}
        return {"deck/deck.yaml": json.dumps({**head, "cards": self.cards}, ensure_ascii=False, indent=1)}

    def build(self, previous: DeckBuild | None = None, *, now: int) -> DeckBuild:
        """Build the deck. previous: the build before; None for the first after the import."""
        if previous is None:
            previous = DeckBuild(build_deck({}).result, {"cards_source/deck/deck.lock": self.lock})
        return build_deck(self.sources, previous, now=now, media=self.library)

    def _card(self, row: Row) -> dict[str, Any]:
        model = self.models[row.type]
        names = [field["name"] for field in model["flds"]]
        values = dict(zip(names, map(self._text, row.fields.split("\x1f")), strict=True))
        card: dict[str, Any] = {"id": f"card-{row.id}"}
        if keys := KEYS.get(model["name"]):
            card |= {key: values[name] for key, name in keys.items() if values[name] or key != "extra"}
        else:
            card |= {
                "type": type_name(model),
                "fields": {name: value for name, value in values.items() if value},
            }
        if row.tags.strip():
            card["tags"] = row.tags.strip(" ").split(" ")
        return card

    def _text(self, html: str) -> str:
        """Return a field as a text: media alone are markup in these decks."""
        paths = self.paths
        return _MEDIA.sub(lambda match: f"![a picture]({paths[unescape(match[1] or match[2])]})", html)

    def _lock(self, rows: Sequence[Row]) -> bytes:
        types = {type_name(model): type_entry(model) for model in self.models.values()}
        media = {
            path: MediaEntry(path, name, sha256(self.library[f"{_FOLDER}/{path}"]).hexdigest())
            for name, path in self.paths.items()
        }
        description = None
        if desc := self._deck["desc"]:
            description = DescriptionEntry(self.head["description"], desc, self._deck["md"])
        lock = Lock("deck", types, {}, self.head["deck"], media=media, description=description)
        report = Report()
        files = deck_files(self.sources, encode_lock(lock))
        (loaded,) = load_decks(files, FakeEnvironment(self.library), report)
        assert not report.has_errors, [str(diagnostic.message) for diagnostic in report]
        rendered = render_deck(loaded.deck, (), loaded.rendered)
        states = {state.key: state for state in rendered.note_states}
        by_type = {state.type: state for state in rendered.type_states}
        types = {
            name: entry.replace(schema=by_type[name].schema, digest=by_type[name].digest)
            for name, entry in types.items()
        }
        notes = [self._entry(row, states[f"card-{row.id}"], number) for number, row in enumerate(rows, 1)]
        return encode_lock(replace(lock, types=types, notes={note.key: note for note in notes}))

    def _entry(self, row: Row, state: "NoteState", number: int) -> NoteEntry:
        numbers = self._numbers[row.id]
        return NoteEntry(
            *(state.key, state.type, row.guid, row.id, state.digest, row.mod, 0, 100 * number, state.cards),
            printed=state.printed,
            missing=tuple(sorted(state.cards.keys() - numbers)),
        )
