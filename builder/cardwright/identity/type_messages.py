"""What is to be said when the note types of a build are not the ones that were released."""

from collections.abc import Iterator, Sequence

from cardwright.collection.notetype import SPARE_FIELDS, SPARE_TEMPLATES, NoteType
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.span import Span
from cardwright.identity.lock import Lock, NoteTypeEntry
from cardwright.identity.messages import pointer_to
from cardwright.identity.note_state import NoteTypeState


def changed_types(types: Sequence[NoteTypeState], lock: Lock, span: Span) -> Iterator[Diagnostic]:
    """Anki silently stops updating notes whose note type has other fields or templates than before.

    Source: measured; Anki, rslib/src/import_export/package/apkg/import/notes.rs, `equal_schema`.
    """
    released = {entry.type for entry in lock.notes.values()}
    present = {claim.type for claim in types}
    yield from (_removed_type(one, lock, span) for one in sorted(released & lock.types.keys() - present))
    for claim in types:
        old = lock.types.get(claim.type)
        if old is None or (old.schema, old.id) == (claim.schema, claim.id):
            continue
        if claim.fields:
            if claim.type in released:
                yield _changed_own_type(claim, old, lock, span)
        else:
            yield Diagnostic(
                code="note-type-changed",
                message=f"the fields or templates of {claim.type} notes have changed",
                span=lock.type_span(claim.type) or span,
                help="build with the version that wrote the lock; Anki would stop updating these notes",
            )


def _changed_own_type(claim: NoteTypeState, old: NoteTypeEntry, lock: Lock, span: Span) -> Diagnostic:
    """An author's fields and templates stay as they were released; what is new goes into a spare one."""
    called = truncate(claim.type, 20)
    for what, spare, before, now in (
        ("field", SPARE_FIELDS[0], old.fields, claim.fields),
        ("template", SPARE_TEMPLATES[0], old.templates, claim.templates),
    ):
        if before == now:
            continue
        gone = [name for name in before if name not in now]
        new = [name for name in now if name not in before]
        if len(gone) == len(new) == 1:
            message = f"the {what} `{truncate(gone[0], 16)}` of `{called}` was released by that name"
            advice = f"call it `{gone[0]}` again; what it is called is part of what Anki knows it by"
        elif gone:
            message = f"the {what} `{truncate(gone[0], 20)}` of `{called}` was released and is gone"
            advice = f"write it back; a {what} may stay without use"
        elif new:
            message = f"the {what} `{truncate(new[0], 20)}` is new in `{called}`, which was released"
            advice = f"use `{spare}` in its place, which learners have been given from the start"
        else:
            message = f"the {what}s of `{called}` were released in another order"
            advice = f"write them as they were: {', '.join(before)}"
        break
    else:
        message = f"`{called}` was released as another kind of note type"
        advice = "a note type keeps its cloze deletions, or stays without; make a new one"
    return Diagnostic(
        code="note-type-changed",
        message=message,
        span=claim.span or span,
        note="Anki would stop updating the notes that learners have",
        related=pointer_to(lock.type_span(claim.type), "released like this"),
        help=advice,
    )


def _removed_type(gone: NoteType, lock: Lock, span: Span) -> Diagnostic:
    """Retired notes are notes too, and may come back."""
    return Diagnostic(
        code="note-type-removed",
        message=f"the note type `{truncate(gone, 34)}` was released and is gone",
        span=span,
        related=pointer_to(lock.type_span(gone), "released like this"),
        help="write it back under `note_types:`; learners still have notes of it",
    )
