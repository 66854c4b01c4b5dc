"""The PDF engine, Typst, which no other module imports: data goes in, measures or documents come out."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Protocol, TypeVar

import typst as untyped_typst

from cardwright.formats.pdf import templates
from cardwright.formats.pdf.cache import CacheKeys
from cardwright.formats.pdf.nodes import Json, to_json
from cardwright.formats.pdf.shapes import Shape, read_shape, to_shape
from cardwright.source.cache import Cache, NullCache

# Typst keeps what a compilation computed until ten later ones have not needed it. So a few empty
# compilations free memory for what comes next, and this many free everything.
_COMPILATIONS_TO_FREE_ALL = 12
# Run after every _SIDES_PER_CLEANUP sides, this many keep half a megabyte for each of the last 130
# sides, and all that every side needs.
_COMPILATIONS_PER_CLEANUP = 3
_SIDES_PER_CLEANUP = 32
_MIN_BYTES_PER_SIDE = 2048
# Its types leave out sources given as a dict, which its documentation offers.
typst: Any = untyped_typst
_NO_GLYPH = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')

_Part = TypeVar("_Part")
_Result = TypeVar("_Result")

# Each worker holds its document in memory, so larger machines get no more of them.
WORKERS = 2


@contextmanager
def map_parallel(
    function: Callable[[_Part], _Result], parts: Iterable[_Part], workers: int = WORKERS
) -> Iterator[Iterator[_Result]]:
    """Give the results of a function for several parts, in order, computed in threads.

    Threads are enough, because the engine lets Python run meanwhile. Parts that are not begun when
    the block is left are dropped.
    """
    pool = ThreadPoolExecutor(workers)
    try:
        yield pool.map(function, parts)
    finally:
        pool.shutdown(cancel_futures=True)


@lru_cache(maxsize=4)
def _load_fonts(folders: tuple[str, ...]) -> Any:
    """Return the fonts in some folders and those that Typst brings along; the decks of a build share them."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(folders))


class AssetDir(Protocol):
    """A fresh, empty folder with pictures for the engine.

    It is on disk because the engine reads pictures from nowhere else, and holds no
    links, because the engine would follow them out of it.
    """

    @property
    def folder(self) -> str:
        """The absolute path of the folder."""
        ...

    def put(self, name: str, data: bytes) -> None:
        """Write a file into the folder. name: a relative path with `/`."""
        ...


class EngineError(Exception):
    """Raised when the engine refuses to compile something; its argument is the engine's message."""


