"""The note types are frozen: what moves in them stops the notes of every learner."""

from cardwright.collection.custom_note_type import CustomNoteType, CustomTemplate
from cardwright.collection.notetype import NoteType
from cardwright.formats.anki.custom_note_types import make_custom_type
from cardwright.formats.anki.image_occlusion import make_image_occlusion_type
from cardwright.formats.anki.note_types import AnkiNoteType, make_built_in_types
from tests.support.notes import SPAN
from tests.support.paths import TESTS


def _own(name: str, templates: tuple[str, ...], clozes: tuple[str, ...] = ()) -> AnkiNoteType:
    """What becomes of an author's note type with two fields."""
    made = tuple(CustomTemplate(one, "{{Name}}", "{{More}}", (), ()) for one in templates)
    custom = CustomNoteType(NoteType(name), ("Name", "More"), made, "", clozes, SPAN)
    return make_custom_type("hamstrings", custom)


OWN = (_own("muscle", ("Naming", "Telling")), _own("gaps", ("Gap",), clozes=("Name",)))
FROZEN = TESTS / "golden" / "note_types.txt"


def described(note_type: AnkiNoteType) -> str:
    """All that Anki compares: fields and templates, their ids, names and order; and what names the type."""
    return "\n".join(
        [
            f"{note_type.name} {note_type.id}",
            f"  schema {note_type.state.schema}",
            *(f"  field {field.id} {field.name}" for field in note_type.fields),
            *(f"  template {template.id} {template.name}" for template in note_type.templates),
            "",
        ]
    )


def test_the_family_is_what_it_has_always_been() -> None:
    """
    If this fails, take the change back: Anki would silently stop updating the notes of every
    deck ever released. There is no command to write the file anew. A new note type may be
    added at the end of it.
    """
    family = (*make_built_in_types("hamstrings", "en"), make_image_occlusion_type("hamstrings", "en"), *OWN)

    assert "\n".join(map(described, family)) == FROZEN.read_text()


def test_the_schema_does_not_depend_on_the_deck() -> None:
    """Names and ids of the types are the deck's own; their fields and templates are the same everywhere."""
    here, there = make_built_in_types("a", "en"), make_built_in_types("b", "de")

    assert [one.state.schema for one in here] == [one.state.schema for one in there]
    assert not {one.id for one in here} & {one.id for one in there}
    assert not {one.name for one in here} & {one.name for one in there}


def test_ids_of_fields_and_templates_are_unique() -> None:
    """Anki matches by id first."""
    for note_type in (*make_built_in_types("a", "en"), make_image_occlusion_type("a", "en"), *OWN):
        ids = [field.id for field in note_type.fields] + [one.id for one in note_type.templates]
        assert len(ids) == len(set(ids))


def test_a_language_cannot_break_out_of_the_template() -> None:
    """It comes from the deck's author and stands in an attribute of every card."""
    (question, _) = make_built_in_types("a", '"><script>{{Answer}}')

    assert 'lang="scriptAnswer"' in question.templates[0].front
