"""`cardwright build --watch` builds at every save, says so in a line, and goes on whatever is saved."""

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from tests.support.commands import COMMAND, environment

DECK = "deck: Birds\nid: birds\nprint: false\ncards:\n- {id: a, q: What flies?, a: A bird}\n"
TIME = re.compile(r"\d\d:\d\d:\d\d  ")


class Watcher:
    """A running `cardwright build --watch`, whose lines are read as they come."""

    def __init__(self, root: Path, *arguments: str) -> None:
        self.deck = root / "cards_source" / "birds.yaml"
        self.deck.parent.mkdir()
        self.deck.write_text(DECK)
        self.process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "build", "--watch", *arguments],
            cwd=root,
            env=environment(CARDWRIGHT_CACHE=str(root / "cache")),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.first = self.until(re.compile("^Watching "))

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line.rstrip("\n"))

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()

    def until(self, end: re.Pattern[str]) -> list[str]:
        """Return all lines up to one that matches."""
        lines: list[str] = []
        while not (lines and end.search(lines[-1])):
            lines.append(self._lines.get(timeout=30))
        return lines

    def build(self) -> list[str]:
        """Wait for a build. Return what it says; its last line begins with the time, which is left out."""
        *others, last = self.until(TIME)
        return [*others, TIME.sub("", last)]

    def is_silent(self, seconds: float) -> bool:
        try:
            self._lines.get(timeout=seconds)
        except Empty:
            return True
        return False


@pytest.fixture
def watcher(tmp_path: Path) -> Iterator[Watcher]:
    watcher = Watcher(tmp_path)
    yield watcher
    watcher.stop()


def test_every_save_is_built_and_told_in_a_line(watcher: Watcher) -> None:
    assert watcher.first[0] == "Birds: 1 note (1 new), 1 card, none of them on paper"
    watcher.deck.write_text(DECK.replace("A bird", "A bee"))
    assert watcher.build() == ["Birds: 1 note (1 changed), 1 card, none of them on paper"]
    watcher.deck.write_text(DECK.replace("A bird", "A bee") + "\n# a remark\n")
    assert watcher.build() == ["nothing to write"]


def test_an_editor_may_save_by_renaming(watcher: Watcher) -> None:
    for number in range(3):
        new = watcher.deck.with_name(".birds.yaml.new")
        new.write_text(DECK.replace("A bird", f"Answer {number}"))
        watcher.deck.rename(watcher.deck.with_name("birds.yaml~"))
        new.rename(watcher.deck)
        assert watcher.build() == ["Birds: 1 note (1 changed), 1 card, none of them on paper"]


def test_a_new_card_gets_its_id_without_a_second_build(watcher: Watcher) -> None:
    watcher.deck.write_text(DECK + "- {q: What swims?, a: A fish}\n")
    assert watcher.build() == ["Birds: 2 notes (1 new, 1 unchanged), 2 cards, none of them on paper"]
    assert "id: what-swims" in watcher.deck.read_text()
    assert watcher.is_silent(1.0)


def test_a_broken_deck_is_told_until_it_is_mended(watcher: Watcher) -> None:
    watcher.deck.write_text(DECK + "- [\n")
    *error, last = watcher.build()
    assert error[0].startswith("error[unclosed-bracket]")
    assert last == "nothing was written; 1 error"
    # The same mistake is not shown again, though it has moved.
    watcher.deck.write_text("# a remark\n" + DECK + "- [\n")
    assert watcher.build() == ["nothing was written; 1 error"]
    watcher.deck.write_text(DECK.replace("A bird", "A bee"))
    assert watcher.build() == ["Birds: 1 note (1 changed), 1 card, none of them on paper"]


def test_files_and_the_whole_folder_may_come_and_go(watcher: Watcher) -> None:
    folder = watcher.deck.parent
    cats = folder / "cats" / "deck.yaml"
    cats.parent.mkdir()
    cats.write_text(DECK.replace("Birds", "Cats").replace("birds", "cats"))
    assert watcher.build() == ["Cats: 1 note (1 new), 1 card, none of them on paper"]
    cats.unlink()
    assert watcher.build() == ["nothing to write"]
    folder.rename(folder.with_name("away"))
    assert watcher.build()[-1] == "nothing was written; 1 error"
    folder.with_name("away").rename(folder)
    assert watcher.build() == ["nothing to write"]
    watcher.deck.write_text(DECK.replace("A bird", "A bee"))
    assert watcher.build() == ["Birds: 1 note (1 changed), 1 card, none of them on paper"]


def test_ctrl_c_ends_it(watcher: Watcher) -> None:
    watcher.process.send_signal(signal.SIGINT)
    assert watcher.process.wait(timeout=30) == 128 + signal.SIGINT
