"""Ids that are changed without `was:`: no build lets that pass without a word."""

import re
from dataclasses import replace

import pytest

from cardwright.diagnostics import Diagnostic, Severity
from cardwright.pipeline import BuildOptions, BuildResult, build, check
from cardwright.source.files import DeckFiles
from tests.support.builds import DAY, NOW, DeckBuild, build_deck
from tests.support.memory import FakeEnvironment, deck_files

HEAD = "deck: Legs\nid: legs\n"
CARDS = {
    "avulsion": "{id: avulsion, q: What is an avulsion?, a: A tear that takes bone along}",
    "knee": "{id: knee, q: What do the hamstrings do at the knee?, a: They flex it}",
    "hip": "{id: hip, q: What do the hamstrings do at the hip?, a: They extend it}",
    "nerve": "{id: nerve, cloze: 'The {{c1::sciatic}} nerve supplies the hamstrings'}",
    "signs": "{id: signs, list: What follows a strain?, items: {bruise: a bruise, limp: a limp, ache: pain}}",
    "grade": "{id: grade, table: {ask: "
    "{walk: 'Can you walk with {row}?', play: 'When do you play with {row}?'}, rows: "
    "{one: {row: grade 1, walk: usually, play: after a week}, "
    "two: {row: grade 2, walk: with a limp, play: after a month}}}}",
    "word": "{id: word, type: word, fields: {Word: Oberschenkel, Meaning: thigh}}",
    "picture": "{id: picture, diagram: thigh.svg, alt: The thigh, labels: "
    "{long: {name: long head, rect: [1, 1, 20, 20]}, short: {name: short head, rect: [30, 30, 20, 20]}}}",
}
NOTE_TYPES = """\
note_types:
  word:
    fields: [Word, Meaning]
    templates: {One: {front: "{{Word}}", back: "{{Meaning}}"}}
"""
MEDIA = {"cards_source/legs/thigh.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'}


def deck(cards: list[str], topic: str = "Thigh") -> dict[str, str]:
    listed = "".join(f"  - {card}\n" for card in cards)
    return {"legs/deck.yaml": HEAD + NOTE_TYPES, "legs/thigh.yaml": f"topic: {topic}\ncards:\n{listed}"}


def release(cards: list[str] | dict[str, str], previous: DeckBuild | None = None, day: int = 0) -> DeckBuild:
    sources = cards if isinstance(cards, dict) else deck(cards)
    built = build_deck(sources, previous, now=NOW + day * DAY, media=MEDIA)
    assert not built.result.report.has_errors, built.messages
    return built


def rename_warnings(build: DeckBuild | BuildResult) -> list[Diagnostic]:
    result = build.result if isinstance(build, DeckBuild) else build
    return [warning for warning in result.report if warning.code == "renamed-without-was"]


def offered(warning: Diagnostic) -> str:
    match = re.search(r"`(was: [^`]*)`", warning.help)
    assert match, warning.help
    return match[1]


ALL = list(CARDS.values())
FIRST = release(ALL)
WITHOUT_PACKAGES = replace(
    FIRST, files={path: data for path, data in FIRST.files.items() if not path.startswith("decks/")}
)


@pytest.mark.parametrize("card_id", CARDS)
@pytest.mark.parametrize("previous", [FIRST, WITHOUT_PACKAGES], ids=["packages", "lock alone"])
def test_a_changed_id_is_a_warning_that_offers_the_line_to_add(card_id: str, previous: DeckBuild) -> None:
    """One warning and one line for each card, however many notes it has. The lock alone is enough."""
    renamed = CARDS[card_id].replace(f"id: {card_id}", "id: renamed")
    second = release([renamed if card == CARDS[card_id] else card for card in ALL], previous, 1)

    (warning,) = rename_warnings(second)
    assert warning.severity is Severity.WARNING
    assert warning.span is not None
    assert warning.span.text == "renamed"
    assert warning.message == f"`renamed` looks like `{card_id}` under a new id"
    assert offered(warning) == f"was: {card_id}"


def test_ids_that_differ_only_in_their_ends_are_not_shown_as_the_same() -> None:
    """A card whose id was deleted gets one like it: `which-muscles-bend-the-knee-2`."""
    card = "{id: which-muscles-bend-the-knee, q: Which muscles bend the knee?, a: The hamstrings}"
    first = release([card])
    (warning,) = rename_warnings(release([card.replace("knee,", "knee-2,", 1)], first, 1))
    assert warning.message == "this card looks like `which-muscles-bend-…` under a new id"
    assert offered(warning) == "was: which-muscles-bend-the-knee"


@pytest.mark.parametrize("card_id", CARDS)
def test_the_offered_line_mends_it_before_and_after_the_release(card_id: str) -> None:
    """Nothing is new then, and nothing retired for good."""
    renamed = CARDS[card_id].replace(f"id: {card_id}", "id: renamed")
    cards = [renamed if card == CARDS[card_id] else card for card in ALL]
    second = release(cards, FIRST, 1)
    line = offered(rename_warnings(second)[0])
    mended = [card.replace("id: renamed", f"id: renamed, {line}") for card in cards]

    for previous in (FIRST, second):
        third = release(mended, previous, 2)
        assert rename_warnings(third) == []
        (summary,) = third.result.summaries
        assert summary.new == 0
        assert release(mended, third, 3).codes == []


@pytest.mark.parametrize("card_id", CARDS)
def test_a_renamed_card_may_be_edited_and_moved_to_another_topic(card_id: str) -> None:
    """Words are exchanged here in every text; the packages have the former ones."""
    edits = {
        "What is an": "What do we call an",
        "What do the": "What would the",
        "nerve supplies": "nerve goes to",
        "follows a": "comes after a",
        "grade 1": "a tear of grade 1",
        "thigh}": "the thigh}",
        "The thigh": "A leg",
    }
    renamed = CARDS[card_id].replace(f"id: {card_id}", "id: renamed")
    for before, after in edits.items():
        renamed = renamed.replace(before, after)
    sources = deck([card for card in ALL if card != CARDS[card_id]])
    sources["legs/other.yaml"] = f"topic: Other\ncards:\n  - {renamed}\n"
    second = release(sources, FIRST, 1)

    (warning,) = rename_warnings(second)
    assert offered(warning) == f"was: {card_id}"
    assert warning.span is not None
    assert warning.span.source.path.endswith("other.yaml")


PARTS = {
    "an item": ("bruise: a", "bruising: a", "bruising", "was: {bruising: bruise}"),
    "an edited item": ("limp: a limp", "hobble: a bad limp", "hobble", "was: {hobble: limp}"),
    "a row": ("one: {row: grade 1,", "first: {row: grade 1,", "first", "was: {first: one}"),
    "an edited row": ("one: {row: grade 1,", "first: {row: the first grade,", "first", "was: {first: one}"),
    "items in capitals": ("bruise: a bruise", "Bruise: a haematoma", "Bruise", "was: {Bruise: bruise}"),
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("previous", [FIRST, WITHOUT_PACKAGES], ids=["packages", "lock alone"])
def test_a_changed_key_of_a_part_is_a_warning_at_that_key(part: str, previous: DeckBuild) -> None:
    old, new, span, line = PARTS[part]
    cards = [card.replace(old, new) for card in ALL]
    assert cards != ALL
    second = release(cards, previous, 1)

    (warning,) = rename_warnings(second)
    assert offered(warning) == line
    assert warning.span is not None
    assert warning.span.text == span


def test_a_changed_column_is_one_warning() -> None:
    second = release([card.replace("walk:", "gait:") for card in ALL], FIRST, 1)

    (warning,) = rename_warnings(second)
    assert offered(warning) == "was: {gait: walk}"
    assert warning.message == "`gait` looks like `walk` under a new key"


def test_an_id_and_the_keys_of_its_parts_together_are_one_line() -> None:
    changed = CARDS["signs"].replace("id: signs", "id: after").replace("bruise:", "bruising:")
    changed = changed.replace("limp:", "hobble:")
    second = release([changed if card == CARDS["signs"] else card for card in ALL], FIRST, 1)

    (warning,) = rename_warnings(second)
    assert offered(warning) == "was: [signs, {bruising: bruise, hobble: limp}]"


def test_the_line_keeps_what_was_said_before() -> None:
    """That alone helps nothing any more, and is said once for the whole list."""
    cards = [card.replace("id: signs,", "id: after, was: [signs, {x: bruise}],") for card in ALL]
    second = release([card.replace("bruise: a", "x: a") for card in cards], FIRST, 1)
    changed = [card.replace("id: after,", "id: strain,").replace("bruise: a", "x: a") for card in cards]
    third = release(changed, second, 2)

    (warning,) = rename_warnings(third)
    assert offered(warning) == "was: [signs, after, {x: bruise}]"
    assert sorted(third.codes) == ["former-id-unknown", "note-retired", "renamed-without-was"]
    assert release([card.replace("signs, {x", "signs, after, {x") for card in changed], second, 2).codes == []


def test_ids_that_differ_in_capitals_alone_are_two_ids() -> None:
    """Even when the text is another one."""
    changed = "{id: Avulsion, q: When does bone come off?, a: In youth}"
    second = release([changed, *ALL[1:]], FIRST, 1)

    assert [offered(warning) for warning in rename_warnings(second)] == ["was: avulsion"]


def test_a_place_is_found_again_although_its_neighbours_are_renamed_as_well() -> None:
    """A card that is much edited is known by its place alone."""
    cards = [card.replace("{id: ", "{id: the-") for card in ALL]
    question, answer = (
        "How can the hamstrings bend a knee when you run?",
        "By pulling they flex it with force",
    )
    cards[1] = f"{{id: the-knee, q: {question}, a: {answer}}}"
    moved = [*cards[:1], *cards[2:], cards[1]]

    assert "was: knee" in [offered(warning) for warning in rename_warnings(release(cards, FIRST, 1))]
    assert "was: knee" not in [offered(warning) for warning in rename_warnings(release(moved, FIRST, 1))]


def test_several_renames_in_one_build_are_each_a_warning() -> None:
    cards = [card.replace("{id: ", "{id: the-") for card in ALL]
    second = release(list(reversed(cards)), FIRST, 1)

    lines = {warning.span.text: offered(warning) for warning in rename_warnings(second) if warning.span}
    assert lines == {f"the-{card_id}": f"was: {card_id}" for card_id in CARDS}


def test_many_renames_are_one_warning() -> None:
    """A renamed deck of 400 cards is told of in a few lines."""
    ids = range(400)
    old = [f"{{id: card-{n}, q: What is {n} times {n}?, a: The square {n * n}}}" for n in ids]
    new = [card.replace("card-", "square-") for card in old]
    second = release(new, release(old), 1)

    (warning,) = rename_warnings(second)
    assert warning.message == "400 cards look like others that left, under new ids"
    assert offered(warning) == "was: card-0"


UNLIKE = {
    "the card is gone": "",
    "another question": "{id: other, q: Where do most strains begin?, a: Where muscle and tendon meet}",
    "a sibling": "{id: other, q: What is a strain?, a: An injury of a muscle}",
    "another kind": "{id: other, cloze: 'An avulsion is a {{c1::tear that takes bone along}}'}",
}


@pytest.mark.parametrize("case", UNLIKE)
def test_a_card_that_is_another_one_is_no_rename(case: str) -> None:
    cards = [*ALL[1:], *([UNLIKE[case]] if UNLIKE[case] else [])]
    assert rename_warnings(release(cards, FIRST, 1)) == []


def test_cards_of_one_pattern_are_not_taken_for_each_other() -> None:
    """The capital of one country leaves, that of another comes, in the same place."""
    capitals = {"france": "Paris", "spain": "Madrid", "italy": "Rome", "norway": "Oslo"}
    cards = [
        f"{{id: {country}, q: What is the capital of {country.title()}?, a: {city}}}"
        for country, city in capitals.items()
    ]
    first = release(cards[1:])

    assert rename_warnings(release([cards[0], *cards[2:]], first, 1)) == []
    assert (
        len(
            rename_warnings(
                release([cards[0].replace("id: france", "id: fr"), *cards[1:]], release(cards), 1)
            )
        )
        == 1
    )


def test_the_author_can_say_that_it_is_another_card() -> None:
    renamed = CARDS["knee"].replace("id: knee", "id: renamed, allow: [renamed-without-was]")
    cards = [renamed if card == CARDS["knee"] else card for card in ALL]
    second = release(cards, FIRST, 1)

    assert rename_warnings(second) == []
    report = check(_decks(cards, second), FakeEnvironment(MEDIA, second.files), ())
    assert not [diagnostic for diagnostic in report if diagnostic.code == "unused-allow"]


def _decks(cards: list[str], previous: DeckBuild) -> list[DeckFiles]:
    return deck_files(deck(cards), previous.lock)


def test_a_warning_stays_until_it_is_answered() -> None:
    """So the check of a pull request sees it, although the lock was built on the author's machine."""
    renamed = [card.replace("id: knee", "id: renamed") for card in ALL]
    second = release(renamed, FIRST, 1)
    third = release(renamed, second, 2)

    assert [offered(warning) for warning in rename_warnings(third)] == ["was: knee"]
    assert third == second
    environment = FakeEnvironment(MEDIA, second.files)
    codes = [diagnostic.code for diagnostic in check(_decks(renamed, second), environment, ("anki",))]
    assert "renamed-without-was" in codes
    options = BuildOptions(now=NOW + 3 * DAY, outputs=("anki",), locked=True)
    (error,) = rename_warnings(build(_decks(renamed, second), environment, options))
    assert error.severity is Severity.ERROR


@pytest.mark.parametrize("part", PARTS)
def test_a_warning_about_a_part_stays_too(part: str) -> None:
    old, new, _, line = PARTS[part]
    cards = [card.replace(old, new) for card in ALL]
    second = release(cards, FIRST, 1)
    third = release(cards, second, 2)

    assert [offered(warning) for warning in rename_warnings(third)] == [line]
    assert third == second


def test_a_card_that_comes_back_under_another_id_is_noticed_too() -> None:
    """Learners still have it, although it left in an earlier build."""
    second = release(ALL[:1] + ALL[2:], FIRST, 1)
    third = release(ALL[:1] + ALL[2:], second, 2)
    cards = [card.replace("id: knee", "id: flexion") for card in ALL]
    (warning,) = rename_warnings(release(cards, third, 3))
    mended = release(
        [card.replace("id: flexion", f"id: flexion, {offered(warning)}") for card in cards], third, 3
    )

    assert offered(warning) == "was: knee"
    assert mended.codes == []
    assert mended.result.summaries[0].unchanged == 12


def test_a_former_id_given_back_needs_no_warning() -> None:
    renamed = [card.replace("id: knee", "id: renamed") for card in ALL]
    second = release(renamed, FIRST, 1)

    assert rename_warnings(release(ALL, second, 2)) == []


@pytest.mark.parametrize("part", PARTS)
def test_a_former_key_given_back_needs_no_warning(part: str) -> None:
    """Its notes have their own history, which is the older one; `was:` would take the younger instead."""
    old, new, _, _ = PARTS[part]
    second = release([card.replace(old, new) for card in ALL], FIRST, 1)

    assert rename_warnings(release(ALL, second, 2)) == []


def test_a_former_column_given_back_needs_no_warning() -> None:
    second = release([card.replace("walk:", "gait:") for card in ALL], FIRST, 1)

    assert rename_warnings(release(ALL, second, 2)) == []


def test_an_id_given_up_after_a_repair_is_noticed_again() -> None:
    renamed = [card.replace("id: knee", "id: renamed") for card in ALL]
    repaired = [card.replace("id: renamed", "id: renamed, was: knee") for card in renamed]
    third = release(repaired, release(renamed, FIRST, 1), 2)
    fourth = release(ALL, third, 3)

    assert [offered(warning) for warning in rename_warnings(fourth)] == ["was: renamed"]


def exchange_warnings(build: DeckBuild) -> list[Diagnostic]:
    return [warning for warning in build.result.report if warning.code == "id-of-another-card"]


def test_swapped_ids_are_a_warning() -> None:
    cards = [
        card.replace("id: knee", "id: x").replace("id: hip", "id: knee").replace("id: x", "id: hip")
        for card in ALL
    ]
    (warning,) = exchange_warnings(release(cards, FIRST, 1))

    assert warning.message == "`hip` is now what `knee` was"
    assert warning.note == "and 1 more id went to other cards"


def test_numbered_ids_that_shift_are_a_warning() -> None:
    """A card is added at the top, and all ids after it are counted anew."""
    texts = ["flex the knee", "extend the hip", "turn the leg", "brake the stride"]
    cards = [
        f"{{id: card-{number}, q: Who can {text}?, a: Muscles that {text}}}"
        for number, text in enumerate(texts)
    ]
    shifted = [
        f"{{id: card-{number}, q: Who can {text}?, a: Muscles that {text}}}"
        for number, text in enumerate(["hold the pelvis", *texts])
    ]
    (warning,) = exchange_warnings(release(shifted, release(cards), 1))

    assert warning.message == "`card-1` is now what `card-0` was"
    assert warning.note == "and 3 more ids went to other cards"


def test_numbered_items_that_shift_are_a_warning() -> None:
    card = "{{id: phases, list: What happens?, items: {{{}}}}}"
    first = release([card.format("1: swelling, 2: repair, 3: remodelling")])
    second = release([card.format("1: bleeding, 2: swelling, 3: repair, 4: remodelling")], first, 1)

    (warning,) = exchange_warnings(second)
    assert warning.message == "`phases/2` is now what `phases/1` was"


def test_edits_that_move_no_text_are_no_exchange() -> None:
    edited = [card.replace("What", "Say what").replace("grade 2", "grade two") for card in ALL]

    assert release(edited, FIRST, 1).codes == []


GROIN = "{id: groin, q: What adducts the thigh?, a: The adductors}"
NERVE = "Which nerve supplies the quadriceps?, a: Femoral nerve}"


@pytest.mark.parametrize(
    "other",
    [
        [*ALL, "{id: groin, q: " + NERVE],
        [card.replace("id: knee", "id: groin") for card in ALL],
    ],
    ids=["a new card", "a renamed card"],
)
def test_the_id_of_a_retired_card_on_another_card_is_a_warning(other: list[str]) -> None:
    """Learners would see the new card with the progress of the retired one."""
    second = release(ALL, release([*ALL, GROIN]), 1)
    (warning,) = exchange_warnings(release(other, second, 2))

    assert warning.message == "`groin` is another card now than before it was retired"
    assert warning.severity is Severity.WARNING
    assert warning.span is not None
    assert warning.span.text == "groin"
    assert "give this one a new id" in warning.help
    allowed = [card.replace("id: groin,", "id: groin, allow: [id-of-another-card],") for card in other]
    assert exchange_warnings(release(allowed, second, 2)) == []


def test_a_retired_item_that_comes_back_as_another_one_is_a_warning() -> None:
    others = [card for card in ALL if card != CARDS["signs"]]
    without = CARDS["signs"].replace(", ache: pain", "")
    second = release([*others, without], FIRST, 1)

    assert exchange_warnings(release([*others, CARDS["signs"]], second, 2)) == []
    another = CARDS["signs"].replace("ache: pain", "ache: a gap in the muscle")
    (warning,) = exchange_warnings(release([*others, another], second, 2))
    assert warning.message == "`signs/ache` is another card now than before it was retired"


def test_many_retired_ids_on_other_cards_are_one_warning() -> None:
    first = release([*ALL, *(f"{{id: c{n}, q: What is {n} plus {n}?, a: It is {2 * n}}}" for n in range(20))])
    second = release(ALL, first, 1)
    others = [f"{{id: c{n}, q: Which muscle moves toe{n}?, a: Flexor{n}}}" for n in range(20)]

    (warning,) = exchange_warnings(release([*ALL, *others], second, 2))
    assert warning.message == "20 ids of retired cards are on other cards now"


@pytest.mark.parametrize("card_id", CARDS)
def test_a_retired_card_comes_back_without_a_warning_even_if_edited(card_id: str) -> None:
    without = release([card for card in ALL if card != CARDS[card_id]], FIRST, 1)
    edited = [card.replace("What do the", "What would the").replace("The {{", "Each {{") for card in ALL]

    assert exchange_warnings(release(ALL, without, 2)) == []
    assert exchange_warnings(release(edited, without, 2)) == []


def test_swapped_keys_of_labels_are_a_warning() -> None:
    swapped = CARDS["picture"].replace("long head", "x").replace("short head", "long head")
    swapped = swapped.replace("name: x", "name: short head")
    (warning,) = exchange_warnings(release([*ALL[:-1], swapped], FIRST, 1))

    assert warning.message == "`picture/long` is now what `picture/short` was"


def test_other_names_of_labels_are_no_exchange() -> None:
    renamed = CARDS["picture"].replace("long head", "caput longum").replace("short head", "caput breve")

    assert exchange_warnings(release([*ALL[:-1], renamed], FIRST, 1)) == []


def test_many_renamed_items_of_one_list_are_all_found() -> None:
    """Comparing each of them with each, in each of their notes, took longer than anybody waits."""

    def items(letter: str) -> str:
        listed = ", ".join(f"{letter}{number}: Muscle {number} of the leg" for number in range(400))
        return f"{{id: muscles, list: Which are there?, items: {{{listed}}}}}"

    (warning,) = rename_warnings(release([items("new")], release([items("old")]), 1))
    renamed = ", ".join(f"new{number}: old{number}" for number in range(400))
    assert offered(warning) == f"was: {{{renamed}}}"
