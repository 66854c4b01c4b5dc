"""From the bytes of a file to its text."""

import re

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.source import Source
from cardwright.diagnostics.span import Span

# What YAML allows in a file. Source: YAML 1.2.2, production [1] c-printable.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def decode(path: str, data: bytes, report: Report) -> Source | None:
    """The text of a source file, or None after saying what is wrong with it.

    path: as shown to the author. data: UTF-8, with or without a byte order mark.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = data[: error.start].decode("utf-8-sig")
        # The rest is shown as if it were Latin-1, so that the place can be found.
        source = Source(path, readable + data[error.start :].decode("latin-1"))
        at = Span(source, len(readable), len(readable) + 1)
        report.add(
            Diagnostic(
                code="not-utf-8",
                message=f"the file is not UTF-8: found byte 0x{data[error.start]:02X}",
                span=at,
                note="from here on",
                help="save the file again with the encoding UTF-8",
            )
        )
        return None
    source = Source(path, text)
    found = False
    for match in _FORBIDDEN.finditer(text):
        found = True
        report.add(
            Diagnostic(
                code="control-character",
                message=f"a character that no text holds: U+{ord(match[0]):04X}",
                span=Span(source, match.start(), match.end()),
                note="delete it",
            )
        )
    return None if found else source
