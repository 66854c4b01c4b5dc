"""Rule: answer-in-question."""

import re
from collections.abc import Iterator, Sequence

from cardwright.check.card_texts import Asked, asked, language, nothing_but_prose, place, prose, words
from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.card import cards, cloze_numbers
from cardwright.collection.deck import Deck
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.span import Span

LEAST = 4
"""Letters: shorter answers turn up in questions by chance."""
LEAST_OF_GAP = 5
"""Letters of what a gap hides."""

# How a question offers a choice, which has to name the answer.
_OR = {
    "de": ("oder",),
    "en": ("or", "vs", "versus", "between", "of"),
    "es": ("o", "u", "entre", "de"),
    "fr": ("ou", "entre", "de"),
    "it": ("o", "oppure", "tra", "di"),
    "nl": ("of", "tussen", "van"),
    "pt": ("ou", "entre", "de"),
}
# A question about a word has to name it.
_ABOUT_WORDS = re.compile(
    r"\b(?:word|mean\w*|term|called|translat\w*|plural|singular|tense|spell\w*|abbreviat\w*|pronounc\w*"
    r"|Wort|heißt|bedeutet|Mehrzahl|Plural|mot|signifi\w*|pluriel|palabra|parola|woord|palavra)\b"
    r"|[\"“”„«»‘`*_()/=|]",
    re.IGNORECASE,
)
# Words that tell one thing from another, and stand with many: `the upper jaw, the upper arm`.
_WITH_MANY = set(
    re.findall(
        r"\w+",
        """above after anterior before below east first front greater higher inner larger lateral lesser
        longer lower medial north other outer posterior right second shorter smaller south third under
        upper west""",
    )
)
_ARTICLES = {"the", "a", "an", "der", "die", "das", "el", "la", "los", "las", "le", "les", "il", "de", "het"}


def answer_in_question(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """The question says the answer.

    ## Why is this bad?
    The card is answered by reading it. It is passed every time and teaches
    nothing. In a text with a gap, the hidden word often stands a second time
    where it is not hidden.

    A question that offers a choice, and one about a word, may name its answer.

    ## Example
    ```yaml
    # cards_source/bones.yaml
    deck: Bones
    id: bones
    cards:
      - id: femur
        cloze: The {{c1::femur}} is long; the head of the femur lies in the hip.
    ```

    Use instead: another word in the question, or hide every mention:
    `The {{c1::femur}} is long; the head of the {{c1::femur}} lies in the hip.`
    """
    for deck in decks:
        choice = _OR.get(language(deck))
        for one in asked(deck) if choice is not None else ():
            if one.own and _given_away(one, choice or ()):
                yield _advice(prose(one.answer).strip(), one.question_place)
        yield from _gaps(deck)


def _given_away(one: Asked, choice: Sequence[str]) -> bool:
    question, answer = prose(one.question), words(prose(one.answer))
    if not answer or answer[-1] not in question.casefold():
        return False  # as nearly always
    while answer and answer[0] in _ARTICLES:
        answer = answer[1:]
    asks = words(question)
    # Few words are a word to be translated, or a formula; a choice or a word has to be named.
    return (
        len(asks) > len(answer) + LEAST
        and nothing_but_prose(one.question)
        and nothing_but_prose(one.answer)
        and not any(isinstance(inline, c.Emphasis | c.Strong | c.Code) for inline in c.inlines(one.question))
        and _long_enough(answer)
        and _holds(asks, answer)
        and not set(choice).intersection(asks)
        and not _ABOUT_WORDS.search(question)
        and not _between_commas(question, answer)
    )


def _gaps(deck: Deck) -> Iterator[Diagnostic]:
    for note in deck.notes:
        if note.type != NoteType.CLOZE:
            continue
        text = note.fields[notetype.TEXT]
        fronts = {card.ordinal + 1: words(prose(card.front)) for card in cards(note)}
        for number in cloze_numbers(text):
            for inline in c.inlines(text):
                if isinstance(inline, c.Cloze) and number in inline.numbers:
                    hidden = prose((c.Paragraph(inline.children),)).strip()
                    if _tells(words(hidden)) and _holds(fronts[number], words(hidden)):
                        yield _advice(hidden, place(note, notetype.TEXT))


def _tells(hidden: Sequence[str]) -> bool:
    """Whether the same words elsewhere are hardly there by chance."""
    return _long_enough(hidden, LEAST_OF_GAP) and not _WITH_MANY.issuperset(hidden)


def _long_enough(answer: Sequence[str], letters: int = LEAST) -> bool:
    return sum(letter.isalpha() for word in answer for letter in word) >= letters


def _holds(text: Sequence[str], part: Sequence[str]) -> bool:
    """Whether words stand in a text one behind the other."""
    size = len(part)
    return any(text[at : at + size] == part for at in range(len(text) - size + 1))


def _between_commas(question: str, answer: Sequence[str]) -> bool:
    """Whether the answer is one of several things that the question lists."""
    pieces = re.split(r"[,;:–—]", question)
    return len(pieces) > 1 and any(words(piece) == list(answer) for piece in pieces)


def _advice(answer: str, where: Span) -> Diagnostic:
    return Diagnostic(
        code="answer-in-question",
        message=f"the question says its answer, `{truncate(answer, 36)}`",
        span=where,
        severity=Severity.ADVICE,
    )
