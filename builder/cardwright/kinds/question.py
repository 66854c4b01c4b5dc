"""`q` and `a`: a question and its answer, and the reverse question if the author wants one."""

from collections.abc import Iterator
from typing import TypeVar

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Diagnostic
from cardwright.kinds.card_keys import REVERSE_KEYS
from cardwright.kinds.card_reader import CardReader
from cardwright.source.mapping_reader import MappingReader, read_flag
from cardwright.source.nodes import Mapping, Scalar

_T = TypeVar("_T")


def read_question_card(card: CardReader) -> Iterator[Note]:
    """Yield the note of a question card."""
    question, answer = card.values.marked_up("q"), card.values.marked_up("a")
    if question is None:
        return
    if answer is None:
        if "a" not in card.values and not card.values.has_similar("a"):
            help_ = "write `cloze:` instead of `q:`" if "{{c" in question.value else "add `a:` to the card"
            if "items" in card.values:
                help_ = "write `list:` instead of `q:`"
            span = card.values.key_span("q")
            card.report.add(Diagnostic("missing-answer", "a question has no answer", span, help=help_))
        return
    fields = {notetype.QUESTION: card.content(question), notetype.ANSWER: card.content(answer)}
    scalars = {notetype.QUESTION: question, notetype.ANSWER: answer}
    if "reverse" in card.values:
        reverse_fields, reverse_scalars = _read_reverse(card, fields, scalars)
        fields |= reverse_fields
        scalars |= reverse_scalars
    typed = card.typed_answer(answer, fields[notetype.ANSWER]) if card.values.flag("typed") else ""
    yield card.note(NoteType.QUESTION, fields, scalars, typed=typed)


def _read_reverse(
    card: CardReader, fields: dict[str, c.Content], scalars: dict[str, Scalar]
) -> tuple[dict[str, c.Content], dict[str, Scalar]]:
    """Return the fields of the card that asks the other way round, and the scalars they were read from.

    `true` swaps question and answer; a text is a question of its own, answered by
    the whole card; a mapping has its own question and its own answer.
    """
    node = card.values.get("reverse")
    if isinstance(node, Mapping):
        reverse = MappingReader(node, "`reverse`", card.report)
        reverse.allow_only(REVERSE_KEYS)
        if not (reverse.require("q") and reverse.require("a")):
            return {}, {}
        question, answer = reverse.marked_up("q"), reverse.marked_up("a")
        if question is None or answer is None:
            return {}, {}
        contents = _reverse_fields(card.content(question), card.content(answer))
        return contents, _reverse_fields(question, answer)
    scalar = card.values.scalar("reverse")
    if scalar is None or scalar.value == "false":
        return {}, {}
    question_content, answer_content = fields[notetype.QUESTION], fields[notetype.ANSWER]
    if scalar.value == "true":
        contents = _reverse_fields(answer_content, question_content)
        return contents, _reverse_fields(scalars[notetype.ANSWER], scalars[notetype.QUESTION])
    contents = _reverse_fields(reverse_question(card, scalar), (*question_content, *answer_content))
    return contents, _reverse_fields(scalar, scalars[notetype.QUESTION])


def _reverse_fields(question: _T, answer: _T) -> dict[str, _T]:
    return {notetype.REVERSE: question, notetype.REVERSE_ANSWER: answer}


def reverse_question(card: CardReader, scalar: Scalar) -> c.Content:
    """Parse the text of a reverse question; report `yes`, `True`, `null` and the like, which are no text."""
    if scalar.value.lower() in {"true", "false", "yes", "no", "on", "off", "null"}:
        read_flag(scalar, "reverse", card.report)
    return card.content(scalar)
