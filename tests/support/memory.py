"""Decks and an environment in memory, for tests that need no disk."""

import io
import posixpath
from collections.abc import Mapping
from contextlib import AbstractContextManager

from cardwright.formats.outputs import ProgressCallback
from cardwright.formats.pdf.cache import Cache, NullCache
from cardwright.shell.environment import TemporaryAssetDir, temporary_asset_dir
from cardwright.shell.progress import progress_bar
from cardwright.source.files import DeckFiles, MediaProblem


class FakeEnvironment:
    """An environment in memory. All paths are relative to the project."""

    def __init__(
        self,
        media: Mapping[str, bytes] | None = None,
        outputs: Mapping[str, bytes] | None = None,
    ) -> None:
        """media: by path. outputs: what an earlier build wrote, by path."""
        self._media = dict(media or {})
        self._outputs = dict(outputs or {})

    def read_output(self, path: str) -> bytes | None:
        return self._outputs.get(path)

    def read(self, folder: str, path: str) -> bytes | MediaProblem:
        if ".." in path.split("/") or path.startswith("/"):
            return MediaProblem.OUTSIDE
        return self._media.get(posixpath.join(folder, path), MediaProblem.MISSING)

    def media_files(self, folder: str) -> list[str]:
        paths = sorted(path for path in self._media if path.startswith(f"{folder}/media/"))
        return [path.removeprefix(f"{folder}/") for path in paths]

    def asset_dir(self) -> AbstractContextManager[TemporaryAssetDir]:
        return temporary_asset_dir()

    def font_folder(self, _folder: str, _path: str) -> str | None:
        return None

    def system_font_folders(self) -> list[str]:
        return []

    def cache(self) -> Cache:
        return NullCache()

    def progress(self, label: str) -> AbstractContextManager[ProgressCallback]:
        return progress_bar(label, io.StringIO())


def deck_files(files: Mapping[str, str | bytes], lock: bytes | None = None) -> list[DeckFiles]:
    """Return decks with the given files, by path below `cards_source/`.

    A path with a folder belongs to the deck of that folder; any other is a deck of its own.
    """
    texts = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    folders = sorted({path.split("/")[0] for path in texts if "/" in path})
    decks = []
    for name in folders:
        folder = f"cards_source/{name}"
        sources = {
            f"cards_source/{path}": text for path, text in texts.items() if path.startswith(f"{name}/")
        }
        main = f"{folder}/deck.yaml"
        decks.append(_files(main, folder, name, sources, f"{folder}/deck.lock", lock))
    for path, text in texts.items():
        if "/" not in path:
            main, name = f"cards_source/{path}", path.removesuffix(".yaml")
            lock_path = f"cards_source/{name}.lock"
            decks.append(_files(main, "cards_source", name, {main: text}, lock_path, lock))
    return sorted(decks, key=lambda deck: deck.main_path)


def _files(
    main: str, folder: str, name: str, sources: Mapping[str, bytes], lock_path: str, lock: bytes | None
) -> DeckFiles:
    return DeckFiles(
        main_path=main,
        folder=folder,
        name=name,
        is_single_file=folder == "cards_source",
        sources=sources,
        lock_path=lock_path,
        lock=lock,
    )
