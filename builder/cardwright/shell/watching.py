"""Tells which files of a folder change, for commands that build again whenever an author saves."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

# In ms. Editors write a file in several steps; changes count as one if nothing follows for so long.
_STEP = 50
# In ms, after which it is looked whether the folder is still the same.
_TIMEOUT = 500


class _Filter(DefaultFilter):
    """Leaves out hidden files, and those that editors put beside the one that they save."""

    def __call__(self, change: Change, path: str) -> bool:
        return not Path(path).name.startswith((".", "#")) and super().__call__(change, path)


def watch_folder(folder: Path) -> Iterator[frozenset[Path]]:
    """Yield the paths that were changed, added or removed, as soon as they are; first an empty set.

    From the first set on nothing is missed, also if the folder is taken away and comes back: then the set
    holds the folder itself. Never ends; a KeyboardInterrupt comes out.
    """
    is_back = False
    while True:
        identity = _identity(folder)
        parent = folder if identity else folder.parent
        changes = watch(
            parent,
            watch_filter=_Filter(),
            step=_STEP,
            rust_timeout=_TIMEOUT,
            yield_on_timeout=True,
            recursive=identity is not None,
        )
        with closing(changes):
            next(changes)  # now it watches; the set is empty
            yield frozenset({folder} if is_back else ())
            for changed in changes:
                if _identity(folder) != identity:
                    is_back = True
                    break
                if changed and identity:
                    yield frozenset(Path(path) for _, path in changed)


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another one of its name; None if there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
