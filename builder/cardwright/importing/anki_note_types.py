"""Note types of Anki as JSON of schema 11, from there or from the messages of schema 18."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cardwright.collection.deck_name import SEPARATOR
from cardwright.importing.collection import AnkiTemplate, AnkiType
from cardwright.importing.findings import FindingCounter
from cardwright.importing.protobuf import (
    Message,
    content,
    contents,
    number,
    optional_number,
    packed_numbers,
    read_message,
    text,
)
from cardwright.importing.safe_text import load_json, without_control_characters

Json = dict[str, Any]

_OTHER = 255
"""The field of a message that has JSON with what schema 11 has and the message doesn't."""
_REQUIREMENT_KINDS = ("none", "any", "all")
_INT64 = range(-(1 << 63), 1 << 63)
_UINT16 = range(1 << 16)
MAX_PARTS = 1000
"""Of the fields, or of the templates, of a note type."""
_MAX_LEVELS = 100
"""Of decks in decks; a name of more levels is cut."""


def note_type(json_: Json) -> AnkiType:
    """Return a note type from its JSON, as `json_from_messages` or `checked_json` returns it."""
    return AnkiType(
        id=json_["id"],
        name=json_["name"],
        mod=json_["mod"],
        is_cloze=json_["type"] == 1,
        css=without_control_characters(json_["css"]),
        fields=tuple(field["name"] for field in json_["flds"]),
        templates=tuple(
            AnkiTemplate(
                template["name"],
                without_control_characters(template["qfmt"]),
                without_control_characters(template["afmt"]),
            )
            for template in json_["tmpls"]
        ),
        json=json_,
    )


def fields_of_type(fields: tuple[str, ...], type_: AnkiType, found: FindingCounter) -> tuple[str, ...]:
    """Return the fields of a note, as many as its type has, as Anki's Check Database mends them.

    fields: as found; at least one.

    Source: Anki, rslib/src/notes/mod.rs, `fix_field_count`.
    """
    count = len(type_.fields)
    if len(fields) == count:
        return fields
    found.add("notes with more or fewer fields than their note type")
    last = "; ".join(fields[count - 1 :])
    return (*fields[: count - 1], last, *[""] * (count - len(fields)))[:count]


def json_from_messages(
    row: tuple[int, str, int, int, bytes],
    fields: Iterable[tuple[str, bytes]],
    templates: Iterable[tuple[str, bytes]],
) -> Json:
    """Return a note type as Anki exports it for older versions, keys in the same order.

    row: id, name, time of the last change in s, update sequence number, message.
    fields, templates: name and message, by ordinal.

    Errors: ValueError if a message is damaged.
    Source: Anki, proto/anki/notetypes.proto and rslib/src/notetype/schema11.rs.
    """
    id_, name, mod, usn, config = row
    message = read_message(config)
    json_: Json = {
        "id": id_,
        "name": name,
        "type": int(number(message, 1) == 1),
        "mod": mod,
        "usn": usn,
        "sortf": number(message, 2) % (1 << 16),
        "did": number(message, 4) or None,
        "tmpls": [
            _template(ordinal, name, read_message(config)) for ordinal, (name, config) in enumerate(templates)
        ],
        "flds": [
            _field(ordinal, name, read_message(config)) for ordinal, (name, config) in enumerate(fields)
        ],
        "css": text(message, 3),
        "latexPre": text(message, 5),
        "latexPost": text(message, 6),
        "latexsvg": number(message, 7) != 0,
        "req": [_requirement(read_message(requirement)) for requirement in contents(message, 8)],
    }
    if number(message, 9):
        json_["originalStockKind"] = number(message, 9)
    if 10 in message:
        json_["originalId"] = number(message, 10)
    return _with_other_keys(json_, message, ("originalStockKind", "originalId"))


