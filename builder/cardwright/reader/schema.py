"""The JSON Schema of the files that authors write, for editors: it is made of what the readers allow."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from cardwright.kinds import KINDS
from cardwright.reader.deck_keys import CARD_SIZE_KEYS, DECK_KEYS, TOPIC_KEYS
from cardwright.source.keys import Form, Key, mapping

# What the language server for YAML, which most editors use, understands best.
_DRAFT = "http://json-schema.org/draft-07/schema#"

# The keys without which a card of a kind is none; some others only cards of built-in note types need.
REQUIRED_BY_KIND = {"list": ("items",), "diagram": ("labels",), "type": ("fields",)}
_NO_KIND = f"Nothing says what kind of card this is: it has one of {', '.join(KINDS)}."


def schema_text() -> str:
    """Return the schema as the text of a file, which is the same for every project."""
    card_keys = {name: key for kind in KINDS.values() for name, key in kind.keys.items()}

    def refer_to_shared(keys: Mapping[str, Key]) -> Mapping[str, Any]:
        refs = {name: {"$ref": f"#/definitions/key-{name}"} for name in keys}
        return {name: refs[name] if card_keys[name] is key else key for name, key in keys.items()}

    kinds = {
        kind.key: mapping(refer_to_shared(kind.keys), kind.key, *REQUIRED_BY_KIND.get(kind.key, ()))
        for kind in KINDS.values()
    }
    no_card = {
        "properties": refer_to_shared(card_keys),
        "anyOf": [{"required": (key,), "errorMessage": _NO_KIND} for key in KINDS],
    }
    files = {"deck": mapping(DECK_KEYS, "deck"), "size": mapping(CARD_SIZE_KEYS, "size")}
    topic = mapping({"deck": DECK_KEYS["deck"], **TOPIC_KEYS}, "cards")
    schema = {
        "$schema": _DRAFT,
        "title": "Study cards of cardwright",
        "type": "object",
        **_by_key(files, topic),
        "definitions": {
            "card": {"type": "object", **_by_key(kinds, no_card)},
            **{f"key-{name}": key for name, key in card_keys.items()},
        },
    }
    return json.dumps(_plain(schema), ensure_ascii=False, indent=1) + "\n"


def _by_key(forms: Mapping[str, Form], otherwise: Form) -> Form:
    """Return the form of a mapping that has one of these forms if it has the key of it."""
    for key, form in reversed([*forms.items()]):
        otherwise = {"if": {"type": "object", "required": (key,)}, "then": form, "else": otherwise}
    return otherwise


def _plain(value: Any) -> Any:
    """Return a part of the schema as JSON has it, with what describes each key."""
    if isinstance(value, Key):
        form = value.form() if callable(value.form) else value.form
        # A plain description is shown sign by sign, and the other one only where it is known.
        marked_up = {"markdownDescription": value.description} if "`" in value.description else {}
        return {"description": value.description, **marked_up, **_plain(form)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items() if item != ()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value
