"""A new Anki profile in its own folder. Apart from this module, only `study.py` imports `anki`."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import file_digest
from html import unescape
from pathlib import Path

from anki.buildinfo import version as ANKI_VERSION  # noqa: N812  it is a constant
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.dbproxy import DBProxy
from anki.errors import AnkiException
from anki.import_export_pb2 import ImportAnkiPackageUpdateCondition as Condition
from anki.import_export_pb2 import ImportResponse

from cardwright.rehearsal.snapshot import CardSnapshot, NoteSnapshot, NoteTypeSnapshot, Schedule, Snapshot

__all__ = ["ANKI_VERSION", "FRESH_OPTIONS", "AnkiException", "Profile", "new_profile"]

# The settings of the import dialog in a new profile.
FRESH_OPTIONS = ImportAnkiPackageOptions(
    merge_notetypes=False,
    update_notes=Condition.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER,
    update_notetypes=Condition.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER,
    with_scheduling=False,
    with_deck_configs=False,
)

# Matches a place where a field refers to a media file.
# Source: Anki, rslib/src/text.rs, `HTML_MEDIA_TAGS` and `AV_TAGS`.
_REFERENCE = re.compile(
    r"""\[sound:(.+?)\]|<(?:img|audio|video|source|object)\b[^>]*?\b(?:src|data)=(?:"([^"]+)"|'([^']+)'|([^\s>]+))""",
    re.IGNORECASE | re.DOTALL,
)
# Anki puts these around numbers in its messages, to keep them apart from right-to-left text.
_ISOLATES = str.maketrans("", "", "\u2068\u2069")


class Profile:
    """An open collection, with what a learner can do to it as a whole."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self._stock_type_ids = frozenset(entry.id for entry in collection.models.all_names_and_ids())

    @property
    def database(self) -> DBProxy:
        database = self.collection.db
        assert database is not None
        return database

    def import_package(self, package: Path) -> ImportResponse.Log:
        """Import a package with the default settings of the import dialog.

        Returns Anki's log; its note ids are those in the package.
        Errors: AnkiException if Anki refuses the package.
        """
        request = ImportAnkiPackageRequest(package_path=str(package), options=FRESH_OPTIONS)
        return self.collection.import_anki_package(request).log

    def mark_as_synced(self) -> None:
        """Pretend to have synced; before the first sync, any change of a note type asks for a full one."""
        self.database.execute("update col set ls = scm + 1")

    def needs_full_sync(self) -> bool:
        return bool(self.collection.schema_changed())

    def check_database(self) -> tuple[str, ...]:
        """Run Check Database, which also repairs. Returns the problems that it found."""
        text, healthy = self.collection.fix_integrity()
        # The last line says that the database was optimised.
        return () if healthy else tuple(text.translate(_ISOLATES).splitlines()[:-1])

    def rename_stock_note_types(self) -> None:
        """Rename the note types that every new profile has, as if Anki ran in another language.

        When a package has a note type of the same name, Anki renames it and sets its `mod` to the
        time of the import. A rehearsal compares the times in the packages.
        """
        models = self.collection.models
        for model in models.all():
            model["name"] = f"Anki's own {model['name']}"
            models.update_dict(model)

    def take_snapshot(self) -> Snapshot:
        """Return the collection as it is now.

        The collection is closed and opened again first, because Anki caches note types.
        """
        self.collection.close()
        self.collection.reopen()
        media = self._media()
        return Snapshot(
            notes={note.id: note for note in self._notes(media)},
            cards={card.id: card for card in self._cards()},
            types={note_type.id: note_type for note_type in self._types()},
            media=media,
            empty=frozenset(
                card for note in self.collection.get_empty_cards().notes for card in note.card_ids
            ),
            decks={entry.id: entry.name for entry in self.collection.decks.all_names_and_ids()},
        )

    def _notes(self, media: Mapping[str, str]) -> Iterator[NoteSnapshot]:
        rows = self.database.all("select id, guid, mid, mod, flds, tags from notes order by id")
        for note_id, guid, type_id, mod, fields, tags in rows:
            names = {unescape(next(filter(None, match.groups()))) for match in _REFERENCE.finditer(fields)}
            files = tuple((name, media[name]) for name in sorted(names) if name in media)
            yield NoteSnapshot(
                note_id, guid, type_id, mod, tuple(fields.split("\x1f")), tuple(sorted(tags.split())), files
            )

    def _cards(self) -> Iterator[CardSnapshot]:
        logs: dict[int, list[tuple[int, ...]]] = {}
        reviews = "select cid, id, ease, ivl, lastIvl, factor, time, type from revlog order by id"
        for card_id, *review in self.database.all(reviews):
            logs.setdefault(card_id, []).append(tuple(review))
        rows = self.database.all(
            "select id, nid, ord, did, type, queue, due, ivl, factor, reps, lapses, left, odue, odid,"
            " flags, data from cards order by id"
        )
        for card_id, note_id, ordinal, *values in rows:
            yield CardSnapshot(card_id, note_id, ordinal, Schedule(tuple(logs.get(card_id, ())), *values))

    def _types(self) -> Iterator[NoteTypeSnapshot]:
        models = self.collection.models
        for type_id in sorted({entry.id for entry in models.all_names_and_ids()} - self._stock_type_ids):
            model = models.get(type_id)  # type: ignore[arg-type] # a NewType of int
            assert model is not None
            sides = [side for template in model["tmpls"] for side in (template["qfmt"], template["afmt"])]
            fields = tuple(field["name"] for field in model["flds"])
            yield NoteTypeSnapshot(type_id, model["name"], model["mod"], fields, (model["css"], *sides))

    def _media(self) -> dict[str, str]:
        digests = {}
        for path in sorted(Path(self.collection.media.dir()).iterdir()):
            with path.open("rb") as file:
                digests[path.name] = file_digest(file, "sha256").hexdigest()
        return digests


@contextmanager
def new_profile(folder: Path) -> Iterator[Profile]:
    """Open a new profile that counts as synced, and close it afterwards. folder: created if missing."""
    folder.mkdir(parents=True, exist_ok=True)
    collection = Collection(str(folder / "collection.anki2"))
    try:
        profile = Profile(collection)
        profile.mark_as_synced()
        yield profile
    finally:
        collection.close()
