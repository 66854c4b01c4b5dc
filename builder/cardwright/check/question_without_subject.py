"""Rule: question-without-subject."""

import re
from collections.abc import Iterator, Sequence

from cardwright.check.card_texts import asked, english, nothing_but_prose, prose
from cardwright.collection.deck import Deck
from cardwright.diagnostics.diagnostic import Diagnostic, Severity

_POINTING = r"(?:they|them|this|these|those|he|she)"
_IS = r"(?:is|are|was|were|does|do|did|can|could|will|would|has|have|had|should|must)"
# A second sentence, or what stands behind a colon or between quotation marks, may be the subject.
_SAYS_MORE = re.compile(r"[.!?]\s|[:\"“”„«»]")
_SIGNS = (
    # `Which of these …?`
    re.compile(r"(?:which|what|who)(?: \w+)? of (?:these|those|them|the following)\b"),
    # `Where do they insert?`; what a noun follows (`what does this muscle do`) is pointed at no less.
    re.compile(rf"(?:what|where|when|why|who|how)(?: \w+)? {_IS} {_POINTING}\b"),
    re.compile(rf"{_IS} {_POINTING}\b"),
    # `It` often stands for nothing (`How long does it take to heal?`), but not in so short a question.
    re.compile(
        rf"(?:what|where|when|why|who|how)(?: \w+)? {_IS} it(?: (?!to\b|that\b|if\b|when\b)\w+){{0,2}}\?$"
    ),
    # `Its insertion?`
    re.compile(r"(?:its|their) "),
)


def question_without_subject(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """A question does not name what it is about.

    ## Why is this bad?
    In a file, "Where does it insert?" stands below the card on the same muscle.
    In a review it comes alone, months later, between cards on other things, and
    nobody knows what "it" was.

    This advice is given for decks in English, and not where a picture, a formula
    or some code in the question shows what it is about.

    ## Example
    ```yaml
    # cards_source/leg.yaml
    deck: Leg
    id: leg
    cards:
      - {id: origin, q: Where does it begin?, a: At the ischial tuberosity}
    ```

    Use instead: "Where does the semitendinosus begin?", or the name in front:
    "Semitendinosus: where does it begin?"
    """
    for deck in decks:
        if not english(deck):
            continue
        for one in asked(deck):
            if one.turned and not one.own:
                continue  # an answer, turned into a question
            question = " ".join(prose(one.question).split()).lower()
            # An answer that asks, too, is a translation of the question.
            translated = "?" in prose(one.answer)
            if (
                question.endswith("?")
                and not _SAYS_MORE.search(question)
                and not translated
                and nothing_but_prose(one.question)
                and any(sign.match(question) for sign in _SIGNS)
            ):
                yield Diagnostic(
                    code="question-without-subject",
                    message="a question does not name what it is about",
                    span=one.question_place,
                    severity=Severity.ADVICE,
                    help="name it; in a review, the card comes without its neighbours",
                )
