"""Decks to measure with: the same on every machine and in every run."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

_WORDS = """
muscle tendon thigh knee hip bone nerve fibre origin insertion action bends extends turns crosses lies
behind beside above below long short flat round deep outer inner back front strong weak torn healed sitting
walking running sprinting lowering braking swinging standing which where when usually often rarely
"""


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """A card with texts of random lengths. points: a list below the answer."""

    id: str
    question: str
    answer: str
    points: tuple[str, ...]
    extra: str


def plain_deck(card_count: int, subdeck_count: int = 0) -> str:
    """Return a deck of plain questions and answers in one file, in turns in each of some sub-decks."""
    cards = "".join(
        f"  - id: card-{number}\n"
        f"    q: What is the {number}th question of this deck about muscles?\n"
        f"    a: Answer number {number} with some words to fill it\n"
        f"    extra: Something more to be said about card {number}, in a sentence of some length.\n"
        f"    tags: [leg, exam]\n"
        + (f"    subdeck: Part {number % subdeck_count}\n" if subdeck_count else "")
        for number in range(card_count)
    )
    return f"deck: Bench\nid: bench\ncards:\n{cards}"


def table_deck(row_count: int, column_count: int) -> str:
    """Return a deck of one table, whose cells have as much text as the cards of a plain deck."""
    ask = "".join(
        f'        part-{column}: "{{row}}: what is the {column}th thing to know about it?"\n'
        for column in range(column_count)
    )
    rows = "".join(
        f"        row-{row}:\n          row: Muscle number {row} of this deck\n"
        + "".join(
            f"          part-{column}: Answer number {column} of {row} with some words to fill it\n"
            for column in range(column_count)
        )
        for row in range(row_count)
    )
    return (
        "deck: Bench\nid: bench\ncards:\n"
        "  - id: muscles\n"
        "    extra: Something more to be said about all of them, in a sentence of some length.\n"
        "    tags: [leg, exam]\n"
        f"    table:\n      ask:\n{ask}      rows:\n{rows}"
    )


def printed_cards(count: int) -> Iterator[PrintedCard]:
    """Yield different cards; the text of about a third of them has to shrink to fit on A7."""
    generator = random.Random(7)
    for number in range(count):
        point_count = generator.choice((0, 0, 3, 4))
        yield PrintedCard(
            f"card-{number}",
            random_sentence(generator, generator.choice((7, 10, 14, 45))) + "?",
            random_sentence(generator, generator.choice((2, 4, 9))),
            tuple(random_sentence(generator, generator.choice((4, 8, 11))) for _ in range(point_count)),
            random_sentence(generator, generator.choice((8, 14, 22))) + ".",
        )


def printed_deck(card_count: int, edited: int | None = None) -> str:
    """Return a deck of `printed_cards`. edited: the number of the card whose answer gets a word more."""
    parts = ["deck: Bench\nid: bench\n", "sources: {book: {title: Anatomy, author: A. Author, date: 1918}}\n"]
    parts.append("source: book\ncards:\n")
    for number, card in enumerate(printed_cards(card_count)):
        answer = f"**{card.answer}**" + (" indeed" if number == edited else "")
        lines = [answer, "", *(f"- {point}" for point in card.points)] if card.points else [answer]
        parts.append(f"  - id: {card.id}\n    q: {card.question}\n    a: |\n")
        parts += [f"      {line}\n" for line in lines]
        parts.append(f"    extra: {card.extra}\n")
    return "".join(parts)


def random_sentence(generator: random.Random, word_count: int) -> str:
    """Return some words without the full stop after them."""
    return " ".join(generator.choices(_WORDS.split(), k=word_count)).capitalize()
