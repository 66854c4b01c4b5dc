"""A new Anki profile in a folder of its own. With `study.py` the only importer of `anki`."""

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

from cardwright.rehearsal.snapshot import (
    CardSnapshot,
    NoteSnapshot,
    NoteTypeSnapshot,
    Schedule,
    Snapshot,
)

__all__ = ["ANKI_VERSION", "FRESH_OPTIONS", "AnkiException", "Profile", "profile"]

# What the import dialog says in a new profile.
FRESH_OPTIONS = ImportAnkiPackageOptions(
    merge_notetypes=False,
    update_notes=Condition.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER,
    update_notetypes=Condition.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER,
    with_scheduling=False,
    with_deck_configs=False,
)

# Where a field refers to a file.
# Source: Anki, rslib/src/text.rs, `HTML_MEDIA_TAGS` and `AV_TAGS`.
_REFERENCE = re.compile(
    r"""\[sound:(.+?)\]|<(?:img|audio|video|source|object)\b[^>]*?\b(?:src|data)=(?:"([^"]+)"|'([^']+)'|([^\s>]+))""",
    re.IGNORECASE | re.DOTALL,
)
# Anki puts these around numbers in its messages, to keep them apart from right-to-left text.
_ISOLATES = str.maketrans("", "", "\u2068\u2069")


class Profile:
    """A collection, and what a learner does with it as a whole."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self._stock = frozenset(one.id for one in collection.models.all_names_and_ids())

    @property
    def database(self) -> DBProxy:
        database = self.collection.db
        assert database is not None
        return database

    def imports(self, package: Path) -> ImportResponse.Log:
        """Import a package with the dialog's settings as they are.

        Returns Anki's log; notes in it have the ids that they have in the package.
        Errors: AnkiException when Anki refuses it.
        """
        request = ImportAnkiPackageRequest(package_path=str(package), options=FRESH_OPTIONS)
        return self.collection.import_anki_package(request).log

    def syncs(self) -> None:
        """As after a sync. Before the first one, any change of a note type would ask for a full one."""
        self.database.execute("update col set ls = scm + 1")

    def must_sync_in_full(self) -> bool:
        return bool(self.collection.schema_changed())

    def problems(self) -> tuple[str, ...]:
        """What Check Database finds, and mends."""
        text, healthy = self.collection.fix_integrity()
        # The last line says that the database was optimised.
        return () if healthy else tuple(text.translate(_ISOLATES).splitlines()[:-1])

    def renames_stock_types(self) -> None:
        """Give the note types that Anki brings along other names, as they have in another language.

        One of the same name in a package would get another, and the time of the import for its
        `mod`; packages are to be compared by their own clock.
        """
        models = self.collection.models
        for model in models.all():
            model["name"] = f"Anki's own {model['name']}"
            models.update_dict(model)

    def snapshot(self) -> Snapshot:
        """The collection as it is.

        Anki is closed and opened for it, since it remembers note types as they were.
        """
        self.collection.close()
        self.collection.reopen()
        media = self._media()
        return Snapshot(
            notes={note.id: note for note in self._notes(media)},
            cards={card.id: card for card in self._cards()},
            types={one.id: one for one in self._types()},
            media=media,
            empty=frozenset(
                card for note in self.collection.get_empty_cards().notes for card in note.card_ids
            ),
        )

    def _notes(self, media: Mapping[str, str]) -> Iterator[NoteSnapshot]:
        rows = self.database.all("select id, guid, mid, mod, flds, tags from notes order by id")
        for note_id, guid, type_id, mod, fields, tags in rows:
            names = {unescape(next(filter(None, found.groups()))) for found in _REFERENCE.finditer(fields)}
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
        for type_id in sorted({one.id for one in models.all_names_and_ids()} - self._stock):
            model = models.get(type_id)  # type: ignore[arg-type] # a NewType of int
            assert model is not None
            faces = [face for one in model["tmpls"] for face in (one["qfmt"], one["afmt"])]
            fields = tuple(one["name"] for one in model["flds"])
            yield NoteTypeSnapshot(type_id, model["name"], model["mod"], fields, (model["css"], *faces))

    def _media(self) -> dict[str, str]:
        digests = {}
        for path in sorted(Path(self.collection.media.dir()).iterdir()):
            with path.open("rb") as file:
                digests[path.name] = file_digest(file, "sha256").hexdigest()
        return digests


@contextmanager
def profile(folder: Path) -> Iterator[Profile]:
    """A new profile that has just been synchronised; closed when the block is left.

    folder: made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    collection = Collection(str(folder / "collection.anki2"))
    try:
        one = Profile(collection)
        one.syncs()
        yield one
    finally:
        collection.close()
