"""All diagnostics of one run."""

from collections.abc import Iterable, Iterator

from cardwright.diagnostics.diagnostic import Diagnostic, Severity


class Report:
    """Collects diagnostics; every stage of a run adds its own. Iterating sorts them and drops duplicates."""

    __slots__ = ("_diagnostics",)

    def __init__(self) -> None:
        self._diagnostics: list[Diagnostic] = []

    def add(self, diagnostic: Diagnostic) -> None:
        self._diagnostics.append(diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        self._diagnostics.extend(diagnostics)

    @property
    def has_errors(self) -> bool:
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self._diagnostics)

    def __len__(self) -> int:
        return len(self._diagnostics)

    def __iter__(self) -> Iterator[Diagnostic]:
        """Iterate in reading order: by path, then by offset, then by code."""
        return iter(sorted(dict.fromkeys(self._diagnostics), key=_reading_order))


def _reading_order(diagnostic: Diagnostic) -> tuple[str, int, str, str]:
    path, offset = (diagnostic.span.source.path, diagnostic.span.start) if diagnostic.span else ("", 0)
    return path, offset, diagnostic.code, diagnostic.message
