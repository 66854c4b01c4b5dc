"""A deck that was imported from Anki is the same deck to Anki once it is built, judged by real Anki.

Facts of sections 1 to 3: measured with Anki 24.11 to 26.09.
"""

import struct
import zlib
from html import escape
from pathlib import Path

from tests.support.imported_decks import TakenOver
from tests.support.real_anki import AFTER_AN_IMPORT, Imported, Learner, new_learner


def add(learner: Learner, type_name: str, *values: str, deck: str = "Legs") -> None:
    """Add a note. values: of its first fields."""
    collection = learner.collection
    model = collection.models.by_name(type_name)
    assert model is not None
    note = collection.new_note(model)
    for number, value in enumerate(values):
        note.fields[number] = value
    deck_id = collection.decks.id(deck)
    assert deck_id is not None
    collection.add_note(note, deck_id)


def png(colour: int) -> bytes:
    """Return a picture of one pixel."""
    header, data = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0), zlib.compress(bytes([0, colour]))
    parts = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    chunks = (struct.pack(">I", len(x)) + n + x + struct.pack(">I", zlib.crc32(n + x)) for n, x in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def media_files(learner: Learner) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in Path(learner.collection.media.dir()).iterdir()}


def rows(learner: Learner) -> dict[str, object]:
    """Return notes, cards with their schedules, note types and decks, just as the database has them."""
    tables = ("notes", "cards", "notetypes", "fields", "templates", "revlog")
    database = learner.profile.database
    contents = {table: database.all(f"select * from {table}") for table in tables}
    return {**contents, "decks": sorted(deck.name for deck in learner.collection.decks.all_names_and_ids())}


def fill(learner: Learner) -> None:
    """Add notes of all stock note types."""
    add(learner, "Basic", "What bends the knee?", "The hamstrings")
    add(learner, "Basic (and reversed card)", "femur", "thigh bone")
    add(learner, "Basic (optional reversed card)", "tibia", "shin bone", "y")
    add(learner, "Basic (type in the answer)", "short leg bone", "fibula")
    add(learner, "Cloze", "The {{c1::biceps}} {{c3::femoris}}")
    learner.study_all_cards()


def test_a_rebuilt_deck_changes_nothing_for_who_studied_the_original(tmp_path: Path) -> None:
    with new_learner(tmp_path) as learner:
        fill(learner)
        build = TakenOver(learner.profile, "Legs").build(now=AFTER_AN_IMPORT)
        before = rows(learner)

        assert build.codes == []
        assert learner.import_package(build.package) == Imported(0, 0, 5, 0)
        assert rows(learner) == before
        assert not learner.needs_full_sync()
        assert learner.problems() == ""


def with_media(learner: Learner) -> None:
    """Add notes that show media, and a type whose style and template name some."""
    collection = learner.collection
    for name, data in MEDIA.items():
        collection.media.write_data(name, data)
    model = collection.models.by_name("Basic")
    assert model is not None
    model["css"] += '@font-face { font-family: x; src: url("_x.ttf") }'
    model["tmpls"][0]["afmt"] += '<img src="_logo.png">'
    collection.models.update_dict(model)
    for name in MEDIA:
        if not name.startswith("_"):
            reference = f"[sound:{name}]" if name.endswith("mp3") else f'<img src="{escape(name)}">'
            add(learner, "Basic", f"What is {len(name)}?", reference)


MEDIA = {
    "knee & leg.png": png(1),
    "b‑ü.png": png(2),
    "a 'sound'.mp3": b"ID3\x04\x00\x00\x00\x00\x00\x00",
    "_x.ttf": b"\x00\x01\x00\x00 a font",
    "_logo.png": png(3),
    "_unused.js": b"// nothing names it",
}


def test_media_keep_their_names_while_they_stay_the_same(tmp_path: Path) -> None:
    with new_learner(tmp_path / "author") as author, new_learner(tmp_path / "other") as other:
        with_media(author)
        deck = TakenOver(author.profile, "Legs")
        build = deck.build(now=AFTER_AN_IMPORT)
        before = media_files(author)

        assert build.codes == []
        assert author.import_package(build.package) == Imported(0, 0, 3, 0)
        assert media_files(author) == before == MEDIA
        # Someone new gets them all.
        assert other.import_package(build.package) == Imported(3, 0, 0, 0)
        assert media_files(other) == MEDIA
        # A picture that changes gets a name of its own, since Anki never replaces a file.
        deck.library[f"cards_source/deck/{deck.paths['b‑ü.png']}"] = png(9)
        changed = deck.build(build, now=AFTER_AN_IMPORT + 1)
        assert author.import_package(changed.package) == Imported(0, 1, 2, 0)
        new = set(media_files(author).items()) - set(MEDIA.items())
        assert [data for _, data in new] == [png(9)]
