"""Find the cards that Anki makes of a note. Packages must contain them: an import generates none."""

import re
from collections.abc import Sequence

from cardwright.collection import template
from cardwright.collection.content import LAST_CLOZE
from cardwright.collection.template import Nodes

# What Anki takes for an empty field: only whitespace and the tags that an editor leaves behind.
# Source: Anki, rslib/src/template.rs, `field_is_empty`.
_EMPTY_HTML = re.compile(r"(?:[ \t\n\r\f\v]|</?(?:br|div) ?/?>)*", re.IGNORECASE)

_CLOZE_BOUNDARY = re.compile(r"\{\{c([0-9]+)::|\}\}")


class TemplateCards:
    """Finds the cards of the notes of an ordinary note type: one for each template whose front shows a field.

    If no front shows anything, Anki still makes the first card.
    Source: Anki, rslib/src/notetype/cardgen.rs, `new_cards_required_normal`.
    """

    def __init__(self, fronts: Sequence[Nodes], field_names: Sequence[str]) -> None:
        """fronts: of the templates, parsed, in order. field_names: in order."""
        self._fronts = fronts
        used = {name for front in fronts for name in template.deciding_fields(front)}
        self._indexes = [index for index, name in enumerate(field_names) if name in used]
        self._names = [field_names[index] for index in self._indexes]
        self._cache: dict[tuple[tuple[bool, ...], bool], tuple[int, ...]] = {}

    def ordinals(self, values: Sequence[str], *, tagged: bool) -> tuple[int, ...]:
        """Return the ordinals of a note's cards, ascending, 0-based. Arguments: as for `shown_ordinals`."""
        return self.shown_ordinals(values, tagged=tagged) or (0,)

    def shown_ordinals(self, values: Sequence[str], *, tagged: bool) -> tuple[int, ...]:
        """Return the ordinals of the cards of a note whose fronts show something.

        values: HTML of the fields, in order. tagged: whether the note has tags.
        """
        empty = tuple(map(is_empty, [values[index] for index in self._indexes]))
        ordinals = self._cache.get((empty, tagged))
        if ordinals is None:
            ordinals = self._cache[empty, tagged] = self._find_ordinals(empty, tagged=tagged)
        return ordinals

    def _find_ordinals(self, empty: tuple[bool, ...], *, tagged: bool) -> tuple[int, ...]:
        filled = {name for name, field_empty in zip(self._names, empty, strict=True) if not field_empty}
        filled |= template.always_filled_fields(tagged=tagged)
        ordinals = (n for n, front in enumerate(self._fronts) if template.shows_field(front, filled))
        return tuple(ordinals)


def is_empty(html: str) -> bool:
    """Return whether Anki takes a field for empty."""
    return not html or (html[0] in " \t\n\r\f\v<" and _EMPTY_HTML.fullmatch(html) is not None)


def cloze_ordinals(texts: Sequence[str]) -> tuple[int, ...]:
    """Return the ordinals of a cloze note's cards: one for each cloze number, but at least the first.

    texts: HTML of the fields that the template shows through the filter `cloze`.
    Source: Anki, rslib/src/notetype/cardgen.rs, `new_cards_required_cloze`.
    """
    numbers = {number for text in texts for number in cloze_numbers(text) if number}
    return tuple(sorted({min(number, LAST_CLOZE) - 1 for number in numbers})) or (0,)


def cloze_numbers(html: str) -> set[int]:
    """Return the numbers of the cloze deletions in a field.

    An unclosed deletion doesn't count, nor do those inside it. `{{c1,2::…}}` is ignored:
    versions of Anki differ over it, and our fields never contain it.
    Source: Anki, rslib/src/cloze.rs, `parse_text_with_clozes`.
    """
    numbers: set[int] = set()
    open_numbers: list[int] = []
    depth = 0
    for boundary in _CLOZE_BOUNDARY.finditer(html):
        if boundary[1] is not None:
            depth += 1
            open_numbers.append(int(boundary[1]))
        elif depth:
            depth -= 1
            if not depth:
                numbers.update(open_numbers)
                open_numbers.clear()
    return numbers
