"""Rule: long-answer."""

from collections.abc import Iterator, Sequence

from cardwright.check.card_texts import asked, length, place, prose
from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.deck import Deck
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.span import Span

LIMIT = 20
"""Words. At the 150 words a minute of calm speech they take eight seconds to say."""


def long_answer(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """An answer has more than 20 words.

    ## Why is this bad?
    A long answer is several facts. One forgotten, the whole card counts as
    forgotten, and the facts you know come up again as often as the one you do
    not. Or you let the missing one pass, and never learn it. Piotr Wozniak calls
    it the minimum information principle: what is simple is easy to schedule.
    Twenty words take about eight seconds to say; a good answer takes two or
    three. (Source: P. Wozniak, Effective learning: twenty rules of formulating
    knowledge, 1999, rule 4.)

    Chinese and Japanese characters count as half a word each. Lists, tables and
    code are not counted.

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
    the Dead Sea lie?" What is good to know and need not be recalled goes into
    `extra`, which is shown under the answer.
    """
    for deck in decks:
        for one in asked(deck):
            if one.own and (words := length(prose(one.answer))) > LIMIT:
                yield _advice(f"an answer of {words} words", one.answer_place)
        for note in deck.notes:
            if note.type == NoteType.CLOZE:
                yield from _hidden(note.fields[notetype.TEXT], place(note, notetype.TEXT))


def _hidden(text: c.Content, where: Span) -> Iterator[Diagnostic]:
    for inline in c.inlines(text):
        if isinstance(inline, c.Cloze):
            words = length(prose((c.Paragraph(inline.children),)))
            if words > LIMIT:
                yield _advice(f"a deletion that hides {words} words", where)


def _advice(what: str, where: Span) -> Diagnostic:
    return Diagnostic(
        code="long-answer",
        message=f"{what} is hard to recall whole",
        span=where,
        severity=Severity.ADVICE,
        help="ask for each fact on a card of its own, or move what need not be recalled to `extra`",
    )
