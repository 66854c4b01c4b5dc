"""A deck that was imported from Anki is the same deck to Anki once it is built, judged by real Anki.

Facts of sections 1 to 3: measured with Anki 24.11 to 26.09.
"""

import struct
import zlib
from html import escape
from pathlib import Path

import pytest
from anki.collection import ExportAnkiPackageOptions

from tests.support.builds import build_deck
from tests.support.imported_decks import TakenOver
from tests.support.plain_packages import plain_package
from tests.support.real_anki import AFTER_AN_IMPORT, Imported, Learner, new_learner

pytestmark = pytest.mark.anki


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
    decks = learner.collection.decks.all()
    return {**contents, "decks": sorted((deck["name"], deck["desc"], deck.get("md")) for deck in decks)}


def fill(learner: Learner) -> None:
    """Add notes of all stock note types."""
    add(learner, "Basic", "What bends the knee?", "The hamstrings")
    add(learner, "Basic (and reversed card)", "femur", "thigh bone")
    add(learner, "Basic (optional reversed card)", "tibia", "shin bone", "y")
    add(learner, "Basic (type in the answer)", "short leg bone", "fibula")
    add(learner, "Cloze", "The {{c1::biceps}} {{c3::femoris}}")
    mask = "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}"
    add(learner, "Image Occlusion", mask, "a picture")
    deck = learner.collection.decks.by_name("Legs")
    assert deck is not None
    learner.collection.decks.update_dict({**deck, "desc": "*Bones* & <b>muscles</b>", "md": True})
    learner.study_all_cards()


def test_a_rebuilt_deck_changes_nothing_for_who_studied_the_original(tmp_path: Path) -> None:
    with new_learner(tmp_path) as learner:
        fill(learner)
        deck = TakenOver(learner.profile, "Legs")
        build = deck.build(now=AFTER_AN_IMPORT)
        before = rows(learner)

        assert build.codes == []
        assert build.lock == deck.lock
        assert learner.import_package(build.package) == Imported(0, 0, 6, 0)
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


def test_an_edit_reaches_exactly_its_note(tmp_path: Path) -> None:
    with new_learner(tmp_path) as learner:
        fill(learner)
        deck = TakenOver(learner.profile, "Legs")
        first = deck.build(now=AFTER_AN_IMPORT)
        schedules = learner.schedules()
        deck.cards[0]["a"] = "The *hamstrings*"
        deck.cards.append({"id": "new", "q": "What straightens the knee?", "a": "The quadriceps"})
        second = deck.build(first, now=AFTER_AN_IMPORT + 1)

        assert second.codes == []
        assert learner.import_package(second.package) == Imported(1, 1, 5, 0)
        assert schedules.items() <= learner.schedules().items()
        assert not learner.needs_full_sync()
        new = learner.collection.get_note(learner.collection.find_notes("quadriceps")[0])
        assert new.note_type() == learner.collection.models.by_name("Basic")
        assert new.tags == []
        assert deck.build(second, now=AFTER_AN_IMPORT + 2).lock == second.lock


def test_a_style_reaches_the_type_without_a_full_sync(tmp_path: Path) -> None:
    with new_learner(tmp_path) as learner:
        fill(learner)
        deck = TakenOver(learner.profile, "Legs")
        first = deck.build(now=AFTER_AN_IMPORT)
        before = rows(learner)
        declared = deck.head["note_types"]["anki-basic"]
        declared["css"] += ".card { color: green }"
        declared["templates"]["Card 1"]["front"] = "<p>{{Front}}</p>"
        second = deck.build(first, now=AFTER_AN_IMPORT + 1)

        assert learner.import_package(second.package) == Imported(0, 0, 6, 0)
        assert not learner.needs_full_sync()
        learner.profile.take_snapshot()  # Anki caches note types until a collection is opened again
        model = learner.collection.models.by_name("Basic")
        assert model is not None
        assert model["css"].endswith("green }")
        assert model["tmpls"][0]["qfmt"] == "<p>{{Front}}</p>"
        after = rows(learner)
        assert [table for table in before if before[table] != after[table]] == ["notetypes", "templates"]


