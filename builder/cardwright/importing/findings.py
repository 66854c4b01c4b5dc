"""Counts what is odd in a foreign deck."""

from cardwright.importing.collection import Finding

_MAX_NAMES = 100
"""More than this nobody reads, and a hostile deck has millions."""
_MAX_NAME = 60
"""Of a name, in characters."""


PRESET_LEFT_OUT = "decks with an options preset, which is left out; who has it in Anki keeps it"


class Findings:
    """Collects what is found, by its text."""

    def __init__(self) -> None:
        self._names: dict[str, dict[str, None]] = {}
        self._counts: dict[str, int] = {}

    def add(self, text: str, name: str = "") -> None:
        """Count a thing once more. text, name: as in `Finding`."""
        self._counts[text] = self._counts.get(text, 0) + 1
        names = self._names.setdefault(text, {})
        if name and len(names) < _MAX_NAMES:
            names[" ".join(name[:_MAX_NAME].split())] = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them, in the order in which they were first found."""
        return tuple(Finding(text, tuple(self._names[text]), count) for text, count in self._counts.items())
