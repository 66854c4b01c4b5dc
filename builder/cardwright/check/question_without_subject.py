"""Rule: question-without-subject."""

import re
from collections.abc import Iterator

from cardwright.check.card_texts import is_english, is_prose, question_cards
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Severity

_PRONOUN = r"(?:they|them|this|these|those|he|she)"
_VERB = r"(?:is|are|was|were|does|do|did|can|could|will|would|has|have|had|should|must)"
# A second sentence, or a text after a colon or between quotation marks, can be the subject.
_CAN_NAME_SUBJECT = re.compile(r"[.!?]\s|[:\"“”„«»]")
_WITHOUT_SUBJECT = re.compile(
    "|".join((
        # `Which of these …?`
        r"(?:which|what|who)(?: \w+)? of (?:these|those|them|the following)\b",
        # `Where do they insert?`; a noun may follow, as in `What does this muscle do?`
        rf"(?:what|where|when|why|who|how)(?: \w+)? {_VERB} {_PRONOUN}\b",
        rf"{_VERB} {_PRONOUN}\b",
        # `It` often stands for nothing (`How long does it take to heal?`), but not in a question this short.
        rf"(?:what|where|when|why|who|how)(?: \w+)? {_VERB} it(?: (?!to\b|that\b|if\b|when\b)\w+){{0,2}}\?$",
        # `Its insertion?`
        r"(?:its|their) ",
    ))
)  # fmt: skip


def question_without_subject(deck: Deck) -> Iterator[Diagnostic]:
    """A question doesn't name what it is about.

    ## Why is this bad?
    In your file, "Where does it insert?" is right below another card about the
    same muscle. In a review it comes alone, months later, between cards about
    other things, and nobody knows what "it" is.

    You get this advice for decks in English. A question that contains a picture,
    a formula or code is left alone, because that may show what it is about.

    ## Example
    ```yaml
    # cards_source/leg.yaml
    deck: Leg
    id: leg
    cards:
      - {id: origin, q: Where does it begin?, a: At the ischial tuberosity}
    ```

    Use instead: "Where does the semitendinosus begin?", or put the name first:
    "Semitendinosus: where does it begin?"
    """
    if not is_english(deck):
        return
    for card in question_cards(deck):
        if card.is_reverse and not card.has_own_answer:
            continue  # its question is an answer
        question = " ".join(card.question_prose.split()).lower()
        # If the answer is a question too, it's a translation.
        is_translation = "?" in card.answer_prose
        if (
            question.endswith("?")
            and _WITHOUT_SUBJECT.match(question)
            and not _CAN_NAME_SUBJECT.search(question)
            and not is_translation
            and is_prose(card.question)
        ):
            message = "a question doesn't name what it is about"
            help_ = "name it; in a review, the card comes without the cards around it"
            yield Diagnostic(
                "question-without-subject", message, card.question_span, Severity.ADVICE, help=help_
            )