def odd_types(learner: Learner) -> None:
    """Add what the table of facts has: a sort field, odd names, a fork, ids that other tools leave out."""
    collection = learner.collection
    models = collection.models
    model = models.new("Muscle's <b>name</b> & more")
    for name in ("Key", "Source", "a/b <i>", "Ursprung, 起"):
        models.add_field(model, {**models.new_field(name), "id": -(2**62) - len(model["flds"])})
    for name, front in (("<b>Name</b>", "{{Key}}"), ('a "quote"', "{{Ursprung, 起}}")):
        template = models.new_template(name)
        template["qfmt"], template["afmt"] = front, "{{FrontSide}}<hr>{{a/b <i>}}{{Source}}"
        models.add_template(model, template)
    model["sortf"] = 2
    models.add_dict(model)
    add(learner, model["name"], "biceps", "Gray", "both", "hip")
    add(learner, model["name"], "soleus")
    plain = plain_package(
        Path(learner.collection.path).parent / "plain.apkg",
        {"g'1\"<": ["front", "back"]},
        style="b { top: 0 }",
    )
    learner.import_package(plain.read_bytes())
    fork = plain_package(
        Path(learner.collection.path).parent / "fork.apkg",
        {"forked": ["front", "back", "x"]},
        fields=("Front", "Back", "More"),
    )
    learner.import_package(fork.read_bytes())
    learner.study_all_cards()


def test_types_of_all_kinds_stay_what_they_are(tmp_path: Path) -> None:
    with new_learner(tmp_path) as learner:
        odd_types(learner)
        deck = TakenOver(learner.profile, "Legs")
        ids = [part.get("id") for model in deck.models.values() for part in model["flds"]]
        build = deck.build(now=AFTER_AN_IMPORT)
        before = rows(learner)

        assert None in ids
        assert any(id_ and id_ < 0 for id_ in ids)
        assert [model["name"] for model in deck.models.values() if model["name"].endswith("+")]
        assert build.codes == []
        assert learner.import_package(build.package) == Imported(0, 0, 4, 0)
        assert rows(learner) == before
        assert not learner.needs_full_sync()
        for card in deck.cards:
            card["fields"] = {name: f"{text}!" for name, text in card["fields"].items()}
        edited = deck.build(build, now=AFTER_AN_IMPORT + 1)
        assert learner.import_package(edited.package) == Imported(0, 4, 0, 0)
        assert not learner.needs_full_sync()


def test_a_learner_whose_type_got_another_name_gets_what_is_edited(tmp_path: Path) -> None:
    """To Anki, the author's Basic is another type than the learner's own, so it becomes Basic+."""
    with new_learner(tmp_path / "author") as author, new_learner(tmp_path / "learner") as learner:
        fill(author)
        path = tmp_path / "original.apkg"
        options = ExportAnkiPackageOptions(
            with_scheduling=False, with_deck_configs=False, with_media=True, legacy=False
        )
        author.collection.export_anki_package(out_path=str(path), options=options, limit=None)
        learner.import_package(path.read_bytes())
        learner.study_all_cards()
        deck = TakenOver(author.profile, "Legs")
        first = deck.build(now=AFTER_AN_IMPORT)
        before = rows(learner)

        assert learner.collection.models.by_name("Basic+") is not None
        assert learner.import_package(first.package) == Imported(0, 0, 6, 0)
        assert rows(learner) == before
        deck.cards[0]["a"] = "The hamstrings, at the back"
        deck.head["note_types"]["anki-basic"]["css"] += ".card { color: green }"
        second = deck.build(first, now=AFTER_AN_IMPORT + 1)
        assert learner.import_package(second.package) == Imported(0, 1, 5, 0)
        learner.profile.take_snapshot()
        model = learner.collection.models.by_name("Basic+")
        assert model is not None
        assert model["css"].endswith("green }")
        assert not learner.needs_full_sync()


def test_notes_keep_all_tags_that_anki_allows(tmp_path: Path) -> None:
    with new_learner(tmp_path) as learner:
        tags = ["a\u00a0b", "b::c", "'quoted'", "retired", "<b>", "&amp;", "日本", "x,y;z"]
        add(learner, "Basic", "with", "tags")
        note = learner.collection.get_note(learner.collection.find_notes("")[0])
        note.tags = tags
        learner.collection.update_note(note)
        deck = TakenOver(learner.profile, "Legs")
        first = deck.build(now=AFTER_AN_IMPORT)
        deck.cards[0]["a"] = "many tags"
        second = deck.build(first, now=AFTER_AN_IMPORT + 1)

        assert second.codes == []
        assert learner.import_package(second.package).updated == 1
        assert set(learner.collection.get_note(note.id).tags) == set(tags)


