"""Notes that went by other keys in former releases (`was:`)."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from cardwright.identity.lock import NoteEntry
from cardwright.identity.note_state import NoteState


def original_key(claim: NoteState) -> str:
    """The key from which an identity is made: the oldest, with a lock or without one."""
    return claim.was[0] if claim.was else claim.key


def find_renames(
    claims: Sequence[NoteState], old: Mapping[str, NoteEntry]
) -> tuple[dict[str, str], list[NoteState]]:
    """New keys by old ones, and the claims whose former keys nobody knows.

    A key that is in the lock already has its history; of former ones the latest counts.
    """
    present = {claim.key for claim in claims}
    taken: dict[str, str] = {}
    unknown: list[NoteState] = []
    for claim in claims:
        if not claim.was or claim.key in old:
            continue
        known = [key for key in claim.was if key in old and key not in present and key not in taken]
        if known:
            taken[known[-1]] = claim.key
        else:
            unknown.append(claim)
    names = {name for key in old for name in enumerate(key.split("/"))} if unknown else set()
    return taken, [claim for claim in unknown if not _new_part(claim, names)]


def _new_part(claim: NoteState, names: AbstractSet[tuple[int, str]]) -> bool:
    """Whether a note that nobody knows is new in a card, or a table, whose former names are known.

    names: parts of the keys in the lock, each with its place in them.
    """
    now = list(enumerate(claim.key.split("/")))
    return (
        any(
            all(
                one == former or one in names or former in names
                for one, former in zip(now, enumerate(key.split("/")), strict=True)
            )
            for key in claim.was
        )
        and len(now) > 1
    )


def conflicting_renames(
    claims: Sequence[NoteState], old: Mapping[str, NoteEntry]
) -> Iterator[tuple[NoteState, str]]:
    """Claims with a history of their own that are to take over an older one, and its key.

    Either the id had belonged to another card, or it was built once without the former one.
    """
    present = {claim.key for claim in claims}
    for claim in claims:
        entry = old.get(claim.key)
        if entry is None:
            continue
        for key in claim.was:
            former = old.get(key)
            if former is None or key in present:
                continue
            if (not former.retired) if entry.retired else former.since < entry.since:
                yield claim, key
