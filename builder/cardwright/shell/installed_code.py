"""Tells whether the code that a command runs is still the same: ours, that of our libraries, and Python's."""

import os
import sqlite3
import sys
import zlib
from collections.abc import Iterator
from importlib.util import find_spec

LIBRARIES = (
    "anyio",
    "click",
    "cssselect2",
    "idna",
    "markdown_it",
    "mdurl",
    "msgspec",
    "platformdirs",
    "regex",
    "selectolax",
    "tinycss2",
    "typing_extensions",
    "typst",
    "watchfiles",
    "webencodings",
    "yaml",
    "zstandard",
)
"""What our dependencies install, with those that they need themselves."""


def code_folders() -> Iterator[str]:
    """Yield the folders, and single files, with our own code and that of our libraries."""
    for name in ("cardwright", *LIBRARIES):
        spec = find_spec(name)
        if spec is not None:
            yield from spec.submodule_search_locations or [spec.origin or name]


def interpreter() -> str:
    """Return what tells the interpreter, and the libraries of the system behind it, from others."""
    # A file may take the place of a module of Python's own. Those of libraries are found, see above.
    hidden = [sorted(sys.stdlib_module_names & _module_names(folder)) for folder in sys.path]
    versions = (sys.version, sys.flags, zlib.ZLIB_RUNTIME_VERSION, sqlite3.sqlite_version)
    return repr((sys.executable, versions, sys.path, hidden))


def _module_names(folder: str) -> set[str]:
    try:
        return {name.partition(".")[0] for name in os.listdir(folder or ".")}  # noqa: PTH208 as fast as can be
    except OSError:
        return set()
