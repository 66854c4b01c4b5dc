"""Messages about notes that have left the sources, with their texts."""

from collections.abc import Iterator, Mapping, Sequence

from cardwright.diagnostics import Diagnostic, Severity, Span
from cardwright.diagnostics.phrases import count_noun, truncate
from cardwright.formats.anki.note_changes import summarize
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.released import read_earlier
from cardwright.formats.outputs import PACKAGE_ENDING, RETIRED_ENDING, OutputContext
from cardwright.identity.reconcile import Reconciliation

_SHORT = 80
"""Characters of a text in a message."""
_LISTED = 5
"""Cards that a message names; the others are only counted."""


def retirement_messages(
    context: OutputContext, types: Sequence[AnkiNoteType], reconciliation: Reconciliation
) -> Iterator[Diagnostic]:
    """Yield what there is to say of the notes that have left the sources since the last build.

    types: all note types of the deck.
    """
    keys, entries = reconciliation.newly_retired, reconciliation.lock.notes
    retired, main = (read_earlier(context, ending) for ending in (RETIRED_ENDING, PACKAGE_ENDING))
    released = {**retired.notes, **main.notes}
    types_by_name = {note_type.type: note_type for note_type in types}
    texts: dict[str, str] = {}
    for key in keys:
        note, note_type = released.get(entries[key].guid), types_by_name.get(entries[key].type)
        if note is not None and note_type is not None:
            texts[key] = next(iter(summarize(note.values, note_type)), "")
    yield _note_retired(keys, texts, context.deck.span)
    if lost := [key for key in keys if entries[key].guid not in released]:
        yield _text_lost(lost, context.deck.span)


def _note_retired(keys: Sequence[str], texts: Mapping[str, str], span: Span) -> Diagnostic:
    """Return a note about retired notes. texts: what they ask, as far as it is known."""
    advice = "learners keep their cards; if you only changed an id, add `was:` with the old one"
    if len(keys) == 1:
        message = f"`{truncate(keys[0], 30)}` has left the sources and is retired"
        remark = truncate(texts.get(keys[0], ""), _SHORT)
        return Diagnostic("note-retired", message, span, Severity.NOTE, remark, help=advice)
    message = f"{len(keys)} notes have left the sources and are retired"
    help_ = "\n".join([advice, *_card_lines(keys, texts)])
    return Diagnostic("note-retired", message, span, Severity.NOTE, help=help_)


def _card_lines(keys: Sequence[str], texts: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each of the first cards, with the text of its first note."""
    by_card: dict[str, list[str]] = {}
    for key in keys:
        by_card.setdefault(key.partition("/")[0], []).append(key)
    for card_id, card_keys in list(by_card.items())[:_LISTED]:
        count = f" ({len(card_keys)} notes)" if card_keys[1:] else ""
        text = truncate(texts.get(card_keys[0], ""), _SHORT)
        yield f"`{truncate(card_id, 40)}`{count}{text and f': {text}'}"
    if len(by_card) > _LISTED:
        yield f"and {count_noun(len(by_card) - _LISTED, 'more card')}"


def _text_lost(keys: Sequence[str], span: Span) -> Diagnostic:
    """Return a warning about retired notes that the package cannot mark."""
    if len(keys) == 1:
        message = f"the text of `{truncate(keys[0], 30)}` is in no package any more"
    else:
        message = f"the texts of {len(keys)} retired notes are in no package any more"
    remark = "learners can't find them by the tag `retired`"
    help_ = "put the package of the last release back into decks/ and build with the old lock"
    return Diagnostic("retired-text-lost", message, span, Severity.WARNING, remark, help=help_)
