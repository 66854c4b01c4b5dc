"""Sub-decks in packages: what real Anki makes of them, now and at the next import."""

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from cardwright import pipeline
from cardwright.collection.deck_name import DeckName, is_same_deck
from cardwright.collection.note import Note
from cardwright.pipeline import BuildOptions
from cardwright.reader.deck_names import MAX_LEVELS
from cardwright.record import replace
from cardwright.rehearsal.profile import AnkiException
from tests.support.builds import DAY, NOW, DeckBuild, build_deck
from tests.support.diagram_decks import LEG
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.notes import deck, question, release
from tests.support.real_anki import FRESH_OPTIONS, Imported, Learner, new_learner

pytestmark = pytest.mark.anki

HEAD = "deck: Legs\nid: legs\ndescription: About legs\n"


def build(
    cards: Mapping[str, str], previous: DeckBuild | None = None, *, head: str = HEAD, day: int = 0
) -> DeckBuild:
    """Build a deck. cards: by id, the sub-deck as YAML. day: of the build."""
    lines = [
        f"  - {{id: {key}, subdeck: {subdeck}, q: Where is {key}?, a: There}}\n"
        for key, subdeck in cards.items()
    ]
    built = build_deck({"legs.yaml": f"{head}cards:\n{''.join(lines)}"}, previous, now=NOW + day * DAY)
    assert not built.result.report.has_errors, built.messages
    return built


def decks_in(package: bytes) -> dict[str, Any]:
    """Return the decks of a package, by name."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(ZipFile(BytesIO(package)).read("collection.anki2"))
    (decks,) = connection.execute("SELECT decks FROM col").fetchone()
    connection.close()
    return {deck["name"]: deck for deck in json.loads(decks).values()}


class DeckLearner(Learner):
    """A learner who looks at decks."""

    def decks(self) -> list[str]:
        return sorted(entry.name for entry in self.collection.decks.all_names_and_ids() if entry.id != 1)

    def deck_of(self, key: str) -> str:
        return self.collection.decks.name(self.card(key).did)

    def rename(self, old: str, new: str) -> None:
        deck_id = self.collection.decks.id_for_name(old)
        assert deck_id is not None
        self.collection.decks.rename(deck_id, new)


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[DeckLearner]:
    with new_learner(tmp_path) as new:
        yield DeckLearner(new.profile, tmp_path)


def test_cards_arrive_in_their_sub_decks(learner: DeckLearner) -> None:
    """Those around a sub-deck are there too; the deck alone has the description."""
    package = build({"hip": "Upper::Bones", "knee": "Middle", "all": '""'}).package

    assert learner.import_package(package) == Imported(3, 0, 0, 0)

    assert learner.decks() == ["Legs", "Legs::Middle", "Legs::Upper", "Legs::Upper::Bones"]
    assert {key: learner.deck_of(key) for key in ("hip", "knee", "all")} == {
        "hip": "Legs::Upper::Bones",
        "knee": "Legs::Middle",
        "all": "Legs",
    }
    descriptions = {name: learner.collection.decks.by_name(name)["desc"] for name in learner.decks()}  # type: ignore[index]
    assert descriptions.pop("Legs") == "About legs"
    assert set(descriptions.values()) == {""}
    assert learner.problems() == ""


def test_the_order_is_that_in_which_anki_goes_through_sub_decks(learner: DeckLearner) -> None:
    """If their names ascend in the alphabet; the cards of a deck itself come first."""
    cards = {
        "a": "1 Upper::1 Hip",
        "b": "2 Lower",
        "c": "1 Upper",
        "d": '""',
        "e": "1 Upper::2 Knee",
        "f": "1 Upper::1 Hip",
    }
    built = build(cards)
    learner.import_package(built.package)
    deck_id = learner.collection.decks.id_for_name("Legs")
    assert deck_id is not None
    learner.collection.decks.select(deck_id)

    queue = learner.collection.sched.get_queued_cards(fetch_limit=20).cards  # type: ignore[union-attr] # of Anki 2.1
    studied = [learner.key(queued.card.note_id) for queued in queue]
    assert studied == ["d", "c", "a", "f", "e", "b"]
    dues = {line["key"]: line["due"] for line in map(json.loads, built.lock.splitlines()) if "key" in line}
    assert sorted(dues, key=lambda key: dues[key]) == studied


def test_a_deck_whose_cards_are_all_in_sub_decks_keeps_its_description(learner: DeckLearner) -> None:
    learner.import_package(build({"hip": "Upper"}).package)

    assert learner.collection.decks.by_name("Legs")["desc"] == "About legs"  # type: ignore[index]


@pytest.mark.parametrize("name", ["Default", "default"])
def test_a_deck_called_default_is_the_one_that_every_collection_has(learner: DeckLearner, name: str) -> None:
    head = HEAD.replace("Legs", name)

    learner.import_package(build({"hip": "Bones", "all": '""'}, head=head).package)

    assert (learner.deck_of("all"), learner.deck_of("hip")) == ("Default", "Default::Bones")
    assert learner.decks() == ["Default::Bones"]


def test_all_kinds_of_cards_go_into_their_sub_deck(learner: DeckLearner) -> None:
    cards = """\
