"""Notice ids that were changed without `was:`, and ids that went from one card to another.

Learners' progress follows ids. A card that comes while another leaves, and is like it, is probably the same
card; so is a card whose id stayed and whose text is now that of another one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from cardwright.collection import notetype
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.collection.suppression import filter_suppressed
from cardwright.diagnostics import Diagnostic, Span
from cardwright.formats.anki import escape
from cardwright.formats.anki.moving_cards import MovingCard
from cardwright.formats.anki.released import ReleasedPackage, read_earlier
from cardwright.formats.anki.render import FIELD_SEPARATOR, RenderedDeck, RenderedNote, note_digest
from cardwright.formats.outputs import PACKAGE_ENDING, RETIRED_ENDING, OutputContext
from cardwright.identity import likeness, messages
from cardwright.identity.likeness import Fields, Weights, words_of
from cardwright.identity.lock import Lock, NoteEntry
from cardwright.identity.note_state import NoteState
from cardwright.identity.reconcile import Reconciliation
from cardwright.identity.superseded import is_superseded

_NOW = -1
"""In place of a time of release: this build."""

_LABEL_NAME = re.compile(r"\{\{c(\d+)::(.*?)\}\}(?=<br>|</|$)", re.DOTALL)
"""A label's number and its name, in the field of all names."""

_SAMPLE = 500
"""Of so many notes the words are counted, to find out which ones are rare."""


def unnoticed_renames(
    context: OutputContext, rendered: RenderedDeck, reconciliation: Reconciliation
) -> list[Diagnostic]:
    """Return a warning for each card that seems to have lost its history, unless an `allow:` covers it.

    A card whose `was:` has a typo has a warning already.

    rendered, reconciliation: of this build. The texts of earlier releases are read from the packages, if
        they are needed at all.
    """
    old = context.previous_lock
    if old is None or reconciliation.failed:
        return []
    finder = _Finder(context, rendered, old, reconciliation.lock)
    typos = [warning for warning in reconciliation.diagnostics if warning.code == "former-id-unknown"]
    renames = [rename for rename in finder.renames() if not any(_is_about(typo, rename) for typo in typos)]
    warnings = [
        *messages.renamed_without_was(renames),
        *finder.exchanged_ids(),
        *messages.retired_ids_reused(finder.reused()),
    ]
    remaining, _ = filter_suppressed(warnings, context.deck.suppressions)
    return remaining


