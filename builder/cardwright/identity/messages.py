"""Diagnostics for what a build would do to the notes that learners have; each is named by its code."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from cardwright.collection.deck import Deck
from cardwright.collection.notetype import SPARE_FIELDS, SPARE_TEMPLATES, NoteType
from cardwright.collection.suppression import ID_OF_ANOTHER_CARD, RENAMED_WITHOUT_WAS
from cardwright.diagnostics import Diagnostic, Related, Severity, Span
from cardwright.diagnostics.phrases import count_noun, did_you_mean, truncate
from cardwright.identity.lock import REMOVED_LABEL, Lock, NoteEntry, NoteTypeEntry
from cardwright.identity.note_state import NoteState, NoteTypeState, are_labels
from cardwright.identity.superseded import is_superseded
from cardwright.record import Record


def deck_id_changed(span: Span, lock: Lock) -> Diagnostic:
    """All identities depend on the deck's id, so it must stay; or the folder was copied for a new deck."""
    message = f"the deck's lock belongs to the deck `{truncate(lock.deck_id, 34)}`"
    related = _related(lock.header_span(), "locked here")
    help_ = f"change it back to `{lock.deck_id}`; delete the lock only if this is meant to be another deck"
    return Diagnostic("deck-id-changed", message, span, note="another id", related=related, help=help_)


def deck_renamed(old_name: str, deck: Deck) -> Diagnostic:
    """Anki finds a deck by its name, and leaves existing cards where they are.

    Source: measured; Anki, rslib/src/import_export/package/apkg/import/decks.rs.
    """
    message = f"the deck was called `{truncate(old_name, 40)}` when it was released"
    note = f"now `{truncate(deck.name, 60)}`"
    help_ = (
        "learners keep their cards where they are, and only new cards arrive under the new name, "
        "unless they rename the deck in Anki before they import"
    )
    return Diagnostic("deck-renamed", message, deck.span, Severity.WARNING, note, help=help_)


def former_keys_in_use(notes: Sequence[NoteState]) -> Iterator[Diagnostic]:
    """Yield an error for each card that says it was an item or a cell that still is in the sources."""
    renamed = [note for note in notes if note.former_keys]
    keys = {note.key for note in notes} if renamed else set()
    for note in renamed:
        for former in note.former_keys:
            if former in keys and "/" in former:
                message = f"`{truncate(former, 36)}` is still a part of its card"
                help_ = "take it out there, or leave out `was`"
                yield Diagnostic("former-id-in-use", message, note.span, help=help_)


def former_ids_unknown(notes: Iterable[NoteState], lock: Lock) -> Iterator[Diagnostic]:
    """Yield a warning for each former id that was never released, however many notes have it.

    It is probably a typo, which would cost the notes their history.
    """
    first_notes: dict[tuple[tuple[str, str], ...], NoteState] = {}
    for note in notes:
        first_notes.setdefault(tuple(_renamed(note.key, note.former_keys[-1])), note)
    for ((name, former_name), *_), note in first_notes.items():
        card_id, released = note.key.partition("/")[0], [key.split("/") for key in lock.notes]
        if card_id == name:
            message = f"no released note was called `{truncate(former_name, 36)}`"
            depth = former_name.count("/") + 1
            similar = ["/".join(key[:depth]) for key in released if not is_superseded("/".join(key))]
        else:
            message = f"no part of `{truncate(card_id, 20)}` was released as `{truncate(former_name, 20)}`"
            index = note.key.split("/").index(name)
            card_ids = {key.partition("/")[0] for key in (note.key, *note.former_keys)}
            similar = [key[index] for key in released if key[0] in card_ids and len(key) > index]
        help_ = did_you_mean(former_name, dict.fromkeys(similar), otherwise="")
        yield Diagnostic(
            "former-id-unknown", message, note.span, Severity.WARNING, "counts as a new note", help=help_
        )


