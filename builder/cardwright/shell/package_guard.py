"""A look at a package before Anki has it: a deck from somewhere is not to be trusted."""

import zipfile
import zlib
from pathlib import Path

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.shell.os_errors import file_diagnostic, os_error_diagnostic

# Of files in a package, of bytes in them once unpacked, and of these for each byte packed. The
# largest shared decks have some ten thousand files and a few gigabytes; a database deflates to
# a tenth, and what becomes a thousand times larger is made to fill a disk.
FILES = 100_000
BYTES = 4 << 30
RATIO = 200
# A package this small, unpacked, harms nobody whatever its ratio.
HARMLESS = 64 << 20

# The newest form of a package that Anki knows, by the number in its file `meta`; the field is a
# varint with the tag 8. One without that file is older than all that have it.
# Source: Anki, proto/anki/import_export.proto, PackageMetadata.
NEWEST = 3
_DATABASES = {"collection.anki2", "collection.anki21", "collection.anki21b"}


def look_at(path: Path, shown: str) -> Diagnostic | None:
    """What keeps a file from being imported, as far as it shows without Anki.

    shown: what the user calls it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _look_into(archive, path.stat().st_size, shown)
    except OSError as error:
        return os_error_diagnostic("read", shown, error)
    except zipfile.BadZipFile:
        if zipfile.is_zipfile(path):
            return _damaged(shown)
        message = "this is not an Anki package, or the end of it is missing"
        return file_diagnostic(
            shown, "not-a-package", message, help="Anki writes one with File > Export, as .apkg"
        )
    except (RuntimeError, NotImplementedError, EOFError, ValueError, zlib.error):
        return _damaged(shown)


def _look_into(archive: zipfile.ZipFile, packed: int, shown: str) -> Diagnostic | None:
    files = archive.infolist()
    unpacked = sum(file.file_size for file in files)
    if len(files) > FILES or unpacked > BYTES or unpacked > max(RATIO * packed, HARMLESS):
        return file_diagnostic(
            shown, "package-too-large", "this package would unpack to more than any deck needs"
        )
    if _DATABASES.isdisjoint(archive.namelist()):
        return file_diagnostic(shown, "not-a-package", "this is an archive without an Anki collection in it")
    if archive.testzip() is not None:
        return _damaged(shown)
    if "meta" in archive.namelist():
        meta = archive.read("meta")
        if meta[:1] == b"\x08" and (len(meta) < 2 or meta[1] > NEWEST):
            return file_diagnostic(
                shown, "package-too-new", "this package is of a form that only newer Ankis know"
            )
    return None


def _damaged(shown: str) -> Diagnostic:
    message = "this package is damaged: what is in it does not fit its checksums"
    return file_diagnostic(shown, "damaged-package", message, help="get the file again")
