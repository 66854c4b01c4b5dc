"""The content of the hamstring deck, read from its YAML without the compiler."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.support.hamstring_deck import DECK, load_yaml, words
from tests.support.paths import TESTS

TEXTS = {"clinic", "hinge", "parry", "gangemi"}  # the sources whose facts the deck teaches
DELETION = re.compile(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}")


class Note(NamedTuple):
    """A note. file: its topic's. cards: questions and answers."""

    key: str
    file: str
    tags: frozenset[str]
    sources: frozenset[str]
    cards: tuple[tuple[str, str], ...]
    extra: str


def source_keys(source: Any) -> frozenset[str]:
    """Return the keys of a `source:` entry: a key, a mapping of key to section, or a list of these."""
    entries = source if isinstance(source, list) else [source]
    return frozenset(key for entry in entries for key in ([entry] if isinstance(entry, str) else entry))


def notes_of(card: Any) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the key of each note that a card makes, with its questions and answers."""
    name = card["id"]
    if "q" in card:
        reverse = card.get("reverse")
        yield name, [(card["q"], card["a"]), *([(reverse["q"], reverse["a"])] if reverse else [])]
    elif "cloze" in card:
        numbers = sorted({deletion[1] for deletion in DELETION.finditer(card["cloze"])})
        yield name, [cloze_card(card["cloze"], number) for number in numbers]
    elif "list" in card:
        yield from ((f"{name}/{key}", [(card["list"], item)]) for key, item in card["items"].items())
    elif "diagram" in card:
        yield from ((f"{name}/{key}", [(card["alt"], it["name"])]) for key, it in card["labels"].items())
    else:
        for key, row in card["table"]["rows"].items():
            for column, ask in card["table"]["ask"].items():
                if column in row:
                    yield f"{name}/{key}/{column}", list(cell_cards(ask, row["row"], row[column]))


def cloze_card(text: str, number: str) -> tuple[str, str]:
    """Return the text with the deletions of one number hidden, and what is hidden."""
    question = DELETION.sub(
        lambda deletion: f"[{deletion[3] or '...'}]" if deletion[1] == number else deletion[2], text
    )
    return question, " ".join(deletion[2] for deletion in DELETION.finditer(text) if deletion[1] == number)


def cell_cards(ask: Any, row: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield the one or two cards of a table cell."""
    column = {"q": ask} if isinstance(ask, str) else ask
    yield column["q"].replace("{row}", row), value
    if "reverse" in column:
        yield column["reverse"].replace("{cell}", value), row


def read_notes() -> Iterator[Note]:
    """Yield every note of the deck, in study order."""
    for file, topic in ((file, load_yaml(DECK / file)) for file in META["files"]):
        for card in topic["cards"]:
            tags = frozenset([*topic["tags"], *card.get("tags", [])])
            for key, cards in notes_of(card):
                sources = source_keys(card.get("source", topic["source"]))
                yield Note(key, file, tags, sources, tuple(cards), card.get("extra", ""))


def singulars(text: str) -> set[str]:
    """Return the words without articles, and without the `s` of plurals."""
    return {word.removesuffix("s") for word in words(text)} - {"a", "an", "the"}


META = load_yaml(DECK / "deck.yaml")
FACTS = load_yaml(TESTS / "hamstrings" / "facts.yaml")
NOTES = tuple(read_notes())


def test_every_fact_is_asked_for_or_left_out_for_a_reason() -> None:
    sources = {note.key: note.sources for note in NOTES}
    for fact in FACTS:
        keys = fact.get("asked", [])
        assert bool(keys) != bool(fact.get("left_out")), fact
        assert source_keys(fact["source"]) <= TEXTS, fact
        assert not keys or any(source_keys(fact["source"]) & sources[key] for key in keys), fact
        assert all(key in sources for key in keys), fact


