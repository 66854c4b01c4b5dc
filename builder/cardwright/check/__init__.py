"""What can be wrong with decks that were read without a mistake: one function a rule.

A rule's docstring is its manual page; the example in it is run by the tests.
"""

from collections.abc import Callable, Iterator, Sequence

from cardwright.check.deck_id_used_twice import deck_id_used_twice
from cardwright.check.deck_name_used_twice import deck_name_used_twice
from cardwright.check.name_as_markup import name_as_markup
from cardwright.check.preset_travels import preset_travels
from cardwright.check.reserved_name import reserved_name
from cardwright.check.unused_source import unused_source
from cardwright.collection.deck import Deck
from cardwright.diagnostics.diagnostic import Diagnostic

Rule = Callable[[Sequence[Deck]], Iterator[Diagnostic]]

DECK_RULES: tuple[Rule, ...] = (
    deck_id_used_twice,
    deck_name_used_twice,
    name_as_markup,
    reserved_name,
    unused_source,
)

IMPACT_WARNINGS: tuple[Rule, ...] = (preset_travels,)
"""What is no mistake but felt by learners: told of each deck until its author allows it."""
