"""A project whose author builds and pulls, and learners with real Anki who edit and export."""

import contextlib
import io
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cardwright.cli import main
from tests.support.anki_exports import add_note, export
from tests.support.commands import Result
from tests.support.real_anki import Imported, Learner, new_learner


@dataclass(frozen=True, slots=True)
class Project:
    """A project with one deck. folder: of the project."""

    folder: Path

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write sources and media, by path below `cards_source/`."""
        for path, content in files.items():
            target = self.folder / "cards_source" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)

    def read(self, path: str) -> str:
        """Return a file below `cards_source/`, with its line ends as they are."""
        return (self.folder / "cards_source" / path).read_bytes().decode()

    def files(self) -> dict[str, bytes]:
        """Return all files of the sources, by path below `cards_source/`."""
        root = self.folder / "cards_source"
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }

    def run(self, *arguments: str, now: int | None = None) -> Result:
        """Run a command. now: the time of a build, in s since 1970; None for the real time."""
        out, err = io.StringIO(), io.StringIO()
        before = os.environ.pop("SOURCE_DATE_EPOCH", None)
        if now is not None:
            os.environ["SOURCE_DATE_EPOCH"] = str(now)
        try:
            with (
                contextlib.chdir(self.folder),
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
            ):
                code = main.run(arguments)
        finally:
            os.environ.pop("SOURCE_DATE_EPOCH", None)
            if before is not None:
                os.environ["SOURCE_DATE_EPOCH"] = before
        return Result(code, out.getvalue(), err.getvalue())

    def build(self, now: int | None = None) -> bytes:
        """Build the deck, and return its package. now: as for `run`."""
        result = self.run("build", "--only", "anki", now=now)
        assert result.code == 0, result.err
        (package,) = (
            path for path in self.folder.glob("decks/*/*.apkg") if not path.stem.endswith("-retired")
        )
        return package.read_bytes()

    def pull(self, package: Path, *options: str) -> Result:
        return self.run("pull", str(package), *options)


LONG_AGO = 1_700_000_000
"""The time of a first release, in s since 1970; learners edit now."""


def later() -> int:
    """Return a time after all edits up to now, for a release."""
    return int(time.time()) + 60


class Student:
    """A learner who edits notes, by their keys, and exports."""

    def __init__(self, learner: Learner, folder: Path) -> None:
        self.learner, self._folder = learner, folder

    def import_package(self, package: bytes) -> Imported:
        return self.learner.import_package(package)

    def edit(self, key: str, **fields: str) -> None:
        """Edit fields of a note; `_` in a name stands for a space."""
        note = self._note(key)
        # Anki counts seconds; nobody edits a note twice in one.
        while int(time.time()) <= note.mod:
            time.sleep(0.05)
        for name, html in fields.items():
            note[name.replace("_", " ")] = html
        self.learner.collection.update_note(note)

    def add(self, type_name: str, deck: str, *, tags: Sequence[str] = (), **fields: str) -> None:
        """Add a note to a deck, which is made if there is none."""
        note = add_note(self.learner.profile, type_name, fields, deck)
        note.tags = list(tags)
        self.learner.collection.update_note(note)

    def tag(self, key: str, *, add: str = "", remove: str = "") -> None:
        note = self._note(key)
        note.tags = sorted({*note.tags, *add.split()} - {*remove.split()})
        self.learner.collection.update_note(note)

    def field(self, key: str, name: str) -> str:
        return str(self._note(key)[name])

    def export(self, format_: str = "apkg", *, scheduling: bool = True) -> Path:
        return export(self.learner.profile, self._folder, format_, scheduling=scheduling)

    def _note(self, key: str):  # type: ignore[no-untyped-def]
        (note_id,) = self.learner.collection.find_notes(f'"Key:{key}"')
        return self.learner.collection.get_note(note_id)


@contextlib.contextmanager
def new_student(folder: Path, package: bytes) -> Iterator[Student]:
    """A learner who has imported and studied a package."""
    with new_learner(folder) as learner:
        learner.study_package(package)
        yield Student(learner, folder)
