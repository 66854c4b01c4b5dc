"""What earlier builds compiled is used again, and shows in nothing but the time that a build takes."""

from collections.abc import Callable, Mapping
from unittest import mock

import pytest

from cardwright.pipeline import BuildOptions, BuildResult, build
from cardwright.reader import chunked_cards as cards_reader
from cardwright.source import yaml_tree
from tests.support.builds import NOW
from tests.support.memory import FakeEnvironment, MemoryCache, deck_files

CARD = "  - {{id: {id}, q: Question {id}, a: {a}}}\n"
HEAD = "deck: Legs\nid: legs\ntopic: Muscles\ntags: [leg]\n"


def deck(answers: Mapping[str, str], head: str = HEAD) -> str:
    return f"{head}cards:\n" + "".join(CARD.format(id=card, a=answer) for card, answer in answers.items())


def svg(radius: int) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="{radius}"/></svg>'.encode()


ANSWERS = {f"card-{number}": f"Answer {number}" for number in range(1_000)}


@pytest.fixture(autouse=True)
def _units_of_small_decks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards_reader, "LITTLE_TEXT", 0)


class Author:
    """Builds a deck again and again with one cache, and each time also without."""

    def __init__(self, media: Mapping[str, bytes] | None = None, lock: bytes | None = None) -> None:
        self.cache = MemoryCache()
        self.media = dict(media or {})
        self.lock = lock

    def build(self, files: str | Mapping[str, str]) -> BuildResult:
        """Build, and compare. files: by path, or the text of the only one."""
        sources = {"legs.yaml": files} if isinstance(files, str) else files
        self.cache.new_keys = []
        results = [
            build(
                deck_files(sources, self.lock),
                FakeEnvironment(self.media, cache=cache),
                BuildOptions(NOW, outputs=("anki",)),
            )
            for cache in (self.cache, None)
        ]
        assert found(results[0]) == found(results[1])
        assert results[0].files == results[1].files
        return results[0]

    @property
    def compiled(self) -> int:
        """How many chunks the last build had to compile and could keep."""
        return len(self.cache.new_keys)


def found(result: BuildResult) -> list[object]:
    return [
        (
            *(item.code, item.message, item.span and item.span.location, item.severity, item.note, item.help),
            *((related.span.location, related.text) for related in item.related),
        )
        for item in result.report
    ]


def test_only_the_chunk_with_the_edit_is_compiled() -> None:
    author = Author()
    author.build(deck(ANSWERS))
    assert author.compiled > 8
    author.build(deck(ANSWERS))
    assert author.compiled == 0
    author.build(deck({**ANSWERS, "card-500": "Another answer"}))
    assert author.compiled == 1


def test_a_card_that_is_not_needed_is_not_even_parsed() -> None:
    author = Author()
    author.build(deck(ANSWERS))
    environment = FakeEnvironment(cache=author.cache)
    with mock.patch.object(yaml_tree, "read_cards", side_effect=AssertionError):
        build(deck_files({"legs.yaml": deck(ANSWERS)}), environment, BuildOptions(NOW, outputs=("anki",)))


@pytest.mark.parametrize(
    "head",
    [
        HEAD.replace("Muscles", "Bones"),
        HEAD.replace("[leg]", "[leg, exam]"),
        HEAD.replace("id: legs", "id: arms"),
        HEAD + "language: de\n",
        HEAD + "allow: [long-answer]\n",
    ],
)
def test_everything_depends_on_what_is_above_the_cards(head: str) -> None:
    author = Author()
    author.build(deck(ANSWERS))
    author.build(deck(ANSWERS, head))
    assert author.compiled > 8


def test_one_topic_does_not_depend_on_another() -> None:
    author = Author()
    files = {
        "legs/deck.yaml": "deck: Legs\nid: legs\n",
        "legs/a.yaml": deck({"a": "x"}, "topic: A\n"),
        "legs/b.yaml": deck({"b": "y"}, "topic: B\n"),
    }
    author.build(files)
    assert author.compiled == 2
    author.build({**files, "legs/b.yaml": deck({"b": "y"}, "topic: C\n")})
    assert author.compiled == 1


