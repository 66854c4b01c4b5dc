"""A note type of the author's own."""

from dataclasses import dataclass

from cardwright.collection.notetype import SPARE_FIELDS, SPARE_TEMPLATES, NoteType
from cardwright.collection.template import Nodes
from cardwright.diagnostics.span import Span


@dataclass(frozen=True, slots=True)
class CustomTemplate:
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
class CustomNoteType:
    """A note type.

    type: how it is called in deck.yaml.
    fields: the author's, in order.
    css: empty for the look of our own cards.
    cloze_fields: fields that the front shows through `cloze:`; there are none in an ordinary type, and a
        type with any has one template, which makes a card for each cloze number.
    span: of its name in deck.yaml.
    reading_fields: fields that are shown with, without or as their readings (`readings.py`).
    """

    type: NoteType
    fields: tuple[str, ...]
    templates: tuple[CustomTemplate, ...]
    css: str
    cloze_fields: tuple[str, ...]
    span: Span
    reading_fields: tuple[str, ...] = ()

    @property
    def template_names(self) -> tuple[str, ...]:
        """Names of the templates that are no spare ones, which only ordinary types have."""
        names = (one.name for one in self.templates)
        return tuple(name for name in names if self.cloze_fields or name not in SPARE_TEMPLATES)

    @property
    def fillable_fields(self) -> tuple[str, ...]:
        """The fields that a card may fill in."""
        return (*self.fields, *SPARE_FIELDS)
