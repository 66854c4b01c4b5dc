"""Nodes of a YAML file: what the author wrote, and where.

They are records of msgspec, because a deck of 20,000 cards has 300,000 nodes, and an object with slots takes
two and a half times as long to make. The garbage collector has nothing to do with them: a node refers to
what is in it and never to what is around it.
"""

from msgspec import Struct, field

from cardwright.diagnostics import Source, Span


class Scalar(Struct, eq=False, gc=False):
    """A text. Every scalar is text: `1.10`, `no` and `~` stay what was written.

    style: "" for a plain scalar, or the character that begins it: `'`, `"`, `|` or `>`.
    start, end: offsets in the source, in code points.
    """

    source: Source
    start: int
    end: int
    value: str
    style: str

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    def part(self, text: str) -> Span:
        """Return the span of a part of the value; of the whole scalar if the source spells it differently."""
        return self.span.part(text)


class HtmlScalar(Scalar):
    """A text that an author wrote as HTML: `{html: "…"}`."""


class Sequence(Struct, eq=False, gc=False):
    """A list of nodes."""

    source: Source
    start: int
    end: int
    items: "list[Node]" = field(default_factory=list)

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)


class Mapping(Struct, eq=False, gc=False):
    """Distinct keys with their values, in the order of the file.

    flow: whether it is written in braces.
    entries: by key, the node of the key and the node of its value.
    """

    source: Source
    start: int
    end: int
    flow: bool = False
    entries: "dict[str, tuple[Scalar, Node]]" = field(default_factory=dict)

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    def get(self, key: str) -> "Node | None":
        """Return the value of a key; None if there is no such key."""
        entry = self.entries.get(key)
        return None if entry is None else entry[1]


Node = Scalar | Sequence | Mapping