def history_restored(superseded: Iterable[tuple[NoteState, str]]) -> Iterator[Diagnostic]:
    """Yield a note for each card that was released as a new one and now continues an older history.

    superseded: as in `Renames`.
    """
    by_card: dict[tuple[str, str], list[tuple[NoteState, str]]] = {}
    for note, key in superseded:
        by_card.setdefault((note.key.partition("/")[0], key.partition("/")[0]), []).append((note, key))
    many = len(by_card) > _MANY
    for (card_id, former_id), restored in list(by_card.items())[: 1 if many else None]:
        (note, former_key), count = restored[0], len(restored)
        names = (note.key, former_key) if count == 1 or card_id == former_id else (card_id, former_id)
        new_name, name = (truncate(name, 20) for name in names)
        message = f"`{new_name}` continues the history of `{name}`"
        remark = "as it is the older one" if count == 1 else f"with {count} notes"
        if many:
            message = f"{len(by_card)} cards continue the histories of older ones"
            remark = f"this one that of `{name}`"
        help_ = (
            "learners who have both keep the older card's schedule, and `tag:retired` finds the younger; "
            "those who have only the younger get the older as a new card"
        )
        yield Diagnostic("history-restored", message, note.span, Severity.NOTE, remark, help=help_)


class Rename(Record, frozen=True):
    """A card that seems to have another id than before, or parts of which seem to have another key.

    notes: of the card in the sources.
    former_id: empty if only parts are renamed.
    parts: former names of items, rows and columns by their present ones.
    span: where the present name stands: of the card, or of the first part that is renamed.
    """

    notes: Sequence[NoteState]
    former_id: str
    parts: Mapping[str, str]
    span: Span

    @property
    def was(self) -> str:
        """The line that says what the card was called, together with what it says already."""
        card_id = self.notes[0].card_id
        former_keys = [(note.key, former) for note in self.notes for former in note.former_keys]
        names = [name for key, former in former_keys for name in _renamed(key, former)]
        ids = {former: None for name, former in names if name == card_id}
        parts = {name: former for name, former in names if name != card_id}
        parts |= self.parts
        items = [*ids, *([self.former_id] if self.former_id else [])]
        if parts:
            items.append(f"{{{', '.join(f'{name}: {former}' for name, former in parts.items())}}}")
        return f"was: {items[0]}" if len(items) == 1 else f"was: [{', '.join(items)}]"

    @property
    def names(self) -> tuple[str, str]:
        """The present and the former name: of the card, or of the first part that is renamed."""
        return (self.notes[0].card_id, self.former_id) if self.former_id else next(iter(self.parts.items()))


def _renamed(key: str, former_key: str) -> list[tuple[str, str]]:
    """Return the present and the former name of a note's card, and of each of its parts, that has two.

    A card of one note may have been a part of another card; then its former name is that part's key.
    """
    names, former_names = key.split("/"), former_key.split("/")
    if len(names) != len(former_names):
        return [(key, former_key)]
    return [pair for pair in zip(names, former_names, strict=True) if pair[0] != pair[1]]


_MANY = 10
"""From so many renamed cards on, one warning is about all of them."""


def renamed_without_was(renames: Sequence[Rename]) -> Iterator[Diagnostic]:
    """Yield a warning for each card that seems to be one that left the sources when it came."""
    allow = f"`allow: [{RENAMED_WITHOUT_WAS}]` if it is another card"
    for rename in renames[:1] if len(renames) > _MANY else renames:
        name, former = (truncate(name, 20) for name in rename.names)
        subject = "this card" if name == former else f"`{name}`"  # if they differ only in what was cut off
        message = f"{subject} looks like `{former}` under a new {'id' if rename.former_id else 'key'}"
        remark = "learners get it again, without their progress"
        help_ = f"add `{rename.was}` to keep their progress, or {allow}"
        if len(renames) > _MANY:
            message = f"{len(renames)} cards look like others that left, under new ids"
            remark = f"this one like `{former}`"
            help_ = f"restore their ids, or add `{rename.was}` here and so on; {allow}"
        yield Diagnostic(RENAMED_WITHOUT_WAS, message, rename.span, Severity.WARNING, remark, help=help_)


def id_of_another_card(exchanged: Sequence[tuple[Span, str, str]]) -> Iterator[Diagnostic]:
    """Yield a warning if notes or labels have texts that others were released with.

    exchanged: the place and the key of each, and the key of the other one.
    """
    if not exchanged:
        return
    span, key, former_key = exchanged[0]
    message = f"`{truncate(key, 22)}` is now what `{truncate(former_key, 22)}` was"
    remark = f"and {count_noun(len(exchanged) - 1, 'more id')} went to other cards" if exchanged[1:] else ""
    help_ = (
        "learners' progress follows the id: give each card its own back, and new cards new ids; "
        f"or `allow: [{ID_OF_ANOTHER_CARD}]`"
    )
    yield Diagnostic(ID_OF_ANOTHER_CARD, message, span, Severity.WARNING, remark, help=help_)