def test_a_picture_that_has_changed_is_taken_anew() -> None:
    author = Author({"cards_source/media/leg.svg": svg(3)})
    text = deck({"leg": '"![leg](media/leg.svg)"'})
    before = author.build(text)
    author.media["cards_source/media/leg.svg"] = svg(4)
    after = author.build(text)
    assert author.compiled == 1
    assert package(before) != package(after)
    author.media.clear()
    assert [item.code for item in author.build(text).report] == ["missing-picture"]


def package(result: BuildResult) -> bytes:
    return next(data for path, data in result.files.items() if path.endswith(".apkg"))


def test_warnings_stay_where_they_are_in_the_text() -> None:
    author = Author()
    text = deck({"a": '"1. January"', "b": "fine"})
    assert len(author.build(text).report) == 1
    moved = author.build(text.replace("cards:", "# a comment\ncards:"))
    assert [item.span and item.span.location for item in moved.report] == ["cards_source/legs.yaml:7:32"]


def test_a_warning_that_is_allowed_by_its_card_stays_allowed() -> None:
    author = Author()
    text = deck({"a": '"1. January", allow: line-as-markup', "b": "fine"})
    for _ in range(2):
        assert not len(author.build(text).report)


def test_an_id_that_is_used_in_two_chunks_is_told_with_both_places() -> None:
    author = Author()
    author.build(deck(ANSWERS))
    text = deck(ANSWERS) + CARD.format(id="card-3", a="x")
    (diagnostic,) = author.build(text).report
    assert diagnostic.code == "duplicate-id"
    assert [related.span.location for related in diagnostic.related] == ["cards_source/legs.yaml:9:10"]


def test_an_unknown_rule_that_is_allowed_keeps_back_what_only_a_whole_deck_lacks() -> None:
    deck_file = "deck: Legs\nid: legs\nsources: {book: {title: A book}}\n"
    topic = "topic: A\nallow: [no-such-rule]\n"
    for files in (
        {"legs.yaml": deck(ANSWERS, deck_file + "allow: [no-such-rule]\n")},
        {"legs/deck.yaml": deck_file, "legs/a.yaml": deck(ANSWERS, topic)},
    ):
        result = Author().build(files)
        assert [item.code for item in result.report] == ["unknown-advice"]


def test_a_former_id_that_another_chunk_has_is_told() -> None:
    author = Author()
    author.build(deck(ANSWERS))
    text = deck({**ANSWERS, "card-999": "x, was: card-1"})
    assert [item.code for item in author.build(text).report] == ["former-id-in-use"]


def test_a_new_card_gets_an_id_that_no_chunk_has() -> None:
    author = Author()
    author.build(deck({**ANSWERS, "question-new": "x"}))
    result = author.build(deck({**ANSWERS, "question-new": "x"}) + "  - {q: Question new, a: x}\n")
    assert b"id: question-new-2" in result.files["cards_source/legs.yaml"]


def test_sub_decks_former_keys_and_clozes_come_back() -> None:
    author = Author()
    text = HEAD + (
        "cards:\n"
        "  - {id: a, q: x, a: y, subdeck: 'Upper::Lower'}\n"
        "  - {id: b, cloze: '{{c1::one}} and {{c2::two}}', was: old-b}\n"
        "  - {id: c, q: x, a: y, subdeck: Upper, reverse: true, typed: true}\n"
    )
    author.build(text)
    author.build(text.replace("topic: Muscles", "topic: Muscles"))
    assert author.compiled == 0


