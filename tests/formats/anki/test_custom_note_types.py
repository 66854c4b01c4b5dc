"""Note types of an author's own at a learner's: as lossless as ours, judged by real Anki."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.custom_decks import BICEPS, GAP, GAPS, MUSCLE, SEMI, Author, changed
from tests.support.real_anki import AFTER_AN_IMPORT, Imported, Learner, learner

pytestmark = pytest.mark.anki

TWO = MUSCLE["templates"]


@pytest.fixture
def author() -> Author:
    return Author()


@pytest.fixture
def learning(tmp_path: Path, author: Author) -> Iterator[Learner]:
    """Someone who has studied the first release."""
    with learner(tmp_path) as one:
        one.imports(author.releases(BICEPS, SEMI, GAP))
        one.studies_everything()
        author.now = AFTER_AN_IMPORT
        yield one


def written(card: dict[str, Any], **fields: str) -> dict[str, Any]:
    """A card with some of its fields written otherwise."""
    return {**card, "fields": {**card["fields"], **fields}}


def unharmed(one: Learner, before: dict[tuple[str, int], tuple[object, ...]]) -> None:
    """Every card that was there is there, with all that scheduling knew of it."""
    after = one.progress()
    assert {card: after.get(card) for card in before} == before
    assert one.empty_cards() == []
    assert not one.must_sync_in_full()
    assert one.problems() == ""


def test_anki_has_the_cards_that_the_templates_ask_for(learning: Learner) -> None:
    """
    One for each template that has something to ask, and one for each number of a cloze; what the
    reviewer shows is what the author wrote.
    """
    assert learning.cards() == {("biceps", 0), ("semi", 0), ("semi", 1), ("gap", 0), ("gap", 1)}
    assert learning.face("semi", 1).question == "Where does Semitendinosus end?"
    assert learning.face("semi", 1).answer.endswith("Where does Semitendinosus end?<hr id=answer>Shin")
    assert "[...]" in learning.face("gap", 0).question
    unharmed(learning, learning.progress())


def test_a_build_counts_the_cards_that_are_in_the_package(author: Author) -> None:
    """The lock knows them, so no card is laid out for being counted."""
    assert [one.cards for one in author.builds(BICEPS, SEMI, GAP).summaries] == [5]
    assert [one.cards for one in author.builds(SEMI, GAP).summaries] == [4]


def test_an_edit_updates_its_note_and_no_other(author: Author, learning: Learner) -> None:
    """The law of all notes holds for an author's own: nothing conflicts, nothing is scheduled anew."""
    before = learning.progress()

    edited = author.releases(written(BICEPS, Origin="Ischial tuberosity"), SEMI, GAP)

    assert learning.imports(edited) == Imported(new=0, updated=1, duplicate=2, conflicting=0)
    assert learning.face("biceps").answer.endswith("Ischial tuberosity")
    unharmed(learning, before)


def test_templates_and_look_may_change_freely(author: Author, learning: Learner) -> None:
    """Every card shows the new text; no note changes, since its fields did not."""
    before = learning.progress()
    spoken = {**TWO, "Origin": {"front": "Origin of {{Name}}?", "back": "{{Origin}}"}}
    author.types = {"muscle": changed(MUSCLE, templates=spoken, css=".card { color: teal }"), "gaps": GAPS}

    later = author.releases(BICEPS, SEMI, GAP)

    assert learning.imports(later) == Imported(new=0, updated=0, duplicate=3, conflicting=0)
    assert learning.face("biceps").question == "Origin of Biceps femoris?"
    assert "color: teal" in learning.card("biceps").render_output().css
    unharmed(learning, before)


def test_what_an_author_thinks_of_later_goes_into_a_spare_field(author: Author, learning: Learner) -> None:
    """A field more would make Anki give up the notes that learners have; a spare one is there already."""
    before = learning.progress()
    nerve = {
        **TWO,
        "Origin": {**TWO["Origin"], "back": "{{Origin}}{{#Spare 1}}, nerve: {{Spare 1}}{{/Spare 1}}"},
    }
    author.types = {"muscle": changed(MUSCLE, templates=nerve), "gaps": GAPS}

    later = author.releases(written(BICEPS, **{"Spare 1": "Sciatic"}), SEMI, GAP)

    assert learning.imports(later) == Imported(new=0, updated=1, duplicate=2, conflicting=0)
    assert learning.face("biceps").answer.endswith("Sit bone, nerve: Sciatic")
    unharmed(learning, before)


