"""Custom note types keep learners' progress as our own do, judged by real Anki."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.custom_decks import BICEPS, GAP, GAPS, MUSCLE, SEMI, Author, changed
from tests.support.real_anki import AFTER_AN_IMPORT, Imported, Learner, Progress, new_learner

pytestmark = pytest.mark.anki

TWO = MUSCLE["templates"]


@pytest.fixture
def author() -> Author:
    return Author()


@pytest.fixture
def learner(tmp_path: Path, author: Author) -> Iterator[Learner]:
    """A learner who has studied the first release."""
    with new_learner(tmp_path) as learner:
        learner.study_package(author.release(BICEPS, SEMI, GAP))
        author.now = AFTER_AN_IMPORT
        yield learner


def edited(card: dict[str, Any], **fields: str) -> dict[str, Any]:
    """Return a card with some of its fields replaced."""
    return {**card, "fields": {**card["fields"], **fields}}


def assert_kept(learner: Learner, before: Progress) -> None:
    learner.assert_kept(before)
    assert learner.empty_cards() == []


def test_anki_has_a_card_for_each_filled_template_and_cloze_number(learner: Learner) -> None:
    """The reviewer shows what the author wrote."""
    assert learner.cards() == {("biceps", 0), ("semi", 0), ("semi", 1), ("gap", 0), ("gap", 1)}
    assert learner.sides("semi", 1).front == "Where does Semitendinosus end?"
    assert learner.sides("semi", 1).back.endswith("Where does Semitendinosus end?<hr id=answer>Shin")
    assert "[...]" in learner.sides("gap", 0).front
    assert_kept(learner, learner.progress())


def test_a_build_counts_the_cards_that_are_in_the_package(author: Author) -> None:
    """The lock lists them, so no card is laid out to be counted."""
    for cards, count in ((BICEPS, SEMI, GAP), 5), ((SEMI, GAP), 4):
        assert [summary.cards for summary in author.build(*cards).result.summaries] == [count]


def test_an_edit_updates_its_note_and_no_other(author: Author, learner: Learner) -> None:
    before = learner.progress()

    package = author.release(edited(BICEPS, Origin="Ischial tuberosity"), SEMI, GAP)

    assert learner.import_package(package) == Imported(new=0, updated=1, duplicate=2, conflicting=0)
    assert learner.sides("biceps").back.endswith("Ischial tuberosity")
    assert_kept(learner, before)


def test_templates_and_css_may_change_freely(author: Author, learner: Learner) -> None:
    """Every card shows the new text; no note is updated, since its fields are the same."""
    before = learner.progress()
    reworded = {**TWO, "Origin": {"front": "Origin of {{Name}}?", "back": "{{Origin}}"}}
    author.types = {"muscle": changed(MUSCLE, templates=reworded, css=".card { color: teal }"), "gaps": GAPS}

    later = author.release(BICEPS, SEMI, GAP)

    assert learner.import_package(later) == Imported(new=0, updated=0, duplicate=3, conflicting=0)
    assert learner.sides("biceps").front == "Origin of Biceps femoris?"
    assert "color: teal" in learner.card("biceps").render_output().css
    assert_kept(learner, before)


def test_a_field_in_a_tag_is_filled_in(author: Author, learner: Learner) -> None:
    """And the lock knows the note type by its fields and templates alone, so a later one is an update."""
    before = learner.progress()
    tag = '<i class="muscle {{#Insertion}}known {{/Insertion}}{{Key}}" title="{{Name}}">'
    templates = {**TWO, "Origin": {"front": f"{tag}{{{{Name}}}}</i>?", "back": f"{tag}{{{{Origin}}}}</i>"}}
    author.types = {"muscle": changed(MUSCLE, templates=templates), "gaps": GAPS}

    learner.import_package(author.release(BICEPS, SEMI, GAP))

    assert learner.sides("semi").front == (
        '<i class="muscle known semi" title="Semitendinosus">Semitendinosus</i>?'
    )
    assert learner.sides("biceps").back.strip() == (
        '<i class="muscle biceps" title="Biceps femoris">Sit bone</i>'
    )
    assert_kept(learner, before)


@pytest.mark.parametrize("css_only", [False, True])
def test_css_is_added_to_the_look_of_the_other_cards_or_replaces_it(
    author: Author, learner: Learner, css_only: bool
) -> None:
    """Later rules win, so an author changes what they name and keeps the rest."""
    look = learner.card("biceps").render_output().css
    muscle = changed(MUSCLE, css=".card { color: teal }", css_only=css_only)
    author.types = {"muscle": muscle, "gaps": GAPS}

    learner.import_package(author.release(BICEPS, SEMI, GAP))

    added = ".card { color: teal }"
    assert learner.card("biceps").render_output().css == (added if css_only else f"{look}\n{added}\n")


def test_the_files_of_a_style_reach_the_learner(author: Author, learner: Learner) -> None:
    """Anki imports files whose names begin with `_`, and doesn't call them unused."""
    before = learner.progress()
    author.media = {"cards_source/media/Naskh.ttf": b"\x00\x01\x00\x00 first"}
    css = "@font-face { font-family: N; src: url(Naskh.ttf) }"
    author.types = {"muscle": changed(MUSCLE, css=css), "gaps": GAPS}
    first = learner.import_package(author.release(BICEPS, SEMI, GAP))
    author.media = {"cards_source/media/Naskh.ttf": b"\x00\x01\x00\x00 second"}
    second = learner.import_package(author.release(BICEPS, SEMI, GAP))

    assert first == second == Imported(new=0, updated=0, duplicate=3, conflicting=0)
    name = re.findall(r'url\("([^"]*)"\)', learner.card("biceps").render_output().css)[-1]
    assert (Path(learner.collection.media.dir()) / name).read_bytes() == b"\x00\x01\x00\x00 second"
    check = learner.collection.media.check()
    assert (list(check.missing), list(check.unused)) == ([], [])
    assert_kept(learner, before)


