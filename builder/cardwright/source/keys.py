"""What describes the keys of the source format: what each is for, and what its value may be.

A reader allows the keys of such a description and no others. The JSON Schema that editors use is made of the
same descriptions, so that the two can't differ.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cardwright.record import Record

Form = Mapping[str, Any]
"""What a value may be, as JSON Schema says it (draft 7). Among its `properties` there may be a `Key`."""


class Key(Record, frozen=True):
    """A key that a mapping may have.

    description: what it is for, in sentences that an editor shows beside it.
    form: what its value may be; a function that returns that, if it takes an import that few decks need.
    """

    description: str
    form: Form | Callable[[], Form]


def mapping(keys: Mapping[str, Key] | Form, *required: str) -> Form:
    """Return the form of a mapping that has some of these keys and no others."""
    return {"type": "object", "properties": keys, "required": required, "additionalProperties": False}


def filled(form: Form) -> Form:
    """Return the form of a mapping or a list that isn't empty."""
    return {**form, "minItems" if form["type"] == "array" else "minProperties": 1}


def entries(form: Form) -> Form:
    """Return the form of a mapping whose keys the author chooses."""
    return {"type": "object", "additionalProperties": form}


def named(form: Form) -> Form:
    """Return the form of a mapping whose keys are names, of which it needs at least one."""
    return filled({**entries(form), "propertyNames": {"pattern": NAME["pattern"]}})


def sequence(form: Form, count: int | None = None) -> Form:
    """Return the form of a list. count: how many items it has; None for any number."""
    limits = {} if count is None else {"minItems": count, "maxItems": count}
    return {"type": "array", "items": form, **limits}


def either(first: Form, second: Form) -> Form:
    """Return the form of a value that has one of two forms, which have different types."""
    return {**first, **second, "type": (*_types(first), *_types(second))}


def one_of(words: Iterable[str]) -> Form:
    """Return the form of a text that is one of some words."""
    return {"type": "string", "enum": tuple(words)}


def some_of(words: Iterable[str]) -> Form:
    """Return the form of such a word, or of a list of them."""
    word = one_of(words)
    return {"anyOf": (word, sequence(word))}


def number(pattern: str, **limits: float) -> Form:
    """Return the form of a number. pattern: a regular expression of its text, which may have a unit."""
    return {"type": ("number", "string"), "pattern": f"^(?:{pattern})$", **limits}


def whole_number(pattern: str, **limits: float) -> Form:
    return {**number(pattern, **limits), "type": ("integer", "string")}


def _types(form: Form) -> tuple[str, ...]:
    type_ = form["type"]
    return (type_,) if isinstance(type_, str) else type_


def _text(pattern: str, message: str, *more_types: str) -> Form:
    """Return the form of a text. message: what an editor says of one that the pattern doesn't match."""
    return {"type": ("string", *more_types), "pattern": pattern, "patternErrorMessage": message}


# To an editor, `5`, `true` and `~` are no texts; to us every value is one.
_NOT_EMPTY = ("number", "boolean")
TEXT: Form = {"type": ("string", *_NOT_EMPTY, "null")}
TEXTS = either(TEXT, sequence(TEXT))
NAME = _text(r"^[^\s/]+$", "A name has no spaces and no slashes.", *_NOT_EMPTY)
"""An id, or the name of a part."""
FORMER_NAME = _text(r"^\S+$", "A former name has no spaces.", *_NOT_EMPTY)
FLAG = _text("^(?:true|false)$", "This is true or false.", "boolean")
DAY = _text("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "This is a date such as 2025-03-23.")

HTML_KEYS = {"html": Key("HTML that Anki shows as it is, once it is made safe; paper shows its text.", TEXT)}
MARKED_UP = either(TEXT, mapping(HTML_KEYS, "html"))
"""A text in Markdown, or in HTML."""
