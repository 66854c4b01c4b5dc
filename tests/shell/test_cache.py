"""What earlier builds know: the same bytes with it as without, and no harm when it is damaged."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardwright.diagnostics.report import Report
from cardwright.formats.pdf.cache import Cache, NullCache
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.sheets import DrawnFile, lay_out_sheets
from cardwright.shell.cache import NAME, DiskCache, folder
from tests.support.print_decks import SYSTEM_FONTS, Stage, deck, note


class Counting:
    """A cache in memory that counts what was not known."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.put_sizes: list[int] = []

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        return {key: self.answers[key] for key in keys if key in self.answers}

    def put(self, answers: Mapping[str, bytes]) -> None:
        self.put_sizes += map(len, answers.values())
        self.answers.update(answers)

    def digest(self, path: str) -> str:
        return str(Path(path).stat().st_size)

    def news(self) -> tuple[int, int]:
        """How many fits, and how many files, were put since this was asked last."""
        files = sum(size > 5_000 for size in self.put_sizes)
        fits = sum(50 < size <= 5_000 for size in self.put_sizes)
        self.put_sizes.clear()
        return fits, files


def _drawn(folder: Path, texts: Sequence[str], known: Cache, **choices: str) -> list[DrawnFile]:
    folder.mkdir(exist_ok=True)
    cards = [note(f"card-{number}", text) for number, text in enumerate(texts)]
    layout = lay_out_sheets(deck(cards, **choices), RenderContext(Stage(str(folder)), cache=known), Report())
    assert layout is not None
    return layout.draw()


def test_an_unchanged_deck_is_neither_measured_nor_drawn_again(tmp_path: Path) -> None:
    """Most decks of a project are not the one that was edited."""
    known = Counting()
    clean = _drawn(tmp_path, ["One?", "Two?"], known)
    assert known.news() == (4, 1)

    assert _drawn(tmp_path, ["One?", "Two?"], known) == clean
    assert known.news() == (0, 0)


def test_an_edit_has_one_side_measured_and_one_volume_drawn(tmp_path: Path) -> None:
    """The other volumes are what they were, so a reprint waits for a part of the work alone."""
    known = Counting()
    texts = [f"Question {number}?" for number in range(640)]
    first = _drawn(tmp_path, texts, known)
    assert known.news() == (1280, 2)

    texts[600] = "Another question?"
    second = _drawn(tmp_path, texts, known)
    assert known.news() == (1, 1)
    assert [one.data == other.data for one, other in zip(first, second, strict=True)] == [True, False]
    assert second == _drawn(tmp_path, texts, NullCache())


_texts = st.lists(
    st.sampled_from(["What?", "Why, when and where? " * 9, "Où ?", "x" * 40]), min_size=1, max_size=9
)
_choices = st.sampled_from([{}, {"mode": "split"}, {"card": "a8"}, {"flip": "short"}, {"grey": "true"}])


@settings(max_examples=12)
@given(st.lists(st.tuples(_texts, _choices), min_size=2, max_size=4))
def test_with_a_cache_every_edit_gives_the_bytes_of_a_clean_build(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[list[str], dict[str, str]]]
) -> None:
    """Whatever was built before. Were it not so, nobody could trust a sheet without deleting the cache."""
    place = tmp_path_factory.mktemp("cache")
    for texts, choices in edits:
        stage = tmp_path_factory.mktemp("stage")
        clean = _drawn(stage, texts, NullCache(), **choices)

        assert _drawn(stage, texts, DiskCache(place), **choices) == clean


def _found(name: str) -> Iterator[Path]:
    return (path for folder in SYSTEM_FONTS for path in Path(folder).rglob(name))


def test_another_font_of_the_same_name_is_another_answer(tmp_path: Path) -> None:
    """A deck's own fonts can change behind its back, and change where its lines break."""
    own = tmp_path / "fonts"
    own.mkdir()
    known = Counting()

    def drawn(file: str) -> bytes:
        (own / "font.ttf").write_bytes(next(_found(file)).read_bytes())
        layout = lay_out_sheets(
            deck([note("card", "ก")]),
            RenderContext(Stage(str(tmp_path)), font_folders=[str(own)], cache=known),
            Report(),
        )
        assert layout is not None
        return layout.draw()[0].data

    drawn("NotoSansThai-Regular.ttf")
    known.news()
    drawn("NotoSansThai-Regular.ttf")
    assert known.news() == (0, 0)
    drawn("NotoSansThai-Bold.ttf")
    assert known.news() == (2, 1)


