"""Decks and an environment in memory, for tests that need no disk."""

import io
import posixpath
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from cardwright.formats.outputs import ProgressCallback
from cardwright.shell.environment import TemporaryAssetDir, temporary_asset_dir
from cardwright.shell.progress import progress_bar
from cardwright.shell.temporary import TemporaryFile, temporary_file
from cardwright.source.cache import Cache, NullCache
from cardwright.source.files import DeckFiles, FontFolder, MediaProblem


class MemoryCache:
    """A `Cache` in memory. answers: by key. new_keys: what was put since they were last cleared."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.new_keys: list[str] = []

    def get(self, keys: Sequence[str]) -> dict[str, bytes]:
        return {key: self.answers[key] for key in keys if key in self.answers}

    def put(self, answers: Mapping[str, bytes]) -> None:
        self.answers |= answers
        self.new_keys += answers

    def digest(self, _path: str) -> str:
        return ""


class FakeEnvironment:
    """An environment in memory. All paths are relative to the project."""

    def __init__(
        self,
        media: Mapping[str, bytes] | None = None,
        outputs: Mapping[str, bytes] | None = None,
        cache: Cache | None = None,
    ) -> None:
        """media: by path. outputs: what an earlier build wrote, by path. cache: none by default."""
        self._media = dict(media or {})
        self._outputs = dict(outputs or {})
        self._cache = cache or NullCache()

    def read_output(self, path: str) -> bytes | None:
        return self._outputs.get(path)

    def output_names(self, folder: str) -> list[str]:
        return sorted(posixpath.basename(path) for path in self._outputs if posixpath.dirname(path) == folder)

    def read(self, folder: str, path: str) -> bytes | MediaProblem:
        if ".." in path.split("/") or path.startswith("/"):
            return MediaProblem.OUTSIDE
        return self._media.get(posixpath.join(folder, path), MediaProblem.MISSING)

    def media_files(self, folder: str) -> dict[str, str]:
        paths = sorted(path for path in self._media if path.startswith(f"{folder}/media/"))
        return {path.removeprefix(f"{folder}/"): "" for path in paths}

    def asset_dir(self) -> AbstractContextManager[TemporaryAssetDir]:
        return temporary_asset_dir()

    def temporary_file(self) -> AbstractContextManager[TemporaryFile]:
        return temporary_file()

    def font_folder(self, _folder: str, _path: str) -> FontFolder | None:
        return None

    def system_font_folders(self) -> list[str]:
        return []

    def cache(self) -> Cache:
        return self._cache

    def run_in_processes(self, _work: Callable[[range], bytes], _count: int) -> list[bytes] | None:
        return None

    def program_digest(self) -> bytes:
        return b"tests"

    def progress(self, label: str) -> AbstractContextManager[ProgressCallback]:
        return progress_bar(label, io.StringIO())


class WriteOnceCache:
    """A cache that keeps the first answers, and takes no others."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        return {key: self.answers[key] for key in keys if key in self.answers}

    def put(self, answers: Mapping[str, bytes]) -> None:
        assert not (self.answers and answers)
        self.answers.update(answers)

    def digest(self, path: str) -> str:
        return path


def deck_files(files: Mapping[str, str | bytes], lock: bytes | None = None) -> list[DeckFiles]:
    """Return decks with the given files, by path below `cards_source/`.

    A path with a folder belongs to the deck of that folder; any other is a deck of its own.
    """
    sources_by_deck: dict[str, dict[str, bytes]] = {}
    for path, text in files.items():
        main = f"{path.split('/')[0]}/deck.yaml" if "/" in path else path
        sources = sources_by_deck.setdefault(f"cards_source/{main}", {})
        sources[f"cards_source/{path}"] = text.encode() if isinstance(text, str) else text
    return [
        DeckFiles(main, main.count("/") == 1, sources, lock)
        for main, sources in sorted(sources_by_deck.items())
    ]