subdeck: Upper
note_types:
  own: {fields: [A, B], templates: {One: {front: "{{A}} {{Deck}} {{Subdeck}}", back: "{{B}}"}}}
cards:
  - {id: q, q: Where?, a: There, reverse: true}
  - {id: c, cloze: "{{c1::One}} and {{c2::two}}"}
  - {id: l, list: Which?, items: {x: X, y: Y}}
  - {id: t, table: {ask: {end: "Where does {row} end?"}, rows: {st: {row: ST, end: Shin}}}}
  - {id: o, type: own, fields: {A: a, B: b}}
  - {id: d, diagram: media/leg.svg, alt: A leg, labels: {x: {name: X, rect: [5, 5, 9, 9]}}}
"""
    built = build_deck({"legs.yaml": HEAD + cards}, media={"cards_source/media/leg.svg": LEG})
    assert built.codes == []

    learner.import_package(built.package)

    names = {
        learner.collection.decks.name(row[2])  # of the deck
        for row in learner.schedules().values()
    }
    assert names == {"Legs::Upper"}
    assert learner.cards() >= {("q", 1), ("c", 1), ("l/y", 0), ("t/st/end", 0), ("o", 0), ("d", 0)}
    assert "a Legs::Upper Upper" in learner.sides("o").front


def test_an_import_moves_no_card_and_brings_new_ones_to_their_sub_deck(learner: DeckLearner) -> None:
    """Nor does it touch the note: nothing in it has changed."""
    first = build({"hip": "Upper", "knee": "Middle"})
    before = learner.study_package(first.package)

    second = build({"hip": "Lower", "knee": "Middle", "foot": "Lower::Foot"}, first, day=1)
    assert second.codes == ["moved-to-subdeck"]
    assert learner.import_package(second.package) == Imported(1, 0, 2, 0)

    learner.assert_kept(before)
    assert learner.deck_of("hip") == "Legs::Upper"
    assert learner.deck_of("foot") == "Legs::Lower::Foot"


def test_the_search_in_the_changes_finds_what_to_move(learner: DeckLearner) -> None:
    first = build({"hip": "Upper", "knee": "Middle", "foot": '""'})
    before = learner.study_package(first.package)
    second = build({"hip": "Lower", "knee": "Middle", "foot": "Lower"}, first, day=1)
    learner.import_package(second.package)

    searches = re.findall(r"`(nid:[^`]+)`", second.changes)
    assert len(searches) == 1
    cards = learner.collection.find_cards(searches[0])
    assert {learner.key(learner.collection.get_card(card).nid) for card in cards} == {"hip", "foot"}
    assert "### Legs::Lower\n" in second.changes
    assert "3. Some notes belong to other sub-decks than before." in second.changes
    lower = learner.collection.decks.id_for_name("Legs::Lower")
    assert lower is not None
    learner.collection.set_deck(list(cards), lower)
    third = build({"hip": "Lower", "knee": "Middle", "foot": "Lower"}, second, day=2)
    learner.import_package(third.package)

    assert third == second
    assert learner.deck_of("hip") == "Legs::Lower"
    assert before.keys() == learner.cards()


def test_a_deck_that_gets_sub_decks_after_a_release_loses_nothing(learner: DeckLearner) -> None:
    first = build({"hip": '""', "knee": '""'})
    before = learner.study_package(first.package)

    second = build({"hip": "Upper", "knee": "Middle", "foot": "Lower"}, first, day=1)
    learner.import_package(second.package)

    learner.assert_kept(before)
    assert [learner.deck_of(key) for key in ("hip", "knee", "foot")] == ["Legs", "Legs", "Legs::Lower"]


def test_a_learner_who_has_renamed_a_sub_deck_keeps_it(learner: DeckLearner) -> None:
    """Anki knows decks by their names, so new cards come to the old name."""
    first = build({"hip": "Upper", "knee": "Middle"})
    before = learner.study_package(first.package)
    learner.rename("Legs::Upper", "Mine::Hips")

    learner.import_package(build({"hip": "Upper", "knee": "Middle", "rim": "Upper"}, first, day=1).package)

    learner.assert_kept(before)
    assert learner.deck_of("hip") == "Mine::Hips"
    assert learner.deck_of("rim") == "Legs::Upper"


def test_a_learners_decks_in_other_capitals_are_used(learner: DeckLearner) -> None:
    learner.collection.decks.id("legs::UPPER")
    learner.import_package(build({"hip": "Upper", "rim": "Upper::Bones"}).package)

    assert learner.decks() == ["legs", "legs::UPPER", "legs::UPPER::Bones"]
    assert learner.deck_of("rim") == "legs::UPPER::Bones"


def test_a_sub_deck_in_other_capitals_is_not_another_one(learner: DeckLearner) -> None:
    first = build({"hip": "Upper"})
    before = learner.study_package(first.package)

    second = build({"hip": "UPPER", "rim": "UPPER"}, first, day=1)
    learner.import_package(second.package)

    assert second.codes == []
    learner.assert_kept(before)
    assert learner.deck_of("rim") == "Legs::Upper"


def test_a_filtered_deck_of_that_name_is_left_alone(learner: DeckLearner) -> None:
    """Anki finds another name then."""
    filtered = learner.collection.decks.new_filtered("Legs::Upper")
    package = build({"hip": "Upper::Bones"}).package

    learner.import_package(package)

    assert learner.collection.decks.get(filtered)["dyn"] == 1  # type: ignore[index]
    assert re.fullmatch(r"Legs::Upper \d+::Bones", learner.deck_of("hip"))


def test_retired_notes_are_marked_in_place_and_make_no_decks(learner: DeckLearner) -> None:
    """The learner may have deleted the decks that they were in."""
    first = build({"hip": "Upper", "knee": "Middle", "foot": "Lower::Foot"})
    before = learner.study_package(first.package)
    learner.rename("Legs::Upper", "Mine")
    second = build({"foot": "Lower::Foot"}, first, day=1)

    assert learner.import_package(second.retired_package) == Imported(0, 2, 0, 0)

    learner.assert_unchanged(before)
    assert learner.decks() == ["Legs", "Legs::Lower", "Legs::Lower::Foot", "Legs::Middle", "Mine"]
    assert list(decks_in(second.retired_package)) == ["Default", "Legs"]


def test_a_note_that_comes_back_to_another_sub_deck_is_a_moved_one(learner: DeckLearner) -> None:
    first = build({"hip": "Upper", "knee": "Middle"})
    before = learner.study_package(first.package)
    second = build({"knee": "Middle"}, first, day=1)

    third = build({"hip": "Lower", "knee": "Middle"}, second, day=2)
    learner.import_package(third.package)

    assert third.codes == ["moved-to-subdeck"]
    learner.assert_kept(before)


@pytest.mark.parametrize("with_presets", [False, True])
def test_sub_decks_have_the_options_preset_of_the_deck(learner: DeckLearner, with_presets: bool) -> None:
    """In Anki the options of a card are those of the deck that it is in."""
    head = f"{HEAD}allow: preset-travels\nanki: {{preset: {{desired-retention: 0.85}}}}\n"
    package = build({"hip": "Upper::Bones", "all": '""'}, head=head).package
    options = ImportAnkiPackageOptions()
    options.CopyFrom(FRESH_OPTIONS)
    options.with_deck_configs = with_presets
    path = learner._folder / "deck.apkg"
    path.write_bytes(package)
    learner.collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options))

    ids = [entry.id for entry in learner.collection.decks.all_names_and_ids() if entry.id != 1]
    presets = {learner.collection.decks.config_dict_for_deck_id(id_)["name"] for id_ in ids}  # type: ignore[arg-type] # a NewType
    assert presets == {"Legs" if with_presets else "Default"}


@pytest.mark.parametrize(
    "name",
    [
        'say "a"',
        "it's",
        "a\\b",
        "a*b_c",
        "50 % & more",
        "1. Grundlagen – Überblick",
        "筋肉",
        "a:b",
        "a/b",
        "blank",
        "Default",
    ],
)
def test_anki_keeps_the_name_of_a_sub_deck(learner: DeckLearner, name: str) -> None:
    learner.import_package(build({"hip": json.dumps(name, ensure_ascii=False)}).package)

    assert learner.deck_of("hip") == f"Legs::{name}"


names = st.text(st.sampled_from(": \t\u00a0\u3000\u200b\x7fAaßé\u0301Å\u212b\"'\\\\*_<&😀"), max_size=8)


@pytest.fixture(scope="module")
def anyone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeckLearner]:
    folder = tmp_path_factory.mktemp("anyone")
    with new_learner(folder) as new:
        yield DeckLearner(new.profile, folder)


@given(names)
@settings(max_examples=100, deadline=None)
def test_every_name_is_kept_or_refused(anyone: DeckLearner, name: str) -> None:
    """Nothing that a person can write makes a deck of another name, except for white space."""
    number = len(anyone.schedules())
    card = f"{{id: a{number}, subdeck: {json.dumps(name, ensure_ascii=False)}, q: Q?, a: A}}"
    built = build_deck({"deck.yaml": f"deck: Deck {number}\nid: deck-{number}\ncards: [{card}]\n"})
    event("refused" if built.codes else "kept")
    if built.codes:
        assert set(built.codes) <= {"unfit-deck-name", "control-character"}
        return
    anyone.import_package(built.package)

    written = f"Deck {number}::{name}" if name.strip() else f"Deck {number}"
    words = unicodedata.normalize("NFC", written).split()
    assert "".join(anyone.deck_of(f"a{number}").split()) == "".join(words)
    entry = json.loads(built.lock.splitlines()[-1])
    assert anyone.deck_of(f"a{number}") == DeckName(f"Deck {number}", entry.get("subdeck", "")).full


def test_a_locked_build_refuses_a_move() -> None:
    first = build({"hip": "Upper"})
    text = f"{HEAD}cards: [{{id: hip, subdeck: Lower, q: Where is hip?, a: There}}]\n"
    options = BuildOptions(NOW, outputs=("anki",), locked=True)
    environment = FakeEnvironment({}, dict(first.files))
    result = pipeline.build(deck_files({"legs.yaml": text}, first.lock), environment, options)

    assert {diagnostic.code for diagnostic in result.report} == {"moved-to-subdeck", "lock-out-of-date"}
    assert not result.files


def in_subdeck(key: str, subdeck: str) -> Note:
    return replace(question(key), deck_name=DeckName("Deck", subdeck))


@pytest.mark.parametrize(
    ("first", "second"), [("Thigh", "tHIGH"), ("Maße", "MASSE"), ("İx", "i̇x"), ("ﬁn", "FIN"), ("Σας", "σασ")]
)
def test_of_two_names_that_anki_takes_for_one_it_changes_one(
    learner: DeckLearner, first: str, second: str
) -> None:
    """So they are an error: `subdeck-in-two-spellings`."""
    assert is_same_deck(first, second)

    learner.import_package(release(deck(in_subdeck("a", first), in_subdeck("b", second))).package)

    assert any(name.endswith("_") for name in learner.decks())


@pytest.mark.parametrize("levels", [MAX_LEVELS, MAX_LEVELS + 1])
def test_anki_refuses_names_of_more_levels(learner: DeckLearner, levels: int) -> None:
    package = release(deck(question("a"), name="::".join("x" * levels))).package

    with nullcontext() if levels == MAX_LEVELS else pytest.raises(AnkiException, match="nesting"):
        learner.import_package(package)


def test_ids_of_sub_decks_stay_and_the_bytes_with_them() -> None:
    """Anki ignores these ids on import, but a rebuild gives the same bytes."""
    first = decks_in(build({"hip": "Upper", "knee": "Middle"}).package)
    second = decks_in(build({"a": "Lower", "hip": "Upper", "knee": "Middle"}).package)

    assert len({deck["id"] for deck in second.values()}) == len(second)
    assert {name: deck["id"] for name, deck in second.items() if name in first} == {
        name: deck["id"] for name, deck in first.items()
    }
    assert build({"hip": "Upper", "knee": "Middle"}) == build({"hip": "Upper", "knee": "Middle"}, day=0)


def test_notes_without_sub_decks_have_lock_lines_as_ever() -> None:
    plain = build_deck({"legs.yaml": f"{HEAD}cards: [{{id: a, q: Q?, a: A}}]\n"})

    assert b"subdeck" not in plain.lock
    assert list(decks_in(plain.package)) == ["Default", "Legs"]
    assert (
        build({"a": '""'}).lock
        == build_deck({"legs.yaml": f"{HEAD}cards: [{{id: a, q: Where is a?, a: There}}]\n"}).lock
    )
