"""Texts of other programs without what no text of ours can hold."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def without_control_characters(text: str) -> str:
    r"""Return a text without control characters, but with tabs and line feeds, as Anki imports it.

    Of the line end `\r\n` stays `\n`. Halves of characters, which are no text in UTF-8, become U+FFFD.
    Source: Anki, rslib/src/notes/mod.rs, `normalize_field` removes the same characters.
    """
    if _CONTROL.search(text) is None:
        return text
    return _CONTROL.sub(lambda match: "\ufffd" if match[0] >= "\ud800" else "", text)


def without_surrogates(text: str) -> str:
    """Return a text that can be written in UTF-8, with U+FFFD for each half of a character."""
    return text if text.isascii() else text.encode(errors="surrogatepass").decode(errors="replace")


def decode(data: bytes) -> tuple[str, bool]:
    """Return a text in UTF-8, and whether all of it was UTF-8; what is not becomes U+FFFD."""
    try:
        return data.decode(), True
    except UnicodeDecodeError:
        return data.decode(errors="replace"), False
