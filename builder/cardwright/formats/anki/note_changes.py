"""Says in Markdown what a build changes in notes and note types that learners have."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cardwright.collection import notetype
from cardwright.collection.image_occlusion import IMAGE_OCCLUSION
from cardwright.collection.notetype import BUILT_IN_TYPES
from cardwright.diagnostics.phrases import count_noun, truncate
from cardwright.formats.anki.field_text import FIELD_WORDS, FieldText, read_field
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.released import ReleasedNote, ReleasedNoteType
from cardwright.formats.anki.render import RenderedNote, topic_tag
from cardwright.formats.word_diff import WordDiff, diff_words, escape_markdown

EMPTY_CARDS = "*Tools > Empty Cards*"
"""What removes cards that show nothing, as Anki's menu calls it."""

_SUMMARY_LENGTH = 100
"""Characters of a text that are enough to recognise a note."""

_TAGS = "tags"

# They say nothing about what a note asks.
_NOT_IN_SUMMARIES = frozenset({notetype.RETIRED, notetype.KEY})


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of a field, of the tags or of the cards. field: in words; empty for the cards."""

    field: str
    change: WordDiff | str

    @property
    def line(self) -> str:
        change = self.change if isinstance(self.change, str) else self.change.line
        return f"{self.field}: {change}" if self.field else change

    @property
    def signature(self) -> Iterable[object]:
        if isinstance(self.change, str):
            return [(self.field, self.change)]
        # A word that is replaced in all fields alike is one change.
        return [(self.field == _TAGS, *replacement) for replacement in self.change.replacements]


@dataclass(frozen=True, slots=True)
class NoteChange:
    """A note whose content has changed. summary: what the note asks, unless that is among the changes."""

    key: str
    summary: Sequence[str]
    changes: Sequence[_Change]

    @property
    def lines(self) -> Iterator[str]:
        """A line of Markdown for each change."""
        return (change.line for change in self.changes)

    @property
    def signature(self) -> frozenset[object]:
        """What is equal for notes that have changed alike, whatever stands around the changes."""
        return frozenset(part for change in self.changes for part in change.signature)


def summarize(values: Sequence[str], note_type: AnkiNoteType) -> list[str]:
    """Return the beginnings of a note's texts, by which it can be recognised: what it asks comes first.

    values: HTML of its fields; of a package that is older than the list of fields, there may be others.
    """
    texts = (
        truncate(read_field(value, cloze=note_type.is_cloze).text, _SUMMARY_LENGTH)
        for field, value in zip(note_type.fields, values, strict=False)
        if _says_what_is_asked(field.name, value)
    )
    return [text for text in texts if text]


def _asking_field(values: Sequence[str], note_type: AnkiNoteType) -> str:
    pairs = zip(note_type.field_names, values, strict=True)
    return next((name for name, value in pairs if _says_what_is_asked(name, value)), "")


def _says_what_is_asked(name: str, value: str) -> bool:
    return bool(value) and name not in _NOT_IN_SUMMARIES and IMAGE_OCCLUSION not in value


def compare_note(
    earlier: ReleasedNote, rendered: RenderedNote, note_type: AnkiNoteType, deck_id: str
) -> NoteChange | None:
    """Return how a note differs from the one that learners have; None if its content doesn't."""
    by_field = dict(_compare_fields(earlier, rendered, note_type))
    changes = list(by_field.values())
    tags = diff_words(*(" ".join(_own_tags(note, note_type, deck_id)) for note in (earlier, rendered)))
    if tags.replacements:
        changes.append(_Change(_TAGS, tags))
    if not changes:
        return None
    changes += _compare_cards(earlier, rendered, note_type)
    is_question_changed = _asking_field(rendered.values, note_type) in by_field
    summary = [] if is_question_changed else summarize(rendered.values, note_type)[:1]
    return NoteChange(rendered.state.key, summary, changes)


