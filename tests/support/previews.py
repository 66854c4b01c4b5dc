"""A project and the server that shows its cards, without the process that watches its files."""

import json
import threading
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from cardwright.cli.main import run
from cardwright.previewing.editors import NoEditor
from cardwright.previewing.printed_cards import PrintedCards
from cardwright.previewing.reading import Live, read_snapshot, with_advice
from cardwright.previewing.server import PreviewServer
from tests.support.diagram_decks import LEG

NOW = 1_800_000_000
DECK = """\
deck: Birds
id: birds
topic: Flight
tags: [air]
cards:
- {id: a, q: What flies?, a: "A **bird**"}
- {id: b, cloze: "{{c1::Wings}} and {{c2::tail}}"}
- {id: c, q: "![A leg](media/leg.svg)", a: A leg}
"""


class Preview:
    """A project and a server that shows it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.source = root / "cards_source" / "birds.yaml"
        (root / "cards_source" / "media").mkdir(parents=True)
        (root / "cards_source" / "media" / "leg.svg").write_bytes(LEG)
        (root / "cards_source" / "secret.txt").write_text("secret")
        self.source.write_text(DECK)
        self.live = Live()
        self.opened: list[tuple[str, int]] = []
        self.server = PreviewServer(0, self.live, PrintedCards(root), self._open)
        self.read()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _open(self, path: str, line: int) -> None:
        if len(self.opened) > 2:
            raise NoEditor("no editor is known here")
        self.opened.append((path, line))

    def read(self) -> None:
        """Read the decks again, as after a change."""
        self.live.publish(read_snapshot(self.root, (), NOW, self.live.snapshot))

    @contextmanager
    def drawing_waits(self) -> Iterator[None]:
        """Draw no printed card meanwhile."""
        with self.server.printed._lock:
            yield

    def advise(self) -> None:
        """Add the advice on the cards, which comes after them."""
        self.live.publish(with_advice(self.live.snapshot, date(2026, 1, 1)))

    def build(self) -> None:
        """Build the decks, as a release, and read them again."""
        with chdir(self.root):
            assert run(["build", "--only", "anki"]) == 0
        self.read()

    def request(self, path: str, *, method: str = "GET", **headers: str) -> tuple[int, bytes, dict[str, str]]:
        connection = HTTPConnection("127.0.0.1", self.server.server_port, timeout=30)
        try:
            connection.request(
                method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
            )
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            connection.close()

    def cards(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.request("/cards.json")[1])
        return answer

    def stop(self) -> None:
        self.server.is_stopping.set()
        self.server.shutdown()
        self.server.server_close()
