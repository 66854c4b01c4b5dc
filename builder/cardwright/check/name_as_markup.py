"""Rule: name-as-markup."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cardwright.collection.deck import Deck
from cardwright.collection.template import replacements
from cardwright.diagnostics import Diagnostic, Span
from cardwright.diagnostics.phrases import truncate

if TYPE_CHECKING:  # few decks have custom note types
    from cardwright.collection.custom_note_type import CustomNoteType

# HTML tags, formulas, and what Anki replaces in the finished page.
# Source: Anki, rslib/src/card_rendering/parser.rs, rslib/src/latex.rs, qt/aqt/reviewer.py.
_MARKUP = re.compile(r"[<\\]|\[(?=sound:|anki:|/?latex|/?\$|\[|\Z)", re.IGNORECASE)

# What could be a character of HTML, such as `&lt;`.
_REFERENCE = re.compile(r"&#?\w+;?")


def name_as_markup(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """A template shows a name that is markup in Anki.

    ## Why is this bad?
    The texts of your cards are safe: all they contain is shown as text. Names of
    decks and tags are not: Anki puts them on the card as they are where a
    template has `{{Deck}}`, `{{Subdeck}}` or `{{Tags}}`. A `<` in a name starts
    an HTML tag. What follows it is lost, or does harm if the deck comes from
    somebody else.

    ## Example
    ```yaml
    # cards_source/numbers.yaml
    deck: Numbers <100
    id: numbers
    note_types:
      number:
        fields: [Name, Square]
        templates:
          Square: {front: "{{Deck}}: square of {{Name}}?", back: "{{Square}}"}
    cards: [{id: two, type: number, fields: {Name: two, Square: four}}]
    ```

    Use instead: another name, or a template that doesn't show it.

    Source: Anki, rslib/src/notetype/render.rs, `add_special_fields`.
    """
    for deck in decks:
        for note_type in deck.note_types:
            for kind, name, span in _names_on_cards(deck, note_type):
                if markup := find_markup(name):
                    message = f"`{markup}` in {kind} `{truncate(name, 24)}` would be markup in Anki"
                    help_ = "choose another name, or a template that doesn't show it"
                    yield Diagnostic("name-as-markup", message, span, help=help_)


def find_markup(name: str) -> str:
    """Return what a browser or Anki would read as markup, or an empty string."""
    if match := _MARKUP.search(name):
        return match[0]
    if "&" not in name:
        return ""
    from html import unescape  # noqa: PLC0415  few names have one

    return next((found for found in _REFERENCE.findall(name) if unescape(found) != found), "")


def _names_on_cards(deck: Deck, note_type: "CustomNoteType") -> Iterator[tuple[str, str, Span]]:
    """Yield the names that cards of a note type show unescaped: what is named, its name and its place.

    Those of templates and fields have no sign that could be markup; see `reader/note_types.py`.
    """
    fields: set[str] = set()
    for template in note_type.templates:
        sides = (template.front_nodes, template.back_nodes)
        fields |= {replacement.field for side in sides for replacement in replacements(side)}
    if note_type.is_trusted or not fields & {"Deck", "Subdeck", "Tags"}:
        return
    notes = [note for note in deck.notes if note.type == note_type.type]
    if fields & {"Deck", "Subdeck"}:
        yield "the deck", deck.name, deck.span
        for name in dict.fromkeys(note.deck_name for note in notes):
            if name.subdeck and name.span:
                shown = name.subdeck if "Deck" in fields else name.last_part
                yield "the sub-deck", shown, name.span
    if "Tags" in fields:
        for note in notes:
            for tag in note.tags:
                yield "the tag", tag, note.key_span
