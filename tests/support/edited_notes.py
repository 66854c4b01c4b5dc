"""Exports as Anki would make them of a build whose notes were edited, and pulls of them, in memory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO

from cardwright.diagnostics import Report
from cardwright.formats.anki.earlier_texts import read_earlier_texts
from cardwright.formats.anki.released import read_package
from cardwright.formats.outputs import EARLIER_ENDING
from cardwright.importing.collection import (
    AnkiCard,
    AnkiCollection,
    AnkiDeck,
    AnkiMedia,
    AnkiNote,
    AnkiTemplate,
    AnkiType,
)
from cardwright.pulling.pull import Packages, PullResult, pull
from tests.support.builds import DAY, NOW, DeckBuild
from tests.support.memory import FakeEnvironment, deck_files


@dataclass(frozen=True, slots=True)
class Edited:
    """What was done to a note. fields: new HTML, by name. tags: all of them; None for as they were."""

    fields: Mapping[str, str] = field(default_factory=dict)
    tags: Sequence[str] | None = None


def export_notes(
    build: DeckBuild,
    edits: Mapping[str, Edited],
    *,
    time: int,
    deck_id: int = 77,
    media: Mapping[str, bytes] | None = None,
) -> AnkiCollection:
    """Return what Anki exports of a collection that had imported a build and in which notes were edited.

    edits: by key. time: of the edits, in s since 1970. deck_id: of the deck in the collection.
    """
    package = read_package(build.package)
    notes = []
    for guid, released in package.notes.items():
        edit = edits.get(package.key(released))
        values = package.values(released)
        fields = tuple({**values, **({} if edit is None else edit.fields)}.values())
        tags = released.tags if edit is None or edit.tags is None else tuple(edit.tags)
        cards = tuple(
            AnkiCard(ordinal, f"{package.deck_name}::{released.subdeck}".removesuffix("::"), None)
            for ordinal in released.ordinals
        )
        mod = released.mod if edit is None else time
        notes.append(AnkiNote(released.id, guid, released.type_id, mod, tags, fields, cards))
    types = {
        id_: AnkiType(
            *(id_, type_.name, type_.mod),
            is_cloze=False,
            css=type_.css,
            fields=tuple(field.name for field in type_.fields),
            templates=tuple(AnkiTemplate(own.name, own.front, own.back) for own in type_.templates),
            json={},
        )
        for id_, type_ in package.types.items()
    }
    files = {name: AnkiMedia(name, name, len(data), _opener(data)) for name, data in (media or {}).items()}
    deck = AnkiDeck(package.deck_name, id=deck_id)
    return AnkiCollection(types, [deck], notes, len(notes), files)


def add_question(
    export: AnkiCollection, fields: Mapping[str, str], tags: Sequence[str] = ()
) -> AnkiCollection:
    """Return an export with one more note of the deck's note type for questions. fields: by name."""
    type_ = next(type_ for type_ in export.types.values() if "Question" in type_.fields)
    values = tuple(fields.get(name, "") for name in type_.fields)
    card = AnkiCard(0, export.decks[0].name, 0)
    note = AnkiNote(1_800_000_000_000, "added", type_.id, NOW + DAY, tuple(tags), values, (card,))
    return replace(export, notes=[*export.notes, note], note_count=export.note_count + 1)


def _opener(data: bytes) -> Callable[[], BytesIO]:
    return lambda: BytesIO(data)


def pull_notes(
    sources: Mapping[str, str | bytes],
    build: DeckBuild,
    collection: AnkiCollection,
    *,
    media: Mapping[str, bytes] | None = None,
    now: int = NOW + 1000 * DAY,
) -> PullResult:
    """Pull an export into sources, by path below `cards_source/`. build: the last one."""
    (files,) = deck_files(sources, build.lock)
    earlier = next((data for path, data in build.files.items() if path.endswith(EARLIER_ENDING)), b"")
    packages = Packages(read_package(build.package), read_earlier_texts(earlier), list)
    report = Report()
    environment = FakeEnvironment(media, build.files)
    result = pull(files, environment, collection, packages, now, report)
    assert result is not None, [diagnostic.message for diagnostic in report]
    return result


def pulled_sources(sources: Mapping[str, str | bytes], result: PullResult) -> dict[str, str]:
    """Return the sources after a pull."""
    texts = {path: text.encode() if isinstance(text, str) else text for path, text in sources.items()}
    written = {path.removeprefix("cards_source/"): data for path, data in result.files.items()}
    return {path: written.get(path, data).decode() for path, data in texts.items()}
