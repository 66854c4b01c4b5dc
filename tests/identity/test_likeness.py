"""Which two texts are one card, edited, and which are two cards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.identity.likeness import Weights, candidates, is_same_name, likeness, match, words_of

word_sets = st.frozensets(st.sampled_from("abcdefgh"))


def card(question: str, answer: str) -> dict[str, str]:
    return {"Question": question, "Answer": answer, "Key": "any", "Topic": "any", "Source": "any"}


MUSCLE = card("<p>Which muscle flexes the <strong>knee</strong>?</p>", "Biceps femoris")
PICTURE = card('Which is it? <img src="leg-000000000001.svg" alt="a leg">', "Femur")
SAME = [
    (MUSCLE, card("Which muscle flexes the knee?", "Semitendinosus")),
    (MUSCLE, card("Which muscles can flex the knee?", "Biceps femoris")),
    (MUSCLE, card("Which muscle flexes your knee?", "The biceps femoris")),
    (MUSCLE, card("Which muscle flexes your knee?", "Bicep femori")),
    (PICTURE, card('What is it? <img src="leg-000000000001.svg">', "The femur")),
    (card("大腿二頭筋の作用は?", "膝を曲げる"), card("大腿二頭筋の作用は何か?", "膝関節を曲げる")),
    ({"Text": "The {{c1::femur}} is long"}, {"Text": "The {{c1::femur::bone}} is very long"}),
    ({"Word": "Knie", "Meaning": "knee"}, {"Word": "das Knie", "Meaning": "knee"}),
]
OTHER = [
    (MUSCLE, card("Which nerve supplies the calf?", "The tibial nerve")),
    (MUSCLE, card("Which muscle flexes the elbow?", "Brachialis")),
    (PICTURE, card('Which is it? <img src="leg-000000000002.svg">', "Tibia")),
    (card("大腿二頭筋の作用は?", "膝を曲げる"), card("心臓はどこにあるか?", "胸の中")),
    ({"Text": "The {{c1::femur}} is long"}, {"Text": "A {{c1::tendon}} holds a muscle"}),
    ({"Word": "Knie", "Meaning": "knee"}, {"Word": "Fuß", "Meaning": "foot"}),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_an_edited_card_is_the_same(old: dict[str, str], new: dict[str, str]) -> None:
    assert likeness(words_of([old]), words_of([new]), Weights(), in_place=False)


@pytest.mark.parametrize(("old", "new"), OTHER)
@pytest.mark.parametrize("in_place", [True, False])
def test_a_card_of_another_text_is_another(old: dict[str, str], new: dict[str, str], in_place: bool) -> None:
    assert not likeness(words_of([old]), words_of([new]), Weights(), in_place=in_place)


def test_words_that_many_cards_have_count_less() -> None:
    """In a deck that asks for capitals, `What is the capital of` says little."""
    old, new = (words_of([card("What is the capital of Norway?", "Oslo")]) for _ in "ab")
    others = [words_of([card(f"What is the capital of {name}?", name)]) for name in "abcdefgh"]

    assert Weights.of(others).share(old.question, others[0].question) < 0.5
    assert Weights().share(old.question, others[0].question) > 0.8
    assert likeness(old, new, Weights.of(others), in_place=False)


@given(word_sets, word_sets)
def test_what_texts_share_is_the_same_both_ways(first: frozenset[str], second: frozenset[str]) -> None:
    share = Weights().share(first, second)

    assert share == Weights().share(second, first)
    assert 0 <= share <= 1
    assert (share == 1) == (first == second != frozenset())
    assert (share == 0) == first.isdisjoint(second)


@given(st.lists(st.integers(0, 9), max_size=9), st.lists(st.integers(0, 9), max_size=9))
def test_no_card_is_paired_twice_and_none_is_left_that_would_fit(old: list[int], new: list[int]) -> None:
    pairs = match(list(enumerate(old)), list(enumerate(new)), lambda a, b: float(a[1] == b[1]))
    lefts, rights = [left for left, _ in pairs], [right for _, right in pairs]

    assert len({*lefts}) == len(lefts)
    assert len({*rights}) == len(rights)
    for value in range(10):
        count = sum(left[1] == value for left in lefts)
        assert count == min(old.count(value), new.count(value))


def test_of_many_cards_those_are_compared_that_share_a_rare_word() -> None:
    texts = [words_of([card(f"What is the number {number}?", "A number")]) for number in range(300)]
    pairs = candidates(texts, texts[::-1])

    assert {(number, 299 - number) for number in range(300)} <= pairs
    assert len(pairs) < 2_500


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [("Knee", "knee", True), ("knee-cap", "knee_cap", True), ("knee", "knees", False), ("-", "_", False)],
)
def test_ids_that_differ_in_capitals_and_signs_alone_are_one_name(
    first: str, second: str, same: bool
) -> None:
    assert is_same_name(first, second) == same
