"""Which cards Anki makes of a note. Packages must bring them along: an import makes none."""

import re
from collections.abc import Sequence

from cardwright.collection import template
from cardwright.collection.content import LAST_CLOZE
from cardwright.collection.template import Nodes

# What Anki takes for an empty field: nothing but blanks and the tags an editor leaves behind.
# Source: Anki, rslib/src/template.rs, `field_is_empty`.
_EMPTY = re.compile(r"(?:[ \t\n\r\f\v]|</?(?:br|div) ?/?>)*", re.IGNORECASE)

_CLOZE = re.compile(r"\{\{c([0-9]+)::|\}\}")


class TemplateCards:
    """The cards of the ordinary notes of a note type: one for each template that shows a field.

    When no front shows anything, Anki still makes the first card.
    Source: Anki, rslib/src/notetype/cardgen.rs, `new_cards_required_normal`.
    """

    def __init__(self, fronts: Sequence[Nodes], names: Sequence[str]) -> None:
        """fronts: of the templates, parsed, in order. names: of the fields, in order."""
        self._fronts = fronts
        shown = {name for front in fronts for name in template.deciding_fields(front)}
        self._places = [place for place, name in enumerate(names) if name in shown]
        self._names = [names[place] for place in self._places]
        self._known: dict[tuple[tuple[bool, ...], bool], tuple[int, ...]] = {}

    def ordinals(self, values: Sequence[str], *, tagged: bool) -> tuple[int, ...]:
        """Ascending, 0-based. values: HTML of the fields, in order. tagged: whether the note has tags."""
        empty = tuple(map(is_empty, [values[place] for place in self._places]))
        known = self._known.get((empty, tagged))
        if known is None:
            known = self._known[empty, tagged] = self._with_empty(empty, tagged=tagged)
        return known

    def _with_empty(self, empty: tuple[bool, ...], *, tagged: bool) -> tuple[int, ...]:
        filled = {name for name, nothing in zip(self._names, empty, strict=True) if not nothing}
        filled |= template.always_filled_fields(tagged=tagged)
        showing = (n for n, front in enumerate(self._fronts) if template.shows_field(front, filled))
        return tuple(showing) or (0,)


def is_empty(value: str) -> bool:
    """Whether Anki takes a field with this HTML for empty."""
    return not value or (value[0] in " \t\n\r\f\v<" and _EMPTY.fullmatch(value) is not None)


def of_clozes(texts: Sequence[str]) -> tuple[int, ...]:
    """Ordinals of the cards of a cloze note: one for each cloze number, but at least the first.

    texts: HTML of the fields that the template shows through the filter `cloze`.
    Source: Anki, rslib/src/notetype/cardgen.rs, `new_cards_required_cloze`.
    """
    numbers = {number for text in texts for number in cloze_numbers(text) if number}
    return tuple(sorted({min(number, LAST_CLOZE) - 1 for number in numbers})) or (0,)


def cloze_numbers(html: str) -> set[int]:
    """The numbers of the cloze deletions in a field.

    One that is never closed is none, and hides those that stand in it. `{{c1,2::…}}` is
    left out of account: versions of Anki differ over it, and our fields never have it.
    Source: Anki, rslib/src/cloze.rs, `parse_text_with_clozes`.
    """
    numbers: set[int] = set()
    found: list[int] = []
    depth = 0
    for token in _CLOZE.finditer(html):
        if token[1] is not None:
            depth += 1
            found.append(int(token[1]))
        elif depth:
            depth -= 1
            if not depth:
                numbers.update(found)
                found.clear()
    return numbers
