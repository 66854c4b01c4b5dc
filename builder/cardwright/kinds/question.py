"""`q` and `a`: a question and its answer, and the way back if the author wants one."""

from collections.abc import Iterator

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.note import Note
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.kinds.entry import CardEntry
from cardwright.source import decode
from cardwright.source.nodes import Mapping, Node, Scalar

KEYS = frozenset({"a", "reverse"})


def read_question_card(entry: CardEntry) -> Iterator[Note]:
    """One note."""
    asked = entry.text(entry.node, "q")
    answered = entry.text(entry.node, "a")
    if asked is None:
        return
    if "a" not in entry.node.entries and not decode.misspelt(entry.node, "a"):
        entry.report.add(
            Diagnostic(
                code="missing-answer",
                message="a question has no answer",
                span=entry.node.entries["q"][0].span,
                help="add `a:` to the card",
            )
        )
    if answered is None:
        return
    fields = {notetype.QUESTION: entry.answer(asked), notetype.ANSWER: entry.answer(answered)}
    written = {notetype.QUESTION: asked, notetype.ANSWER: answered}
    reverse = entry.node.get("reverse")
    if reverse is not None:
        fields |= _reverse(entry, reverse, fields[notetype.QUESTION], fields[notetype.ANSWER])
        written |= _reverse_written(reverse, asked, answered)
    typed = answered if entry.flag(entry.node, "typed") else None
    yield entry.question_note(fields, typed=typed, written=written)


def _reverse(entry: CardEntry, node: Node, question: c.Content, answer: c.Content) -> dict[str, c.Content]:
    """The fields of the card that asks the other way round.

    `true` turns the card around; a text is a question of its own, answered by
    the card as a whole; a mapping has its own question and its own answer.
    """
    if isinstance(node, Mapping):
        decode.only(node, ("q", "a"), "`reverse`", entry.report)
        if decode.required(node, "q", "`reverse`", entry.report) is None:
            return {}
        if decode.required(node, "a", "`reverse`", entry.report) is None:
            return {}
        asked, answered = entry.text(node, "q"), entry.text(node, "a")
        if asked is None or answered is None:
            return {}
        return {notetype.REVERSE: entry.answer(asked), notetype.REVERSE_ANSWER: entry.answer(answered)}
    written = decode.scalar(node, "reverse", entry.report)
    if written is None or written.value == "false":
        return {}
    if written.value == "true":
        return {notetype.REVERSE: answer, notetype.REVERSE_ANSWER: question}
    return {notetype.REVERSE: own_question(entry, written), notetype.REVERSE_ANSWER: (*question, *answer)}


def _reverse_written(node: Node, question: Scalar, answer: Scalar) -> dict[str, Scalar]:
    """The texts that the fields of the way back were read from."""
    own = {"q": node, "a": question}
    if isinstance(node, Mapping):
        own = {key: value for key in ("q", "a") if (value := node.get(key)) is not None}
    elif isinstance(node, Scalar) and node.value == "true":
        own = {"q": answer, "a": question}
    names = {"q": notetype.REVERSE, "a": notetype.REVERSE_ANSWER}
    return {names[key]: value for key, value in own.items() if isinstance(value, Scalar)}


def own_question(entry: CardEntry, written: Scalar) -> c.Content:
    """A reverse question in words; `yes`, `True` and their kin were meant as `true`."""
    if written.value.lower() in {"true", "false", "yes", "no", "on", "off"}:
        decode.flag(written, "reverse", entry.report)
    return entry.answer(written)
