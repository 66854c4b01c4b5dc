"""Safety checks on a package before Anki gets it, because a deck from elsewhere can't be trusted."""

import zipfile
import zlib
from pathlib import Path

from cardwright.diagnostics import Diagnostic
from cardwright.shell.files import check_regular
from cardwright.shell.os_errors import file_diagnostic, os_error_diagnostic

# The most files in a package, bytes when unpacked, and unpacked bytes for each packed byte. The
# largest shared decks have some ten thousand files and a few gigabytes. A database shrinks to a
# tenth; a file that grows a thousandfold was made to fill a disk.
MAX_FILES = 100_000
MAX_BYTES = 4 << 30
MAX_RATIO = 200
# Unpacked bytes: a package no larger than this does no harm, whatever its ratio.
HARMLESS_BYTES = 64 << 20

# The newest package version that Anki knows, as in the package's file `meta`, where it is a varint
# with the tag 8. Packages without that file are older.
# Source: Anki, proto/anki/import_export.proto, PackageMetadata.
NEWEST_VERSION = 3
_DATABASES = {"collection.anki2", "collection.anki21", "collection.anki21b"}


def check_package(path: Path, name: str) -> Diagnostic | None:
    """Return a diagnostic if Anki should not get a package, as far as one can tell without Anki.

    name: the package, as the user calls it.
    """
    try:
        check_regular(path.stat())
        with zipfile.ZipFile(path) as archive:
            return _check_archive(archive, path.stat().st_size, name)
    except OSError as error:
        return os_error_diagnostic("read", name, error)
    except zipfile.BadZipFile:
        if zipfile.is_zipfile(path):
            return _damaged(name)
        message = "this is not an Anki package, or the end of it is missing"
        help_ = "Anki writes one with File > Export, as .apkg"
        return file_diagnostic(name, "not-a-package", message, help=help_)
    except (RuntimeError, NotImplementedError, EOFError, ValueError, zlib.error):
        return _damaged(name)


def _check_archive(archive: zipfile.ZipFile, packed_bytes: int, name: str) -> Diagnostic | None:
    files = archive.infolist()
    unpacked_bytes = sum(file.file_size for file in files)
    max_bytes = min(MAX_BYTES, max(MAX_RATIO * packed_bytes, HARMLESS_BYTES))
    if len(files) > MAX_FILES or unpacked_bytes > max_bytes:
        message = "this package would unpack to more than any deck needs"
        return file_diagnostic(name, "package-too-large", message)
    if _DATABASES.isdisjoint(archive.namelist()):
        return file_diagnostic(name, "not-a-package", "this is an archive without an Anki collection in it")
    if archive.testzip() is not None:
        return _damaged(name)
    if "meta" in archive.namelist():
        meta = archive.read("meta")
        if meta[:1] == b"\x08" and (len(meta) < 2 or meta[1] > NEWEST_VERSION):
            message = "only a newer version of Anki can read this package"
            return file_diagnostic(name, "package-too-new", message)
    return None


def _damaged(name: str) -> Diagnostic:
    message = "this package is damaged: its content doesn't match its checksums"
    return file_diagnostic(name, "damaged-package", message, help="get the file again")
