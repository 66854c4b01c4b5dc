"""The numbers of a diagram's labels: given once, and never to another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cardwright.collection.content import LAST_CLOZE
from cardwright.collection.deck import Deck
from cardwright.collection.diagram import Diagram
from cardwright.collection.note import Note
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.diagnostics.report import Report
from cardwright.identity.lock import LABEL_GONE, Lock, NoteEntry


def number_labels(deck: Deck, lock: Lock | None, report: Report) -> Deck:
    """The deck with a number for each label of its diagrams.

    A label keeps its number wherever it stands; a new one gets the next that no label ever had.
    One that was taken out leaves its number behind, and finds it again when it comes back.
    Without a lock the numbers follow the order of the sources.

    Errors: `labels-used-up`, for a label beyond the last number that Anki knows.
    """
    old = lock.notes if lock is not None and lock.deck_id == deck.id else {}
    present = {note.key for note in deck.notes}

    def one(note: Note) -> Note:
        if note.diagram is None:
            return note
        former = [key for key in note.former_keys if key in old and key not in present]
        entry = old.get(note.key) or (old[former[-1]] if former else None)
        known = _known(entry)
        diagram = _numbered(note.diagram, known)
        if entry is not None:
            report.extend(_unknown_former(note, diagram, known))
        if any(label.cloze_number > LAST_CLOZE for label in diagram.labels):
            report.add(_used_up(note))
        return replace(note, diagram=diagram)

    return replace(deck, notes=tuple(one(note) for note in deck.notes))


def asked(diagram: Diagram) -> dict[int, str]:
    """What the lock is to remember: by number the label's key, marked where the label is gone."""
    gone = {number: f"{LABEL_GONE}{key}" for number, key in diagram.retired_labels.items()}
    return gone | {label.cloze_number: label.key for label in diagram.labels}


@dataclass(frozen=True, slots=True)
class _Known:
    """numbers: by key. last: the greatest that was ever given."""

    numbers: dict[str, int]
    last: int


def _known(entry: NoteEntry | None) -> _Known:
    cards = {} if entry is None else entry.cards
    # A label that is there comes last, so that it counts before one with its key that is gone.
    ordered: Sequence[tuple[int, str]] = sorted(
        cards.items(), key=lambda card: (not card[1].startswith(LABEL_GONE), -card[0])
    )
    return _Known({key.removeprefix(LABEL_GONE): number for number, key in ordered}, max(cards, default=0))


def _numbered(diagram: Diagram, known: _Known) -> Diagram:
    numbers = {label.key: known.numbers[label.key] for label in diagram.labels if label.key in known.numbers}
    for label in diagram.labels:
        former = known.numbers.get(label.former_key)
        if label.key not in numbers and former is not None and former not in numbers.values():
            numbers[label.key] = former
    following = known.last
    for label in diagram.labels:
        if label.key not in numbers:
            following += 1
            numbers[label.key] = following
    used = set(numbers.values())
    return replace(
        diagram,
        labels=tuple(replace(label, cloze_number=numbers[label.key]) for label in diagram.labels),
        retired_labels={number: key for key, number in known.numbers.items() if number not in used},
    )


def _unknown_former(note: Note, diagram: Diagram, known: _Known) -> Iterator[Diagnostic]:
    """Labels that are said to have had another key, and got a number that nobody had."""
    for label in diagram.labels:
        if label.former_key and label.key not in known.numbers and label.cloze_number > known.last:
            yield Diagnostic(
                code="former-label-unknown",
                message=f"no label of `{truncate(note.key, 24)}` was released as "
                f"`{truncate(label.former_key, 20)}`",
                span=note.key_span,
                severity=Severity.WARNING,
                note=f"`{truncate(label.key, 40)}` counts as new",
                help=did_you_mean(label.former_key, known.numbers),
            )


def _used_up(note: Note) -> Diagnostic:
    return Diagnostic(
        code="labels-used-up",
        message=f"`{truncate(note.key, 28)}` has no number left for a label",
        span=note.key_span,
        note=f"Anki knows {LAST_CLOZE}, and labels that were taken out keep theirs",
        help="put the new labels into a diagram of their own",
    )