class Engine:
    """Typst with certain fonts and one folder of pictures.

    font_folders: absolute paths; their fonts are added to those that Typst brings along.
    cache: earlier answers; they are the same bytes as new ones, and save the work.
    """

    def __init__(
        self, asset_dir: AssetDir, font_folders: Sequence[str] = (), cache: Cache | None = None
    ) -> None:
        self._asset_dir = asset_dir
        self._fonts = _load_fonts(tuple(font_folders))
        self._cache = cache or NullCache()
        self._keys = CacheKeys(typst.__version__, templates.digest(), self._fonts.fonts(), self._cache.digest)
        self._sides_in_memory = 0
        self._memory_used = False

    def with_fonts(self, folders: Sequence[str]) -> "Engine":
        """Return the same engine with the fonts of other folders. folders: as `font_folders`."""
        return Engine(self._asset_dir, folders, self._cache)

    @property
    def families(self) -> list[str]:
        """The names of the font families at hand, sorted."""
        families: list[str] = self._fonts.families()
        return families

    @property
    def families_on_disk(self) -> frozenset[str]:
        """The names of the font families that Typst does not bring along."""
        return frozenset(font.family for font in self._fonts.fonts() if font.path is not None)

    def measure(self, data: Mapping[str, Json], template: str = "cards.typ") -> list[Any]:
        """Return a measure of each of the data's `sides`; the template says what is measured.

        template: its file. A side that was measured before is not measured again, whatever the
        other sides are.
        """
        sides = data["sides"]
        assert isinstance(sides, Sequence)
        measures = self.recall(data, template)
        remaining = [index for index, measure in enumerate(measures) if measure is None]
        if remaining:
            new_data = {**data, "sides": [sides[index] for index in remaining]}
            fresh = self._query(template, new_data)
            self.remember(new_data, fresh, template)
            for index, measure in zip(remaining, fresh, strict=True):
                measures[index] = measure
        return measures

    def recall(self, data: Mapping[str, Json], template: str = "cards.typ") -> list[Any]:
        """Return the measure of each of the data's `sides` that the cache has; None for the others."""
        keys = self._side_keys(data, template)
        cached = self._cache.get(keys)
        return [json.loads(cached[key]) if key in cached else None for key in keys]

    def remember(
        self, data: Mapping[str, Json], measures: Sequence[Json], template: str = "cards.typ"
    ) -> None:
        """Keep the measures of the data's `sides`, by whomever they were taken."""
        keys = self._side_keys(data, template)
        self._cache.put({key: to_json(measure) for key, measure in zip(keys, measures, strict=True)})

    def _side_keys(self, data: Mapping[str, Json], template: str) -> list[str]:
        sides = data["sides"]
        assert isinstance(sides, Sequence)
        return self._keys.of_sides(template, data, sides)

    def render_pdf(self, data: Json, template: str = "cards.typ") -> bytes:
        """Render a document as PDF/UA-1. It has no date, so that equal data are equal bytes."""

        def render(encoded: bytes) -> bytes:
            self._free_all_memory()
            return self._compile_pdf(template, encoded)

        return self._answer(template, data, render)

    def render_png(self, data: Json, ppi: int, template: str = "cards.typ") -> list[bytes]:
        """Render each page of a document as PNG. ppi: pixels per inch."""
        pages: bytes | list[bytes] = self._compile(template, to_json(data), format="png", ppi=float(ppi))
        return pages if isinstance(pages, list) else [pages]

    def find_missing_glyphs(self, group: Mapping[str, Json]) -> list[str]:
        """Return the pieces of a group of texts that its fonts cannot show. group: see glyphs.typ."""
        if not group["texts"]:
            return []
        error = self._compile_error("glyphs.typ", group)
        texts = _NO_GLYPH.findall(error)
        if error and not texts:
            raise EngineError(error)
        return list(dict.fromkeys(_unescape(text) for text in texts))

    def shapes(self, group: Mapping[str, Json]) -> list[Shape]:
        """Return what the fonts make of each of a group's texts. group: as for `find_missing_glyphs`."""
        if not group["texts"]:
            return []

        def draw(encoded: bytes) -> bytes:
            pages: bytes | list[bytes] = self._compile("shapes.typ", encoded, format="svg")
            return to_json([read_shape(page) for page in ([pages] if isinstance(pages, bytes) else pages)])

        return [to_shape(shape) for shape in json.loads(self._answer("shapes.typ", group, draw))]

    def picture_error(self, path: str) -> str:
        """Return why a picture cannot be drawn; empty when it can be. path: in the asset dir."""
        error = self._compile_error("picture.typ", {"src": path})
        return error.partition("\n")[0].removeprefix("error: ")

    def _compile_error(self, template: str, data: Json) -> str:
        """Return the engine's message when it refuses to compile something; else an empty string."""

        def compile_error(encoded: bytes) -> bytes:
            try:
                self._compile_pdf(template, encoded)
            except EngineError as error:
                return str(error).encode()
            return b""

        return self._answer(template, data, compile_error).decode()

    def _answer(self, template: str, data: Json, compute: Callable[[bytes], bytes]) -> bytes:
        """Return an answer from the cache, or compute it from the data as JSON and keep it there."""
        encoded = to_json(data)
        key = self._keys.of_document(template, data, encoded)
        answers = self._cache.get([key])
        if key not in answers:
            answers = {key: compute(encoded)}
            self._cache.put(answers)
        return answers[key]

    def _query(self, template: str, data: Mapping[str, Json]) -> list[Json]:
        self._free_some_memory()
        encoded = to_json(data)
        files = templates.source_files(template, encoded)
        inputs = {"measure-only": "1"}
        try:
            output = typst.query(files, "<fit>", field="value", sys_inputs=inputs, **self._options)
        except RuntimeError as error:
            raise EngineError(str(error)) from error
        measures: list[Json] = json.loads(output)
        self._memory_used = True
        # Pages of running text give one answer, however many sides are on them.
        self._sides_in_memory += max(len(measures), len(encoded) // _MIN_BYTES_PER_SIDE)
        return measures

    def _free_some_memory(self) -> None:
        """Free memory that earlier work took: half a megabyte for each side."""
        cleanups, self._sides_in_memory = divmod(self._sides_in_memory, _SIDES_PER_CLEANUP)
        self._compile_nothing(min(cleanups * _COMPILATIONS_PER_CLEANUP, _COMPILATIONS_TO_FREE_ALL))

    def _free_all_memory(self) -> None:
        if self._memory_used:
            self._memory_used = False
            self._sides_in_memory = 0
            self._compile_nothing(_COMPILATIONS_TO_FREE_ALL)

    def _compile_nothing(self, times: int) -> None:
        for _ in range(times):
            typst.compile(b"", format="pdf", timestamp=0, **self._options)

    def _compile_pdf(self, template: str, encoded: bytes) -> bytes:
        pdf: bytes = self._compile(template, encoded, format="pdf", pdf_standards=["ua-1"])
        return pdf

    def _compile(self, template: str, encoded: bytes, **options: object) -> Any:
        files = templates.source_files(template, encoded)
        try:
            return typst.compile(files, timestamp=0, **options, **self._options)
        except untyped_typst.TypstError as error:
            raise EngineError(error.diagnostic) from error

    @property
    def _options(self) -> dict[str, object]:
        return {"root": self._asset_dir.folder, "font_paths": self._fonts, "ignore_system_fonts": True}


def _unescape(text: str) -> str:
    r"""Return a text that the engine quoted, where `\u{1b}` stands for a character."""
    text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match[1], 16)), text)
    return re.sub(r"\\(.)", r"\1", text)
