"""Warns of `}}` that ends no deletion: the deletion ended before, or its end stands there twice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cardwright.collection import content as c
from cardwright.diagnostics import Diagnostic, Severity, Span
from cardwright.record import Record
from cardwright.source.nodes import Scalar

_END = "}}"
_BRACES = re.compile(r"\{|\}+")


class _StrayEnd(Record, frozen=True):
    """before: the text up to the end and with it, back to the deletion or markup before it."""

    before: str
    is_in_code: bool


@dataclass(slots=True)
class _Braces:
    """Counts the open braces of a prose or a code, hidden ones as well."""

    is_in_code: bool
    depth: int = 0
    has_deletion: bool = False
    is_behind_deletion: bool = False

    def read(self, text: str, *, is_hidden: bool) -> Iterator[_StrayEnd]:
        """Yield the ends in a text that follows on what was read so far."""
        for braces in _BRACES.finditer(text):
            if braces[0] == "{":
                self.depth += 1
                continue
            unopened = len(braces[0]) - self.depth
            self.depth = max(0, -unopened)
            if unopened >= len(_END) and self.has_deletion and not is_hidden:
                before = text[: braces.end()]
                yield _StrayEnd(f"{_END}{before}" if self.is_behind_deletion else before, self.is_in_code)
        self.is_behind_deletion = False


def stray_ends(content: c.Content, scalar: Scalar) -> Iterator[Diagnostic]:
    r"""Yield a warning of the first `}}` behind a deletion that neither ends one nor closes braces.

    In a formula, braces that don't belong together are an error anyway. With `\}` the author means braces.
    """
    stray = None if r"\}" in scalar.value else next(_find_stray_ends(content), None)
    if stray is None:
        return
    backslash = "\\\\" if scalar.style == '"' else "\\"
    help_ = f"leave it out, or write `{backslash}{_END}` if it is shown"
    if stray.is_in_code:
        help_ = "a deletion ends at its first `}}`: hide a part without it, or leave one out"
    message = "`}}` ends no deletion and is only text"
    yield Diagnostic("deletion-end-as-text", message, _span_of(stray, scalar), Severity.WARNING, help=help_)


def _find_stray_ends(content: c.Content) -> Iterator[_StrayEnd]:
    prose = _Braces(is_in_code=False)
    for run in c.runs(content):
        kinds = {type(inline) for inline in c.walk(run)}
        is_code_block = c.Verbatim in kinds and c.Code not in kinds
        yield from _read(run, _Braces(is_in_code=True) if is_code_block else prose, is_hidden=False)


def _read(children: c.Inlines, braces: _Braces, *, is_hidden: bool) -> Iterator[_StrayEnd]:
    for inline in children:
        if isinstance(inline, c.Text | c.Verbatim):
            yield from braces.read(inline.text, is_hidden=is_hidden)
            continue
        if isinstance(inline, c.Code):
            yield from _read(inline.children, _Braces(is_in_code=True), is_hidden=False)
        elif isinstance(inline, c.Wrapper):
            is_deletion = isinstance(inline, c.Cloze)
            yield from _read(inline.children, braces, is_hidden=is_hidden or is_deletion)
            braces.has_deletion = braces.has_deletion or is_deletion
        braces.is_behind_deletion = isinstance(inline, c.Cloze)


def _span_of(stray: _StrayEnd, scalar: Scalar) -> Span:
    """Return where the source has an end; the last one if it spells the text before it differently."""
    text = scalar.source.text
    start = text.find(stray.before, scalar.start, scalar.end)
    end = text.rfind(_END, scalar.start, scalar.end) + len(_END) if start < 0 else start + len(stray.before)
    return Span(scalar.source, end - len(_END), end)
