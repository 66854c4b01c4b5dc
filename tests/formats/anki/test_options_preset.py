"""Deck options that travel with a package: what real Anki makes of them, and what it leaves alone."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

from cardwright import pipeline
from cardwright.collection.options_preset import OptionsPreset
from cardwright.pipeline import BuildOptions
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.notes import SPAN, deck, question, release
from tests.support.real_anki import FRESH_OPTIONS, Learner, learner

PRESET = "anki: {preset: {name: Slowly, new-per-day: 15, reviews-per-day: 150, desired-retention: 0.85}}\n"

# The name of the preset that every collection has, and its id.
OWN = ("Default", 1)


@dataclass(frozen=True)
class Built:
    """What a build of the deck writes. retired: the package of retired notes."""

    package: bytes
    lock: bytes
    codes: list[str]
    retired: bytes | None


def build(
    head: str = PRESET, cards: str = "ab", before: Built | None = None, deck_id: str = "bones"
) -> Built:
    """Build a deck of some cards.

    head: what stands in it besides. cards: a letter for each. before: the release that it follows.
    """
    lines = [f"  - {{id: {card}, q: Which bone is {card}?, a: The {card} bone}}\n" for card in cards]
    text = f"deck: Bones\nid: {deck_id}\n{head}cards:\n{''.join(lines)}"
    earlier = {} if before is None else {"decks/bones/bones.apkg": before.package}
    decks = deck_files({"bones.yaml": text}, None if before is None else before.lock)
    outcome = pipeline.build(
        decks, FakeEnvironment(outputs=earlier), BuildOptions(now=1_700_000_000, outputs=("anki",))
    )
    assert not outcome.report.has_errors
    made = {output.path: output.data for output in outcome.files}
    return Built(
        made["decks/bones/bones.apkg"],
        made["cards_source/bones.lock"],
        [found.code for found in outcome.report],
        made.get("decks/bones/bones-retired.apkg"),
    )


def rows(package: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The decks and the presets of a package, by id."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(ZipFile(BytesIO(package)).read("collection.anki2"))
    decks, presets = connection.execute("SELECT decks, dconf FROM col").fetchone()
    connection.close()
    return json.loads(decks), json.loads(presets)


class Person:
    """A learner who looks at the deck's options."""

    def __init__(self, one: Learner, folder: Path) -> None:
        self.learner = one
        self.decks = one.collection.decks
        self._file = folder / "deck.apkg"

    def imports_with_presets(self, package: bytes) -> None:
        """Import with "Import any deck presets" on, and all else as the dialog comes."""
        options = ImportAnkiPackageOptions()
        options.CopyFrom(FRESH_OPTIONS)
        options.with_deck_configs = True
        self._file.write_bytes(package)
        request = ImportAnkiPackageRequest(package_path=str(self._file), options=options)
        self.learner.collection.import_anki_package(request)

    def preset(self) -> dict[str, Any]:
        """The one that the deck goes by."""
        found = self.decks.by_name("Bones")
        assert found is not None
        return self.decks.config_dict_for_deck_id(found["id"])

    def values(self) -> tuple[str, int, int, float]:
        """Its name, new cards and reviews a day, and desired retention."""
        one = self.preset()
        return one["name"], one["new"]["perDay"], one["rev"]["perDay"], round(one["desiredRetention"], 4)

    def presets(self) -> list[str]:
        return sorted(one["name"] for one in self.decks.all_config())

    def chooses_own_preset(self) -> None:
        """Make a preset and have the deck go by it."""
        found = self.decks.by_name("Bones")
        assert found is not None
        self.decks.set_config_id_for_deck_dict(found, self.decks.add_config("Mine")["id"])


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    with learner(tmp_path) as one:
        yield Person(one, tmp_path)


@pytest.mark.anki
def test_as_the_dialog_comes_nothing_changes(person: Person) -> None:
    """
    Neither at the first import, nor for who has chosen a preset since.
    """
    person.learner.imports(build().package)
    assert (person.preset()["name"], person.preset()["id"]) == OWN
    assert person.presets() == ["Default"]

    person.chooses_own_preset()
    mine = person.preset()
    person.learner.imports(build(cards="abc").package)

    assert person.preset() == mine
    assert person.presets() == ["Default", "Mine"]


@pytest.mark.anki
def test_with_presets_on_the_deck_goes_by_it(person: Person) -> None:
    """
    At the first import and at a later one; without a full sync, and other decks stay as they are.
    """
    person.learner.imports(build(head="").package)
    person.learner.studies_everything()
    before = person.learner.progress()

    person.imports_with_presets(build().package)

    assert person.values() == ("Slowly", 15, 150, 0.85)
    assert person.decks.config_dict_for_deck_id(1)["id"] == OWN[1]  # type: ignore[arg-type] # a NewType
    assert person.learner.progress() == before
    assert not person.learner.must_sync_in_full()
    assert person.learner.problems() == ""


@pytest.mark.anki
def test_it_is_synchronised_like_one_made_by_hand(person: Person) -> None:
    """
    A number of -1 says that a row is still to be sent.
    """
    person.imports_with_presets(build().package)

    waiting = "select name from deck_config where usn = -1"
    database = person.learner.collection.db
    assert database is not None
    assert database.list(waiting) == ["Slowly"]


