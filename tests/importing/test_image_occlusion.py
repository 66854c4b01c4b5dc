"""Notes of Anki's image occlusion become diagrams, and stay what they are in Anki."""

from collections.abc import Iterator
from pathlib import Path

import anki.lang
import pytest
import yaml

from cardwright.cli import main
from cardwright.rehearsal.profile import Profile, new_profile
from tests.support.anki_exports import export
from tests.support.anki_occlusion import add_occlusion_note, occlusion_field
from tests.support.real_anki import AFTER_AN_IMPORT, Imported, Learner, new_learner

pytestmark = pytest.mark.anki

RECTANGLE = "rect:left=.1:top=.25:width=.3:height=.0625:oi=1"
ELLIPSE = "ellipse:left=.5:top=.5:rx=.1234:ry=.25:oi=1"
MOVED_POLYGON = "polygon:left=.0500:top=.4:points=.0000,.0000 .3858,.0109 .0093,.2429:oi=1"
BESIDE = "rect:left=.7:top=.1:width=.1:height=.1:oi=1"


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    with new_profile(tmp_path / "author") as profile:
        yield profile


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def sources(project: Path) -> str:
    """Return the only file with cards."""
    (text,) = (
        text for path in project.rglob("cards_source/*/*.yaml") if "\ncards:" in (text := path.read_text())
    )
    return text


def build(project: Path) -> bytes:
    assert main.run(["build", "--only", "anki"]) == 0
    (package,) = project.glob("decks/*/*.apkg")
    return package.read_bytes()


def test_a_note_becomes_what_a_person_would_write(profile: Profile, project: Path, tmp_path: Path) -> None:
    masks = occlusion_field((1, RECTANGLE), (2, ELLIPSE), (3, MOVED_POLYGON), (3, BESIDE))
    add_occlusion_note(
        profile, tmp_path, masks, header="<div>The <b>leg</b></div>", extra="Extra", name="a leg.svg"
    )
    one = occlusion_field((1, RECTANGLE.removesuffix(":oi=1")))
    add_occlusion_note(profile, tmp_path, one, name="foot.svg")

    assert main.run(["import", str(export(profile, tmp_path, "apkg"))]) == 0

    assert (
        sources(project)
        == """\
tags: [bones]
cards:
  - id: the-leg
    diagram: media/a-leg.svg
    header: The **leg**
    labels:
      mask-1: {rect: [10, 25, 30, 6.25]}
      mask-2: {ellipse: [50, 50, 24.68, 50]}
      mask-3:
        shapes:
          - {polygon: [[5, 40], [43.58, 41.09], [5.93, 64.29]]}
          - {rect: [70, 10, 10, 10]}
    extra: Extra
  - id: foot
    diagram: media/foot.svg
    hide: one
    labels:
      mask-1: {rect: [10, 25, 30, 6.25]}
"""
    )
    deck = yaml.safe_load((project / "cards_source/anatomy/deck.yaml").read_text())
    assert deck["note_type"] == "image-occlusion"
    assert deck["note_types"]["image-occlusion"]["keys"] == {
        "diagram": "Image",
        "header": "Header",
        "extra": "Back Extra",
        "comments": "Comments",
    }


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_law(language: str, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who studies the original finds nothing new; an edit updates its note alone."""
    monkeypatch.setattr(anki.lang, "current_lang", language)
    with new_profile(tmp_path / "author") as profile:
        # Number 2 was removed in the editor; the others keep theirs, whatever their order.
        masks = occlusion_field((4, ELLIPSE), (1, RECTANGLE), (3, MOVED_POLYGON), (3, BESIDE))
        add_occlusion_note(profile, tmp_path, masks, header="The leg")
        add_occlusion_note(profile, tmp_path, occlusion_field((1, RECTANGLE)), name="foot.svg")
        original = export(profile, tmp_path, "apkg")
    assert main.run(["import", str(original)]) == 0
    deck = (project / "cards_source/anatomy/deck.yaml").read_text()
    assert ("diagram: Bild" in deck) == (language == "de")
    with new_learner(tmp_path / "learner") as learner:
        learner.import_package(original.read_bytes())
        learner.study_all_cards()
        schedules = learner.schedules()

        assert learner.import_package(build(project)) == Imported(0, 0, 2, 0)

        path = next(path for path in project.rglob("cards_source/*/*.yaml") if "\ncards:" in path.read_text())
        path.write_text(path.read_text().replace("ellipse: [50, 50,", "ellipse: [49, 50,"))
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(AFTER_AN_IMPORT))
        assert learner.import_package(build(project)) == Imported(0, 1, 1, 0)
        assert learner.schedules() == schedules
        assert not learner.needs_full_sync()
        assert learner.problems() == ""
        assert shapes(learner) == {
            1: ["rect .1 .25"],
            3: ["polygon .05 .4", "rect .7 .1"],
            4: ["ellipse .49 .5"],
        }


def shapes(learner: Learner) -> dict[int, list[str]]:
    """Return kind and place of the masks as Anki's editor reads them, of the note with most of them."""
    found: dict[int, list[str]] = {}
    for note_id in learner.collection.find_notes(""):
        note = learner.collection.get_image_occlusion_note(note_id).note
        if len(note.occlusions) > len(found):
            found = {
                occlusion.ordinal: [
                    " ".join([shape.shape, *(part.value for part in shape.properties[:2])])
                    for shape in occlusion.shapes
                ]
                for occlusion in sorted(note.occlusions, key=lambda occlusion: occlusion.ordinal)
            }
    return found


def test_what_a_diagram_cannot_say_stays_fields(
    profile: Profile, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_occlusion_note(profile, tmp_path, occlusion_field((1, RECTANGLE + ":angle=500")))
    add_occlusion_note(profile, tmp_path, occlusion_field((1, RECTANGLE)), name="foot.svg")

    assert main.run(["import", str(export(profile, tmp_path, "apkg"))]) == 0

    assert "1 × notes of image occlusion that stay `type` and `fields`" in capsys.readouterr().out
    assert "    type: image-occlusion\n    fields:\n      Occlusion: " in sources(project)
    deck = project / "cards_source/anatomy/deck.yaml"
    deck.write_text(deck.read_text().replace("print: false\n", ""))
    assert main.run(["print", "--out", str(tmp_path / "cards.pdf")]) == 0


def test_a_lost_lock_comes_back_with_the_numbers(
    profile: Profile, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_occlusion_note(profile, tmp_path, occlusion_field((4, ELLIPSE), (2, RECTANGLE)))
    main.run(["import", str(export(profile, tmp_path, "apkg"))])
    package = build(project)
    lock = project / "cards_source/anatomy/deck.lock"
    lock.unlink()
    capsys.readouterr()

    assert main.run(["build", "--only", "anki"]) == 1
    assert "\n1 error; nothing was written" in capsys.readouterr().err
    assert main.run(["build", "--only", "anki", "--restore-lock"]) == 0
    assert '"cards":{"2":"mask-2","4":"mask-4"}' in lock.read_text()
    assert build(project) == package
