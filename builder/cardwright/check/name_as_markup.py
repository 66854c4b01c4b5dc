"""Rule: name-as-markup."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cardwright.collection.deck import Deck
from cardwright.collection.template import Replacement, replacements
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.span import Span

if TYPE_CHECKING:  # few decks have note types of their own
    from cardwright.collection.custom_note_type import CustomNoteType

# A tag, a formula, and what Anki looks for in the finished page.
# Source: Anki, rslib/src/card_rendering/parser.rs, rslib/src/latex.rs, qt/aqt/reviewer.py.
_MARKUP = re.compile(r"[<\\]|\[(?=sound:|anki:|/?latex|/?\$|\[|\Z)", re.IGNORECASE)


def name_as_markup(decks: Sequence[Deck]) -> Iterator[Diagnostic]:
    """A template shows a name that is markup to a browser.

    ## Why is this bad?
    Fields are written so that all they say is text. Names of decks, tags, card
    templates and fields are put on the card by Anki as they stand, wherever a
    template shows `{{Deck}}`, `{{Subdeck}}`, `{{Tags}}`, `{{Card}}` or
    `{{hint:…}}`. A `<` in one begins a tag, and whatever follows it is lost or,
    in a deck from somebody else, does harm.

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

    Use instead: another name, or a template that does not show it.

    Source: Anki, rslib/src/notetype/render.rs, `add_special_fields`, and
    rslib/src/template_filters.rs, `hint_filter`.
    """
    for deck in decks:
        for own in deck.note_types:
            for what, name, span in _shown(deck, own):
                if markup := _MARKUP.search(name):
                    message = f"`{markup[0]}` in {what} `{truncate(name, 24)}` would be markup in Anki"
                    advice = "choose another name, or a template that does not show it"
                    yield Diagnostic("name-as-markup", message, span, help=advice)


def _shown(deck: Deck, own: "CustomNoteType") -> Iterator[tuple[str, str, Span]]:
    """The names that cards of a note type show as they stand: what it is, how it is called, and where."""
    parts: set[Replacement] = set()
    for template in own.templates:
        of_one = {*replacements(template.front_nodes), *replacements(template.back_nodes)}
        if any(part.field == "Card" for part in of_one):
            yield "the template", template.name, own.span
        parts |= of_one
    fields = {part.field for part in parts}
    if fields & {"Deck", "Subdeck"}:
        yield "the deck", deck.name, deck.span
    for name in sorted({part.field for part in parts if "hint" in part.filters}):
        yield "the field", name, own.span
    if "Tags" in fields:
        for note in deck.notes:
            if note.type == own.type:
                for tag in note.tags:
                    yield "the tag", tag, note.key_span
