"""The copy of the schema that a project keeps, so that editors find it without a network."""

import posixpath
from collections.abc import Iterator
from pathlib import Path

from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.shell.files import SOURCE_LIMIT, exists, read_regular_file
from cardwright.shell.os_errors import file_diagnostic, os_error_diagnostic
from cardwright.shell.project import find_decks
from cardwright.shell.project_folder import SOURCE_FOLDER
from cardwright.shell.write import write_files

SCHEMA_NAME = "cardwright.schema.json"
SCHEMA_PATH = f"{SOURCE_FOLDER}/{SCHEMA_NAME}"
_MARK = "yaml-language-server: $schema="


def write_schema(root: Path) -> tuple[str, ...] | Diagnostic:
    """Write the copy of a project, unless it is up to date. Returns the paths that were written."""
    return write_files(root, [(SCHEMA_PATH, _schema())], {})


def outdated_schema(root: Path) -> Iterator[Diagnostic]:
    """Yield a note if a project has a copy, and it isn't that of this version."""
    if not exists(root / SCHEMA_PATH):
        return
    try:
        copy = read_regular_file(root / SCHEMA_PATH, SOURCE_LIMIT)
    except OSError as error:
        yield os_error_diagnostic("read", SCHEMA_PATH, error)
        return
    # On Windows, git may end lines otherwise.
    if copy.replace(b"\r\n", b"\n") != _schema():
        message = "your editor is told of the keys of another version"
        help_ = "run `cardwright schema`, which writes this file again"
        yield file_diagnostic(SCHEMA_PATH, "other-schema", message, severity=Severity.NOTE, help=help_)


def schema_line(path: str) -> str:
    """Return the line that tells an editor where the schema is. path: of the file that begins with it."""
    return f"# {_MARK}{posixpath.relpath(SCHEMA_PATH, posixpath.dirname(path))}"


def files_without_line(root: Path) -> dict[str, list[str]]:
    """Return the paths of those YAML files that don't name a schema, by their folder."""
    paths = (path for deck in find_decks(root, Report()) for path in deck.paths)
    paths_by_folder: dict[str, list[str]] = {}
    for path in sorted(paths):
        if not _names_schema(root / path):
            paths_by_folder.setdefault(posixpath.dirname(path), []).append(path)
    return paths_by_folder


def _schema() -> bytes:
    from cardwright.reader.schema import schema_text  # noqa: PLC0415  few projects have a copy

    return schema_text().encode()


def _names_schema(path: Path) -> bool:
    try:
        return _MARK.encode() in read_regular_file(path, SOURCE_LIMIT)
    except OSError:
        return True  # a build says that it can't be read