def test_cards_that_the_original_lacks_come_only_once_they_ask_something_else(tmp_path: Path) -> None:
    with new_learner(tmp_path) as learner:
        add(learner, "Basic (and reversed card)", "femur", "thigh bone")
        add(learner, "Cloze", "The {{c1::biceps}} {{c2::femoris}}")
        add(learner, "Basic", "without", "cards")
        cards = learner.collection.find_cards("card:2 or without")
        database = learner.profile.database
        database.execute(f"delete from cards where id in ({','.join(map(str, cards))})")
        deck = TakenOver(learner.profile, "Legs")
        first = deck.build(now=AFTER_AN_IMPORT)
        before = rows(learner)

        assert learner.import_package(first.package) == Imported(0, 0, 3, 0)
        assert rows(learner) == before
        deck.cards[0]["fields"]["Back"] = "The thigh bone"
        deck.cards[1]["cloze"] = "The {{c1::biceps}} {{c2::brachii}}"
        second = deck.build(first, now=AFTER_AN_IMPORT + 1)
        assert learner.import_package(second.package) == Imported(0, 2, 1, 0)
        ordinals = database.all("select n.flds, c.ord from cards c join notes n on n.id = c.nid")
        assert sorted((fields[:3], ordinal) for fields, ordinal in ordinals) == [
            ("The", 0),
            ("The", 1),
            ("fem", 0),
        ]


def test_any_id_of_a_note_is_kept(tmp_path: Path) -> None:
    with new_learner(tmp_path / "author") as author, new_learner(tmp_path / "other") as other:
        for number in range(6):
            add(author, "Basic (and reversed card)", f"question {number}", f"answer {number}")
        ids = [-5, 1, 2, 3, 1_679_112_066_560, 2**53]
        for note_id, new in zip(author.collection.find_notes(""), ids, strict=True):
            author.profile.database.execute("update notes set id = ? where id = ?", new, note_id)
            author.profile.database.execute("update cards set nid = ? where nid = ?", new, note_id)
        deck = TakenOver(author.profile, "Legs")
        first = deck.build(now=AFTER_AN_IMPORT)
        deck.cards.insert(0, {"id": "new", "note_type": "question", "q": "Is it ours?", "a": "It is ours"})
        second = deck.build(first, now=AFTER_AN_IMPORT + 1)

        assert author.import_package(second.package) == Imported(1, 0, 6, 0)
        assert set(ids) < set(author.collection.find_notes(""))
        assert other.import_package(second.package) == Imported(7, 0, 0, 0)
        # Anki gives a note from the future another id.
        assert set(ids[:-1]) < set(other.collection.find_notes(""))
        assert other.problems() == ""


def test_a_retired_note_of_an_imported_type_gets_the_tag_alone(tmp_path: Path) -> None:
    with new_learner(tmp_path) as learner:
        fill(learner)
        deck = TakenOver(learner.profile, "Legs")
        first = deck.build(now=AFTER_AN_IMPORT)
        gone = deck.cards.pop(0)
        second = deck.build(first, now=AFTER_AN_IMPORT + 1)
        before = rows(learner)

        assert second.codes == ["note-retired"]
        assert learner.import_package(second.package).updated == 0
        assert rows(learner) == before
        assert learner.import_package(second.retired_package) == Imported(0, 1, 0, 0)
        (note_id,) = learner.collection.find_notes("tag:retired")
        assert learner.collection.get_note(note_id).fields == [gone["q"], gone["a"]]
        # It can come back.
        deck.cards.insert(0, gone)
        third = deck.build(second, now=AFTER_AN_IMPORT + 2)
        assert learner.import_package(third.package).updated == 1
        assert not learner.collection.find_notes("tag:retired")


def test_a_lost_lock_comes_back_from_the_package(tmp_path: Path) -> None:
    with new_learner(tmp_path) as learner:
        fill(learner)
        with_media(learner)
        deck = TakenOver(learner.profile, "Legs")
        first = deck.build(now=AFTER_AN_IMPORT)
        del deck.cards[0]
        deck.cards[1]["tags"] = ["new"]
        second = deck.build(first, now=AFTER_AN_IMPORT + 1)
        lost = second.without(".lock")
        now = AFTER_AN_IMPORT + 9
        restored = build_deck(deck.sources, lost, now=now, media=deck.library, restore_lock=True)

        assert restored.codes == ["lock-restored"]
        assert restored.files_known_from_packages == second.files_known_from_packages
