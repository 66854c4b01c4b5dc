"""A cache gives the same bytes as a clean build, and does no harm when it is damaged."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardwright.formats.pdf.sheets import DrawnFile
from cardwright.shell.cache import FILE_NAME, DiskCache
from cardwright.source.cache import Cache, NullCache
from tests.support.memory import MemoryCache
from tests.support.print_decks import SYSTEM_FONTS, deck, lay_out_cards, note


class CountingCache(MemoryCache):
    """A cache in memory that counts the answers that are put into it."""

    def __init__(self) -> None:
        super().__init__()
        self.put_sizes: list[int] = []

    def put(self, answers: Mapping[str, bytes]) -> None:
        super().put(answers)
        self.put_sizes += map(len, answers.values())

    def digest(self, path: str) -> str:
        return str(Path(path).stat().st_size)

    def take_counts(self) -> tuple[int, int]:
        """Return how many sides were measured, and how many files drawn, since the last call."""
        files = sum(size > 5_000 for size in self.put_sizes)
        sides = sum(50 < size <= 5_000 for size in self.put_sizes)
        self.put_sizes.clear()
        return sides, files


def draw(folder: Path, texts: Sequence[str], cache: Cache, **choices: str) -> list[DrawnFile]:
    cards = [note(f"card-{number}", text) for number, text in enumerate(texts)]
    return lay_out_cards(deck(cards, **choices), folder, cache=cache).draw()


def test_an_unchanged_deck_is_neither_measured_nor_drawn_again(tmp_path: Path) -> None:
    cache = CountingCache()
    clean = draw(tmp_path, ["One?", "Two?"], cache)
    assert cache.take_counts() == (4, 1)

    assert draw(tmp_path, ["One?", "Two?"], cache) == clean
    assert cache.take_counts() == (0, 0)


def test_an_edit_has_one_card_measured_and_one_batch_of_sides_drawn(tmp_path: Path) -> None:
    """A reprint waits for a part of the work alone. The back is measured too: it recalls the question."""
    cache = CountingCache()
    texts = [f"Question {number}?" for number in range(640)]
    first = draw(tmp_path, texts, cache)
    assert cache.take_counts() == (1280, 21)

    texts[600] = "Another question?"
    second = draw(tmp_path, texts, cache)
    assert cache.take_counts() == (2, 1)
    assert [old.data == new.data for old, new in zip(first, second, strict=True)] == [True, False]
    assert second == draw(tmp_path, texts, NullCache())


TEXTS = st.lists(
    st.sampled_from(["What?", "Why, when and where? " * 9, "Où ?", "x" * 40]), min_size=1, max_size=9
)
CHOICES = st.sampled_from([{}, {"mode": "split"}, {"card": "a8"}, {"flip": "short"}, {"grey": "true"}])


@settings(max_examples=12)
@given(st.lists(st.tuples(TEXTS, CHOICES), min_size=2, max_size=4))
def test_with_a_cache_every_edit_gives_the_bytes_of_a_clean_build(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[list[str], dict[str, str]]]
) -> None:
    cache_folder = tmp_path_factory.mktemp("cache")
    for texts, choices in edits:
        stage = tmp_path_factory.mktemp("stage")
        clean = draw(stage, texts, NullCache(), **choices)

        assert draw(stage, texts, DiskCache(cache_folder), **choices) == clean


def find_font(name: str) -> Iterator[Path]:
    return (path for folder in SYSTEM_FONTS for path in Path(folder).rglob(name))


def test_another_font_of_the_same_name_is_another_answer(tmp_path: Path) -> None:
    """A deck's own fonts may change, and with them where its lines break."""
    font_folder = tmp_path / "fonts"
    font_folder.mkdir()
    cache = CountingCache()

    def draw_with(file: str) -> None:
        (font_folder / "font.ttf").write_bytes(next(find_font(file)).read_bytes())
        thai_deck = deck([note("card", "ก")])
        lay_out_cards(thai_deck, tmp_path, font_folders=[str(font_folder)], cache=cache).draw()

    draw_with("NotoSansThai-Regular.ttf")
    cache.take_counts()
    draw_with("NotoSansThai-Regular.ttf")
    assert cache.take_counts() == (0, 0)
    draw_with("NotoSansThai-Bold.ttf")
    assert cache.take_counts() == (2, 1)