def retired_ids_reused(notes: Sequence[NoteState]) -> Iterator[Diagnostic]:
    """Yield a warning for each note that has the key of a retired one and another text."""
    for note in notes[:1] if len(notes) > _MANY else notes:
        message = f"`{truncate(note.key, 22)}` is another card now than before it was retired"
        if len(notes) > _MANY:
            message = f"{len(notes)} ids of retired cards are on other cards now"
        remark = "learners get it with the progress of the retired one"
        key = "key" if "/" in note.key else "id"
        help_ = f"give this one a new {key}, or `allow: [{ID_OF_ANOTHER_CARD}]` if it is the same card"
        yield Diagnostic(ID_OF_ANOTHER_CARD, message, note.span, Severity.WARNING, remark, help=help_)


def lock_guid_twice(note: NoteState, lock: Lock) -> Diagnostic:
    """Anki would send every edit of either note to only one of them."""
    guid = lock.notes[note.key].guid
    other_key = next(key for key, entry in lock.notes.items() if entry.guid == guid and key != note.key)
    message = f"`{truncate(note.key, 40)}` has the guid of another note"
    span = lock.note_span(note.key) or note.span
    related = _related(lock.note_span(other_key), "first here")
    help_ = "delete the line of the note that learners don't have; it gets a new guid"
    return Diagnostic("lock-guid-twice", message, span, note="the same guid", related=related, help=help_)


def guid_conflicts(notes: Sequence[NoteState], lock: Lock) -> Iterator[Diagnostic]:
    """Yield an error for each note whose `guid:` is another note's, or not the one it was released with.

    lock: after renames.
    """
    with_guids = [note for note in notes if note.guid]
    if not with_guids:
        return
    released = {entry.guid: entry.key for entry in lock.notes.values()}
    first_notes: dict[str, NoteState] = {}
    for note in with_guids:
        key, guid = truncate(note.key, 24), truncate(note.guid, 20)
        entry, first = lock.notes.get(note.key), first_notes.setdefault(note.guid, note)
        if entry is not None and entry.guid != note.guid:
            message = f"`{key}` was released with another guid than `{guid}`"
            related = _related(lock.note_span(note.key), "released like this")
            help_ = f"write `guid: {entry.guid}`, or leave `guid` out; Anki knows the note by it"
            yield Diagnostic("guid-changed", message, note.span, related=related, help=help_)
        elif first is not note:
            message, related = f"two notes have the guid `{guid}`", (Related(first.span, "first here"),)
            help_ = "give one of them another; Anki would take both for one note"
            yield Diagnostic("guid-twice", message, note.span, related=related, help=help_)
        elif (other := released.get(note.guid, note.key)) != note.key:
            message = f"the guid of `{key}` is that of `{truncate(other, 24)}`"
            related = _related(lock.note_span(other), "released like this")
            help_ = "give it another; Anki would take both for one note"
            yield Diagnostic("guid-twice", message, note.span, related=related, help=help_)


def moved_to_subdeck(notes: Sequence[NoteState], lock: Lock) -> Iterator[Diagnostic]:
    """Yield a warning if some released notes are in another sub-deck now: Anki leaves cards where they are.

    Source: measured; Anki, rslib/src/import_export/package/apkg/import/cards.rs, `import_cards`.
    """
    if not notes:
        return
    first = notes[0]
    entry = lock.notes[first.key]
    if len(notes) == 1:
        message = f"`{truncate(first.key, 34)}` was released in another sub-deck"
        way = f"in the browser, `nid:{entry.id}` finds theirs for Cards > Change Deck"
    else:
        message = f"{len(notes)} notes were released in other sub-decks"
        way = "CHANGES.md tells them how to move theirs"
    same = all(lock.notes[note.key].subdeck == entry.subdeck for note in notes)
    remark = f"{'were' if same else 'this one was'} in {_quote_subdeck(entry.subdeck)}"
    related = _related(lock.note_span(first.key), "released there")
    help_ = f"Anki leaves cards where learners have them; {way}"
    span = first.deck_name.span or first.span
    yield Diagnostic("moved-to-subdeck", message, span, Severity.WARNING, remark, related, help_)


def _quote_subdeck(subdeck: str) -> str:
    return f"`{truncate(subdeck, 48)}`" if subdeck else "the deck itself"


_EMPTY_CARDS = "learners who have the card can delete it with Tools > Empty Cards in Anki"


