"""A folder for a while, in which the PDF engine finds its pictures."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


class TemporaryAssetDir:
    """The `Stage` of the PDF format, on this disk."""

    __slots__ = ("_folder",)

    def __init__(self, folder: Path) -> None:
        """folder: fresh and empty."""
        self._folder = folder.resolve()

    @property
    def folder(self) -> str:
        """See `Stage.folder`."""
        return str(self._folder)

    def put(self, name: str, data: bytes) -> None:
        """See `Stage.put`."""
        target = self._folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


@contextmanager
def temporary_asset_dir() -> Iterator[TemporaryAssetDir]:
    """A stage that is gone when the block is left."""
    with TemporaryDirectory(prefix="cardwright-", ignore_cleanup_errors=True) as folder:
        yield TemporaryAssetDir(Path(folder))