def _damaged(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def _torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _with_other_bytes(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE answers SET answer = CAST('{}' AS BLOB)")
    connection.close()


def _with_other_types(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE answers SET used = 'never'")
    connection.close()


def _with_other_tables(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE answers")
        connection.execute("CREATE TABLE answers (something)")
    connection.close()


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "harm", [_damaged, _torn, _with_other_bytes, _with_other_types, _with_other_tables, _a_folder]
)
def test_a_damaged_cache_costs_nothing_but_time(harm: Callable[[Path], None], tmp_path: Path) -> None:
    """It is in nobody's backup, and a machine may stop at any time."""
    place = tmp_path / "cache"
    clean = _drawn(tmp_path, ["What?"], DiskCache(place))
    harm(place / NAME)

    assert _drawn(tmp_path, ["What?"], DiskCache(place)) == clean
    assert _drawn(tmp_path, ["What?"], DiskCache(place)) == clean


def test_a_file_that_is_no_database_makes_way_for_a_new_one(tmp_path: Path) -> None:
    """Otherwise a user with a damaged cache would never have one again."""
    (tmp_path / NAME).write_bytes(b"no database" * 1000)
    DiskCache(tmp_path).get(["key"])
    DiskCache(tmp_path).put({"key": b"answer"})

    assert DiskCache(tmp_path).get(["key"]) == {"key": b"answer"}


def test_what_another_build_holds_is_done_without(tmp_path: Path) -> None:
    """A build waits a moment for another one's lock, and then goes on without what the cache knows."""
    DiskCache(tmp_path).put({"key": b"answer"})
    holder = sqlite3.connect(tmp_path / NAME)
    holder.execute("BEGIN EXCLUSIVE")

    locked = DiskCache(tmp_path, patience=0.01)
    assert locked.get(["key"]) == {}
    locked.put({"key": b"another"})
    holder.rollback()
    holder.close()

    assert DiskCache(tmp_path).get(["key"]) == {"key": b"answer"}


def test_a_place_where_nothing_can_be_written_is_no_error(tmp_path: Path) -> None:
    """A home may be read-only, as in many containers."""
    (tmp_path / "file").write_text("not a folder")
    closed = DiskCache(tmp_path / "file" / "cache")
    closed.put({"key": b"answer"})

    assert closed.get(["key"]) == {}


def test_an_answer_that_was_not_finished_is_not_there(tmp_path: Path) -> None:
    """A build that is interrupted keeps all of what it put together, or nothing of it."""

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
        mine = DiskCache(tmp_path)
        for number in range(30):
            mine.put({f"{name}-{number}": name.encode()})
            mine.get([f"{other}-{number}" for other in "abcd"])

    threads = [threading.Thread(target=build, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    keys = [f"{name}-{number}" for name in "abcd" for number in range(30)]
    assert DiskCache(tmp_path).get(keys) == {key: key[0].encode() for key in keys}


def test_it_stays_within_its_limit_and_keeps_what_is_used(tmp_path: Path) -> None:
    """Nobody looks into a cache folder until the disk is full."""
    now = 1_000_000
    small = DiskCache(tmp_path, limit=400_000, clock=lambda: now)
    for number in range(100):
        now += 100_000
        small.put({f"key-{number}": bytes(20_000)})
        assert small.get(["key-0"])
        assert (tmp_path / NAME).stat().st_size < 500_000

    assert not small.get(["key-1"])
    assert small.get(["key-99"])
    small.put({"huge": bytes(200_000)})
    assert not small.get(["huge"])


def test_a_file_is_read_again_only_when_it_has_changed(tmp_path: Path) -> None:
    """Fonts are large, and told apart by what is in them, not by their names."""
    known = DiskCache(tmp_path / "cache")
    font, copy = tmp_path / "font.ttf", tmp_path / "copy.ttf"
    font.write_bytes(b"one")
    copy.write_bytes(b"one")
    first = known.digest(str(font))

    assert known.digest(str(copy)) == first == known.digest(str(font))
    font.write_bytes(b"other")
    assert known.digest(str(font)) != first
    assert known.digest(str(tmp_path / "none.ttf")) == ""


@pytest.mark.parametrize(
    ("environment", "platform", "place"),
    [
        ({"HOME": "/home/ann"}, "linux", "/home/ann/.cache/cardwright"),
        ({"HOME": "/home/ann", "XDG_CACHE_HOME": "/var/cache/ann"}, "linux", "/var/cache/ann/cardwright"),
        ({"HOME": "/home/ann", "XDG_CACHE_HOME": "here"}, "linux", "/home/ann/.cache/cardwright"),
        ({"HOME": "/Users/ann"}, "darwin", "/Users/ann/Library/Caches/cardwright"),
        ({"LOCALAPPDATA": "/Local"}, "win32", "/Local/cardwright/cache"),
        ({"USERPROFILE": "/ann"}, "win32", "/ann/AppData/Local/cardwright/cache"),
        ({"HOME": "/home/ann", "CARDWRIGHT_CACHE": "/tmp/mine"}, "linux", "/tmp/mine"),
        ({"HOME": "/home/ann", "CARDWRIGHT_CACHE": "off"}, "linux", None),
        ({}, "linux", None),
        ({}, "darwin", None),
        ({}, "win32", None),
    ],
)
def test_it_lies_where_the_system_keeps_caches(
    environment: Mapping[str, str], platform: str, place: str | None
) -> None:
    """Tools that clean up and tools that back up know these folders."""
    found = folder(environment, platform)

    assert (None if found is None else found.as_posix()) == place