class _Finder:
    """Compares what left the deck with what came.

    left, came: the times at which notes left and came, by key; of those that came only when others left.
    changed: the notes whose content has changed since the last release.
    back: the keys of notes that were retired under the same key, and so have a history of their own.
    returned: those of them that were retired with another content.
    """

    def __init__(self, context: OutputContext, rendered: RenderedDeck, old: Lock, new: Lock) -> None:
        self._context, self._rendered, self._old, self._new = context, rendered, old, new
        active = {entry.guid: entry for entry in old.notes.values() if not entry.retired}
        left = [entry for entry in new.notes.values() if entry.retired and not is_superseded(entry.key)]
        self._left = {entry.key: _NOW if entry.guid in active else entry.mod for entry in left}
        times = {_NOW, *self._left.values()}
        self._came: dict[str, int] = {}
        self._changed: list[RenderedNote] = []
        self._back: set[str] = set()
        self._returned: list[RenderedNote] = []
        retired = {entry.guid: entry for entry in old.notes.values() if entry.retired}
        entries_before = old.notes
        for note in rendered.notes:
            entry = new.notes[note.state.key]
            if not left and entries_before.get(entry.key) is entry:
                continue  # as before: neither did it come with this build nor has its content changed
            old_entry = active.get(entry.guid)
            time = _NOW if old_entry is None else entry.age_key
            if time in times:
                self._came[entry.key] = time
            if old_entry is not None and old_entry.digest != note.state.digest and old_entry.key == entry.key:
                self._changed.append(note)
            gone = retired.get(entry.guid)
            if gone is not None and gone.key == entry.key:
                self._back.add(entry.key)
                if gone.digest != note.state.digest:
                    self._returned.append(note)
        self._notes: dict[str, list[RenderedNote]] = {}
        if self._came and self._left:
            for note in rendered.notes:
                self._notes.setdefault(note.state.card_id, []).append(note)
        times = set(self._came.values())
        self._left = {key: time for key, time in self._left.items() if time in times or _NOW in times}

    @property
    def _may_be_exchanged(self) -> bool:
        """Whether a note with labels changed, or any note while another one changed too, or came."""
        return (
            len(self._changed) > 1
            or (bool(self._changed) and _NOW in self._came.values())
            or any(note.state.type == NoteType.DIAGRAM for note in self._changed)
        )

    # Texts.

    @cached_property
    def _packages(self) -> list[ReleasedPackage]:
        """The packages of the last build; that of its release only if notes leave with this build."""
        is_needed = _NOW in self._left.values() or self._may_be_exchanged
        endings = (*((PACKAGE_ENDING,) if is_needed else ()), RETIRED_ENDING)
        return [read_earlier(self._context, ending) for ending in endings]

    def _released(self, guid: str) -> Fields:
        """Return the fields of a released note; nothing if they are unknown."""
        packages = (package for package in self._packages if guid in package.notes)
        return next((package.values(package.notes[guid]) for package in packages), {})

    @cached_property
    def _field_names(self) -> dict[NoteType, tuple[str, ...]]:
        return {note_type.type: note_type.field_names for note_type in self._rendered.types}

    @cached_property
    def _imported_types(self) -> set[NoteType]:
        return {note_type.type for note_type in self._rendered.types if note_type.imported}

    def _fields(self, note: RenderedNote) -> Fields:
        return dict(zip(self._field_names[note.state.type], note.values, strict=True))

    @cached_property
    def _weights(self) -> Weights:
        notes = self._rendered.notes[:: len(self._rendered.notes) // _SAMPLE + 1]
        return Weights.of([words_of([self._fields(note)]) for note in notes])

    # Cards that left and cards that came.

    def renames(self) -> Iterator[messages.Rename]:
        """Yield each card that seems to be one that left, and each card with parts of which that is so."""
        if not self._came or not self._left:
            return
        left: dict[tuple[str, int], dict[str, NoteEntry]] = {}
        for key in sorted(self._left, key=lambda key: (self._new.notes[key].due, key)):
            card_id, _, part = key.partition("/")
            left.setdefault((card_id, self._left[key]), {})[part] = self._new.notes[key]
        gone = [
            self._gone_card(*place, entries) for place, entries in left.items() if place[0] not in self._notes
        ]
        came = list(self._new_cards())
        for old, new in self._pairs(gone, came):
            yield self._rename(new.id, old.id, self._renamed_parts(old, new))
        for (card_id, time), entries in left.items():
            if card_id in self._notes:
                old, now = self._gone_card(card_id, time, entries), self._card_of(card_id, time)
                if now is not None and (parts := self._renamed_parts(old, now)):
                    yield self._rename(card_id, "", parts)

    def _rename(self, card_id: str, former_id: str, parts: Mapping[str, str]) -> messages.Rename:
        states = [note.state for note in self._notes[card_id]]
        span = states[0].span
        if _depth(states[0].key):
            # The states of items and cells have the spans of these alone, so the sources are read again.
            name, first = (card_id, 0) if former_id else (next(iter(parts)), 1)
            notes = [self._source_notes[state.key] for state in states]
            spans = (
                part_span
                for note in notes
                for part, part_span in zip(note.key.split("/")[first:], note.key_spans[first:], strict=True)
                if part == name
            )
            span = next(spans, span)
        return messages.Rename(states, former_id, parts, span)

    @cached_property
    def _source_notes(self) -> Mapping[str, Note]:
        return {note.key: note for note in self._context.deck.notes}

    def _gone_card(self, card_id: str, time: int, entries: Mapping[str, NoteEntry]) -> MovingCard:
        texts = {part: self._released(entry.guid) for part, entry in entries.items()}
        return MovingCard(card_id, time, entries, texts, {})

    def _new_cards(self) -> Iterator[MovingCard]:
        for card_id, notes in self._notes.items():
            oldest = min((self._new.notes[note.state.key] for note in notes), key=lambda entry: entry.age_key)
            if (time := self._came.get(oldest.key)) is not None and (card := self._card_of(card_id, time)):
                yield card

    def _card_of(self, card_id: str, time: int) -> MovingCard | None:
        """Return a card of the sources with those of its notes that came at a time for the first time."""
        notes = {
            note.state.key.partition("/")[2]: note
            for note in self._notes[card_id]
            if self._came.get(note.state.key) == time and note.state.key not in self._back
        }
        if not notes:
            return None
        entries = {part: self._new.notes[note.state.key] for part, note in notes.items()}
        return MovingCard(
            card_id, time, entries, {part: self._fields(note) for part, note in notes.items()}, notes
        )

    def _pairs(
        self, gone: Sequence[MovingCard], came: Sequence[MovingCard]
    ) -> Iterator[tuple[MovingCard, MovingCard]]:
        """Yield pairs of cards that are probably one; those with equal texts are found first.

        A card that comes now may also be equal to one that left earlier.
        """
        # By content and time, and then by id.
        equal_cards: dict[tuple[object, ...], dict[str, MovingCard]] = {}
        for card in came:
            equal_cards.setdefault((card.content, card.time), {})[card.id] = card
        remaining = []
        former_ids: dict[str, str] = {}
        for card in sorted(gone, key=lambda card: card.time):
            equal = (
                new
                for time in ((card.time, _NOW) if card.is_known else ())
                for new in equal_cards.get((card.content, time), {}).values()
                if _is_younger(new, card)
            )
            if new := next(equal, None):
                del equal_cards[new.content, new.time][new.id]
                former_ids[new.id] = card.id
                yield card, new
            else:
                remaining.append(card)
        came = [card for card in came if card.id not in former_ids]
        times = {card.time for card in came}
        remaining = [card for card in remaining if card.time in times]
        if not remaining or not came:
            return
        places = self._places_of(remaining, came, former_ids)

        def score(old: MovingCard, new: MovingCard) -> float:
            if old.shape != new.shape or not _is_younger(new, old):
                return 0
            if likeness.is_same_name(old.id, new.id):
                return 4
            in_place = places(old.id) == places(new.id) is not None
            if not old.is_known:
                same_parts = zip(new.rendered, new.rendered, strict=True)
                return 3 if self._has_same_digest(old, new, same_parts) else 1 if in_place else 0
            return likeness.likeness(old.words, new.words, self._weights, in_place=in_place)

        pairs = likeness.candidates([card.words for card in remaining], [card.words for card in came])
        yield from likeness.match(remaining, came, score, pairs)

    def _places_of(
        self, gone: Iterable[MovingCard], came: Iterable[MovingCard], former_ids: Mapping[str, str]
    ) -> Callable[[str], object]:
        """Return a function from ids of cards to what tells where they stand, or stood.

        Only cards of this build have a place; those of earlier ones stood among other cards.
        former_ids: of the cards whose rename is known.
        """
        old_places = _places(list(self._keys_before), {card.id for card in gone if card.time == _NOW})
        order = [former_ids.get(card_id, card_id) for card_id in self._notes]
        new_places = _places(order, {card.id for card in came if card.time == _NOW})
        return lambda card_id: old_places.get(card_id) or new_places.get(card_id)

    # Items, rows and columns.

    def _renamed_parts(self, old: MovingCard, new: MovingCard) -> dict[str, str]:
        """Return former names of items, rows or columns by their present ones."""
        renamed: dict[str, str] = {}
        if old.shape != new.shape or not old.shape[2]:
            return renamed
        present = [note.state.key for note in self._notes[new.id]]
        new_keys = {entry.key for entry in new.entries.values()}
        others = [key for key in (*present, *self._keys_before.get(old.id, ())) if key not in new_keys]
        for index in range(old.shape[2]):
            present_names, other_names = (
                {key.split("/")[1 + index] for key in keys} for keys in (present, others)
            )
            gone = [name for name in old.names(index) if name not in present_names]
            came = [name for name in new.names(index) if name not in other_names]
            renamed |= {
                new_name: old_name for old_name, new_name in self._pairs_of_names(old, new, index, gone, came)
            }
        return renamed

    def _names_before(self, old: MovingCard, index: int) -> list[str]:
        """Return the names that a card's parts had, in their order."""
        return list(dict.fromkeys(key.split("/")[1 + index] for key in self._keys_before.get(old.id, ())))

    @cached_property
    def _keys_before(self) -> Mapping[str, Sequence[str]]:
        """The keys that each card had, in study order."""
        entries = [
            entry for entry in self._old.notes.values() if not entry.retired or entry.key in self._left
        ]
        keys: dict[str, list[str]] = {}
        for entry in sorted(entries, key=lambda entry: (entry.due, entry.key)):
            keys.setdefault(entry.key.partition("/")[0], []).append(entry.key)
        return keys

    def _pairs_of_names(
        self, old: MovingCard, new: MovingCard, index: int, gone: Sequence[str], came: Sequence[str]
    ) -> list[tuple[str, str]]:
        if not gone or not came:
            return []
        old_parts, new_parts = old.parts_by_name(index), new.parts_by_name(index)
        old_words = {name: old.words_of_parts(old_parts[name]) for name in gone}
        new_words = {name: new.words_of_parts(new_parts[name]) for name in came}
        weights = Weights.of(list(new_words.values()))
        order = list(dict.fromkeys(note.state.key.split("/")[1 + index] for note in self._notes[new.id]))
        old_places = _places(self._names_before(old, index), set(gone))
        new_places = _places(order, set(came))

        def score(old_name: str, new_name: str) -> float:
            if likeness.is_same_name(old_name, new_name):
                return 4
            renamed = ((_with_name(part, index, old_name), part) for part in new_parts[new_name])
            if self._has_same_digest(old, new, renamed):
                return 3
            share = weights.share(old_words[old_name].all, new_words[new_name].all)
            in_place = old.time == _NOW and old_places[old_name] == new_places[new_name]
            if in_place and (len(gone) == len(came) == 1 or not old.is_known or share >= 0.2):
                return max(share, 0.1)
            return share if share >= 0.6 else 0

        pairs = likeness.candidates(list(old_words.values()), list(new_words.values()))
        pairs |= likeness.equal_pairs(map(likeness.fold_name, gone), map(likeness.fold_name, came))
        pairs |= likeness.equal_pairs(
            (old.content_of_parts(old_parts[name]) for name in gone),
            (new.content_of_parts(new_parts[name]) for name in came),
        )
        return likeness.match(gone, came, score, pairs)

    def _has_same_digest(self, old: MovingCard, new: MovingCard, parts: Iterable[tuple[str, str]]) -> bool:
        """Return whether a note of the new card has the content of one of the old, as the lock tells.

        parts: of the keys of both notes, which are compared.
        """
        for old_part, new_part in parts:
            entry, note = old.entries.get(old_part), new.rendered[new_part]
            if entry is not None:
                fields = dict(self._fields(note))
                if note.state.type not in self._imported_types:
                    fields[notetype.KEY] = escape.text(entry.key)
                values = FIELD_SEPARATOR.join(fields.values())
                if note_digest(note.state.type, values, note.tags) == entry.digest:
                    return True
        return False

    # Ids that went to other cards.

    def exchanged_ids(self) -> Iterator[Diagnostic]:
        """Yield a warning if the texts of changed notes are now those of others."""
        if not self._may_be_exchanged:
            return
        changed = [(note, self._released(self._new.notes[note.state.key].guid)) for note in self._changed]
        former_keys: dict[object, str] = {}
        new_texts: list[tuple[RenderedNote, object]] = []
        for note, old_fields in changed:
            for before, now in zip(
                _texts(note.state, old_fields), _texts(note.state, self._fields(note)), strict=True
            ):
                if old_fields and before != now:
                    former_keys.setdefault(before, note.state.key)
                    new_texts.append((note, now))
        for note in self._rendered.notes:
            if self._came.get(note.state.key) == _NOW:
                new_texts += ((note, text) for text in _texts(note.state, self._fields(note)))
        exchanged = {
            note.state.key: (note.state.span, note.state.key, former_keys[text])
            for note, text in new_texts
            if text in former_keys
        }
        labels = (label for note, fields in changed for label in self._exchanged_labels(note, fields))
        yield from messages.id_of_another_card([*exchanged.values(), *labels])

    def _exchanged_labels(self, note: RenderedNote, old_fields: Fields) -> Iterator[tuple[Span, str, str]]:
        """Yield each label of a diagram with the name of another one, as `messages.id_of_another_card`."""
        if note.state.type != NoteType.DIAGRAM:
            return
        from cardwright.formats.anki.image_occlusion import NAMES  # noqa: PLC0415  few decks have diagrams

        before, now = (
            {int(number): name for number, name in _LABEL_NAME.findall(fields.get(NAMES, ""))}
            for fields in (old_fields, self._fields(note))
        )
        diagram = self._source_notes[note.state.key].diagram
        assert diagram is not None
        keys = {label.cloze_number: label.key for label in diagram.labels}
        former_keys = {
            name: keys.get(number) or diagram.retired_labels.get(number, "")
            for number, name in before.items()
            if now.get(number) != name
        }
        for number, key in keys.items():
            former = former_keys.get(now.get(number, ""))
            if number in before and before[number] != now.get(number) and former:
                yield note.state.span, f"{note.state.key}/{key}", f"{note.state.key}/{former}"

    def reused(self) -> list[NoteState]:
        """Return the notes that have the key of a retired one and whose text is another."""
        return [note.state for note in self._returned if self._is_another(note)]

    def _is_another(self, note: RenderedNote) -> bool:
        old_fields = self._released(self._new.notes[note.state.key].guid)
        if not old_fields:
            return False
        texts = [old_fields, self._fields(note)]
        if _depth(note.state.key) == 1:
            # The list is in the text of each item.
            texts = [{notetype.ANSWER: text.get(notetype.ANSWER, "")} for text in texts]
        old, new = (words_of([text]) for text in texts)
        return not likeness.likeness(old, new, self._weights, in_place=True)


def _texts(note: NoteState, fields: Fields) -> tuple[object, ...]:
    """Return what identifies a note by its text: its whole content, and in a list also the item alone."""
    content = (note.type, likeness.content_of(fields))
    if _depth(note.key) != 1:
        return (content,)
    return content, (note.card_id, fields.get(notetype.ANSWER, ""))


def _depth(key: str) -> int:
    return key.count("/")


def _is_younger(new: MovingCard, old: MovingCard) -> bool:
    return new.first.age_key > old.first.age_key


def _is_about(warning: Diagnostic, rename: messages.Rename) -> bool:
    """Return whether a warning of an unknown `was:` names the card that it should have named."""
    former = rename.names[1]
    is_there = any(state.span == warning.span for state in rename.notes)
    return is_there and re.search(rf"[`/]{re.escape(former)}[`/]", warning.help) is not None


def _with_name(part: str, index: int, name: str) -> str:
    names = part.split("/")
    names[index] = name
    return "/".join(names)


def _places(order: Sequence[str], moving: set[str]) -> dict[str, object]:
    """Return what tells the place of each name that comes or goes.

    That is the last name before it that stays, the next one, and where between them it is, of how many.
    """
    places: dict[str, object] = {}
    run: list[str] = []
    before = ""
    for name in [*order, ""]:
        if name in moving:
            run.append(name)
            continue
        places |= {moved: (before, name, position, len(run)) for position, moved in enumerate(run)}
        run, before = [], name
    return places
