"""The zip file of a package: the same bytes however much of it is known from the build before."""

import random
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from cardwright.collection.content import MediaFile
from cardwright.formats.anki.package_file import LARGEST_PART, PAGE, SMALL_FILE, zip_package
from cardwright.source.cache import NullCache
from tests.support.memory import MemoryCache

_WORDS = [b"muscle", b"nerve", b"bone", b"knee", b"bends", b"the", b"of", b"long"]


class Database:
    """A file in memory. path: never used."""

    path = ""

    def __init__(self, pages: Sequence[bytes]) -> None:
        self.data = b"".join(pages)

    def parts(self, size: int) -> Iterator[bytes]:
        return (self.data[start : start + size] for start in range(0, len(self.data), size))


def make_pages(count: int) -> list[bytes]:
    """Return pages full of words; the first has four bytes for the version of SQLite."""
    generator = random.Random(3)
    pages = [b" ".join(generator.choices(_WORDS, k=1_000))[:PAGE].ljust(PAGE) for _ in range(count)]
    return [pages[0][:96] + bytes(4) + pages[0][100:], *pages[1:]]


PAGES = make_pages(6 * SMALL_FILE)


def database_in(package: bytes) -> bytes:
    return ZipFile(BytesIO(package)).read("collection.anki2")


@pytest.mark.parametrize("count", [1, SMALL_FILE, SMALL_FILE + 1, SMALL_FILE + 2, len(PAGES)])
def test_a_package_holds_its_database_and_its_media(count: int) -> None:
    media = [MediaFile("leg-1.svg", "media/leg.svg", b"<svg/>"), MediaFile("b-2.png", "media/b.png", b"png")]

    package = zip_package(Database(PAGES[:count]), media, NullCache())

    assert database_in(package) == b"".join(PAGES[:count])
    with ZipFile(BytesIO(package)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["collection.anki2", "media", "0", "1"]
        assert [archive.read(name) for name in ("0", "1")] == [b"<svg/>", b"png"]
        assert {entry.compress_type for entry in archive.infolist()} == {ZIP_DEFLATED}


def test_a_database_in_parts_is_hardly_larger_than_in_one() -> None:
    data = b"".join(PAGES)

    assert len(zip_package(Database(PAGES), [], NullCache())) < 1.005 * len(zlib.compress(data, 5))


@pytest.mark.parametrize("place", [SMALL_FILE + 5, len(PAGES) // 2, len(PAGES) - 1])
@pytest.mark.parametrize("change", ["edited", "inserted", "removed"])
def test_after_an_edit_few_parts_are_compressed_again(place: int, change: str) -> None:
    """The bytes are those of a build that knows nothing."""
    cache = MemoryCache()
    zip_package(Database(PAGES), [], cache)
    assert len(cache.new_keys) > (len(PAGES) - SMALL_FILE) / LARGEST_PART
    cache.new_keys = []
    page = b"another" + PAGES[place][7:]
    pages = {
        "edited": [*PAGES[:place], page, *PAGES[place + 1 :]],
        "inserted": [*PAGES[:place], page, *PAGES[place:]],
        "removed": [*PAGES[:place], *PAGES[place + 1 :]],
    }[change]

    package = zip_package(Database(pages), [], cache)

    assert 0 < len(cache.new_keys) <= 4
    assert package == zip_package(Database(pages), [], NullCache())
    assert database_in(package) == b"".join(pages)


def test_what_is_known_is_not_compressed_again() -> None:
    cache = MemoryCache()
    first = zip_package(Database(PAGES), [], cache)
    cache.new_keys = []

    assert zip_package(Database(PAGES), [], cache) == first
    assert not cache.new_keys


def test_nothing_is_kept_of_a_small_deck() -> None:
    cache = MemoryCache()

    zip_package(Database(PAGES[:SMALL_FILE]), [], cache)

    assert not cache.answers