def test_later_content_goes_into_a_spare_field(author: Author, learner: Learner) -> None:
    """With a new field Anki would stop updating the notes that learners have."""
    before = learner.progress()
    with_nerve = {
        **TWO,
        "Origin": {**TWO["Origin"], "back": "{{Origin}}{{#Spare 1}}, nerve: {{Spare 1}}{{/Spare 1}}"},
    }
    author.types = {"muscle": changed(MUSCLE, templates=with_nerve), "gaps": GAPS}

    later = author.release(edited(BICEPS, **{"Spare 1": "Sciatic"}), SEMI, GAP)

    assert learner.import_package(later) == Imported(new=0, updated=1, duplicate=2, conflicting=0)
    assert learner.sides("biceps").back.endswith("Sit bone, nerve: Sciatic")
    assert_kept(learner, before)


def test_a_later_card_goes_into_a_spare_template(author: Author, learner: Learner) -> None:
    """Existing notes get the card with the next import, and no full sync is needed."""
    before = learner.progress()
    with_spare = {**TWO, "Spare 1": {"front": "What begins at {{Origin}}?", "back": "{{Name}}"}}
    author.types = {"muscle": changed(MUSCLE, templates=with_spare), "gaps": GAPS}

    learner.import_package(author.release(BICEPS, SEMI, GAP))

    assert learner.cards() - before.keys() == {("biceps", 2), ("semi", 2)}
    assert learner.sides("semi", 2).front == "What begins at Sit bone?"
    assert_kept(learner, before)


def test_a_retired_note_says_so_and_makes_no_cards(author: Author, learner: Learner) -> None:
    """Its back says so: on a front, that would make cards whose own fields are empty."""
    before = learner.progress()

    build = author.build(SEMI, GAP)
    assert learner.import_package(build.retired_package) == Imported(
        new=0, updated=1, duplicate=0, conflicting=0
    )

    assert "Taken out of the deck" in learner.sides("biceps").back
    assert "Taken out of the deck" not in learner.sides("biceps").front
    assert len(learner.collection.find_notes("tag:retired")) == 1
    assert learner.cards() == before.keys()
    assert_kept(learner, before)