@pytest.mark.anki
@pytest.mark.parametrize(
    ("written", "changed"),
    [
        ("name: Slowly", {}),
        ("new-per-day: 0", {"new": {"perDay": 0}}),
        ("reviews-per-day: 9999", {"rev": {"perDay": 9999}}),
        ("desired-retention: 0.7", {"desiredRetention": pytest.approx(0.7)}),
        ("desired-retention: .99", {"desiredRetention": pytest.approx(0.99)}),
    ],
)
def test_what_is_left_out_is_as_in_a_new_preset(
    person: Person, written: str, changed: dict[str, Any]
) -> None:
    """
    The rest of the options are Anki's own to say, and without a name, it has the deck's.
    """
    person.imports_with_presets(build(f"anki: {{preset: {{{written}}}}}\n").package)

    made = person.decks.add_config("Slowly" if written.startswith("name") else "Bones")
    for key, value in changed.items():
        made[key] = {**made[key], **value} if isinstance(value, dict) else value
    found = person.preset()
    assert found["id"] != OWN[1]
    assert {**found, "id": 0, "mod": 0, "usn": 0} == {**made, "id": 0, "mod": 0, "usn": 0}


@pytest.mark.anki
@pytest.mark.parametrize(
    "beyond",
    [
        OptionsPreset(SPAN, new_per_day=10_000),
        OptionsPreset(SPAN, reviews_per_day=10_000),
        OptionsPreset(SPAN, desired_retention=0.69),
        OptionsPreset(SPAN, desired_retention=0.991),
    ],
)
def test_what_lies_beyond_our_limits_anki_drops(person: Person, beyond: OptionsPreset) -> None:
    """
    Which is why they are told to the author: a learner would get the default, and nobody would know.
    """
    bones = replace(deck(question("heel"), name="Bones"), preset=beyond)

    person.imports_with_presets(release(bones).package)

    assert person.values() == ("Bones", 20, 200, 0.9)


@pytest.mark.anki
def test_later_values_reach_only_who_does_not_have_it(person: Person) -> None:
    """
    Anki never updates a preset, so what a learner changes in it stays, too.
    """
    first = build()
    person.imports_with_presets(first.package)
    mine = person.preset()
    mine["rev"]["perDay"] = 77
    person.decks.update_config(mine)

    person.imports_with_presets(build(PRESET.replace("15,", "30,"), "abc", first).package)

    assert person.values() == ("Slowly", 15, 77, 0.85)
    assert person.presets() == ["Default", "Slowly"]


@pytest.mark.anki
def test_with_presets_on_a_learners_choice_is_lost(person: Person) -> None:
    """
    At every import, of a release in which nothing has changed as well: this is what the warning is about.
    """
    package = build().package
    person.imports_with_presets(package)
    person.chooses_own_preset()

    person.imports_with_presets(package)

    assert person.preset()["name"] == "Slowly"
    assert person.presets() == ["Default", "Mine", "Slowly"]


@pytest.mark.anki
def test_packages_without_one_leave_the_choice_alone(person: Person) -> None:
    """
    Those of decks that never had one, or have it no more, and those of retired notes: with presets on, too.
    """
    first = build()
    without = build("", "a", first)
    retiring = build(PRESET, "a", first)
    assert without.retired is not None
    assert retiring.retired is not None
    person.imports_with_presets(first.package)

    for package in (without.package, without.retired, retiring.retired):
        person.imports_with_presets(package)
        assert person.preset()["name"] == "Slowly"

    person.chooses_own_preset()
    for package in (without.package, without.retired, retiring.retired):
        person.imports_with_presets(package)
        assert person.preset()["name"] == "Mine"


def test_a_preset_has_one_id_in_all_releases_of_a_deck_and_none_of_another() -> None:
    first = build()
    later = build(PRESET.replace("Slowly", "Quickly"), "bc", first)
    other = build(deck_id="muscles")

    ids = [set(rows(one.package)[1]) - {"1"} for one in (first, later, other)]

    assert [len(one) for one in ids] == [1, 1, 1]
    assert ids[0] == ids[1] != ids[2]


def test_a_preset_touches_no_note_and_no_lock() -> None:
    """
    A learner who has the deck gets nothing to update for it.
    """
    plain, bringing = build(head=""), build()

    assert plain.lock == bringing.lock
    assert build(PRESET, before=plain).package == bringing.package


def test_without_one_a_package_says_nothing_of_options() -> None:
    decks, presets = rows(build(head="").package)

    assert {one["conf"] for one in decks.values()} == {1}
    assert set(presets) == {"1"}


@pytest.mark.parametrize(
    ("head", "codes"), [(PRESET, ["preset-travels"]), (f"{PRESET}allow: preset-travels\n", []), ("", [])]
)
def test_a_build_tells_it_until_it_is_allowed(head: str, codes: list[str]) -> None:
    """
    It is no advice on writing that may wait for `check`: who builds is about to release.
    """
    assert build(head).codes == codes
