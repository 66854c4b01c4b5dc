"""Builds of one deck in memory, each following the one before, as an author releases it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from msgspec import structs

from cardwright.formats.anki.released import read_package
from cardwright.pipeline import BuildOptions, BuildResult, build
from tests.support.memory import FakeEnvironment, deck_files

DAY = 86_400
NOW = 1_700_000_000  # in s since 1970


@dataclass(frozen=True, slots=True)
class DeckBuild:
    """A build of a deck. files: everything that has been written up to now, by path."""

    result: BuildResult = field(compare=False)
    files: Mapping[str, bytes]

    @property
    def codes(self) -> list[str]:
        return [diagnostic.code for diagnostic in self.result.report]

    @property
    def messages(self) -> list[str]:
        return [diagnostic.message for diagnostic in self.result.report]

    def without(self, *endings: str) -> "DeckBuild":
        """Return the build as if some of its files had been lost."""
        return replace(
            self, files={path: data for path, data in self.files.items() if not path.endswith(endings)}
        )

    def with_lock(self, lock: bytes) -> "DeckBuild":
        """Return the build as if its lock were another one."""
        (path,) = (path for path in self.files if path.endswith(".lock"))
        return replace(self, files={**self.files, path: lock})

    @property
    def files_known_from_packages(self) -> Mapping[str, bytes]:
        """The files, without when cards that were edited since changed their looks, which no package says."""
        lines = [json.loads(line) for line in self.lock.splitlines()]
        for line in lines:
            line.pop("printed_mod", None)
        (path,) = (path for path in self.files if path.endswith(".lock"))
        packages = {path: read_package(data) for path, data in self.files.items() if path.endswith(".apkg")}
        texts = {
            path: repr(
                [(guid, structs.replace(note, printed_mod=0)) for guid, note in package.notes.items()]
            ).encode()
            for path, package in packages.items()
        }
        return {**self.files, **texts, path: json.dumps(lines).encode()}

    @property
    def package(self) -> bytes:
        (package,) = _find(self.files, ".apkg", but_not="-retired.apkg")
        return package

    @property
    def retired_package(self) -> bytes:
        (package,) = _find(self.files, "-retired.apkg")
        return package

    @property
    def has_retired_package(self) -> bool:
        return bool(_find(self.files, "-retired.apkg"))

    @property
    def lock(self) -> bytes:
        (lock,) = _find(self.files, ".lock")
        return lock

    @property
    def changes(self) -> str:
        (page,) = _find(self.files, "/CHANGES.md")
        return page.decode()


def build_deck(
    sources: Mapping[str, str],
    previous: DeckBuild | None = None,
    *,
    now: int = NOW,
    media: Mapping[str, bytes] | None = None,
    outputs: Sequence[str] | None = ("anki",),
    restore_lock: bool = False,
) -> DeckBuild:
    """Build a deck from its texts, by path below `cards_source/`. now: in s since 1970."""
    files = {} if previous is None else dict(previous.files)
    environment = FakeEnvironment(media, files)
    options = BuildOptions(
        now=now, outputs=None if outputs is None else tuple(outputs), restore_lock=restore_lock
    )
    lock = next(iter(_find(files, ".lock")), None)
    result = build(deck_files(sources, lock), environment, options)
    files |= result.files
    for path in result.removals:
        files.pop(path, None)
    return DeckBuild(result, files)


def _find(files: Mapping[str, bytes], ending: str, but_not: str = "\0") -> list[bytes]:
    return [data for path, data in files.items() if path.endswith(ending) and not path.endswith(but_not)]