CHANGED_LISTS = {
    "added field": (changed(MUSCLE, fields=["Name", "Origin", "Insertion", "Nerve"]), "`Nerve` is new"),
    "removed field": (
        changed(MUSCLE, fields=["Name", "Origin"], templates={"Origin": TWO["Origin"]}),
        "`Insertion` of `muscle`",
    ),
    "renamed field": (
        changed(
            MUSCLE,
            fields=["Name", "Origin", "Insertions"],
            templates={**TWO, "Insertion": {"front": "{{Name}}?", "back": "{{Insertions}}"}},
        ),
        "`Insertion`",
    ),
    "reordered fields": (changed(MUSCLE, fields=["Origin", "Name", "Insertion"]), "another order"),
    "added template": (
        changed(MUSCLE, templates={**TWO, "Name": {"front": "{{Origin}}", "back": "x"}}),
        "`Name`",
    ),
    "removed template": (changed(MUSCLE, templates={"Origin": TWO["Origin"]}), "`Insertion`"),
    "reordered templates": (changed(MUSCLE, templates=dict(reversed(TWO.items()))), "another order"),
}


@pytest.mark.parametrize("case", CHANGED_LISTS)
def test_released_fields_and_templates_cannot_change(author: Author, case: str) -> None:
    """Anki would silently stop updating every note of the type, for good."""
    author.release(BICEPS, SEMI, GAP)
    changed_type, message = CHANGED_LISTS[case]

    author.types = {"muscle": changed_type, "gaps": GAPS}
    result = author.build(BICEPS, GAP).result

    (error,) = (diagnostic for diagnostic in result.report if diagnostic.code == "note-type-changed")
    assert message in error.message
    assert error.span is not None
    assert error.span.text == "muscle"
    assert result.files == {}


def test_a_released_note_type_keeps_its_cloze_deletions(author: Author) -> None:
    """Anki cannot turn one kind of note type into the other."""
    author.release(GAP)
    author.types = {"gaps": changed(GAPS, templates={"Gap": {"front": "{{Sentence}}", "back": "{{More}}"}})}

    assert "`gaps` was released as another kind of note type" in author.build(GAP).messages


def test_a_cloze_template_may_have_the_name_of_a_spare_one(tmp_path: Path, author: Author) -> None:
    """Cloze note types have no spare templates."""
    author.types = {"gaps": changed(GAPS, templates={"Spare 1": GAPS["templates"]["Gap"]})}

    with new_learner(tmp_path) as learner:
        learner.import_package(author.release(GAP))

        assert "[...]" in learner.sides("gap", 1).front


def test_fields_may_change_until_the_first_note_is_released(author: Author) -> None:
    """An unused note type is in no package, so nobody has it yet."""
    author.release(GAP)
    author.types = {"muscle": changed(MUSCLE, fields=["Name", "Origin", "Insertion", "Nerve"]), "gaps": GAPS}

    author.release(GAP, BICEPS)


def test_a_released_note_type_stays_even_if_its_notes_are_retired(author: Author) -> None:
    """Learners still have them, and they may come back."""
    author.release(BICEPS, GAP)
    released, author.types = author.types, {"gaps": GAPS}

    assert set(author.build(GAP).codes) == {"note-type-removed", "note-retired"}

    author.types = released
    author.release(GAP)
    author.release(GAP, BICEPS)


def test_an_unused_note_type_may_be_removed(author: Author) -> None:
    author.release(GAP)
    author.types = {"gaps": GAPS}

    author.release(GAP)


def test_a_note_type_that_a_merge_removed_from_the_lock_is_named(author: Author) -> None:
    """One branch removes an unused note type, the other adds its first note."""
    author.release(GAP, BICEPS)
    build = author.build(GAP, BICEPS)
    lines = build.lock.splitlines(keepends=True)
    lock = b"".join(line for line in lines if b'{"type":"muscle"' not in line)
    author.last_build = replace(build, files={**build.files, "cards_source/legs.lock": lock})

    (error,) = author.build(GAP, BICEPS).result.report

    assert error.code == "lock-damaged"
    assert error.message == "the lock has lost its line of the note type `muscle`"
    assert error.span is not None
    assert error.span.text.startswith('{"key":"biceps"')


def test_a_card_keeps_its_note_type(author: Author) -> None:
    """An import never moves a note to another note type."""
    author.release(BICEPS, GAP)
    question = {"id": "biceps", "q": "Where does it begin?", "a": "Sit bone"}

    assert author.build(question, GAP).messages == ["`biceps` was a muscle card, now a question card"]


def test_headlines_stay_short_however_long_names_are(author: Author) -> None:
    author.types = dict.fromkeys(("short-head-of-the-biceps", "long-head-of-the-biceps"), MUSCLE)
    first, second = ({**BICEPS, "id": "biceps" * 9, "type": name} for name in author.types)
    author.release(first)

    build = author.build(second)

    assert build.codes == ["card-kind-changed"]
    assert len(build.messages[0]) <= 72


