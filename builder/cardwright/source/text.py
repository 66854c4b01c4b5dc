"""From the bytes of a file to its text, and from a scalar to text that can be shown."""

import re
import unicodedata

from cardwright.diagnostics import Diagnostic, Report, Severity, Source, Span
from cardwright.source.nodes import Scalar

# The characters that YAML forbids in a file. Source: YAML 1.2.2, production [1] c-printable.
_FORBIDDEN_ASCII = re.compile("[^\t\n\r\x20-\x7e]")
_ALLOWED = "\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"
# YAML allows these as escapes, but nobody means them: they are invisible or reverse the text.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufeff\ufffe\uffff]")
# Isolates keep words of the other direction together. One that is not ended would take in what an output
# puts after the text, too. Source: UAX #9, "Explicit Directional Isolates".
_ISOLATE_SIGN = re.compile("[\u2066-\u2069\n]")
_ISOLATE_END = "\u2069"
# A comment usually has two spaces before its `#` and one after it; one that does not may be
# meant as text. Source: the defaults of yamllint, rule `comments`.
_CLOSE_COMMENT = re.compile(r"[ \t](?:#|[ \t]+#(?=[^\s#]))[^\r\n]*")
BLANK = (" ", "\t")
"""Characters of which at least one stands between a plain scalar and a comment."""


def decode_source(path: str, data: bytes, report: Report) -> Source | None:
    """Return the text of a source file; report what keeps it from being text and return None.

    path: as shown to the author. data: UTF-8, with or without a byte order mark.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = data[: error.start].decode("utf-8-sig")
        # The rest is decoded as Latin-1, so that the excerpt shows the author where the byte is.
        source = Source(path, readable + data[error.start :].decode("latin-1"))
        message = f"the file is not UTF-8: found byte 0x{data[error.start]:02X}"
        span = Span(source, len(readable), len(readable) + 1)
        help_ = "save the file again with the encoding UTF-8"
        report.add(Diagnostic("not-utf-8", message, span, note="from here on", help=help_))
        return None
    source = Source(path, text, data)
    # So many ranges take long to compile, and longer to look for.
    pattern = _FORBIDDEN_ASCII if text.isascii() else re.compile(f"[^{_ALLOWED}]")
    forbidden = list(pattern.finditer(text))
    for match in forbidden:
        message = f"a character that text cannot contain: U+{ord(match[0]):04X}"
        report.add(Diagnostic("control-character", message, Span(source, *match.span()), note="delete it"))
    return None if forbidden else source


def clean_text(scalar: Scalar, report: Report) -> str:
    """Return the text of a scalar in NFC, without the white space around it.

    Errors: `control-character`, `escape-in-formula`, `unpaired-isolate`; and `comment-in-text`, a warning
    about a comment that may be meant as text.
    """
    text, source_text, end = scalar.value.strip(), scalar.source.text, scalar.end
    # Nearly every text ends with its line, and a look at one character takes less time than a pattern.
    is_followed = not scalar.style and source_text[end : end + 1] in BLANK
    if is_followed and (comment := _CLOSE_COMMENT.match(source_text, end)):
        message = "`#` after a space begins a comment, which isn't part of the text"
        span = Span(scalar.source, comment.start() + comment[0].index("#"), comment.end())
        help_ = "quote the whole text; or, for a comment, write two spaces before `#` and one after"
        report.add(Diagnostic("comment-in-text", message, span, Severity.WARNING, help=help_))
    if text.isascii() and text.isprintable():
        return text
    if scalar.style == '"' and ("\\(" in text or "\\[" in text):
        from cardwright.source.escaped_formulas import escaped_commands  # noqa: PLC0415  few texts need it

        if escapes := list(escaped_commands(scalar)):
            report.extend(escapes)
            text = _UNPRINTABLE.sub("", text)
    for match in _UNPRINTABLE.finditer(text):
        message = f"a character that cannot be shown: U+{ord(match[0]):04X}"
        report.add(Diagnostic("control-character", message, scalar.part(match[0]), help="delete it"))
    if sign := _unpaired_isolate(text):
        message, help_ = f"U+{ord(sign):04X} isolates text and has no end on its line", "end it with U+2069"
        if sign == _ISOLATE_END:
            message, help_ = "U+2069 ends an isolate that is not begun on its line", "delete it"
        report.add(Diagnostic("unpaired-isolate", message, scalar.part(sign), help=help_))
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text))


def _unpaired_isolate(text: str) -> str:
    """Return a sign that begins or ends an isolate which has no other end on its line; empty for none."""
    begun: list[str] = []
    for sign in _ISOLATE_SIGN.findall(text):
        if sign == "\n":
            if begun:
                break
        elif sign != _ISOLATE_END:
            begun.append(sign)
        elif begun:
            begun.pop()
        else:
            return _ISOLATE_END
    return begun[-1] if begun else ""


def clean_line(scalar: Scalar, report: Report) -> str:
    """Return the text of a scalar as one line, as `clean_text` does: a name or a title."""
    return " ".join(clean_text(scalar, report).split())


def warn_of(code: str, message: str, scalar: Scalar, part: str, help_: str) -> Diagnostic:
    """Return a warning about a part of a text; about all of it if the source spells the part differently."""
    return Diagnostic(code, message, scalar.part(part), Severity.WARNING, help=help_)


def span_of_text(entry: Span, text: str) -> Span:
    """Return where a text stands in an entry of a source, as YAML may have it; else the whole entry.

    In quotes a backslash or a quote may be doubled, and in a block the lines are indented.
    """
    # Doubled ones first: a text with single ones would be found at half of a doubled one.
    spellings = (text.replace("\\", "\\\\"), text.replace("'", "''"), text)
    patterns = (*map(re.escape, spellings), r"\s+".join(map(re.escape, text.split())))
    matches = (re.search(pattern, entry.text) for pattern in patterns if text)
    match = next(filter(None, matches), None)
    if match is None:
        return entry
    return Span(entry.source, entry.start + match.start(), entry.start + match.end())
