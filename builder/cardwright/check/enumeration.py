"""Rule: enumeration."""

import re
from collections.abc import Iterator

from cardwright.check.card_texts import count_words, is_english, is_prose, prose, question_cards
from cardwright.collection import content as c
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Severity

MIN_ENTRIES = 4
"""The smallest number of things that is too much for one card."""
MAX_ENTRY_WORDS = 3
"""A longer piece between two commas is rather a part of a sentence."""

_COMMA = re.compile(r"[,;]\s|[、，；،]|\n")
# Words with which a part of an English sentence begins, but not an entry of a list.
_CLAUSE_START = re.compile(
    r"(?:in|on|at|by|to|for|from|with|of|as|but|so|if|when|while|because|which|who|that|then|not|i|it|he|she|they|we|you)\b",
    re.IGNORECASE,
)
_LAST_SEPARATOR = re.compile(r"(?<!\s)\s+(?:and|or|&)\s+")
# These are signs of a sentence, a name with initials, a formula or coordinates.
_NOT_IN_LISTS = re.compile(r"[.!?:()\[\]{}=<>。！？：]")


def enumeration(deck: Deck) -> Iterator[Diagnostic]:
    """One card asks for a list of four or more things.

    ## Why is this bad?
    You have to recall a whole list at once, and nothing is harder to remember:
    only about four things fit into the mind at the same time. If you miss a
    single entry, the card fails and asks for all of them again, and it never
    shows which entry you don't know.
    (Sources: P. Wozniak, Twenty rules of formulating knowledge, 1999, rules 9
    and 10; N. Cowan, The magical number 4 in short-term memory, Behavioral and
    Brain Sciences, 2001.)

    The rule counts the entries of a list, or the pieces between commas if none
    of them is longer than three words.

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

    Use instead: a `list`. It asks for each entry on its own card and shows the
    other entries:

    ```yaml
    list: Which fruits are citrus?
    items: {lemon: lemon, lime: lime, orange: orange, grapefruit: grapefruit}
    ```
    """
    english = is_english(deck)
    for card in question_cards(deck):
        if not card.has_own_answer:
            continue
        entry_count = _count_entries(card.answer, english=english)
        if entry_count >= MIN_ENTRIES:
            message = f"one card asks for {entry_count} things at once"
            help_ = "use a `list`; it asks for each entry on its own card"
            yield Diagnostic("enumeration", message, card.answer_span, Severity.ADVICE, help=help_)


def _count_entries(answer: c.Content, *, english: bool) -> int:
    """Return how many things an answer lists, or 0 if it isn't a list."""
    match answer:
        case (*_, (c.BulletList(entries) | c.OrderedList(_, entries))):
            return len(entries)
        case (c.Paragraph(),) if is_prose(answer):
            text = prose(answer).strip().rstrip(".")
        case _:
            return 0
    if not _COMMA.search(text) or _NOT_IN_LISTS.search(text):
        return 0
    pieces = [stripped for piece in _COMMA.split(text) if (stripped := piece.strip())]
    if len(pieces) > 1 and english:
        pieces[-1] = re.sub(r"^(?:and|or|&)\s+", "", pieces[-1])
        pieces[-1:] = _LAST_SEPARATOR.split(pieces[-1])
    if english and any(_CLAUSE_START.match(piece) for piece in pieces):
        return 0
    is_list = all(count_words(piece) <= MAX_ENTRY_WORDS and re.search(r"[^\W\d_]", piece) for piece in pieces)
    return len(pieces) if is_list else 0