def test_texts_must_not_swap_their_cloze_numbers(author: Author) -> None:
    """Learners' progress would be swapped with them."""
    author.release(GAP)
    swapped = edited(GAP, Sentence="The {{c2::sciatic}} nerve {{c1::branches}}.")

    assert set(author.build(swapped).codes) == {"cloze-renumbered"}


def test_names_may_be_in_any_script_and_unicode_normal_form(tmp_path: Path, author: Author) -> None:
    """Devanagari has vowel signs that aren't letters; an accent may be a character of its own."""
    author.types = {
        "मांसपेशी": {
            "fields": ["Naissance d\u00e9but"],
            "templates": {"Un": {"front": "{{Naissance de\u0301but}}", "back": "-"}},
        }
    }
    card = {"id": "a", "type": "मांसपेशी", "fields": {"Naissance de\u0301but": "Ischion"}}

    author.release(card)
    with new_learner(tmp_path) as learner:
        learner.import_package(author.release(card))

        assert learner.sides("a").front == "Ischion"


def test_a_removed_card_is_a_warning(author: Author) -> None:
    """Learners keep it, empty."""
    author.release(SEMI)

    build = author.build(edited(SEMI, Insertion=""))

    assert (build.codes, build.messages) == (["card-removed"], ["card 2 of `semi` is gone"])


def test_a_template_that_makes_no_cards_any_more_is_one_warning(author: Author) -> None:
    """However many notes it had cards of."""
    cards = [{**SEMI, "id": f"semi-{number}"} for number in range(300)]
    author.release(*cards)
    insertion = {**MUSCLE["templates"]["Insertion"], "front": "{{#Spare 1}}Where is {{Spare 1}}?{{/Spare 1}}"}
    author.types = {"muscle": changed(MUSCLE, templates={**MUSCLE["templates"], "Insertion": insertion})}

    build = author.build(*cards)

    assert build.messages == ["the template `Insertion` makes no card of 300 notes any more"]
    (diagnostic,) = build.result.report
    assert diagnostic.span is not None
    assert (diagnostic.span.text, diagnostic.note) == ("muscle", "of `semi-0` and others")


@pytest.mark.parametrize("kind", range(5))
def test_ankis_stock_note_types_can_be_declared_as_they_are(tmp_path: Path, kind: int) -> None:
    """Most people's decks begin with their fields, templates and style."""
    with new_learner(tmp_path) as learner:
        backend = learner.collection._backend
        stock = json.loads(backend.get_stock_notetype_legacy(kind))  # type: ignore[arg-type] # a number
        author = Author(types={"stock": declaration(stock)})
        names = [field["name"] for field in stock["flds"]]
        texts = {name: "the {{c1::hidden}}" if name == "Text" else f"the {name}" for name in names}

        learner.import_package(author.release({"id": "a", "type": "stock", "fields": texts}))

        note_type = learner.collection.models.get(learner.card("a").note().mid)
        assert note_type is not None
        assert [field["name"] for field in note_type["flds"]][: len(names)] == names
        assert note_type["css"].strip() == stock["css"].strip()
        card_count = len(learner.cards())
        stock_type = learner.collection.models.by_name(stock["name"])
        deck = learner.collection.decks.id("Default")
        assert stock_type is not None
        assert deck is not None
        note = learner.collection.new_note(stock_type)
        for name, text in texts.items():
            note[name] = text
        learner.collection.add_note(note, deck)
        assert card_count == len(note.cards())
        for ordinal, card in enumerate(note.cards()):
            output, sides = card.render_output(), learner.sides("a", ordinal)
            assert sides.front.split() == output.question_text.split()
            assert sides.back.split() == output.answer_text.split()


def declaration(note_type: dict[str, Any]) -> dict[str, Any]:
    """Return one of Anki's note types as an author declares it."""
    templates = {
        template["name"]: {"front": template["qfmt"], "back": template["afmt"]}
        for template in note_type["tmpls"]
    }
    fields = [field["name"] for field in note_type["flds"]]
    return {"fields": fields, "templates": templates, "css": note_type["css"], "css_only": True}
