"""A note type of the author's own."""

from dataclasses import dataclass

from builder.collection import notetype
from builder.collection.notetype import NoteType
from builder.collection.template import Nodes
from builder.diagnostics.span import Span

SPARE_FIELDS = tuple(f"Spare {number}" for number in range(1, 7))
"""Of every own note type from its first release: what an author thinks of later goes into them."""

SPARE_TEMPLATES = ("Spare 1", "Spare 2")
"""Of those without clozes, of which Anki makes all cards from one template."""

GIVEN_FIELDS = (notetype.SOURCE, notetype.TOPIC, notetype.KEY, notetype.RETIRED)
"""Filled in by us; a template may show them like any other."""


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """A card template.

    front, back: Anki's HTML as it goes into the package.
    front_nodes, back_nodes: the same for every other output.
    """

    name: str
    front: str
    back: str
    front_nodes: Nodes
    back_nodes: Nodes


@dataclass(frozen=True, slots=True)
class OwnType:
    """A note type.

    type: how it is called in deck.yaml.
    fields: the author's, in order.
    css: empty for the look of our own cards.
    clozes: fields that the front shows through `cloze:`; there are none in an ordinary type, and a
        type with any has one template, which makes a card for each cloze number.
    span: of its name in deck.yaml.
    """

    type: NoteType
    fields: tuple[str, ...]
    templates: tuple[OwnTemplate, ...]
    css: str
    clozes: tuple[str, ...]
    span: Span

    @property
    def fillable(self) -> tuple[str, ...]:
        """The fields that a card may fill in."""
        return (*self.fields, *SPARE_FIELDS)
