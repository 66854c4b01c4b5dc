"""Give the labels of diagrams their cloze numbers, none of which ever goes to another label."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from cardwright.collection.content import LAST_CLOZE
from cardwright.collection.deck import Deck
from cardwright.collection.diagram import Diagram
from cardwright.collection.note import Note
from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.identity.lock import REMOVED_LABEL, Lock
from cardwright.identity.renames import continued_key
from cardwright.record import replace


def number_labels(
    deck: Deck, lock: Lock | None, report: Report, present: AbstractSet[str] | None = None
) -> Deck:
    """Return the deck with a number for each label of its diagrams.

    present: the keys of all notes, if the deck has only some of them here.

    A label keeps its number wherever it moves; a new one gets the next that no label ever had.
    A removed label leaves its number unused, and gets it back when it returns.
    Without a lock the numbers follow the order of the sources.

    Errors: `labels-used-up`, for a label beyond the last number that Anki knows.
    """
    entries = lock.notes if lock is not None and lock.deck_id == deck.id else {}
    if present is None:
        present = {note.key for note in deck.notes}

    def number_note(note: Note) -> Note:
        if note.diagram is None:
            return note
        key = continued_key(note.key, note.former_keys, entries, present)
        entry = None if key is None else entries[key]
        cards = {} if entry is None else entry.cards
        if entry is not None and not entry.has_labels:
            # It was written with `type` and `fields` before.
            cards = {number: label_key(number) for number in entry.cards}
        diagram = _number_diagram(note.diagram, cards)
        if entry is not None:
            report.extend(_unknown_former_labels(note, diagram, cards))
        if any(label.cloze_number > LAST_CLOZE for label in diagram.labels):
            message = f"`{truncate(note.key, 28)}` has no number left for a label"
            remark = f"Anki allows {LAST_CLOZE}, and removed labels keep theirs"
            help_ = "put the new labels into a diagram of their own"
            report.add(Diagnostic("labels-used-up", message, note.key_span, note=remark, help=help_))
        note = replace(note, diagram=diagram)
        return note if note.custom_type is None else _with_masks(note, diagram)

    return replace(deck, notes=tuple(number_note(note) for note in deck.notes))


def _with_masks(note: Note, diagram: Diagram) -> Note:
    """Return a note of an imported note type with the field for its masks, which have their numbers."""
    from cardwright.collection.image_occlusion import write_masks  # noqa: PLC0415  few decks are imported

    assert note.custom_type is not None
    return replace(note, fields={note.custom_type.mask_fields[0]: write_masks(diagram), **note.fields})


def label_key(number: int) -> str:
    """Return the key of a label that nobody has named yet. number: its cloze number."""
    return f"mask-{number}"


def label_cards(diagram: Diagram) -> dict[int, str]:
    """Return what the lock stores as the cards of a diagram: label keys by number, removed ones marked."""
    removed = {number: f"{REMOVED_LABEL}{key}" for number, key in diagram.retired_labels.items()}
    return removed | {label.cloze_number: label.key for label in diagram.labels}


def _locked_numbers(cards: Mapping[int, str]) -> dict[str, int]:
    """Return the numbers of labels by key, from the cards of a lock entry."""
    # If a key stands for a removed label and for a present one, the present one, set last, wins.
    ordered = sorted(cards.items(), key=lambda card: (not card[1].startswith(REMOVED_LABEL), -card[0]))
    return {key.removeprefix(REMOVED_LABEL): number for number, key in ordered}


def _number_diagram(diagram: Diagram, cards: Mapping[int, str]) -> Diagram:
    """Number the labels of a diagram; of two numbers that one was released with, it has the older."""
    locked = _locked_numbers(cards)
    present = {label.key for label in diagram.labels}
    numbers: dict[str, int] = {}
    for label in sorted(diagram.labels, key=lambda label: label.key not in locked):
        own = locked.get(label.key)
        former = None if label.former_key in present else locked.get(label.former_key)
        if former is not None and former not in numbers.values() and (own is None or former < own):
            numbers[label.key] = former
            if own is not None:
                # The younger number goes to no other label either: it is kept under the key that is free now.
                locked[label.key], locked[label.former_key] = former, own
        elif own is not None:
            numbers[label.key] = own
    last = max(cards, default=0)
    for label in diagram.labels:
        if label.key not in numbers:
            last += 1
            numbers[label.key] = last
    used = set(numbers.values())
    return replace(
        diagram,
        labels=tuple(replace(label, cloze_number=numbers[label.key]) for label in diagram.labels),
        retired_labels={number: key for key, number in locked.items() if number not in used},
    )


def _unknown_former_labels(note: Note, diagram: Diagram, cards: Mapping[int, str]) -> Iterator[Diagnostic]:
    """Yield a warning for each label whose former key is unknown, so that it got a new number.

    cards: of the lock.
    """
    locked = _locked_numbers(cards)
    last = max(cards, default=0)
    for label in diagram.labels:
        if label.former_key and label.key not in locked and label.cloze_number > last:
            former_key = f"`{truncate(label.former_key, 20)}`"
            message = f"no label of `{truncate(note.key, 24)}` was released as {former_key}"
            remark = f"`{truncate(label.key, 40)}` counts as new"
            help_ = did_you_mean(label.former_key, locked)
            span, severity = note.key_span, Severity.WARNING
            yield Diagnostic("former-label-unknown", message, span, severity, remark, help=help_)