def test_another_card_goes_into_a_spare_template(author: Author, learning: Learner) -> None:
    """Notes that learners have get the card with the next import, and no full sync is asked for."""
    before = learning.progress()
    whose = {**TWO, "Spare 1": {"front": "What begins at {{Origin}}?", "back": "{{Name}}"}}
    author.types = {"muscle": changed(MUSCLE, templates=whose), "gaps": GAPS}

    learning.imports(author.releases(BICEPS, SEMI, GAP))

    assert learning.cards() - before.keys() == {("biceps", 2), ("semi", 2)}
    assert learning.face("semi", 2).question == "What begins at Sit bone?"
    unharmed(learning, before)


def test_a_retired_note_says_so_and_makes_no_cards(author: Author, learning: Learner) -> None:
    """It says so on the back: on a front it would bring cards to life whose own texts are empty."""
    before = learning.progress()

    author.releases(SEMI, GAP)
    assert learning.imports(author.retired) == Imported(new=0, updated=1, duplicate=0, conflicting=0)

    assert "Taken out of the deck" in learning.face("biceps").answer
    assert "Taken out of the deck" not in learning.face("biceps").question
    assert len(learning.collection.find_notes("tag:retired")) == 1
    assert learning.cards() == before.keys()
    unharmed(learning, before)


OTHER_LISTS = {
    "a field more": (changed(MUSCLE, fields=["Name", "Origin", "Insertion", "Nerve"]), "`Nerve` is new"),
    "a field less": (
        changed(MUSCLE, fields=["Name", "Origin"], templates={"Origin": TWO["Origin"]}),
        "`Insertion` of `muscle`",
    ),
    "another name": (
        changed(
            MUSCLE,
            fields=["Name", "Origin", "Insertions"],
            templates={**TWO, "Insertion": {"front": "{{Name}}?", "back": "{{Insertions}}"}},
        ),
        "`Insertion`",
    ),
    "another order": (changed(MUSCLE, fields=["Origin", "Name", "Insertion"]), "another order"),
    "a template more": (
        changed(MUSCLE, templates={**TWO, "Name": {"front": "{{Origin}}", "back": "x"}}),
        "`Name`",
    ),
    "a template less": (changed(MUSCLE, templates={"Origin": TWO["Origin"]}), "`Insertion`"),
    "templates turned": (changed(MUSCLE, templates=dict(reversed(TWO.items()))), "another order"),
}


@pytest.mark.parametrize("case", OTHER_LISTS)
def test_a_released_list_of_fields_or_templates_stays(author: Author, case: str) -> None:
    """Anki would silently stop updating every note of the type, for good. Nothing is written."""
    author.releases(BICEPS, SEMI, GAP)
    before = dict(author.files)
    other, said = OTHER_LISTS[case]

    author.types = {"muscle": other, "gaps": GAPS}
    outcome = author.builds(BICEPS, GAP)

    found = [one for one in outcome.report if one.code == "note-type-changed"]
    assert len(found) == 1
    assert said in found[0].message
    assert found[0].span is not None
    assert found[0].span.text == "muscle"
    assert outcome.files == ()
    assert author.files == before


def test_a_released_note_type_keeps_its_cloze_deletions(author: Author) -> None:
    """Anki makes cards of them in another way, and never turns one kind of note type into the other."""
    author.releases(GAP)
    author.types = {"gaps": changed(GAPS, templates={"Gap": {"front": "{{Sentence}}", "back": "{{More}}"}})}

    (found,) = (one for one in author.builds(GAP).report if one.code == "note-type-changed")

    assert found.message == "`gaps` was released as another kind of note type"


def test_the_template_of_a_cloze_note_type_may_be_called_anything(tmp_path: Path, author: Author) -> None:
    """There are no spare ones in it, so no name stands for them."""
    author.types = {"gaps": changed(GAPS, templates={"Spare 1": GAPS["templates"]["Gap"]})}

    with learner(tmp_path) as one:
        one.imports(author.releases(GAP))

        assert "[...]" in one.face("gap", 1).question


def test_a_list_may_change_until_its_first_note_is_released(author: Author) -> None:
    """A note type that no card is of is in no package, so nobody has it yet."""
    author.releases(GAP)
    author.types = {"muscle": changed(MUSCLE, fields=["Name", "Origin", "Insertion", "Nerve"]), "gaps": GAPS}

    author.releases(GAP, BICEPS)


def test_a_released_note_type_stays_with_its_notes(author: Author) -> None:
    """They may be retired, but learners have them, and they may come back."""
    author.releases(BICEPS, GAP)
    released, author.types = author.types, {"gaps": GAPS}

    assert {one.code for one in author.builds(GAP).report} == {"note-type-removed", "note-retired"}

    author.types = released
    author.releases(GAP)
    author.releases(GAP, BICEPS)


def test_a_note_type_that_nobody_has_may_go(author: Author) -> None:
    """It was described, and never used."""
    author.releases(GAP)
    author.types = {"gaps": GAPS}

    author.releases(GAP)


