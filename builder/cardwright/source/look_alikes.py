"""Explain characters that look like those of YAML, such as a no-break space that indents a line."""

import re
import unicodedata

from cardwright.diagnostics import Diagnostic, Source, Span
from cardwright.source.nodes import Scalar

_SPACES = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
_DASHES = "•‣◦▪●·∙*‐‑‒–—―−－"
_KEY = r"[\"'“”„]?[A-Za-z_]{1,16}[\"'“”]?"
# The character is the group of each; what YAML has in its place; what it is for.
_LOOK_ALIKES = (
    (rf"[ \t]*([{_SPACES}])[\s{_SPACES}]*\S", " ", "a line is indented with"),
    (rf"[ ]*([{_DASHES}])[\s{_SPACES}]*(?=\{{|{_KEY}[:：](?:\s|\Z))", "-", "an entry of a list begins with"),
    (rf"[ ]*-([{_SPACES}])[\s{_SPACES}]*\S", " ", "a dash is followed by"),
    (rf"[ ]*(?:- +)?[{{｛]?{_KEY} *([：﹕∶꞉])", ":", "a key is followed by"),
    (rf"[ ]*(?:- +)?{_KEY}:([{_SPACES}])\S", " ", "a colon is followed by"),
    (r"[ ]*(?:- +)?([“”„«‘])[A-Za-z_]{1,16}[“”»’]:", '"', "a key is quoted with"),
    (r"[ ]*- +([｛])", "{", "a card begins with"),
    (rf"[ ]*- +\{{.*?([，、]) *{_KEY}: ", ",", "keys in braces are separated by"),
    (r"[ ]*- +\{[^}]*(｝)\s*\Z", "}", "a card ends with"),
)
_BULLET = re.compile(rf"[{_DASHES}]\s")


def explain_look_alike(source: Source, start: int, end: int) -> Diagnostic | None:
    """Return an error for the first look-alike among the lines that have these offsets; None for none."""
    first, last = source.position(start).line, source.position(end).line
    for number in range(first, last + 1):
        line = source.line(number)
        if line.isascii() and not line.lstrip().startswith("*"):
            continue
        for pattern, sign, use in _LOOK_ALIKES:
            if match := re.match(pattern, line):
                offset = source.line_starts[number - 1] + match.start(1)
                return _look_alike(Span(source, offset, offset + 1), sign, use)
    return None


def explain_bullet(scalar: Scalar) -> Diagnostic | None:
    """Return an error for a text that consists of entries with another sign than a dash; None for none."""
    if scalar.style or not _BULLET.match(scalar.value):
        return None
    return _look_alike(
        Span(scalar.source, scalar.start, scalar.start + 1), "-", "an entry of a list begins with"
    )


def _look_alike(span: Span, sign: str, use: str) -> Diagnostic:
    name = unicodedata.name(span.text, "").lower()
    found = (
        f"U+{ord(span.text):04X}" if span.text.isspace() or not span.text.isprintable() else f"`{span.text}`"
    )
    message = f"{use} {found}, which YAML does not know"
    wanted = "a plain space" if sign == " " else f"`{sign}`"
    help_ = f"type {wanted} instead of this {name}"
    return Diagnostic("look-alike", message, span, help=help_)