def _requirement(message: Message) -> list[Any]:
    ordinals: list[int] = []
    for value in message.get(3, ()):
        ordinals += packed_numbers(value) if isinstance(value, bytes) else [value]
    kind = number(message, 2)
    name = _REQUIREMENT_KINDS[kind] if kind in range(len(_REQUIREMENT_KINDS)) else _REQUIREMENT_KINDS[0]
    return [number(message, 1), name, ordinals]


def _field(ordinal: int, name: str, message: Message) -> Json:
    json_ = {
        "name": name,
        "ord": ordinal,
        "sticky": number(message, 1) != 0,
        "rtl": number(message, 2) != 0,
        "font": text(message, 3),
        "size": number(message, 4) % (1 << 16),
        "description": text(message, 5),
        "plainText": number(message, 6) != 0,
        "collapsed": number(message, 7) != 0,
        "excludeFromSearch": number(message, 8) != 0,
        "id": optional_number(message, 9),
        "tag": optional_number(message, 10),
        "preventDeletion": number(message, 11) != 0,
    }
    return _with_other_keys(json_, message)


def _template(ordinal: int, name: str, message: Message) -> Json:
    json_ = {
        "name": name,
        "ord": ordinal,
        "qfmt": text(message, 1),
        "afmt": text(message, 2),
        "bqfmt": text(message, 3),
        "bafmt": text(message, 4),
        "did": max(number(message, 5), 0) or None,
        "bfont": text(message, 6),
        "bsize": number(message, 7) % (1 << 8),
        "id": optional_number(message, 8),
    }
    return _with_other_keys(json_, message)


def _with_other_keys(json_: Json, message: Message, reserved: Sequence[str] = ()) -> Json:
    """Return JSON with the keys that the message has as JSON. Anki ignores those if they cannot be read."""
    try:
        others = load_json(content(message, _OTHER).decode() or "{}")
    except (ValueError, RecursionError):
        return json_
    if not isinstance(others, dict):
        return json_
    return json_ | {key: value for key, value in others.items() if key not in json_ and key not in reserved}


def checked_json(id_: int, found: Mapping[str, Any]) -> Json:
    """Return a note type of schema 11 with the keys that Anki needs, each of its kind, and others as found.

    Where Anki would refuse the package because a key is missing or of the wrong kind, it gets its default.
    Source: Anki, rslib/src/notetype/schema11.rs.
    """
    json_ = _checked(found, _TYPE_KEYS)
    json_["id"] = id_
    json_["tmpls"] = [_checked(template, _TEMPLATE_KEYS) for template in objects(found.get("tmpls"))]
    json_["flds"] = [_checked(field, _FIELD_KEYS) for field in objects(found.get("flds"))]
    if json_["type"] not in (0, 1):
        json_["type"] = 0
    if "req" in json_ and not _are_requirements(json_["req"]):
        del json_["req"]
    return json_


def with_unique_names(json_: Json) -> Json:
    """Return a note type whose names are as Anki's own when it reads a package: in NFC, and all different.

    Source: Anki, rslib/src/notetype/mod.rs, `normalize_names` and `ensure_names_unique`.
    """
    result = json_ | {"name": normalized_name(json_["name"])}
    for key in ("tmpls", "flds"):
        names: set[str] = set()
        result[key] = [
            part | {"name": unused_name(normalized_name(part["name"]), "+", names)} for part in json_[key]
        ]
    return result


def normalized_name(name: str) -> str:
    """Return the name of a note type, field or template as Anki has it, never empty."""
    return unicodedata.normalize("NFC", without_control_characters(name)) or "blank"


def deck_name(name: str) -> str:
    """Return the full name of a deck as Anki has it. name: levels joined by `::`.

    Source: Anki, rslib/src/decks/name.rs, `normalized_deck_name_component`.
    """
    return SEPARATOR.join(_deck_name_part(part) for part in name.split(SEPARATOR)[:_MAX_LEVELS])


def _deck_name_part(part: str) -> str:
    tidy = unicodedata.normalize("NFC", without_control_characters(part).replace("\n", "").replace("\t", ""))
    while tidy != (shorter := tidy.strip().strip(":")):
        tidy = shorter
    return tidy or "blank"


