"""The note types are frozen: after a change Anki would stop updating the notes of every learner."""

from cardwright.collection.custom_note_type import CustomNoteType, CustomTemplate
from cardwright.collection.notetype import NoteType
from cardwright.formats.anki.custom_note_types import make_custom_type
from cardwright.formats.anki.image_occlusion import make_image_occlusion_type
from cardwright.formats.anki.note_types import AnkiNoteType, make_built_in_types
from tests.support.notes import SPAN
from tests.support.paths import TESTS


def _custom(name: str, template_names: tuple[str, ...], cloze_fields: tuple[str, ...] = ()) -> AnkiNoteType:
    """Return a custom note type with two fields."""
    templates = tuple(CustomTemplate(name, "{{Name}}", "{{More}}", (), ()) for name in template_names)
    custom = CustomNoteType(NoteType(name), ("Name", "More"), templates, "", cloze_fields, SPAN)
    return make_custom_type("hamstrings", custom)


CUSTOM = (_custom("muscle", ("Naming", "Telling")), _custom("gaps", ("Gap",), ("Name",)))
FROZEN = TESTS / "golden" / "note_types.txt"


def describe(note_type: AnkiNoteType) -> str:
    """Return what Anki compares: ids, names and order of fields and templates, and the type's name."""
    return "\n".join(
        [
            f"{note_type.name} {note_type.id}",
            f"  schema {note_type.state.schema}",
            *(f"  field {field.id} {field.name}" for field in note_type.fields),
            *(f"  template {template.id} {template.name}" for template in note_type.templates),
            "",
        ]
    )


def test_fields_and_templates_are_what_they_have_always_been() -> None:
    """If this fails, undo the change: Anki would stop updating the notes of every deck ever released.

    There is no command to write the file again. A new note type may be added at its end.
    """
    note_types = (
        *make_built_in_types("hamstrings", "en"),
        make_image_occlusion_type("hamstrings", "en"),
        *CUSTOM,
    )

    assert "\n".join(map(describe, note_types)) == FROZEN.read_text()


def test_the_schema_does_not_depend_on_the_deck() -> None:
    """Only the names and ids of the note types do."""
    for a, b in zip(make_built_in_types("a", "en"), make_built_in_types("b", "de"), strict=True):
        assert a.state.schema == b.state.schema
        assert a.id != b.id
        assert a.name != b.name


def test_ids_of_fields_and_templates_are_unique() -> None:
    """Anki compares ids first."""
    for note_type in (*make_built_in_types("a", "en"), make_image_occlusion_type("a", "en"), *CUSTOM):
        ids = [field.id for field in note_type.fields] + [template.id for template in note_type.templates]
        assert len(ids) == len(set(ids))


def test_a_language_cannot_break_out_of_the_template() -> None:
    """It comes from the author and is part of an attribute on every card."""
    (question, _) = make_built_in_types("a", '"><script>{{Answer}}')

    assert 'lang="scriptAnswer"' in question.templates[0].front
