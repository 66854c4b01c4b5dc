"""A deck that was imported from Anki is the same deck to Anki once it is built, judged by real Anki.

Facts of sections 1 to 3: measured with Anki 24.11 to 26.09.
"""

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
