"""Rule: preset-travels."""

from collections.abc import Iterator

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Severity


def preset_travels(deck: Deck) -> Iterator[Diagnostic]:
    """A deck's options preset can replace a learner's.

    ## Why is this bad?
    How many cards a day are right is up to the person who studies them. With the
    default settings of Anki's import dialog, a preset in a package does nothing.
    With "Import any deck presets" on, which Anki remembers from one import to
    the next, every import puts the deck on your preset again, even if the
    learner has chosen another one for it. Tools that import without the dialog
    may always do this.

    Anki takes your preset once and never updates it: values that you change
    after a release reach only new learners, and what a learner changes in the
    preset stays. If you remove the preset, learners' decks keep using it.
    `desired-retention` is for learners who have FSRS on.

    ## Example
    ```yaml
    # cards_source/bones.yaml
    deck: Bones
    id: bones
    anki:
      preset: {new-per-day: 15}
    cards: [{id: sit, q: Which bone is the sit bone?, a: The ischium}]
    ```

    Use instead: no preset, and a sentence in the deck's `description:` that says
    what you recommend.

    Source: measured with Anki 24.11, 25.09 and 26.09.
    """
    if deck.preset is not None:
        message = "the deck's options preset can replace the one a learner has chosen"
        note = "at each import with `Import any deck presets` on"
        help_ = "if you want that, add `allow: [preset-travels]` next to `anki:`"
        yield Diagnostic("preset-travels", message, deck.preset.span, Severity.WARNING, note, help=help_)
