"""The versions of notes that learners may have: what the sources make of them, and what packages hold."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from cardwright.collection import notetype
from cardwright.formats.anki.earlier_texts import EarlierText
from cardwright.formats.anki.field_text import read_field
from cardwright.formats.anki.image_occlusion import HEADER
from cardwright.formats.anki.released import ReleasedPackage
from cardwright.formats.anki.render import RenderedNote, topic_tag
from cardwright.formats.anki.retired import RETIRED_TAG
from cardwright.identity.lock import NoteEntry
from cardwright.record import Record

_ANKIS_TAGS = frozenset({"leech", "marked", RETIRED_TAG})
"""Tags that Anki or a build adds, in lower case."""


class Version(Record, frozen=True):
    """A note as it was at some time.

    values: HTML of its fields, by name. tags: the author's own.
    """

    values: Mapping[str, str]
    tags: tuple[str, ...]


class History(Record, frozen=True):
    """The versions of a note that learners may have, as far as they are known, the latest first.

    is_complete: whether there are no others.
    """

    versions: Sequence[Version]
    is_complete: bool


_ALIGNED_CELL = re.compile(r'(?<=<t[dh] )class="(left|center|right)"(?=[ >])')


def with_cell_styles(html: str) -> str:
    """Return a field of ours with styles that say how cells of tables are aligned, as in all other fields.

    Builds write classes instead, which only our own note types have.
    """
    return _ALIGNED_CELL.sub(r'style="text-align: \1"', html) if "<t" in html else html


def make_version(
    values: Mapping[str, str], tags: Iterable[str], deck_id: str, *, is_imported: bool
) -> Version:
    """Return a version of a note. values: HTML of its fields, by name. is_imported: whether its type is."""
    if not is_imported:
        values = {name: with_cell_styles(html) for name, html in values.items()}
    # Notes of imported types have no tag of their topic.
    return Version(values, own_tags({} if is_imported else values, tags, deck_id))


def own_tags(values: Mapping[str, str], tags: Iterable[str], deck_id: str) -> tuple[str, ...]:
    """Return the tags of a note that the author or the learner has given it."""
    topics = (values.get(name, "") for name in (notetype.TOPIC, HEADER))
    others = {topic_tag(deck_id, read_field(html).text) for html in topics if html}
    return tuple(tag for tag in tags if tag.lower() not in _ANKIS_TAGS and tag.lower() not in others)


def rendered_version(
    note: RenderedNote, field_names: Sequence[str], deck_id: str, *, is_imported: bool
) -> Version:
    """Return a note as the sources make it now."""
    values = dict(zip(field_names, note.values, strict=True))
    return make_version(values, note.tags, deck_id, is_imported=is_imported)


def history(
    entry: NoteEntry,
    current: Version | None,
    packages: Iterable[ReleasedPackage],
    earlier: Iterable[EarlierText],
    deck_id: str,
    *,
    is_imported: bool,
) -> History:
    """Return the history of a note.

    entry: of the lock. current: the note as the sources make it now, if it was released so.
    packages: of earlier builds, the latest first. earlier: what builds have noted of the note.
    """
    versions = {} if current is None else {entry.mod: current}
    for mod, version in _released_versions(entry.guid, packages, deck_id):
        versions.setdefault(mod, version)
    for text in sorted(earlier, key=lambda text: text.until, reverse=True):
        if (later := versions.get(text.until)) is not None:
            values = {**later.values, **text.fields}
            version = make_version(values, text.tags, deck_id, is_imported=is_imported)
            versions.setdefault(text.mod, version)
    latest_first = [versions[mod] for mod in sorted(versions, reverse=True)]
    return History(latest_first, entry.since in versions)


def version_of(mod: int, guid: str, package: ReleasedPackage, deck_id: str) -> Version | None:
    """Return a note as it is in a package, if it has this `mod` there."""
    return dict(_released_versions(guid, [package], deck_id)).get(mod)


def release(guid: str, package: ReleasedPackage, deck_id: str) -> History:
    """Return the history of a note for an exporter who had this package, and no later one."""
    versions = [version for _, version in _released_versions(guid, [package], deck_id)]
    return History(versions, is_complete=bool(versions))


def _released_versions(
    guid: str, packages: Iterable[ReleasedPackage], deck_id: str
) -> Iterator[tuple[int, Version]]:
    """Yield `mod` and content of a note in some packages."""
    for package in packages:
        note = package.notes.get(guid)
        if note is not None:
            is_imported = bool(note.imported_type)
            yield (
                note.mod,
                make_version(package.values(note), note.tags, deck_id, is_imported=is_imported),
            )


def known_release_times(entries: Iterable[NoteEntry]) -> Container[int]:
    """Return the times at which notes were released, in s since 1970, as far as the lock tells."""
    return {time for entry in entries for time in (entry.since, entry.mod)}
