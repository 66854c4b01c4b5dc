"""Rules about decks that could be read. Each rule is one function in a module of the same name.

Its docstring is its manual page, which `cardwright check --explain` prints; a test runs the example in it.
A new rule is listed in exactly one table:

- DECK_RULES, below: mistakes in a deck, or in several decks together. Every build looks for them;
  they can't be suppressed.
- IMPACT_WARNINGS, below: nothing is wrong, but learners will notice. Every build warns until the deck
  has an `allow:` for it.
- LINTS in `lints.py`: advice on writing cards. Only the command `check` gives it, and an `allow:` of a
  card, a topic or the deck suppresses it.
- AMBIGUITY_WARNINGS in `source/ambiguity_warnings.py`: text that was probably meant differently. These are
  found while the source is read, and suppressed in the same way as lints.
- HISTORY_WARNINGS in `collection/suppression.py`: ids that seem lost since the last release. These are
  found when a deck is compared with its lock (`formats/anki/unnoticed_renames.py`), and suppressed as well.
"""

from collections.abc import Callable, Iterator, Sequence

from cardwright.check.deck_id_used_twice import deck_id_used_twice
from cardwright.check.deck_name_used_twice import deck_name_used_twice
from cardwright.check.name_as_markup import name_as_markup
from cardwright.check.preset_travels import preset_travels
from cardwright.check.reserved_name import reserved_name
from cardwright.check.subdeck_in_two_spellings import subdeck_in_two_spellings
from cardwright.check.subdeck_repeats_deck import subdeck_repeats_deck
from cardwright.check.unused_source import unused_source
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic

Rule = Callable[[Deck], Iterator[Diagnostic]]
RuleForAllDecks = Callable[[Sequence[Deck]], Iterator[Diagnostic]]

DECK_RULES: tuple[RuleForAllDecks, ...] = (
    deck_id_used_twice,
    deck_name_used_twice,
    name_as_markup,
    reserved_name,
    subdeck_in_two_spellings,
    unused_source,
)

IMPACT_WARNINGS: tuple[Rule, ...] = (preset_travels, subdeck_repeats_deck)
