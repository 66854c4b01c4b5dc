"""The texts that notes had in earlier releases, which learners may still have: `<deck>-earlier.jsonl`.

A package tells only what its own release says. Whoever brings edits back that were made in Anki has to know
which of the texts in an export were edited, and which are only old. So each build notes what it replaces, a
line for each note and release.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from cardwright.formats.anki.released import ReleasedPackage
from cardwright.formats.anki.render import RenderedDeck
from cardwright.identity.lock import Lock
from cardwright.record import Record

_KEPT = 10
"""Lines of one note that stay: those that were true for longest, and so have reached most learners."""


class EarlierText(Record, frozen=True):
    """What a note said until a release.

    mod: of the note, in s since 1970. until: its `mod` in the release that replaced this.
    fields: HTML of the fields that were changed then, by name. tags: all of them.
    """

    mod: int
    until: int
    fields: Mapping[str, str]
    tags: tuple[str, ...]


def read_earlier_texts(data: bytes) -> dict[str, list[EarlierText]]:
    """Return what a file has of each note, by GUID, in its order; lines that can't be read are left out."""
    texts: dict[str, list[EarlierText]] = {}
    for line in data.decode("utf-8", "replace").split("\n"):
        try:
            match json.loads(line):
                case {
                    "guid": str(guid),
                    "mod": int(mod),
                    "until": int(until),
                    "fields": dict(fields),
                    "tags": list(tags),
                } if all(isinstance(text, str) for text in (*fields.values(), *tags)):
                    texts.setdefault(guid, []).append(EarlierText(mod, until, fields, tuple(tags)))
        except (ValueError, RecursionError):
            continue
    return texts


def add_earlier_texts(data: bytes, package: ReleasedPackage, rendered: RenderedDeck, lock: Lock) -> bytes:
    """Return the file with what a build changes in the package of the build before.

    data: the file as it was. lock: of the new build.
    """
    texts = read_earlier_texts(data)
    for guid, text in _replaced_texts(package, rendered, lock):
        own = texts.setdefault(guid, [])
        if text not in own:
            own.append(text)
    for own in texts.values():
        own.sort(key=lambda text: text.mod - text.until)
    lines = sorted(
        (text.until, guid, _line(guid, text)) for guid, own in texts.items() for text in own[:_KEPT]
    )
    return "".join(f"{line}\n" for _, _, line in lines).encode("utf-8", "replace")


def _replaced_texts(
    package: ReleasedPackage, rendered: RenderedDeck, lock: Lock
) -> Iterator[tuple[str, EarlierText]]:
    names = {note_type.type: note_type.field_names for note_type in rendered.types}
    for note in rendered.notes:
        entry = lock.notes[note.state.key]
        mod = package.notes.mod(entry.guid)
        if mod is None or mod >= entry.mod:
            continue
        released = package.notes[entry.guid]
        old = package.values(released)
        new = dict(zip(names[note.state.type], note.values, strict=True))
        fields = {name: html for name, html in old.items() if new.get(name) != html}
        if fields or set(released.tags) != set(note.tags):
            yield entry.guid, EarlierText(released.mod, entry.mod, fields, tuple(released.tags))


def _line(guid: str, text: EarlierText) -> str:
    fields: Mapping[str, str] = dict(sorted(text.fields.items()))
    tags: Sequence[str] = text.tags
    parts = {"guid": guid, "mod": text.mod, "until": text.until, "fields": fields, "tags": tags}
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
