"""Reads messages of Protocol Buffers, in which newer packages of Anki have settings and the list of media.

Source: https://protobuf.dev/programming-guides/encoding/
"""

from collections.abc import Mapping, Sequence

MAX_VALUES = 500_000
"""Of a message; the largest is the list of media."""

Message = Mapping[int, Sequence[int | bytes]]
"""Values by field number, in order: numbers of 64 bits without sign, or bytes of texts and messages."""


def read_message(data: bytes) -> Message:
    """Return the fields of a message.

    Errors: ValueError if the bytes are no message, or one with more than `MAX_VALUES` values.
    """
    fields: dict[int, list[int | bytes]] = {}
    position = count = 0
    while position < len(data):
        count += 1
        if count > MAX_VALUES:
            raise ValueError("too many values")
        tag, position = _varint(data, position)
        value: int | bytes
        match tag & 7:
            case 0:
                value, position = _varint(data, position)
            case 1 | 2 | 5 as wire_type:
                length, position = (
                    _varint(data, position) if wire_type == 2 else (8 if wire_type == 1 else 4, position)
                )
                value, position = data[position : position + length], position + length
                if position > len(data):
                    raise ValueError("a field is longer than its message")
            case wire_type:
                raise ValueError(f"a field has the wire type {wire_type}")
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def number(message: Message, field: int) -> int:
    """Return a whole number of 32 or 64 bits with its sign; 0 if the message doesn't have it."""
    value = message.get(field, (0,))[-1]
    if isinstance(value, bytes):
        raise ValueError("bytes in place of a number")  # noqa: TRY004  the data are wrong, no argument
    return value - (1 << 64) if value >= 1 << 63 else value


def optional_number(message: Message, field: int) -> int | None:
    """Return a number as `number` does; None if the message doesn't have it."""
    return number(message, field) if field in message else None


def content(message: Message, field: int) -> bytes:
    """Return the bytes of a field; none if the message doesn't have it."""
    value = message.get(field, (b"",))[-1]
    if isinstance(value, int):
        raise ValueError("a number in place of bytes")  # noqa: TRY004  the data are wrong, no argument
    return value


def text(message: Message, field: int) -> str:
    """Return a text; an empty one if the message doesn't have it. Errors: ValueError if it is not UTF-8."""
    return content(message, field).decode()


def contents(message: Message, field: int) -> list[bytes]:
    """Return the bytes of a field that may be repeated."""
    return [value for value in message.get(field, ()) if isinstance(value, bytes)]


def packed_numbers(data: bytes) -> list[int]:
    """Return numbers without sign that are packed into one field."""
    numbers = []
    position = 0
    while position < len(data):
        value, position = _varint(data, position)
        numbers.append(value)
    return numbers


def _varint(data: bytes, position: int) -> tuple[int, int]:
    """Return a number of up to 64 bits, and the position after it."""
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(data):
            break
        byte = data[position]
        value |= (byte & 127) << shift
        position += 1
        if byte < 128:
            return value & (1 << 64) - 1, position
    raise ValueError("a number has no end")
