"""Compare a note of an export with the released one and with the sources."""

import re
from collections.abc import Container, Iterator, Sequence
from difflib import SequenceMatcher
from enum import Enum

from cardwright.collection.image_occlusion import OcclusionMasks
from cardwright.formats.anki.shown import Blocks
from cardwright.formats.anki.shown_html import comparable
from cardwright.pulling.versions import History, Version
from cardwright.record import Record, replace
from cardwright.source.field_styles import FieldStyles

_LONGEST_COMPARISON = 4_000
"""The most words of a text that are compared one by one."""
_WORD = re.compile(r"<[^>]*>|\w+|\s+|.", re.DOTALL)


class Verdict(Enum):
    """Where a text has changed."""

    SAME = "nowhere"
    OLDER = "only in the sources"
    IN_ANKI = "only in Anki"
    ON_BOTH_SIDES = "in Anki and in the sources"
    UNKNOWN = "in Anki, from a release that isn't known"


class FieldChange(Record, frozen=True):
    """A field that shows something else in the export than the sources make of it now.

    key: of its note. field: its name. cloze: whether `{{c1::…}}` hides something in it.
    styles: of its note type, if that was imported.
    exported, current: its HTML in the export, and as the sources make it now.
    released: of a field that was changed on both sides, its HTML in the release that was probably changed in
        Anki: of those whose text the sources have changed, the one most like the export. Otherwise empty.
    """

    key: str
    field: str
    cloze: bool
    exported: str
    current: str
    released: str
    verdict: Verdict
    styles: FieldStyles | None = None

    @property
    def keeps_styles(self) -> bool:
        """Whether it may have style sheets: only who made the deck may say how a whole card looks."""
        return "<style>" in self.current

    def canonical(self, html: str) -> Blocks | OcclusionMasks:
        """Return the normal form of HTML in this field."""
        return comparable(html, cloze=self.cloze, styles=self.styles)


class TagChange(Record, frozen=True):
    """Tags that were added and removed in Anki.

    key: of the note. unsure: whether it isn't known if these were in an earlier release, and no longer are.
    """

    key: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    unsure: bool = False


class TypeChange(Record, frozen=True):
    """Another note type that a note was given in Anki. key: of the note. name: of the type."""

    key: str
    name: str


class Comparison(Record, frozen=True):
    """What was changed of a note in Anki; nothing for most notes.

    is_older: whether it is, in part at least, as in an earlier release.
    """

    fields: Sequence[FieldChange] = ()
    tags: TagChange | None = None
    is_older: bool = False

    @property
    def is_changed(self) -> bool:
        return bool(self.fields) or self.tags is not None


def compare(
    key: str,
    exported: Version,
    current: Version,
    history: History,
    clozes: Container[str],
    styles: FieldStyles | None = None,
) -> Comparison:
    """Return what was changed of a note in Anki.

    current: the note as the sources make it now. clozes: names of the fields with deletions.
    styles: as in `FieldChange`.
    """
    changes: list[FieldChange] = []
    is_older = False
    for name, html in exported.values.items():
        if html == current.values.get(name, ""):
            continue
        released = [version.values.get(name, "") for version in history.versions]
        if html in released:
            is_older = True
            continue
        now = current.values.get(name, "")
        change = FieldChange(key, name, name in clozes, html, now, "", Verdict.UNKNOWN, styles)
        verdict, base = _verdict(change, released, is_complete=history.is_complete)
        if verdict in (Verdict.SAME, Verdict.OLDER):
            is_older = is_older or verdict is Verdict.OLDER
        else:
            changes.append(replace(change, verdict=verdict, released=base))
    tags, has_older_tags = _compare_tags(key, exported, current, history)
    return Comparison(changes, tags, is_older or has_older_tags)


def _verdict(change: FieldChange, released: Sequence[str], *, is_complete: bool) -> tuple[Verdict, str]:
    """Return where a field has changed, and what it was before as in `FieldChange.released`."""
    exported, current = change.exported, change.current
    shown, shown_now = change.canonical(exported), change.canonical(current)
    if shown == shown_now:
        return Verdict.SAME, ""
    versions = {html: change.canonical(html) for html in released}
    if shown in versions.values():
        return Verdict.OLDER, ""
    if not versions or not is_complete:
        return Verdict.UNKNOWN, ""
    # Which of the releases was changed can't be told; the change counts if it loses nothing of any.
    lost = [
        html
        for html, version in versions.items()
        if version != shown_now and not _includes(html, current, exported)
    ]
    if not lost:
        return Verdict.IN_ANKI, ""
    return Verdict.ON_BOTH_SIDES, max(lost, key=lambda html: _likeness(html, exported))


def _likeness(text: str, other: str) -> float:
    """Return how many words two texts have in common, from 0 to 1."""
    return SequenceMatcher(None, _WORD.findall(text), _WORD.findall(other), autojunk=False).quick_ratio()


def _includes(base: str, ours: str, theirs: str) -> bool:
    """Return whether a text has all that another one has changed."""
    texts = [_WORD.findall(text) for text in (base, ours, theirs)]
    if max(map(len, texts)) > _LONGEST_COMPARISON:
        return False
    before, ours_words, theirs_words = texts
    replaced = list(_replacements(before, theirs_words))
    return all(
        any(start <= first and last <= stop and _has_part(new, words) for start, stop, new in replaced)
        for first, last, words in _replacements(before, ours_words)
    )


def _has_part(words: Sequence[str], part: Sequence[str]) -> bool:
    starts = range(len(words) - len(part) + 1)
    return any(words[start : start + len(part)] == part for start in starts)


def _replacements(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for operation, start, stop, first, last in matcher.get_opcodes():
        if operation != "equal":
            yield start, stop, tuple(after[first:last])


def _compare_tags(
    key: str, exported: Version, current: Version, history: History
) -> tuple[TagChange | None, bool]:
    """Return the tags that were changed in Anki, and whether others are as in an earlier release."""
    theirs, ours = ({tag.casefold(): tag for tag in version.tags} for version in (exported, current))
    if theirs.keys() == ours.keys():
        return None, False
    releases = [{tag.casefold() for tag in version.tags} for version in history.versions]
    ever, always = set().union(*releases), set(ours).intersection(*releases)
    added = tuple(theirs[tag] for tag in sorted(theirs.keys() - ours.keys() - ever))
    removed = tuple(ours[tag] for tag in sorted(always - theirs.keys()))
    count = len(theirs.keys() ^ ours.keys())
    is_older = len(added) + len(removed) < count
    unsure = not (history.is_complete and releases)
    return (TagChange(key, added, removed, unsure) if added or removed else None), is_older