def card_changes(
    note: NoteState, old: NoteEntry, lock: Lock, changed_types: Container[NoteType]
) -> Iterator[Diagnostic]:
    """Yield what happens to the cards that learners have of a note.

    changed_types: those that `cards_removed_by_templates` tells about.
    """
    if note.type != old.type:
        kinds = f"was a {truncate(old.type, 12)} card, now a {truncate(note.type, 12)} card"
        yield Diagnostic(
            "card-kind-changed",
            f"`{truncate(note.key, 20)}` {kinds}",
            note.span,
            note="leave out `was`" if note.former_keys else "give it a new id",
            related=_related(lock.note_span(note.key), "locked here"),
            help="Anki can't turn one kind into the other; under a new id it is a new card",
        )
        return
    if note.cards == old.cards or note.type in changed_types:
        return
    if are_labels(note.type, note.cards):
        yield from _label_changes(note, old)
        return
    renumbered = _renumbered_clozes(note, old)
    for number, old_number in renumbered:
        message = f"cloze {old_number} of `{truncate(note.key, 36)}` is now cloze {number}"
        related = _related(lock.note_span(note.key), "has another number here")
        help_ = f"write c{old_number} again: a learner's progress follows the number, not the text"
        yield Diagnostic("cloze-renumbered", message, note.span, related=related, help=help_)
    old_numbers = {old_number for _, old_number in renumbered}
    for number in sorted(old.cards):
        if number not in note.cards and number not in old_numbers and number not in old.missing:
            yield _card_removed(note, number, old.cards[number])


def cards_removed_by_templates(
    notes: Iterable[tuple[NoteState, NoteEntry]], types: Mapping[NoteType, NoteTypeState]
) -> Iterator[Diagnostic]:
    """Yield a warning for each template that makes no card of some notes any more, however many.

    notes: each with its old entry. types: the custom note types with changed templates.
    """
    by_card: dict[tuple[NoteType, int], list[NoteState]] = {}
    for note, old in notes:
        if note.type in types:
            for number in old.cards.keys() - note.cards.keys():
                by_card.setdefault((note.type, number), []).append(note)
    for (type_name, number), losing in sorted(by_card.items(), key=lambda item: item[0]):
        names = (*types[type_name].templates, *SPARE_TEMPLATES)
        count = count_noun(len(losing), "note")
        message = f"the template `{truncate(names[number - 1], 16)}` makes no card of {count} any more"
        remark = f"of `{truncate(losing[0].key, 40)}`{' and others' if losing[1:] else ''}"
        span = types[type_name].span or losing[0].span
        yield Diagnostic("card-removed", message, span, Severity.WARNING, remark, help=_EMPTY_CARDS)


def _renumbered_clozes(note: NoteState, old: NoteEntry) -> list[tuple[int, int]]:
    """Return pairs of the new and the old number of each hidden text whose cloze number has changed."""
    renumbered = []
    for old_number, digest in sorted(old.cards.items()):
        if not digest or note.cards.get(old_number) == digest:
            continue
        for number, new_digest in sorted(note.cards.items()):
            if new_digest == digest and old.cards.get(number) != digest:
                renumbered.append((number, old_number))
                break
    return renumbered


def _card_removed(note: NoteState, number: int, digest: str) -> Diagnostic:
    key = truncate(note.key, 40)
    if digest:
        code, message = "cloze-number-removed", f"cloze {number} of `{key}` is gone"
    elif note.type == NoteType.QUESTION:
        code, message = "reverse-removed", f"the reverse of `{key}` is gone"
    else:
        code, message = "card-removed", f"card {number} of `{key}` is gone"
    return Diagnostic(code, message, note.span, Severity.WARNING, help=_EMPTY_CARDS)


def _label_changes(note: NoteState, old: NoteEntry) -> Iterator[Diagnostic]:
    """Yield what happens to the labels that learners have of a diagram."""
    removed = [
        label
        for number, label in sorted(old.cards.items())
        if note.cards.get(number) == f"{REMOVED_LABEL}{label}"
    ]
    added = [label for number, label in sorted(note.cards.items()) if number not in old.cards]
    if removed:
        yield _labels_removed(note, removed, added)
    for number, label in sorted(old.cards.items()):
        former = note.cards.get(number, "").removeprefix(REMOVED_LABEL)
        if label.startswith(REMOVED_LABEL) or former == label or note.cards.get(number) == former:
            continue
        message = f"the label `{truncate(label, 20)}` continues the history of `{truncate(former, 20)}`"
        remark = f"in `{truncate(note.key, 40)}`"
        help_ = "learners who got its younger card can delete that with Tools > Empty Cards in Anki"
        yield Diagnostic("history-restored", message, note.span, Severity.NOTE, remark, help=help_)


