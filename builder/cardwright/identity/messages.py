"""What is to be said when a build and its lock disagree."""

from collections.abc import Iterator, Sequence

from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.diagnostic import Diagnostic, Related, Severity
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.diagnostics.span import Span
from cardwright.identity.lock import LABEL_GONE, Lock, NoteEntry
from cardwright.identity.note_state import NoteState


def other_deck(span: Span, lock: Lock) -> Diagnostic:
    """A deck's id hangs on every identity in it, so it must stay; or the folder was copied."""
    return Diagnostic(
        code="deck-id-changed",
        message=f"the deck's lock belongs to the deck `{truncate(lock.deck_id, 34)}`",
        span=span,
        note="another id",
        related=pointer_to(lock.header_span(), "locked here"),
        help=f"write `{lock.deck_id}` back; only if this is meant to be another deck, delete its lock",
    )


def renamed_deck(old: str, new: str, span: Span) -> Diagnostic:
    """Anki finds a deck by its name, and leaves cards where they are.

    Source: measured; Anki, rslib/src/import_export/package/apkg/import/decks.rs.
    """
    return Diagnostic(
        code="deck-renamed",
        message=f"the deck was called `{truncate(old, 40)}` when it was released",
        span=span,
        severity=Severity.WARNING,
        note=f"now `{truncate(new, 60)}`",
        help="learners keep their cards where they are; only new cards arrive under the new name",
    )


def unknown_former(claim: NoteState, lock: Lock) -> Diagnostic:
    """A former key that was never released: a slip of the pen would cost the history."""
    return Diagnostic(
        code="former-id-unknown",
        message=f"no released note was called `{truncate(claim.was[-1], 36)}`",
        span=claim.span,
        severity=Severity.WARNING,
        note="counts as a new note",
        help=did_you_mean(
            claim.was[-1], [key for key in lock.notes if key.count("/") == claim.key.count("/")]
        ),
    )


def late_former(claim: NoteState, key: str, lock: Lock) -> Diagnostic:
    """A key has one history; what the other one's learners have would be lost to them."""
    return Diagnostic(
        code="former-id-too-late",
        message=f"`{truncate(claim.key, 34)}` has a history of its own already",
        span=claim.span,
        note=f"cannot take over that of `{truncate(key, 34)}`",
        related=pointer_to(lock.note_span(claim.key), "begun here"),
        help="give it an id that no card has had; or, if it was never released, take the lock back from git",
    )


def same_guid(claim: NoteState, lock: Lock) -> Diagnostic:
    """Anki would send every edit of either note to only one of them."""
    guid = lock.notes[claim.key].guid
    other = next(key for key, entry in lock.notes.items() if entry.guid == guid and key != claim.key)
    return Diagnostic(
        code="lock-guid-twice",
        message=f"`{truncate(claim.key, 40)}` has the guid of another note",
        span=lock.note_span(claim.key) or claim.span,
        note="the same guid",
        related=pointer_to(lock.note_span(other), "once here"),
        help="delete the line of the note that learners do not have; it gets a guid of its own",
    )


def changed_cards(claim: NoteState, old: NoteEntry, lock: Lock) -> Iterator[Diagnostic]:
    """What happens to the cards that learners of the note have."""
    if claim.type != old.type:
        before, now = truncate(old.type, 12), truncate(claim.type, 12)
        yield Diagnostic(
            code="card-kind-changed",
            message=f"`{truncate(claim.key, 20)}` was a {before} card, now a {now} card",
            span=claim.span,
            note="give it a new id",
            related=pointer_to(lock.note_span(claim.key), "locked here"),
            help="Anki never turns one kind into the other; under a new id it is a new card",
        )
        return
    if claim.cards == old.cards:
        return
    if claim.type == NoteType.DIAGRAM:
        for number, label in sorted(old.cards.items()):
            if claim.cards.get(number) == f"{LABEL_GONE}{label}":
                yield _label_removed(claim, label)
        return
    moved = _moved(claim, old)
    for number, former in moved:
        yield Diagnostic(
            code="cloze-renumbered",
            message=f"cloze {former} of `{truncate(claim.key, 36)}` is now cloze {number}",
            span=claim.span,
            related=pointer_to(lock.note_span(claim.key), "numbered otherwise here"),
            help=f"write c{former} again: a learner's progress follows the number, not the text",
        )
    former_numbers = {former for _, former in moved}
    for number in sorted(old.cards):
        if number not in claim.cards and number not in former_numbers:
            yield _removed(claim, number, old.cards[number])


def _moved(claim: NoteState, old: NoteEntry) -> list[tuple[int, int]]:
    """Pairs of numbers, new and old, where a hidden text has changed its cloze number."""
    moved = []
    for former, digest in sorted(old.cards.items()):
        if not digest or claim.cards.get(former) == digest:
            continue
        for number, hidden in sorted(claim.cards.items()):
            if hidden == digest and old.cards.get(number) != digest:
                moved.append((number, former))
                break
    return moved


def _removed(claim: NoteState, number: int, digest: str) -> Diagnostic:
    key = truncate(claim.key, 40)
    if digest:
        code, message = "cloze-number-removed", f"cloze {number} of `{key}` is gone"
    elif claim.type == NoteType.QUESTION:
        code, message = "reverse-removed", f"the reverse of `{key}` is gone"
    else:
        code, message = "card-removed", f"card {number} of `{key}` is gone"
    return Diagnostic(
        code=code,
        message=message,
        span=claim.span,
        severity=Severity.WARNING,
        help="who has studied it gets rid of the empty card with Tools > Empty Cards in Anki",
    )


def _label_removed(claim: NoteState, label: str) -> Diagnostic:
    return Diagnostic(
        code="label-removed",
        message=f"the label `{truncate(label, 24)}` of `{truncate(claim.key, 24)}` is gone",
        span=claim.span,
        severity=Severity.WARNING,
        note="its number is kept for it",
        help="who has studied it gets rid of the empty card with Tools > Empty Cards in Anki;"
        " if only its key was rewritten, `was: {new: old}` keeps the history",
    )


def retired(keys: Sequence[str], lock: Lock) -> Diagnostic:
    """Notes that have left the sources since the last build; keys are sorted and not empty."""
    if len(keys) == 1:
        message = f"`{truncate(keys[0], 30)}` has left the sources and is retired"
    else:
        message = f"{len(keys)} notes have left the sources and are retired"
    named = ", ".join(f"`{key}`" for key in keys[:5]) + (", …" if len(keys) > 5 else "")
    return Diagnostic(
        code="note-retired",
        message=message,
        span=lock.note_span(keys[0]),
        severity=Severity.NOTE,
        note="" if len(keys) == 1 else named,
        help="learners keep their cards; if only an id was rewritten, `was:` with the old one keeps history",
    )


def pointer_to(span: Span | None, text: str) -> tuple[Related, ...]:
    """A pointer to a line of the lock, if there is one."""
    return () if span is None else (Related(span, text),)
