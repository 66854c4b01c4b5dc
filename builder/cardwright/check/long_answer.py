"""Rule: long-answer."""

from collections.abc import Iterator

from cardwright.check.card_texts import count_words, field_span, prose, question_cards
from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.deck import Deck
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Diagnostic, Severity, Span

MAX_WORDS = 20
"""They take eight seconds to say, at the 150 words per minute of calm speech."""


def long_answer(deck: Deck) -> Iterator[Diagnostic]:
    """An answer has more than 20 words.

    ## Why is this bad?
    A long answer contains several facts. If you forget one of them, the whole
    card counts as forgotten, and the facts you know come up again as often as
    the one you don't. Or you pass the card although a fact was missing, and
    never learn that fact. Piotr Wozniak calls this the minimum information
    principle: simple things are easy to schedule. Twenty words take about eight
    seconds to say; a good answer takes two or three. (Source: P. Wozniak,
    Effective learning: twenty rules of formulating knowledge, 1999, rule 4.)

    A Chinese or Japanese character counts as half a word. Lists, tables and code
    don't count.

    ## Example
    ```yaml
    # cards_source/seas.yaml
    deck: Seas
    id: seas
    cards:
      - id: dead-sea
        q: What is the Dead Sea?
        a: >-
          A salt lake between Israel and Jordan whose shore is the lowest place
          on land and whose water is so salty that swimmers float on it
    ```

    Use instead: one card for each fact, such as "Between which countries does
    the Dead Sea lie?" Put what is good to know but needn't be recalled into
    `extra`, which is shown under the answer.
    """
    for card in question_cards(deck):
        if card.has_own_answer and (words := count_words(card.answer_prose)) > MAX_WORDS:
            yield _diagnostic(f"an answer of {words} words", card.answer_span)
    for note in deck.notes:
        if note.type == NoteType.CLOZE:
            yield from _long_deletions(note.fields[notetype.TEXT], field_span(note, notetype.TEXT))


def _long_deletions(text: c.Content, span: Span) -> Iterator[Diagnostic]:
    for deletion in (inline for inline in c.inlines(text) if isinstance(inline, c.Cloze)):
        if (words := count_words(prose((c.Paragraph(deletion.children),)))) > MAX_WORDS:
            yield _diagnostic(f"a cloze deletion of {words} words", span)


def _diagnostic(subject: str, span: Span) -> Diagnostic:
    message = f"{subject} is hard to recall in full"
    help_ = "ask for each fact on its own card, or move what needn't be recalled to `extra`"
    return Diagnostic("long-answer", message, span, Severity.ADVICE, help=help_)