def unused_name(name: str, suffix: str, used: set[str]) -> str:
    """Return a name that is not used yet, and add it to the used ones, which are casefolded.

    suffix: what is added to a used name, and to the result again, as Anki does it; after some times a number.
    """
    unused = name
    while unused.casefold() in used:
        unused = unused + suffix if len(unused) < len(name) + 20 else f"{name}{suffix}{len(used)}{suffix}"
    used.add(unused.casefold())
    return unused


def objects(value: object) -> list[Mapping[str, Any]]:
    """Return the objects in a JSON array; none if it is no array."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _checked(found: Mapping[str, Any], keys: Mapping[str, "_Key"]) -> Json:
    """Return a JSON object whose known keys have values of their kind."""
    checked = dict(found)
    for key, (read, default, is_required) in keys.items():
        if key in found or is_required:
            value = read(found.get(key))
            checked[key] = default if value is None else value
    return checked


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _int64_or_none(value: object) -> int | None:
    """Return a whole number. Old tools write ids as texts, and times with fractions."""
    try:
        whole = int(value) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError):
        return None
    return whole if whole is not None and whole in _INT64 else None


def _uint16_or_none(value: object) -> int | None:
    whole = _int64_or_none(value)
    return whole if whole is not None and whole in _UINT16 else None


def _flag_or_none(value: object) -> bool | None:
    return bool(value) if isinstance(value, bool | int | str) else None


def _are_requirements(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, list)
        and len(item) == 3
        and item[1] in _REQUIREMENT_KINDS
        and isinstance(item[2], list)
        and all(number in _UINT16 for number in (item[0], *item[2]) if isinstance(number, int))
        and all(isinstance(number, int) for number in (item[0], *item[2]))
        for item in value
    )


_Key = tuple[Callable[[object], object], object, bool]
"""Returns the value, or None if it is of the wrong kind; the default; whether Anki needs the key."""

_TYPE_KEYS: Mapping[str, _Key] = {
    "name": (_text_or_none, "blank", True),
    "type": (_int64_or_none, 0, True),
    "mod": (_int64_or_none, 0, True),
    "usn": (_int64_or_none, 0, True),
    "sortf": (_uint16_or_none, 0, True),
    "did": (_int64_or_none, None, True),
    "css": (_text_or_none, "", True),
    "latexPre": (_text_or_none, "", False),
    "latexPost": (_text_or_none, "", False),
    "latexsvg": (_flag_or_none, False, False),
    "originalStockKind": (_int64_or_none, 0, False),
    "originalId": (_int64_or_none, None, False),
}
_FIELD_KEYS: Mapping[str, _Key] = {
    "name": (_text_or_none, "blank", True),
    "ord": (_uint16_or_none, None, False),
    "sticky": (_flag_or_none, False, True),
    "rtl": (_flag_or_none, False, True),
    "font": (_text_or_none, "Arial", True),
    "size": (_uint16_or_none, 20, True),
    "description": (_text_or_none, "", False),
    "plainText": (_flag_or_none, False, False),
    "collapsed": (_flag_or_none, False, False),
    "excludeFromSearch": (_flag_or_none, False, False),
    "id": (_int64_or_none, None, False),
    "tag": (_uint16_or_none, None, False),
    "preventDeletion": (_flag_or_none, False, False),
}
_TEMPLATE_KEYS: Mapping[str, _Key] = {
    "name": (_text_or_none, "blank", True),
    "ord": (_uint16_or_none, None, False),
    "qfmt": (_text_or_none, "", True),
    "afmt": (_text_or_none, "", True),
    "bqfmt": (_text_or_none, "", False),
    "bafmt": (_text_or_none, "", False),
    "did": (_int64_or_none, None, False),
    "bfont": (_text_or_none, "", False),
    "bsize": (_uint16_or_none, 0, False),
    "id": (_int64_or_none, None, False),
}
