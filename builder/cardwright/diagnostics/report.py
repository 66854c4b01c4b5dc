"""The findings of a whole run."""

from collections.abc import Iterable, Iterator

from cardwright.diagnostics.diagnostic import Diagnostic, Severity


class Report:
    """A growing list of findings, carried through every stage."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []

    def add(self, diagnostic: Diagnostic) -> None:
        self._found.append(diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        self._found.extend(diagnostics)

    @property
    def has_errors(self) -> bool:
        return any(one.severity is Severity.ERROR for one in self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Diagnostic]:
        """In reading order: by path, then by place, then by code; each finding once."""
        return iter(sorted(dict.fromkeys(self._found), key=_order))


def _order(diagnostic: Diagnostic) -> tuple[str, int, str, str]:
    span = diagnostic.span
    if span is None:
        return ("", 0, diagnostic.code, diagnostic.message)
    return (span.source.path, span.start, diagnostic.code, diagnostic.message)