def test_a_line_of_a_note_type_that_a_merge_took_out_is_named(author: Author) -> None:
    """
    One branch takes a note type out that nobody has, the other makes its first note: the line of the note
    type is gone from the union of both, and the lines that are there can be read well.
    """
    author.releases(GAP, BICEPS)
    kept = author.files["cards_source/legs.lock"].splitlines(keepends=True)
    author.files["cards_source/legs.lock"] = b"".join(one for one in kept if b'{"type":"muscle"' not in one)

    (found,) = author.builds(GAP, BICEPS).report

    assert (found.code, found.message) == (
        "lock-damaged",
        "the lock has lost its line of the note type `muscle`",
    )
    assert found.span is not None
    assert found.span.text.startswith('{"key":"biceps"')


def test_a_card_keeps_its_note_type(author: Author) -> None:
    """Anki never moves a note to another note type by an import."""
    author.releases(BICEPS, GAP)
    turned = {"id": "biceps", "q": "Where does it begin?", "a": "Sit bone"}

    (found,) = author.builds(turned, GAP).report

    assert found.message == "`biceps` was a muscle card, now a question card"


def test_a_headline_has_room_for_names_of_any_length(author: Author) -> None:
    """An author may call a note type whatever it takes."""
    author.types = dict.fromkeys(("short-head-of-the-biceps", "long-head-of-the-biceps"), MUSCLE)
    first, second = ({**BICEPS, "id": "biceps" * 9, "type": name} for name in author.types)
    author.releases(first)

    (found,) = author.builds(second).report

    assert found.code == "card-kind-changed"
    assert len(found.message) <= 72


def test_cloze_numbers_are_identities_here_too(author: Author) -> None:
    """Two texts that swap their numbers would swap their learners' progress."""
    author.releases(GAP)
    swapped = written(GAP, Sentence="The {{c2::sciatic}} nerve {{c1::branches}}.")

    assert {one.code for one in author.builds(swapped).report} == {"cloze-renumbered"}


def test_names_may_be_of_any_script_however_they_are_typed(tmp_path: Path, author: Author) -> None:
    """Devanagari has vowel signs that are no letters; an accent may be typed as a character of its own."""
    author.types = {
        "मांसपेशी": {
            "fields": ["Naissance d\u00e9but"],
            "templates": {"Un": {"front": "{{Naissance de\u0301but}}", "back": "-"}},
        }
    }
    card = {"id": "a", "type": "मांसपेशी", "fields": {"Naissance de\u0301but": "Ischion"}}

    author.releases(card)
    with learner(tmp_path) as one:
        one.imports(author.releases(card))

        assert one.face("a").question == "Ischion"


def test_a_note_without_a_card_that_it_had_is_told_of(author: Author) -> None:
    """The card stays with learners, empty."""
    author.releases(SEMI)

    (found,) = author.builds(written(SEMI, Insertion="")).report

    assert (found.code, found.message) == ("card-removed", "card 2 of `semi` is gone")


@pytest.mark.parametrize("kind", range(5))
def test_the_note_types_that_anki_starts_with_can_be_brought_along(tmp_path: Path, kind: int) -> None:
    """Their fields, templates and style as they are: most people's decks begin with them."""
    with learner(tmp_path) as one:
        stock = one.collection._backend.get_stock_notetype_legacy(kind)  # type: ignore[arg-type] # a number
        theirs = json.loads(stock)
        author = Author(types={"theirs": described(theirs)})
        names = [field["name"] for field in theirs["flds"]]
        texts = {name: "the {{c1::hidden}}" if name == "Text" else f"the {name}" for name in names}

        one.imports(author.releases({"id": "a", "type": "theirs", "fields": texts}))

        own = one.collection.models.get(one.card("a").note().mid)
        assert own is not None
        assert [field["name"] for field in own["flds"]][: len(names)] == names
        assert own["css"].strip() == theirs["css"].strip()
        mine = len(one.cards())
        before = one.collection.models.by_name(theirs["name"])
        deck = one.collection.decks.id("Default")
        assert before is not None
        assert deck is not None
        note = one.collection.new_note(before)
        for name, text in texts.items():
            note[name] = text
        one.collection.add_note(note, deck)
        assert mine == len(note.cards())
        for ordinal, card in enumerate(note.cards()):
            shown, face = card.render_output(), one.face("a", ordinal)
            assert (face.question.split(), face.answer.split()) == (
                shown.question_text.split(),
                shown.answer_text.split(),
            )


def described(theirs: dict[str, Any]) -> dict[str, Any]:
    """One of Anki's note types as deck.yaml has it."""
    return {
        "fields": [field["name"] for field in theirs["flds"]],
        "templates": {one["name"]: {"front": one["qfmt"], "back": one["afmt"]} for one in theirs["tmpls"]},
        "css": theirs["css"],
    }
