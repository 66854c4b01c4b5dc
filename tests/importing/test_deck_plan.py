"""How the notes of a foreign deck are divided among folders and files."""

from collections.abc import Callable, Sequence

import pytest

from cardwright.importing.deck_plan import FILE_LIMIT, NoteSummary, PlannedDeck, plan_decks


def notes_in(*decks: str, tags: Sequence[str] = (), position: int | None = None) -> list[NoteSummary]:
    return [NoteSummary(number, deck, tuple(tags), position) for number, deck in enumerate(decks, 1)]


def plan(notes: Sequence[NoteSummary], *, by_tag: bool = False) -> list[PlannedDeck]:
    return plan_decks(notes, set(), by_tag=by_tag)


def files_of(deck: PlannedDeck) -> dict[str, list[int]]:
    return {file.name: [note.number for note in file.notes] for file in deck.files}


@pytest.mark.parametrize(
    ("decks", "names"),
    [
        (["Spanish"], ["Spanish"]),
        (["Spanish::Verbs", "Spanish::Nouns"], ["Spanish"]),
        (["Spanish::Verbs"], ["Spanish::Verbs"]),
        (["Spanish", "Spanish::Verbs"], ["Spanish"]),
        (["A::B::C", "A::B::D::E"], ["A::B"]),
        (["Spanish", "Spanish 2"], ["Spanish", "Spanish 2"]),
        (["German::A", "Spanish::B", "German::C"], ["German", "Spanish::B"]),
        (["spanish::A", "Spanish::B"], ["spanish"]),
    ],
)
def test_the_decks_name_is_the_longest_beginning_of_all_names(decks: list[str], names: list[str]) -> None:
    assert [deck.name for deck in plan(notes_in(*decks))] == names


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Spanish", "spanish"),
        ("Medicine::Année 2", "année-2"),
        ("日本語", "日本語"),
        ("???", "deck"),
        ("CON", "con_"),
        ("x" * 200, "x" * 60),
        ("one two " * 10, "one-two-" * 7 + "one"),
    ],
)
def test_a_folder_has_a_name_that_every_system_allows(name: str, folder: str) -> None:
    assert plan(notes_in(name))[0].folder == folder


def test_two_decks_never_get_one_folder() -> None:
    assert [deck.folder for deck in plan(notes_in("A b", "a-B", "A::?"))] == ["deck", "a-b", "a-b-2"]


def test_each_sub_deck_has_a_file_in_the_order_of_anki() -> None:
    (deck,) = plan(notes_in("A::b", "A::a::z", "A", "A::a", "A::b"))

    assert files_of(deck) == {"cards.yaml": [3], "a.yaml": [4], "a-z.yaml": [2], "b.yaml": [1, 5]}
    assert [(file.topic, file.subdeck) for file in deck.files] == [
        ("", ""),
        ("a", "a"),
        ("z", "a::z"),
        ("b", "b"),
    ]


def test_a_sub_deck_called_deck_does_not_overwrite_the_decks_own_file() -> None:
    (deck,) = plan(notes_in("A::Deck", "A::deck!", "A::Cards", "A"))

    assert list(files_of(deck)) == ["cards.yaml", "cards-2.yaml", "deck-2.yaml", "deck-3.yaml"]


def test_many_cards_are_divided_into_files_of_about_equal_size() -> None:
    (deck,) = plan(notes_in(*["A"] * (2 * FILE_LIMIT + 1)))

    assert [len(file.notes) for file in deck.files] == [200, 200, 201]
    assert [file.name for file in deck.files] == ["cards-1.yaml", "cards-2.yaml", "cards-3.yaml"]
    assert [note.number for note in deck.notes] == list(range(1, 602))


def test_new_cards_keep_their_order_and_studied_ones_that_in_which_they_were_made() -> None:
    new = [NoteSummary(1, "A", (), 20), NoteSummary(2, "A", (), 10)]

    assert files_of(plan(new)[0]) == {"cards.yaml": [2, 1]}
    assert files_of(plan([*new, NoteSummary(3, "A", (), None)])[0]) == {"cards.yaml": [1, 2, 3]}


def test_tags_that_all_cards_of_a_file_have_are_told_once() -> None:
    notes = [NoteSummary(1, "A", ("b", "a", "c"), None), NoteSummary(2, "A", ("d", "c", "a"), None)]

    assert plan(notes)[0].files[0].tags == ("a", "c")


def test_files_by_tag_are_named_after_the_tag_that_most_cards_have() -> None:
    notes = [
        NoteSummary(1, "A", ("all", "verb", "verb::ir"), None),
        NoteSummary(2, "A::x", ("all", "verb"), None),
        NoteSummary(3, "A", ("all", "short_noun"), None),
        NoteSummary(4, "A", ("all",), None),
    ]

    (deck,) = plan(notes, by_tag=True)

    assert files_of(deck) == {"cards.yaml": [4], "short-noun.yaml": [3], "verb.yaml": [1, 2]}
    assert [(file.topic, file.subdeck, file.tags) for file in deck.files] == [
        ("", "", ("all",)),
        ("short noun", "", ("all", "short_noun")),
        ("verb", None, ("all", "verb")),
    ]


def test_many_cards_that_tags_divide_are_in_files_of_their_tags() -> None:
    notes = [
        NoteSummary(number, "A", ("all", f"book-{number // 200}", f"lesson-{number // 40 % 5}"), None)
        for number in range(400)
    ]

    (deck,) = plan(notes)
    assert [file.name for file in deck.files[:6]] == [
        "book-0-lesson-0.yaml",
        "book-0-lesson-1.yaml",
        "book-0-lesson-2.yaml",
        "book-0-lesson-3.yaml",
        "book-0-lesson-4.yaml",
        "book-1-lesson-0.yaml",
    ]
    assert deck.files[1].tags == ("all", "book-0", "lesson-1")
    assert deck.notes == notes


def test_tags_that_are_scattered_do_not_keep_others_from_dividing_cards() -> None:
    notes = [
        NoteSummary(
            number,
            "A",
            ("hard", f"lesson-{number // 100}") if number % 7 else (f"lesson-{number // 100}",),
            None,
        )
        for number in range(400)
    ]

    (deck,) = plan(notes)
    assert [file.name for file in deck.files] == [f"lesson-{number}.yaml" for number in range(4)]
    assert deck.notes == notes


@pytest.mark.parametrize(
    "tags",
    [
        lambda number: (f"t{number % 2}",),  # in turn
        lambda number: (f"t{number // 10}",),  # few of each
        lambda number: ("t",) if number else (),
        lambda number: ("a",) if number < 200 or number > 300 else ("b",),  # twice
    ],
)
def test_tags_that_do_not_divide_cards_in_their_order_make_no_files(
    tags: Callable[[int], tuple[str, ...]],
) -> None:
    notes = [NoteSummary(number, "A", tags(number), None) for number in range(400)]

    assert [file.name for file in plan(notes)[0].files] == ["cards-1.yaml", "cards-2.yaml"]


def test_notes_without_cards_are_kept() -> None:
    assert files_of(plan(notes_in("", "A::B"))[0]) == {"cards.yaml": [2, 1]}
    assert plan(notes_in(""))[0].name == "Imported"