def test_knowledge_from_outside_the_texts_cites_its_own_source() -> None:
    accounted = {key for fact in FACTS for key in fact.get("asked", [])}
    assert not [note.key for note in NOTES if note.key not in accounted and note.sources <= TEXTS]


def test_no_eight_words_in_a_row_are_copied_from_a_text() -> None:
    """The texts are their authors' own; the cards are ours to license."""
    their_hashes = set((TESTS / "hamstrings" / "shingles.txt").read_text(encoding="utf-8").split())
    assert len(their_hashes) > 5000
    for note in NOTES:
        for text in [note.extra, *(f"{question} {answer}" for question, answer in note.cards)]:
            own_words = words(text)
            for start in range(len(own_words) - 7):
                phrase = " ".join(own_words[start : start + 8])
                digest = hashlib.sha256(phrase.encode()).hexdigest()[:12]
                assert digest not in their_hashes, f"{note.key}: {phrase}"


def test_an_opinion_names_its_holder_in_the_question_and_comes_last() -> None:
    """A learner who forgets the source must still not take an opinion for a fact."""
    assert META["files"][-1] == "sock-doc.yaml"
    for note in NOTES:
        named = all("Gangemi" in question for question, _ in note.cards)
        assert named == ("viewpoint" in note.tags) == (note.file == "sock-doc.yaml"), note.key


def test_the_holder_of_an_opinion_is_named_in_a_word_or_two() -> None:
    """The citation on the back has the full name; the front is for the question."""
    for note in NOTES:
        for question, _ in note.cards:
            assert not re.search(r"According to|Alex|Stephen|Sock Doc", question), note.key


def test_ids_are_unique() -> None:
    assert len({note.key for note in NOTES}) == len(NOTES)


def test_no_question_offers_its_answer() -> None:
    """A guess between two is right half of the time."""
    for note in NOTES:
        for question, answer in note.cards:
            offered = " or " in question and " ".join(words(answer)) in " ".join(words(question))
            assert not offered, note.key


def test_no_answer_is_the_topic_that_stands_on_the_card() -> None:
    for file in META["files"]:
        topic = singulars(load_yaml(DECK / file)["topic"])
        for note in (note for note in NOTES if note.file == file):
            assert not [answer for _, answer in note.cards if singulars(answer) <= topic], note.key


def test_every_card_cites_a_source_the_deck_defines() -> None:
    assert not [note.key for note in NOTES if not note.sources]
    assert {key for note in NOTES for key in note.sources} == set(META["sources"])


def test_the_deck_has_enough_cards_and_not_too_many() -> None:
    pictures = sum(len(note.cards) for note in NOTES if "picture" in note.tags)
    assert 250 <= sum(len(note.cards) for note in NOTES) - pictures <= 400
    assert 30 <= pictures <= 70


def test_cards_are_short() -> None:
    """95 by 68 mm hold about this much; a longer answer is two cards in one."""
    for note in NOTES:
        for question, answer in note.cards:
            assert len(question) <= 120, note.key
            assert len(words(answer)) <= 10, note.key
            assert len(answer + note.extra) <= 250, note.key


def test_a_picture_stands_on_the_back_alone_below_the_words() -> None:
    """On the question side it would give the answer away."""
    for note in NOTES:
        assert not any("![" in question + answer for question, answer in note.cards), note.key
        if "![" in note.extra:
            last_paragraph = note.extra.strip().split("\n\n")[-1]
            assert re.fullmatch(r"!\[[^\]]+\]\(media/[a-z-]+\.svg\)", last_paragraph), note.key
            assert note.extra.count("![") == 1, note.key


def test_no_question_is_asked_twice_or_answered_by_yes_or_no() -> None:
    """Only the items of a list or a diagram share a question."""
    questions = Counter(question for note in NOTES if note.key.count("/") != 1 for question, _ in note.cards)
    assert not [question for question, times in questions.items() if times > 1]
    first_words = {words(question)[0] for question in questions}
    assert first_words.isdisjoint(["is", "are", "do", "does", "can", "has", "have"])
