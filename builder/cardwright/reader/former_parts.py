"""Check what `was:` says of parts of cards: items, rows, columns and labels."""

from collections.abc import Iterator, Sequence

from cardwright.collection.note import Note
from cardwright.diagnostics import Diagnostic, Related, Severity
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.source.ids import FormerNames
from cardwright.source.nodes import Scalar


def former_part_conflicts(
    former_names: FormerNames, card_id: str, notes: Sequence[Note]
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the former names of a card's parts, and with those that were parts of others.

    That is an error for a name that another part still has, or that two parts claim, and for a card of
    several notes that says it was one; and a warning for a part that is none.

    notes: of the card; without any, its parts could not be read.
    """
    if not notes:
        return
    groups = _names_of_parts(notes)
    for former in former_names.card_ids if groups else ():
        if "/" in former.value:
            message = f"`{truncate(former.value, 36)}` was a note, and this card has parts"
            help_ = "only a card of one note can have been an item or a cell of another card"
            yield Diagnostic("former-id-of-a-part", message, former.span, help=help_)
    first_claims: dict[tuple[int, str], Scalar] = {}
    for key, former in former_names.part_scalars:
        own_groups = [index for index, names in enumerate(groups) if key.value in names]
        if not own_groups:
            yield _no_such_part(key, former, card_id, [name for names in groups for name in names])
            continue
        claims = [first_claims.setdefault((index, former.value), former) for index in own_groups]
        name = truncate(former.value, 36)
        if all(former.value in groups[index] for index in own_groups):
            message = f"`{name}` is still a part of this card"
            yield Diagnostic("former-id-in-use", message, former.span, note="write what it was called before")
        elif claims[0] is not former:
            message = f"two parts say that they were `{name}`"
            related = (Related(claims[0].span, "first said here"),)
            yield Diagnostic("former-id-twice", message, former.span, related=related)


def _names_of_parts(notes: Sequence[Note]) -> list[dict[str, None]]:
    """Return the names of a card's items, or of its rows and of its columns, or of its labels."""
    groups: list[dict[str, None]] = []
    for note in notes:
        names = note.key.split("/")[1:]
        groups += ({} for _ in names[len(groups) :])
        for group, name in zip(groups, names, strict=True):
            group[name] = None
        if note.diagram is not None:
            groups.append({label.key: None for label in note.diagram.labels})
    return groups


def _no_such_part(key: Scalar, former: Scalar, card_id: str, names: Sequence[str]) -> Diagnostic:
    name, former_name = truncate(key.value, 36), truncate(former.value, 36)
    message = f"this card has no part called `{name}`"
    if former.value in names:
        help_ = f"write the present name first: `was: {{{former_name}: {name}}}`"
    elif not names or key.value == card_id:
        help_ = f"for the id of the card itself, write `was: {former_name}`"
    else:
        help_ = did_you_mean(key.value, names)
    return Diagnostic("no-such-part", message, key.span, Severity.WARNING, help=help_)
