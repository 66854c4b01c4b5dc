"""Rule: enumeration."""

import re
from collections.abc import Iterator, Sequence

from cardwright.check.card_texts import asked, english, length, nothing_but_prose, prose
from cardwright.collection import content as c
from cardwright.collection.deck import Deck
from cardwright.diagnostics.diagnostic import Diagnostic, Severity

LEAST = 4
"""Entries of an enumeration that is too much for one card."""
SHORT = 3
"""Words: what is longer between two commas is rather a part of a sentence."""

_COMMA = re.compile(r"\s*(?:[,;]\s|[、，；،]|\n)\s*")
# How a part of an English sentence begins, and no thing of a list.
_CLAUSE = re.compile(
    r"(?:in|on|at|by|to|for|from|with|of|as|but|so|if|when|while|because|which|who|that|then|not|i|it|he|she|they|we|you)\b",
    re.IGNORECASE,
)
_LAST = re.compile(r"\s+(?:and|or|&)\s+")
# Signs of a sentence, a name with initials, a formula, a place in a list of numbers.
_OTHERWISE = re.compile(r"[.!?:()\[\]{}=<>。！？：]")


def enumeration(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """One card asks for a list of four or more things.

    ## Why is this bad?
    A list is recalled whole or not at all, and it is the hardest thing to keep:
    about four things fit into the mind at once. One missing entry fails the card,
    so that all are asked for again, and it never tells which one you lack.
    (Sources: P. Wozniak, Twenty rules of formulating knowledge, 1999, rules 9
    and 10; N. Cowan, The magical number 4 in short-term memory, Behavioral and
    Brain Sciences, 2001.)

    It counts the entries of a list, or what stands between commas when each is
    three words at most.

    ## Example
    ```yaml
    # cards_source/fruit.yaml
    deck: Fruit
    id: fruit
    cards:
      - id: citrus
        q: Which fruits are citrus?
        a: lemon, lime, orange, grapefruit
    ```

    Use instead: a `list`, which asks for each entry on a card of its own, with
    the others in sight:

    ```yaml
    list: Which fruits are citrus?
    items: {lemon: lemon, lime: lime, orange: orange, grapefruit: grapefruit}
    ```
    """
    for deck in decks:
        for one in asked(deck):
            if one.own and (entries := _entries(one.answer, english=english(deck))) >= LEAST:
                yield Diagnostic(
                    code="enumeration",
                    message=f"one card asks for {entries} things at once",
                    span=one.answer_place,
                    severity=Severity.ADVICE,
                    help="make a `list` of it, which asks for each on a card of its own",
                )


def _entries(answer: c.Content, *, english: bool) -> int:
    """How many things an answer lists; 0 when it is no list."""
    match answer:
        case (*_, (c.BulletList(entries) | c.OrderedList(_, entries))):
            return len(entries)
        case (c.Paragraph(),) if nothing_but_prose(answer):
            text = prose(answer).strip().rstrip(".")
        case _:
            return 0
    if _OTHERWISE.search(text):
        return 0
    parts = [part for part in _COMMA.split(text) if part]
    if len(parts) > 1 and english:
        parts[-1] = re.sub(r"^(?:and|or|&)\s+", "", parts[-1])
        parts[-1:] = _LAST.split(parts[-1])
    if english and any(_CLAUSE.match(part) for part in parts):
        return 0
    lists = all(length(part) <= SHORT and re.search(r"[^\W\d_]", part) for part in parts)
    return len(parts) if lists else 0