def overwrite(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def run_sql(path: Path, script: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], None]] = {
    "no database": overwrite,
    "half a database": cut_in_half,
    "other answers": partial(run_sql, script="UPDATE answers SET answer = CAST('{}' AS BLOB)"),
    "other types": partial(run_sql, script="UPDATE answers SET used = 'never'"),
    "other tables": partial(run_sql, script="DROP TABLE answers; CREATE TABLE answers (something)"),
    "a folder": replace_by_folder,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_costs_nothing_but_time(damage: str, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    clean = draw(tmp_path, ["What?"], DiskCache(folder))
    DAMAGES[damage](folder / FILE_NAME)

    assert draw(tmp_path, ["What?"], DiskCache(folder)) == clean
    assert draw(tmp_path, ["What?"], DiskCache(folder)) == clean


def test_a_file_that_is_no_database_is_replaced(tmp_path: Path) -> None:
    overwrite(tmp_path / FILE_NAME)
    DiskCache(tmp_path).get(["key"])
    DiskCache(tmp_path).put({"key": b"answer"})

    assert DiskCache(tmp_path).get(["key"]) == {"key": b"answer"}


def test_a_build_goes_on_without_a_cache_that_stays_locked(tmp_path: Path) -> None:
    DiskCache(tmp_path).put({"key": b"answer"})
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("BEGIN EXCLUSIVE")

    locked = DiskCache(tmp_path, timeout=0.01)
    assert locked.get(["key"]) == {}
    locked.put({"key": b"another"})
    connection.rollback()
    connection.close()

    assert DiskCache(tmp_path).get(["key"]) == {"key": b"answer"}


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """A home may be read-only, as in many containers."""
    (tmp_path / "file").write_text("not a folder")
    cache = DiskCache(tmp_path / "file" / "cache")
    cache.put({"key": b"answer"})

    assert cache.get(["key"]) == {}


def test_answers_are_put_all_or_none(tmp_path: Path) -> None:
    """Also when a build is interrupted."""

    class Interrupted(Exception):
        pass

    class Answers(dict[str, bytes]):
        def items(self) -> object:  # type: ignore[override]  # stops where a signal might
            yield from list(super().items())[:1]
            raise Interrupted

    with pytest.raises(Interrupted):
        DiskCache(tmp_path).put(Answers(one=b"1", two=b"2"))

    assert DiskCache(tmp_path).get(["one", "two"]) == {}


def test_two_builds_at_once_lose_nothing(tmp_path: Path) -> None:
    """One may be started by an editor while another runs in a terminal."""

    def build(name: str) -> None:
        cache = DiskCache(tmp_path)
        for number in range(30):
            cache.put({f"{name}-{number}": name.encode()})
            cache.get([f"{other}-{number}" for other in "abcd"])

    threads = [threading.Thread(target=build, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    keys = [f"{name}-{number}" for name in "abcd" for number in range(30)]
    assert DiskCache(tmp_path).get(keys) == {key: key[0].encode() for key in keys}


def test_it_stays_within_its_limit_and_keeps_what_is_used(tmp_path: Path) -> None:
    now = 1_000_000
    cache = DiskCache(tmp_path, limit=400_000, clock=lambda: now)
    for number in range(100):
        now += 100_000
        cache.put({f"key-{number}": bytes(20_000)})
        assert cache.get(["key-0"])
        assert (tmp_path / FILE_NAME).stat().st_size < 500_000

    assert not cache.get(["key-1"])
    assert cache.get(["key-99"])
    cache.put({"huge": bytes(200_000)})
    assert not cache.get(["huge"])


def test_a_file_is_read_again_only_when_it_has_changed(tmp_path: Path) -> None:
    """Fonts are large, and told apart by their content, not by their names."""
    cache = DiskCache(tmp_path / "cache")
    font, copy = tmp_path / "font.ttf", tmp_path / "copy.ttf"
    font.write_bytes(b"one")
    copy.write_bytes(b"one")
    first = cache.digest(str(font))

    assert cache.digest(str(copy)) == first == cache.digest(str(font))
    font.write_bytes(b"other")
    assert cache.digest(str(font)) != first
    assert cache.digest(str(tmp_path / "none.ttf")) == ""
