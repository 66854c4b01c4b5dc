"""Counts what is odd in a foreign deck."""

from typing import Protocol

from cardwright.diagnostics.phrases import truncate
from cardwright.formats.anki.field_text import read_field
from cardwright.importing.collection import Finding

_MAX_NAMES = 100
"""More than this nobody reads, and a hostile deck has millions."""
_MAX_NAME = 90
"""Of a name, in characters."""
_NAME_SAMPLE = 1000
"""Of the HTML that a name is read from, in characters."""


PRESET_LEFT_OUT = "decks with an options preset, which is left out; who has it in Anki keeps it"


class FindingCounter(Protocol):
    """Takes what is found."""

    def add(self, text: str, name: str = "") -> None:
        """Count a thing once more. text, name: as in `Finding`."""


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
            names[truncate(name, _MAX_NAME)] = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them, in the order in which they were first found."""
        return tuple(Finding(text, tuple(self._names[text]), count) for text, count in self._counts.items())


class FindingsOfNote:
    """Counts what is found at a note, which has the words of its first field as its name."""

    def __init__(self, findings: FindingCounter, field: str, otherwise: str) -> None:
        """field: the first one, as HTML. otherwise: the name of a note without words."""
        self._findings = findings
        self._field = field
        self._otherwise = otherwise

    def add(self, text: str, name: str = "") -> None:  # noqa: ARG002  all of it has one name
        """See `FindingCounter`."""
        self._findings.add(text, read_field(self._field[:_NAME_SAMPLE]).text or self._otherwise)


class FindingsOfCard:
    """Collects what is found at a card until the card has an id, which is its name then."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._texts: list[str] = []

    def add(self, text: str, name: str = "") -> None:  # noqa: ARG002  all of it has one name
        """See `FindingCounter`."""
        self._texts.append(text)

    def close(self, card_id: str) -> None:
        """Count what was found since the last card."""
        for text in self._texts:
            self._findings.add(text, card_id)
        self._texts.clear()
