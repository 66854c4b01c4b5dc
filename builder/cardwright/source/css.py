"""What CSS must not have: a way out of its `<style>`, a script, or a reference to anything outside.

A browser reads CSS with escapes resolved and comments left out, so it is judged both as written
and so read. Source: CSS Syntax Level 3, "Consume an escaped code point".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.source.nodes import Scalar
from cardwright.source.text import clean_text

MAX_CSS_LENGTH = 50_000

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)

_ELSEWHERE = "an import loads no file that only a style names; a picture belongs in a field"
_NO_SCRIPTS = "a downloaded deck must not bring scripts"
# What is refused, and what to do about it.
_REFUSED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), advice)
    for pattern, advice in (
        (r"@import", "write here what it would bring in"),
        (r"(?:url|src|image|image-set|cross-fade)\s*\(", _ELSEWHERE),
        (r"expression\s*\(|(?:java|vb)script\s*:|-moz-binding|(?<![-\w])behavior\s*:", _NO_SCRIPTS),
    )
)
_LEAVES = re.compile(r"</|<!--|-->|<style", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CssProblem:
    """A thing that CSS must not have. what: as it stands in the text, or as a browser reads it."""

    what: str
    advice: str


def find_css_problems(css: str) -> Iterator[CssProblem]:
    """What CSS has that it must not have, each thing once."""
    readings = {css, _COMMENT.sub("", css), _ESCAPE.sub(_resolved, css), _resolved_all(css)}
    found: dict[str, CssProblem] = {}
    for reading in sorted(readings, key=lambda one: one != css):
        for pattern, advice in _REFUSED:
            for match in pattern.finditer(reading):
                what = "".join(match[0].split())
                found.setdefault(what.lower(), CssProblem(what, advice))
        for match in _LEAVES.finditer(reading):
            found.setdefault(match[0].lower(), CssProblem(match[0], "nothing but CSS can stand here"))
    yield from found.values()


def _resolved_all(css: str) -> str:
    return _COMMENT.sub("", _ESCAPE.sub(_resolved, _COMMENT.sub("", css)))


def _resolved(match: re.Match[str]) -> str:
    if match[1] is None:
        return "" if match[2] == "\n" else str(match[2])
    code = int(match[1], 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def read_css(written: Scalar, report: Report) -> str | None:
    """The style of a note type, as written.

    Errors: `css-reaches-out` for each thing that it must not have; `long-css`.
    """
    css = clean_text(written, report)
    if len(css) > MAX_CSS_LENGTH:
        message = f"the style has {len(css):,} characters; {MAX_CSS_LENGTH:,} are the most"
        report.add(Diagnostic("long-css", message, written.span))
        return None
    found = list(find_css_problems(css))
    for flaw in found:
        message = f"the style has `{truncate(flaw.what)}` in it"
        report.add(Diagnostic("css-reaches-out", message, written.part(flaw.what), help=flaw.advice))
    return None if found else css
