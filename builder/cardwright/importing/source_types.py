"""Decide how notes of an imported note type are written as cards, by what its fields and templates are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cardwright.collection.custom_note_type import ImportedType
from cardwright.collection.notetype import BUILT_IN_TYPES
from cardwright.collection.template import Nodes, Replacement, parse_template, split_filters, tokenize
from cardwright.formats.anki.cards import TemplateCards, cloze_numbers
from cardwright.importing.collection import AnkiNote, AnkiType
from cardwright.source.field_styles import FieldStyles
from cardwright.source.ids import id_words
from cardwright.source.imported_template import UNSAFE_TEMPLATE, is_unsafe
from cardwright.source.yaml_writing import Brackets, Value


@dataclass(frozen=True)
class SourceType:
    """A note type as the sources have it.

    name: in deck.yaml.
    keys: the key of a card that fills each field, such as `q`, by the name of the field; empty if its cards
        are written with `type` and `fields`.
    mask_field: the name of the one with the masks, if it is Anki's image occlusion and has cards of them.
    cloze_fields: names of the fields in which cloze deletions make cards.
    asked_fields: those that the fronts of its cards show, in order.
    styles: what its style and its templates say of the elements in its fields.
    template_cards: finds the cards of its notes; None for cloze notes.
    """

    name: str
    anki: AnkiType
    keys: Mapping[str, str]
    cloze_fields: frozenset[str]
    asked_fields: tuple[str, ...] = ()
    styles: FieldStyles | None = None
    mask_field: str = ""
    template_cards: TemplateCards | None = None

    @cached_property
    def kind(self) -> str:
        """The key that says of what kind most of its cards are: `q`, `cloze`, `diagram` or `type`."""
        return next((key for key in self.keys.values() if key in ("q", "cloze", "diagram")), "type")

    def shows_nothing(self, note: AnkiNote) -> bool:
        """Return whether no front shows anything of a note, which Anki still makes a card of."""
        if self.template_cards is not None:
            return not self.template_cards.shown_ordinals(note.fields, tagged=bool(note.tags))
        values = dict(zip(self.anki.fields, note.fields, strict=True))
        return not any(cloze_numbers(values[name]) for name in self.cloze_fields)

    @property
    def is_unsafe(self) -> bool:
        """Whether it has what only the user's trust keeps."""
        sides = (side for template in self.anki.templates for side in (template.front, template.back))
        return is_unsafe(sides, self.anki.css)

    @property
    def declaration(self) -> Mapping[str, Value]:
        """What `note_types:` in deck.yaml says of it."""
        templates = {
            template.name: {"front": template.front, "back": template.back}
            for template in self.anki.templates
        }
        entries: dict[str, Value] = {"imported": "true"}
        if self.keys:
            entries["keys"] = Brackets({key: field for field, key in self.keys.items()})
        entries |= {"fields": list(self.anki.fields), "templates": templates, "css_only": "true"}
        if self.is_unsafe:
            entries["allow"] = UNSAFE_TEMPLATE
        return {**entries, "css": self.anki.css}


def source_types(types: Iterable[AnkiType], taken_names: Iterable[str] = ()) -> dict[int, SourceType]:
    """Return the note types of a deck, by Anki's ids. taken_names: those of its other note types."""
    taken: set[str] = {*BUILT_IN_TYPES, *map(str.casefold, taken_names)}
    return {anki_type.id: _source_type(anki_type, taken) for anki_type in types}


def _source_type(anki_type: AnkiType, taken: set[str]) -> SourceType:
    shown = [replacement for template in anki_type.templates for replacement in _replacements(template.front)]
    cloze_names = {name.field for name in shown if "cloze" in name.filters} if anki_type.is_cloze else set()
    cloze_fields = frozenset(cloze_names.intersection(anki_type.fields))
    asked_fields = tuple(dict.fromkeys(name.field for name in shown if name.field in anki_type.fields))
    keys: dict[str, str] = {}
    mask_field = ""
    occlusion = [anki_type.fields[index] for index in _occlusion_fields(anki_type)]
    if occlusion and occlusion[0] in cloze_fields:
        mask_field = occlusion[0]
        keys = dict(zip(occlusion[1:], ("diagram", "header", "extra", "comments"), strict=False))
    elif anki_type.is_cloze:
        others = [name for name in anki_type.fields if name not in cloze_fields]
        if len(cloze_fields) == 1 and len(others) <= 1:
            keys = {**dict.fromkeys(cloze_fields, "cloze"), **dict.fromkeys(others, "extra")}
    elif len(anki_type.fields) == 2:
        asked = next(iter(asked_fields), anki_type.fields[0])
        keys = {name: "q" if name == asked else "a" for name in anki_type.fields}
        keys = dict(sorted(keys.items(), key=lambda entry: entry[1] != "q"))
    sides = (side for template in anki_type.templates for side in (template.front, template.back))
    fronts = [_parse(template.front) for template in anki_type.templates]
    return SourceType(
        *(_type_name(anki_type, taken), anki_type, keys, cloze_fields, asked_fields),
        FieldStyles(anki_type.css, sides),
        mask_field,
        None if anki_type.is_cloze else TemplateCards(fronts, anki_type.fields),
    )


def _occlusion_fields(anki_type: AnkiType) -> tuple[int, ...]:
    return ImportedType(anki_type.id, anki_type.json).occlusion_fields


def _parse(front: str) -> Nodes:
    try:
        return parse_template(front)
    except ValueError:  # of which Anki makes no card
        return ()


def _replacements(template: str) -> Iterable[Replacement]:
    """Yield what a template shows, also if its sections don't match."""
    return (split_filters(token.name) for token in tokenize(template) if token.kind == "replacement")


def _type_name(anki_type: AnkiType, taken: set[str]) -> str:
    """Return a name for deck.yaml, each once, in whatever case."""
    name = "-".join(id_words(anki_type.name))[:40].strip("-") or "notes"
    if name in BUILT_IN_TYPES:
        name = f"anki-{name}"
    number = 1
    while (choice := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    taken.add(choice)
    return choice
