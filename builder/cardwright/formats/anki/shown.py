"""What a learner sees of a field: blocks of lines, in which texts have formats; see `shown_html.py`."""

from cardwright.record import Record

Format = tuple[str, ...]
"""What is special about the look of a text: its name, such as `b`, and perhaps a value."""
Formats = tuple[Format, ...]
"""All that is special about the look of a text, sorted."""


class Picture(Record, frozen=True):
    """A picture. name: the address in `src`. width, height: in CSS; empty for its own."""

    name: str
    alt: str
    width: str = ""
    height: str = ""


class Sound(Record, frozen=True):
    name: str


class Formula(Record, frozen=True):
    """A formula. tex: without its delimiters; deletions in it are marks."""

    tex: str
    display: bool


class Mark(Record, frozen=True):
    """What begins a deletion, separates its hint, or ends it. number: of one that begins; else 0."""

    kind: str
    number: int = 0


class Reading(Record, frozen=True):
    """A word with its reading above it."""

    word: "Runs"
    reading: "Runs"


class Command(Record, frozen=True):
    """What Anki reads in brackets: LaTeX, and speech. text: with its brackets."""

    text: str


class Odd(Record, frozen=True):
    """An element that no text can say. outline: its tag, and what is in it."""

    outline: str


Leaf = str | Picture | Sound | Formula | Mark | Reading | Command | Odd
Run = tuple[Formats, Leaf]
Runs = tuple[Run, ...]


class Line(Record, frozen=True):
    """A line. gap: how many empty lines are between it and the line before it; 0 beside any other block."""

    runs: Runs
    gap: int = 0
    alignment: str = ""


class Heading(Record, frozen=True):
    level: int
    lines: "Blocks"


class ItemList(Record, frozen=True):
    """A list. start: the first number; None for bullets."""

    start: int | None
    entries: tuple["Blocks", ...]


class Quote(Record, frozen=True):
    blocks: "Blocks"


class CodeLines(Record, frozen=True):
    """Lines in which every space counts."""

    runs: Runs


class Cell(Record, frozen=True):
    is_head: bool
    blocks: "Blocks"


class Table(Record, frozen=True):
    """A table. rows: with as many cells as they have. formats: what is odd about it."""

    rows: tuple[tuple[Cell, ...], ...]


class Rule(Record, frozen=True):
    """A horizontal line. formats: what is special about it."""

    formats: Formats = ()


Block = Line | Heading | ItemList | Quote | CodeLines | Table | Rule
Blocks = tuple[Block, ...]
