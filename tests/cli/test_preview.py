"""The command `cardwright preview`: it serves until Ctrl-C, follows the sources, and writes nothing."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commands import COMMAND, environment, read_files

DECK = "deck: Birds\ncards:\n- {q: What flies?, a: A bird}\n"


def _start(root: Path, *arguments: str) -> subprocess.Popen[str]:
    (root / "cards_source").mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "preview", *arguments],
        cwd=root,
        env=environment(CARDWRIGHT_CACHE="off"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class Running:
    """A preview that runs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "cards_source").mkdir()
        self.source = root / "cards_source" / "birds.yaml"
        self.source.write_text(DECK)
        self.process = _start(root, "--no-open")
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.address = re.findall(r"http://127\.0\.0\.1:\d+", line)[0]

    def texts(self) -> list[str]:
        with urllib.request.urlopen(f"{self.address}/cards.json", timeout=30) as answer:
            return [card["text"] for card in json.load(answer)["cards"]]

    def wait_for(self, texts: list[str]) -> None:
        end = time.monotonic() + 30
        while self.texts() != texts:
            assert time.monotonic() < end
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    yield running
    running.stop()


def test_it_follows_the_sources_and_writes_nothing(running: Running) -> None:
    before = read_files(running.root)
    running.wait_for(["What flies? · A bird"])
    running.source.write_text(DECK + "- {q: What swims?, a: A fish}\n")
    running.wait_for(["What flies? · A bird", "What swims? · A fish"])
    running.source.write_text(DECK + "- [\n")
    time.sleep(0.5)
    running.wait_for(["What flies? · A bird", "What swims? · A fish"])
    running.source.write_text(DECK)
    running.wait_for(["What flies? · A bird"])
    assert read_files(running.root) == before


def test_ctrl_c_ends_it_while_a_browser_listens(running: Running) -> None:
    with urllib.request.urlopen(f"{running.address}/events", timeout=30) as events:
        events.readline()
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(timeout=30) == 128 + signal.SIGINT
    _, err = running.process.communicate()
    assert err.strip() == "Stopped."


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        _, err = _start(tmp_path, "--no-open", "--port", str(port)).communicate()
    assert f"port {port} can't be had" in err
    assert "leave --port out" in err


def test_a_project_without_decks_shows_its_first_card_once_it_is_written(tmp_path: Path) -> None:
    process = _start(tmp_path, "--no-open")
    assert process.stdout is not None
    assert "shows your cards" in process.stdout.readline()
    process.kill()
    process.communicate()


def test_a_deck_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "cards_source").mkdir()
    (tmp_path / "cards_source" / "birds.yaml").write_text(DECK)
    _, err = _start(tmp_path, "brids").communicate()
    assert "no deck is called `brids`; did you mean `birds`?" in err
