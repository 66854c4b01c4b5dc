"""Options presets in packages: what real Anki does with them, and what it leaves alone."""

import json
import sqlite3
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

from cardwright.collection.deck import OptionsPreset
from cardwright.record import replace
from tests.support.builds import DeckBuild, build_deck
from tests.support.notes import SPAN, deck, question, release
from tests.support.real_anki import FRESH_OPTIONS, Learner, new_learner

pytestmark = pytest.mark.anki

PRESET = "anki: {preset: {name: Slowly, new-per-day: 15, reviews-per-day: 150, desired-retention: 0.85}}\n"

# Name and id of the preset that every collection has.
DEFAULT = ("Default", 1)


def build(
    head: str = PRESET, cards: str = "ab", previous: DeckBuild | None = None, deck_id: str = "bones"
) -> DeckBuild:
    """Build a deck. head: further keys of the deck. cards: a letter for each."""
    lines = [f"  - {{id: {card}, q: Which bone is {card}?, a: The {card} bone}}\n" for card in cards]
    text = f"deck: Bones\nid: {deck_id}\n{head}cards:\n{''.join(lines)}"
    built = build_deck({"bones.yaml": text}, previous)
    assert not built.result.report.has_errors
    return built


def decks_and_presets(package: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the decks and the presets of a package, by id."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(ZipFile(BytesIO(package)).read("collection.anki2"))
    decks, presets = connection.execute("SELECT decks, dconf FROM col").fetchone()
    connection.close()
    return json.loads(decks), json.loads(presets)


class PresetLearner(Learner):
    """A learner who looks at the options of the deck."""

    def import_with_presets(self, package: bytes) -> None:
        """Import with "Import any deck presets" on, and with all other options of a fresh profile."""
        options = ImportAnkiPackageOptions()
        options.CopyFrom(FRESH_OPTIONS)
        options.with_deck_configs = True
        path = self._folder / "deck.apkg"
        path.write_bytes(package)
        request = ImportAnkiPackageRequest(package_path=str(path), options=options)
        self.collection.import_anki_package(request)

    @property
    def deck(self) -> dict[str, Any]:
        deck = self.collection.decks.by_name("Bones")
        assert deck is not None
        return deck

    def preset(self) -> dict[str, Any]:
        """Return the preset that the deck uses."""
        return self.collection.decks.config_dict_for_deck_id(self.deck["id"])

    def options(self) -> tuple[str, int, int, float]:
        """Return its name, new cards and reviews per day, and desired retention."""
        preset = self.preset()
        retention = round(preset["desiredRetention"], 4)
        return preset["name"], preset["new"]["perDay"], preset["rev"]["perDay"], retention

    def preset_names(self) -> list[str]:
        return sorted(preset["name"] for preset in self.collection.decks.all_config())

    def choose_own_preset(self) -> None:
        """Make a preset and have the deck use it."""
        own_preset = self.collection.decks.add_config("Mine")
        self.collection.decks.set_config_id_for_deck_dict(self.deck, own_preset["id"])


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[PresetLearner]:
    with new_learner(tmp_path) as new:
        yield PresetLearner(new.profile, tmp_path)


def test_with_the_default_import_options_nothing_changes(learner: PresetLearner) -> None:
    """Neither at the first import, nor after the learner has chosen another preset."""
    learner.import_package(build().package)
    assert (learner.preset()["name"], learner.preset()["id"]) == DEFAULT
    assert learner.preset_names() == ["Default"]

    learner.choose_own_preset()
    mine = learner.preset()
    learner.import_package(build(cards="abc").package)

    assert learner.preset() == mine
    assert learner.preset_names() == ["Default", "Mine"]


def test_with_presets_on_the_deck_uses_the_preset(learner: PresetLearner) -> None:
    """No full sync is needed, and other decks stay as they are."""
    before = learner.study_package(build(head="").package)

    learner.import_with_presets(build().package)

    assert learner.options() == ("Slowly", 15, 150, 0.85)
    assert learner.collection.decks.config_dict_for_deck_id(1)["id"] == DEFAULT[1]  # type: ignore[arg-type] # a NewType
    learner.assert_unchanged(before)


def test_an_imported_preset_is_synchronised(learner: PresetLearner) -> None:
    """A `usn` of -1 marks rows that are not synchronised yet."""
    learner.import_with_presets(build().package)

    waiting = "select name from deck_config where usn = -1"
    assert learner.profile.database.list(waiting) == ["Slowly"]


@pytest.mark.parametrize(
    ("option", "changes"),
    [
        ("name: Slowly", {}),
        ("new-per-day: 0", {"new": {"perDay": 0}}),
        ("reviews-per-day: 9999", {"rev": {"perDay": 9999}}),
        ("desired-retention: 0.7", {"desiredRetention": pytest.approx(0.7)}),
        ("desired-retention: .99", {"desiredRetention": pytest.approx(0.99)}),
    ],
)
def test_options_left_out_are_as_in_a_new_preset(
    learner: PresetLearner, option: str, changes: dict[str, Any]
) -> None:
    """A preset without a name gets the name of the deck."""
    learner.import_with_presets(build(f"anki: {{preset: {{{option}}}}}\n").package)

    expected = learner.collection.decks.add_config("Slowly" if option.startswith("name") else "Bones")
    for key, value in changes.items():
        expected[key] = {**expected[key], **value} if isinstance(value, dict) else value
    preset = learner.preset()
    assert preset["id"] != DEFAULT[1]
    assert {**preset, "id": 0, "mod": 0, "usn": 0} == {**expected, "id": 0, "mod": 0, "usn": 0}


@pytest.mark.parametrize(
    "preset",
    [
        OptionsPreset(SPAN, new_per_day=10_000),
        OptionsPreset(SPAN, reviews_per_day=10_000),
        OptionsPreset(SPAN, desired_retention=0.69),
        OptionsPreset(SPAN, desired_retention=0.991),
    ],
)
def test_anki_drops_values_beyond_our_limits(learner: PresetLearner, preset: OptionsPreset) -> None:
    """So they are errors: learners would silently get the default."""
    bones = replace(deck(question("heel"), name="Bones"), preset=preset)

    learner.import_with_presets(release(bones).package)

    assert learner.options() == ("Bones", 20, 200, 0.9)


def test_learners_who_have_the_preset_keep_its_values(learner: PresetLearner) -> None:
    """Anki never updates a preset, so what a learner changes in it stays."""
    first = build()
    learner.import_with_presets(first.package)
    mine = learner.preset()
    mine["rev"]["perDay"] = 77
    learner.collection.decks.update_config(mine)

    learner.import_with_presets(build(PRESET.replace("15,", "30,"), "abc", first).package)

    assert learner.options() == ("Slowly", 15, 77, 0.85)
    assert learner.preset_names() == ["Default", "Slowly"]


def test_with_presets_on_a_learners_choice_is_lost(learner: PresetLearner) -> None:
    """At every import, even if nothing has changed; that is why there is a warning."""
    package = build().package
    learner.import_with_presets(package)
    learner.choose_own_preset()

    learner.import_with_presets(package)

    assert learner.preset()["name"] == "Slowly"
    assert learner.preset_names() == ["Default", "Mine", "Slowly"]


def test_packages_without_a_preset_leave_the_learners_choice(learner: PresetLearner) -> None:
    """Packages of retired notes never have one."""
    first = build()
    without = build("", "a", first)
    retiring = build(PRESET, "a", first)
    learner.import_with_presets(first.package)

    for package in (without.package, without.retired_package, retiring.retired_package):
        learner.import_with_presets(package)
        assert learner.preset()["name"] == "Slowly"

    learner.choose_own_preset()
    for package in (without.package, without.retired_package, retiring.retired_package):
        learner.import_with_presets(package)
        assert learner.preset()["name"] == "Mine"


def test_preset_ids_are_constant_in_a_deck_and_differ_between_decks() -> None:
    first = build()
    later = build(PRESET.replace("Slowly", "Quickly"), "bc", first)
    other = build(deck_id="muscles")

    ids = [set(decks_and_presets(release.package)[1]) - {"1"} for release in (first, later, other)]

    assert [len(preset_ids) for preset_ids in ids] == [1, 1, 1]
    assert ids[0] == ids[1] != ids[2]


def test_a_preset_changes_no_note_and_no_lock() -> None:
    plain, with_preset = build(head=""), build()

    assert plain.lock == with_preset.lock
    assert build(PRESET, previous=plain).package == with_preset.package


def test_a_package_without_a_preset_has_no_options() -> None:
    decks, presets = decks_and_presets(build(head="").package)

    assert {deck["conf"] for deck in decks.values()} == {1}
    assert set(presets) == {"1"}


@pytest.mark.parametrize(
    ("head", "codes"), [(PRESET, ["preset-travels"]), (f"{PRESET}allow: preset-travels\n", []), ("", [])]
)
def test_a_build_warns_of_a_preset_until_the_warning_is_suppressed(head: str, codes: list[str]) -> None:
    assert build(head).codes == codes
