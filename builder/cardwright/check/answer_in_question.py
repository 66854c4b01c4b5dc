"""Rule: answer-in-question."""

import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile

from cardwright.check.card_texts import (
    QuestionCard,
    base_language,
    cloze_cards,
    field_span,
    fold,
    is_prose,
    prose,
    question_cards,
    split_words,
)
from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Severity, Span
from cardwright.diagnostics.phrases import truncate

MIN_ANSWER_LETTERS = 4
"""Shorter answers are part of questions by chance."""
MIN_DELETION_LETTERS = 5

# Words with which a question offers a choice; then it has to name the answer.
_CHOICE_WORDS = {
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
# Words that distinguish one thing from another are repeated on purpose: `the upper jaw, the upper arm`.
_DISTINGUISHING_WORDS = set(
    re.findall(
        r"\w+",
        """above after anterior before below east first front greater higher inner larger lateral lesser
        longer lower medial north other outer posterior right second shorter smaller south third under
        upper west""",
    )
)
_ARTICLES = {"the", "a", "an", "der", "die", "das", "el", "la", "los", "las", "le", "les", "il", "de", "het"}


def answer_in_question(deck: Deck) -> Iterator[Diagnostic]:
    """The question gives its answer away.

    ## Why is this bad?
    You can answer the card just by reading it. You pass it every time and learn
    nothing. On a cloze card this happens when the hidden word appears a second
    time where it isn't hidden.

    Questions that offer a choice and questions about a word may name the answer.

    ## Example
    ```yaml
    # cards_source/bones.yaml
    deck: Bones
    id: bones
    cards:
      - id: femur
        cloze: The {{c1::femur}} is long; the head of the femur lies in the hip.
    ```

    Use instead: another word in the question. On a cloze card, hide the word
    everywhere:
    `The {{c1::femur}} is long; the head of the {{c1::femur}} lies in the hip.`

    What stands in the brackets of a picture in a question is part of the question:
    it is read to people who cannot see the picture. Say there what can be seen,
    without naming it: `![A long bone with a round head](media/femur.svg)`. Paper
    shows the words of a sound, and Anki the address of a link: put the sound or the
    link in the answer, or do without the words.
    """
    choice_words = _CHOICE_WORDS.get(base_language(deck))
    for card in question_cards(deck):
        if not card.has_own_answer:
            continue
        if choice_words and _gives_answer_away(card, choice_words):
            yield _diagnostic(card.answer_prose.strip(), card.question_span)
        elif speaker := _speaker_of_answer(card):
            message = f"{speaker} the answer, `{truncate(card.answer_prose.strip(), 32)}`"
            yield Diagnostic("answer-in-question", message, card.question_span, Severity.ADVICE)
    yield from _repeated_deletions(deck)


def _gives_answer_away(card: QuestionCard, choice_words: Sequence[str]) -> bool:
    question, answer_words = card.question_prose, _answer_words(card)
    if not answer_words or answer_words[-1] not in question.casefold():
        return False  # the quick way out for nearly every card
    question_words = split_words(question)
    return (
        # A question of few words is a word to be translated, or a formula.
        len(question_words) > len(answer_words) + MIN_ANSWER_LETTERS
        and is_prose(card.question)
        and is_prose(card.answer)
        and not any(isinstance(inline, c.Emphasis | c.Strong | c.Code) for inline in c.inlines(card.question))
        and _count_letters(answer_words) >= MIN_ANSWER_LETTERS
        and _contains(question_words, answer_words)
        and not set(choice_words).intersection(question_words)
        and not _ABOUT_WORDS.search(question)
        and not _is_listed(question, answer_words)
    )


def _answer_words(card: QuestionCard) -> list[str]:
    """Return the words of an answer without an article at its beginning."""
    return list(dropwhile(_ARTICLES.__contains__, split_words(card.answer_prose)))


def _speaker_of_answer(card: QuestionCard) -> str:
    """Return what says the answer, which the question itself does not, with its verb; empty for nothing."""
    if c.sole_text(card.question) is not None:
        return ""  # the quick way out
    beside_text = [found for inline in c.inlines(card.question) if (found := _words_beside_text(inline))[1]]
    if not beside_text:
        return ""
    answer_words = _answer_words(card)
    is_telling = is_prose(card.answer) and _count_letters(answer_words) >= MIN_ANSWER_LETTERS
    if not is_telling or _contains(split_words(card.question_prose), answer_words):
        return ""
    return next(
        (speaker for speaker, words in beside_text if _contains(split_words(words), answer_words)), ""
    )


def _words_beside_text(inline: c.Inline) -> tuple[str, str]:
    """Return what speaks beside the text, with its verb, and its words; both empty if it is text."""
    match inline:
        case c.Image(_, words):
            return "a picture's words say", words
        case c.Sound(_, words):
            return "a sound's words say", words
        case c.Link(url):
            from urllib.parse import unquote  # noqa: PLC0415  few questions have links

            return "a link's address says", unquote(url).replace("_", " ")
    return "", ""


def _repeated_deletions(deck: Deck) -> Iterator[Diagnostic]:
    for card, front_prose in cloze_cards(deck):
        note, number, front = card.note, card.ordinal + 1, fold(front_prose)
        for inline in c.inlines(note.fields[notetype.TEXT]):
            if isinstance(inline, c.Cloze) and number in inline.numbers:
                hidden = prose((c.Paragraph(inline.children),)).strip()
                hidden_words = split_words(hidden)
                # Nearly no word is there a second time, so nearly no front is split.
                is_there = bool(hidden_words) and hidden_words[-1] in front
                if is_there and _is_telling(hidden_words) and _contains(split_words(front), hidden_words):
                    yield _diagnostic(hidden, field_span(note, notetype.TEXT))


def _is_telling(hidden_words: Sequence[str]) -> bool:
    """Return whether a repetition of these words is hardly a coincidence."""
    return _count_letters(hidden_words) >= MIN_DELETION_LETTERS and not _DISTINGUISHING_WORDS.issuperset(
        hidden_words
    )


def _count_letters(words: Sequence[str]) -> int:
    return sum(letter.isalpha() for word in words for letter in word)


def _contains(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Return whether the words of a phrase follow one another somewhere in `words`."""
    size = len(phrase)
    return any(words[start : start + size] == phrase for start in range(len(words) - size + 1))


def _is_listed(question: str, answer_words: Sequence[str]) -> bool:
    """Return whether the answer is one of several things that the question lists."""
    pieces = re.split(r"[,;:–—]", question)
    return len(pieces) > 1 and any(split_words(piece) == list(answer_words) for piece in pieces)


def _diagnostic(answer: str, span: Span) -> Diagnostic:
    message = f"the question contains its answer, `{truncate(answer, 36)}`"
    return Diagnostic("answer-in-question", message, span, Severity.ADVICE)