def _compare_fields(
    earlier: ReleasedNote, rendered: RenderedNote, note_type: AnkiNoteType
) -> Iterator[tuple[str, _Change]]:
    """Yield the changes of a note by the names of its fields."""
    for field, old, new in zip(note_type.fields, earlier.values, rendered.values, strict=True):
        if old == new or (field.name == notetype.RETIRED and not note_type.imported):
            continue
        words = escape_markdown(field.name)
        if note_type.type in BUILT_IN_TYPES:
            words = FIELD_WORDS.get(field.name, words)
        before, after = (read_field(html, cloze=note_type.is_cloze) for html in (old, new))
        diff = diff_words(before.text, after.text)
        if note_type.is_cloze and IMAGE_OCCLUSION in f"{old}{new}":
            yield field.name, _Change(words, "moved, or of another shape")
        else:
            unseen = "" if diff.replacements else _describe_unseen(before, after)
            yield field.name, _Change(words, unseen or diff)


def _describe_unseen(before: FieldText, after: FieldText) -> str:
    """Return what has changed of a field without a change of its words."""
    if before.media != after.media:
        return "another picture or sound"
    return "another address of a link" if before.links != after.links else "only the formatting"


def _own_tags(note: ReleasedNote | RenderedNote, note_type: AnkiNoteType, deck_id: str) -> list[str]:
    """Return the tags of a note in order, without the one for its topic, which changes with the topic."""
    topics = {
        topic_tag(deck_id, read_field(value).text)
        for field, value in zip(note_type.fields, note.values, strict=True)
        if value and not note_type.imported and FIELD_WORDS.get(field.name) == FIELD_WORDS[notetype.TOPIC]
    }
    return sorted(set(note.tags) - topics)


def _compare_cards(
    earlier: ReleasedNote, rendered: RenderedNote, note_type: AnkiNoteType
) -> Iterator[_Change]:
    for ordinal in rendered.ordinals:
        if ordinal not in earlier.ordinals:
            yield _Change("", f"new card: {_card_name(ordinal, note_type)}")
    for ordinal in earlier.ordinals:
        if ordinal not in rendered.ordinals:
            name = _card_name(ordinal, note_type)
            yield _Change("", f"card without a question now: {name}; {EMPTY_CARDS} removes it")


def _card_name(ordinal: int, note_type: AnkiNoteType) -> str:
    if note_type.is_cloze or ordinal >= len(note_type.templates):
        return f"number {ordinal + 1}"
    return f"*{escape_markdown(note_type.templates[ordinal].name)}*"


def compare_note_type(
    earlier: ReleasedNoteType, note_type: AnkiNoteType, used_templates: Container[int]
) -> str:
    """Return in a few words of Markdown what has changed of a note type; empty if nothing has.

    used_templates: ordinals of those that make cards; all cards of a cloze note are of one template.
    """
    by_sides: dict[str, list[str]] = {}
    pairs = zip(earlier.templates, note_type.templates, strict=False)
    for ordinal, (old, new) in enumerate(pairs):
        sides = " and ".join(side for side in ("front", "back") if getattr(old, side) != getattr(new, side))
        if sides and (ordinal in used_templates or note_type.is_cloze):
            by_sides.setdefault(sides, []).append(f"*{escape_markdown(new.name)}*")
    changes = [f"{sides} of {', '.join(names)}" for sides, names in by_sides.items()]
    if earlier.css != note_type.css:
        changes.append("the style")
    return "; ".join(changes)


def count_card_changes(
    notes: Iterable[tuple[tuple[int, ...], RenderedNote]], note_type: AnkiNoteType
) -> Iterator[str]:
    """Yield lines about the cards that notes get or lose although their content is as before.

    notes: each after the ordinals of its cards in the earlier release.
    """
    added: Counter[int] = Counter()
    removed: Counter[int] = Counter()
    for earlier, rendered in notes:
        if earlier == rendered.ordinals:
            continue
        added.update(set(rendered.ordinals) - set(earlier))
        removed.update(set(earlier) - set(rendered.ordinals))
    for ordinal, count in sorted(added.items()):
        yield f"{_notes_have(count)} a new card, {_card_name(ordinal, note_type)}"
    for ordinal, count in sorted(removed.items()):
        name = _card_name(ordinal, note_type)
        yield f"{_notes_have(count)} no question on {name} any more; {EMPTY_CARDS} removes these cards"


def _notes_have(count: int) -> str:
    return f"{count_noun(count, 'note')} {'has' if count == 1 else 'have'}"
