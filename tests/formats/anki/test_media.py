"""Pictures and sounds, in the hands of real Anki."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cardwright import pipeline
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.real_anki import Learner, learner

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


def package(media: dict[str, bytes]) -> bytes:
    shelf = FakeEnvironment({f"cards_source/muscles/media/{name}": data for name, data in media.items()})
    options = pipeline.BuildOptions(now=1_700_000_000, outputs=("anki",))
    outcome = pipeline.build(deck_files({"muscles/deck.yaml": _DECK}), shelf, options)
    assert [one.code for one in outcome.report] == ["same-file-name"]
    return next(output.data for output in outcome.files if output.path.endswith("/muscles.apkg"))


@pytest.fixture
def studying(tmp_path: Path) -> Iterator[Learner]:
    with learner(tmp_path) as one:
        one.imports(package(_MEDIA))
        yield one


def heard(one: Learner, key: str, ordinal: int = 0) -> tuple[list[str], list[str]]:
    """What Anki plays on the front and on the back of a card, by the names before the digest."""
    from anki.sound import SoundOrVideoTag  # noqa: PLC0415  only once there is a collection can it be imported

    shown = one.card(key, ordinal).render_output()
    tags = (shown.question_av_tags, shown.answer_av_tags)
    front, back = (
        [tag.filename.rsplit("-", 1)[0] for tag in side if isinstance(tag, SoundOrVideoTag)] for side in tags
    )
    return front, back


def test_anki_plays_what_stands_on_a_side(studying: Learner) -> None:
    """
    A sound is played where the author put it, also in a field that two cards show; the back shows the
    question again, and plays what is in it before the answer.
    """
    assert heard(studying, "asked") == (["said"], ["said", "said"])
    assert heard(studying, "asked", 1)[0] == ["patient"]
    assert heard(studying, "told/one") == (["x"], ["x", "x"])


def test_a_hidden_sound_is_not_played_before_the_answer(studying: Learner) -> None:
    """It would give the answer away."""
    assert heard(studying, "hidden") == ([], ["said"])
    assert heard(studying, "hidden", 1) == (["said"], ["said"])


def test_text_that_looks_like_a_sound_is_text(studying: Learner) -> None:
    """Anki would play, or miss, whatever stands there."""
    assert heard(studying, "text") == ([], [])
    assert "nothing.mp3" in studying.face("text").question


def test_ankis_check_of_media_finds_nothing_to_say(studying: Learner) -> None:
    """Every file that a field refers to is there under that name, and no file is there for nothing."""
    checked = studying.collection.media.check()

    assert list(checked.missing) == []
    assert list(checked.unused) == []
    assert sorted(
        path.name.rsplit("-", 1)[0] for path in Path(studying.collection.media.dir()).iterdir()
    ) == [
        "bersicht-von-hinten",
        "patient",
        "said",
        "x",
        "x",
    ]
