"""Nodes of a YAML file: what the author wrote, and where.

These are plain slotted classes, not dataclasses: a deck of 20,000 cards has
300,000 nodes, and a frozen dataclass takes about three times as long to make.
"""

from cardwright.diagnostics import Source, Span


class Scalar:
    """A text. Every scalar is text: `1.10`, `no` and `~` stay what was written.

    style: "" for a plain scalar, or the character that begins it: `'`, `"`, `|` or `>`.
    start, end: offsets in the source, in code points.
    """

    __slots__ = ("end", "source", "start", "style", "value")

    def __init__(self, source: Source, start: int, end: int, value: str, style: str) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.value = value
        self.style = style

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    def part(self, text: str) -> Span:
        """Return the span of a part of the value; of the whole scalar if the source spells it differently."""
        return self.span.part(text)


class Sequence:
    """A list of nodes."""

    __slots__ = ("end", "items", "source", "start")

    def __init__(self, source: Source, start: int) -> None:
        self.source = source
        self.start = start
        self.end = start
        self.items: list[Node] = []

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)


class Mapping:
    """Distinct keys with their values, in the order of the file.

    flow: whether it is written in braces.
    entries: by key, the node of the key and the node of its value.
    """

    __slots__ = ("end", "entries", "flow", "source", "start")

    def __init__(self, source: Source, start: int, flow: bool) -> None:
        self.source = source
        self.start = start
        self.end = start
        self.flow = flow
        self.entries: dict[str, tuple[Scalar, Node]] = {}

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    def get(self, key: str) -> "Node | None":
        """Return the value of a key; None if there is no such key."""
        entry = self.entries.get(key)
        return None if entry is None else entry[1]


Node = Scalar | Sequence | Mapping
