"""Pictures and sounds in real Anki."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.builds import build_deck
from tests.support.real_anki import Learner, new_learner

pytestmark = pytest.mark.anki

_DECK = """
deck: Muscles
id: muscles
cards:
  - id: asked
    q: "![seen from behind](<media/Übersicht, von hinten.svg>) ![how it is said](media/said.mp3)"
    a: "Semimembranosus ![how it is said](media/said.mp3)"
    reverse: "Say it: ![as a patient says it](media/patient.OGG)"
  - id: hidden
    cloze: "The {{c1::deep one ![how it is said](media/said.mp3)}} and the {{c2::other}}."
  - id: told
    list: What is it called?
    items: {one: "one ![said](media/one/x.wav)", two: "two ![said](media/two/x.wav)"}
  - id: text
    q: "Write `[sound:nothing.mp3]` and [sound:nothing.mp3]"
    a: x
"""
_MEDIA = {
    "Übersicht, von hinten.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "said.mp3": b"ID3 said",
    "patient.OGG": b"OggS",
    "one/x.wav": b"RIFF\x24\0\0\0WAVE",
    "two/x.wav": b"RIFF\x25\0\0\0WAVE",
}


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    media = {f"cards_source/muscles/media/{name}": data for name, data in _MEDIA.items()}
    build = build_deck({"muscles/deck.yaml": _DECK}, media=media)
    assert build.codes == ["same-file-name", "markup-as-text"]
    with new_learner(tmp_path) as studying:
        studying.import_package(build.package)
        yield studying


def played(learner: Learner, key: str, ordinal: int = 0) -> tuple[list[str], list[str]]:
    """Return the names, without digests, of what Anki plays on the front and on the back of a card."""
    from anki.sound import SoundOrVideoTag  # noqa: PLC0415  only once there is a collection can it be imported

    output = learner.card(key, ordinal).render_output()
    front, back = (
        [tag.filename.rsplit("-", 1)[0] for tag in side if isinstance(tag, SoundOrVideoTag)]
        for side in (output.question_av_tags, output.answer_av_tags)
    )
    return front, back


def test_anki_plays_the_sounds_of_a_side(learner: Learner) -> None:
    """The back shows the question again, and plays its sounds before those of the answer."""
    assert played(learner, "asked") == (["said"], ["said", "said"])
    assert played(learner, "asked", 1)[0] == ["patient"]
    assert played(learner, "told/one") == (["x"], ["x", "x"])


def test_a_hidden_sound_is_not_played_before_the_answer(learner: Learner) -> None:
    """It would give the answer away."""
    assert played(learner, "hidden") == ([], ["said"])
    assert played(learner, "hidden", 1) == (["said"], ["said"])


def test_text_that_looks_like_a_sound_is_text(learner: Learner) -> None:
    assert played(learner, "text") == ([], [])
    assert "nothing.mp3" in learner.sides("text").front


def test_ankis_media_check_finds_neither_missing_nor_unused_files(learner: Learner) -> None:
    check = learner.collection.media.check()

    assert list(check.missing) == []
    assert list(check.unused) == []
    names = [path.name.rsplit("-", 1)[0] for path in Path(learner.collection.media.dir()).iterdir()]
    assert sorted(names) == ["bersicht-von-hinten", "patient", "said", "x", "x"]