def test_diagrams_are_numbered_by_the_lock_and_the_cards_beside_them_too() -> None:
    author = Author({"cards_source/media/leg.svg": svg(3)})
    diagram = (
        "  - id: leg\n    diagram: media/leg.svg\n    alt: a leg\n    labels:\n"
        "      one: {name: One, rect: [10, 10, 20, 20]}\n      two: {name: Two, rect: [40, 40, 20, 20]}\n"
    )
    first = author.build(deck({"a": "x"}) + diagram)
    author.lock = first.files["cards_source/legs.lock"]
    swapped = diagram.replace("one: {name: One", "three: {name: Three")
    author.build(deck({"a": "x"}) + swapped)


def test_an_alias_means_what_it_means_in_the_whole_file() -> None:
    """What comes behind it is compiled every time, and what comes before only if it has changed."""
    author = Author()
    text = deck({**ANSWERS, "card-10": "&same Equal", "card-900": "*same"})
    author.build(text)
    kept = author.compiled
    assert kept > 4
    author.build(text)
    assert author.compiled == 0
    result = author.build(text.replace("&same Equal", "&same Changed"))
    assert author.compiled == 1
    assert b'"key":"card-900"' in result.files["cards_source/legs.lock"]


def test_an_alias_in_place_of_a_card_is_a_card() -> None:
    anchored = "  - &first\n    id: first\n    q: What?\n    a: That\n"
    result = Author().build(
        HEAD + "cards:\n" + anchored + deck(ANSWERS, "").partition("\n")[2] + "  - *first\n"
    )
    assert [item.code for item in result.report] == ["duplicate-id"]


def test_what_looks_like_cards_within_quotes_is_none() -> None:
    """The chunk behind the quote would be cards by itself, and was when it was compiled before."""
    author = Author()
    author.build(deck(ANSWERS))
    quoted = (
        deck(ANSWERS)
        .replace("q: Question card-3,", "q: 'Question card-3,")
        .replace("q: Question card-800, a: Answer 800}", "q: Question', a: Answer 800}")
    )
    result = author.build(quoted)
    lock = result.files["cards_source/legs.lock"]
    assert b'"key":"card-3"' in lock
    assert b'"key":"card-700"' not in lock


def test_a_small_deck_has_no_units(monkeypatch: pytest.MonkeyPatch) -> None:
    """To compile it takes no longer than to look for them."""
    monkeypatch.undo()
    author = Author()
    author.build(deck({"a": "x"}))
    assert author.compiled == 0


def test_a_damaged_unit_is_compiled_anew() -> None:
    author = Author()
    author.build(deck(ANSWERS))
    for key, data in list(author.cache.answers.items()):
        author.cache.answers[key] = data[: len(data) // 2]
    author.build(deck(ANSWERS))
    assert author.compiled > 8


def test_what_several_processes_compile_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """With warnings, media, cards that lack ids, and a mistake, after which all is read at once."""
    monkeypatch.setattr(cards_reader, "MUCH_TEXT", 1_000)
    media = {"cards_source/media/leg.svg": svg(3)}
    many = {**ANSWERS, "card-5": '"1. January"', "card-800": '"![leg](media/leg.svg)"'}
    texts = [
        deck(many),
        deck(many) + "  - {q: Without an id, a: x}\n",
        deck({**many, "card-300": '"![leg](media/arm.svg)"'}),
        deck({**many, "card-300": "{{"}),
        deck(many) + CARD.format(id="card-3", a="x"),
    ]
    for text in texts:
        results = []
        for run in (in_shares, lambda _work, _count: None):
            environment = FakeEnvironment(media)
            monkeypatch.setattr(environment, "run_in_processes", run)
            options = BuildOptions(NOW, outputs=("anki",))
            results.append(build(deck_files({"legs.yaml": text}), environment, options))
        assert found(results[0]) == found(results[1])
        assert results[0].files == results[1].files


def in_shares(work: Callable[[range], bytes], count: int) -> list[bytes]:
    return [work(range(number, count, 3)) for number in range(3)]
