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
class Card:
    """A card of some length. more: points to be listed below the answer."""

    id: str
    question: str
    answer: str
    more: tuple[str, ...]
    extra: str


def plain(count: int) -> str:
    """A deck of plain cards in one file."""
    cards = "".join(
        f"  - id: card-{n}\n"
        f"    q: What is the {n}th question of this deck about muscles?\n"
        f"    a: Answer number {n} with some words to fill it\n"
        f"    extra: Something more to be said about card {n}, in a sentence of some length.\n"
        f"    tags: [leg, exam]\n"
        for n in range(count)
    )
    return f"deck: Bench\nid: bench\ncards:\n{cards}"


def table(rows: int, columns: int) -> str:
    """A deck of one table; its cells say as much as plain cards do."""
    ask = "".join(
        f'        part-{n}: "{{row}}: what is the {n}th thing to know about it?"\n' for n in range(columns)
    )
    cells = "".join(
        f"        row-{row}:\n          row: Muscle number {row} of this deck\n"
        + "".join(
            f"          part-{n}: Answer number {n} of {row} with some words to fill it\n"
            for n in range(columns)
        )
        for row in range(rows)
    )
    return (
        "deck: Bench\nid: bench\ncards:\n"
        "  - id: muscles\n"
        "    extra: Something more to be said about all of them, in a sentence of some length.\n"
        "    tags: [leg, exam]\n"
        f"    table:\n      ask:\n{ask}      rows:\n{cells}"
    )


def cards(count: int) -> Iterator[Card]:
    """Cards for paper, each another one; the text of about a third has to shrink to fit on A7."""
    chance = random.Random(7)
    for number in range(count):
        points = chance.choice((0, 0, 3, 4))
        yield Card(
            f"card-{number}",
            _sentence(chance, chance.choice((7, 10, 14, 45))) + "?",
            _sentence(chance, chance.choice((2, 4, 9))),
            tuple(_sentence(chance, chance.choice((4, 8, 11))) for _ in range(points)),
            _sentence(chance, chance.choice((8, 14, 22))) + ".",
        )


def printed(count: int, edited: int | None = None) -> str:
    """A deck of `cards`. edited: the number of one whose answer has a word more, None for none."""
    made = ["deck: Bench\nid: bench\n", "sources: {book: {title: Anatomy, author: A. Author, date: 1918}}\n"]
    made.append("source: book\ncards:\n")
    for number, card in enumerate(cards(count)):
        answer = f"**{card.answer}**" + (" indeed" if number == edited else "")
        lines = [answer, "", *(f"- {point}" for point in card.more)] if card.more else [answer]
        made.append(f"  - id: {card.id}\n    q: {card.question}\n    a: |\n")
        made += [f"      {line}\n" for line in lines]
        made.append(f"    extra: {card.extra}\n")
    return "".join(made)


def _sentence(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(_WORDS.split(), k=length)).capitalize()