def _labels_removed(note: NoteState, removed: Sequence[str], added: Sequence[str]) -> Diagnostic:
    """Say which labels are gone, and how to keep their histories; one line tells of all of them.

    removed, added: labels by number. If as many come as go, they were probably renamed.
    """
    key = truncate(note.key, 24)
    if len(removed) == 1:
        message = f"the label `{truncate(removed[0], 24)}` of `{key}` is gone"
        remark, changed = "its number is kept for it", "its key"
    else:
        message = f"{len(removed)} labels of `{key}` are gone"
        names = ", ".join(f"`{truncate(label, 16)}`" for label in removed[:3])
        remark, changed = f"{names}{' …' if removed[3:] else ''}", "their keys"
    pairs = zip(added, removed, strict=True) if len(added) == len(removed) else [("new", "old")]
    was = ", ".join(f"{new}: {old}" for new, old in pairs)
    help_ = f"{_EMPTY_CARDS}; if you only changed {changed}, `was: {{{was}}}` keeps the history"
    return Diagnostic("label-removed", message, note.span, Severity.WARNING, remark, help=help_)


def note_type_changes(types: Sequence[NoteTypeState], lock: Lock, span: Span) -> Iterator[Diagnostic]:
    """Yield an error for each released note type that is gone or has other fields or templates.

    Anki silently stops updating notes when the fields or templates of their note type differ.
    Source: measured; Anki, rslib/src/import_export/package/apkg/import/notes.rs, `equal_schema`.
    """
    released = {entry.type for entry in lock.notes.values()}
    present = {state.type for state in types}
    for removed in sorted(released & lock.types.keys() - present):
        message = f"the note type `{truncate(removed, 34)}` was released and is gone"
        related = _related(lock.type_span(removed), "released like this")
        help_ = "write it back under `note_types:`; learners still have notes of it"
        yield Diagnostic("note-type-removed", message, span, related=related, help=help_)
    for state in types:
        old = lock.types.get(state.type)
        if old is None or (old.schema, old.id) == (state.schema, state.id):
            continue
        if not state.fields:
            message = f"the fields or templates of {state.type} notes have changed"
            help_ = "build with the version that wrote the lock; Anki would stop updating these notes"
            yield Diagnostic("note-type-changed", message, lock.type_span(state.type) or span, help=help_)
        elif state.type in released:
            yield _custom_type_changed(state, old, lock, span)


def _custom_type_changed(state: NoteTypeState, old: NoteTypeEntry, lock: Lock, span: Span) -> Diagnostic:
    """Say how to restore the released lists; anything new has to go into a spare field or template."""
    name = truncate(state.type, 20)
    for part, spare, before, now in (
        ("field", SPARE_FIELDS[0], old.fields, state.fields),
        ("template", SPARE_TEMPLATES[0], old.templates, state.templates),
    ):
        if before == now:
            continue
        removed = [part_name for part_name in before if part_name not in now]
        added = [part_name for part_name in now if part_name not in before]
        if len(removed) == len(added) == 1:
            message = f"the {part} `{truncate(removed[0], 16)}` of `{name}` was released by that name"
            help_ = f"call it `{removed[0]}` again; Anki recognises it by its name"
        elif removed:
            message = f"the {part} `{truncate(removed[0], 20)}` of `{name}` was released and is gone"
            help_ = f"write it back; a {part} may stay unused"
        elif added:
            message = f"the {part} `{truncate(added[0], 20)}` is new in `{name}`, which was released"
            help_ = f"use `{spare}` instead, which learners have had from the start"
            if state.imported:
                help_ = "leave it out; new cards that need it can be of a note type of their own"
        else:
            message = f"the {part}s of `{name}` were released in another order"
            help_ = f"put them back in order: {', '.join(before)}"
        break
    else:
        message = f"`{name}` was released as another kind of note type"
        help_ = "a note type keeps its cloze deletions, or stays without; make a new one"
    remark = "Anki would stop updating the notes that learners have"
    related = _related(lock.type_span(state.type), "released like this")
    return Diagnostic(
        "note-type-changed", message, state.span or span, note=remark, related=related, help=help_
    )


def _related(span: Span | None, text: str) -> tuple[Related, ...]:
    return () if span is None else (Related(span, text),)
