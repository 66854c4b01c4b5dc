"""The file of earlier texts keeps what a learner is most likely to have."""

from cardwright.formats.anki.earlier_texts import read_earlier_texts
from cardwright.formats.outputs import EARLIER_ENDING
from cardwright.pipeline import BuildOptions, build
from tests.support.memory import FakeEnvironment, deck_files

DAY = 24 * 60 * 60


def test_saving_often_does_not_push_out_a_text_that_was_released_for_long() -> None:
    files: dict[str, bytes] = {}
    now = 1_800_000_000
    # Released for a month; then an author saves twenty times in a row, each of which is a build.
    for number, seconds in enumerate([30 * DAY, *[5] * 20]):
        deck = f"deck: Birds\nid: birds\nprint: false\ncards: [{{id: a, q: What flies?, a: Answer {number}}}]"
        lock = files.get("cards_source/birds.lock")
        result = build(
            deck_files({"birds.yaml": deck}, lock), FakeEnvironment(outputs=files), BuildOptions(now=now)
        )
        files |= result.files
        now += seconds
    (texts,) = read_earlier_texts(files[f"decks/birds/birds{EARLIER_ENDING}"]).values()
    assert len(texts) == 10
    assert texts[0].fields == {"Answer": "Answer 0"}


def test_lines_of_one_note_and_time_are_kept_both() -> None:
    """Such lines come of branches that are merged, and of a package that git has put back."""
    lines = [
        f'{{"guid":"g","mod":1,"until":2,"fields":{{"Answer":"{answer}"}},"tags":[]}}'
        for answer in ("wings", "birds")
    ]
    deck = "deck: Birds\nid: birds\nprint: false\ncards: [{id: a, q: What flies?, a: %s}]"
    first = build(
        deck_files({"birds.yaml": deck % "Birds"}), FakeEnvironment(), BuildOptions(now=1_800_000_000)
    )
    path = f"decks/birds/birds{EARLIER_ENDING}"
    files = {**first.files, path: "\n".join(lines).encode()}
    lock = files["cards_source/birds.lock"]
    second = build(
        deck_files({"birds.yaml": deck % "Bats"}, lock),
        FakeEnvironment(outputs=files),
        BuildOptions(now=1_800_000_001),
    )
    assert second.files[path].decode().split("\n")[:2] == sorted(lines)
