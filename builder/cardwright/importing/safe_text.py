"""Texts of other programs without what no text of ours can hold."""

import json
import math
import re
from typing import Any

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def without_control_characters(text: str) -> str:
    r"""Return a text without control characters, but with tabs and line feeds, as Anki imports it.

    Of the line end `\r\n` stays `\n`. Halves of characters, which are no text in UTF-8, become U+FFFD.
    Source: Anki, rslib/src/notes/mod.rs, `normalize_field` removes the same characters.
    """
    if _CONTROL.search(text) is None:
        return text
    return _CONTROL.sub(lambda match: "\ufffd" if match[0] >= "\ud800" else "", text)


def load_json(text: str) -> Any:
    """Return what a JSON text holds, so that it can be written as JSON again which any program reads.

    Errors: ValueError; RecursionError if it is nested too deep.
    """
    # Python also reads halves of characters, and numbers that no other program can.
    found = json.loads(text, parse_int=_whole_number, parse_float=_finite, parse_constant=lambda _: None)
    if "\\u" not in text:
        return found
    return json.loads(without_surrogates(json.dumps(found, ensure_ascii=False)))


def _whole_number(digits: str) -> int | float:
    number = int(digits) if len(digits) <= 20 else _finite(digits)
    return number if -(1 << 63) <= number < 1 << 63 else float(number)


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else 0.0


def without_surrogates(text: str) -> str:
    """Return a text that can be written in UTF-8, with U+FFFD for each half of a character."""
    return text if text.isascii() else text.encode(errors="surrogatepass").decode(errors="replace")


def decode(data: bytes) -> tuple[str, bool]:
    """Return a text in UTF-8, and whether all of it was UTF-8; what is not becomes U+FFFD."""
    try:
        return data.decode(), True
    except UnicodeDecodeError:
        return data.decode(errors="replace"), False
