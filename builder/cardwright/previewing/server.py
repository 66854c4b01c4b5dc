"""The web server of the preview: on this machine alone, and only for the page that it serves itself.

Other pages that are open in the browser could send requests here. So a request must name this server as its
host (or a name that leads here could be used to read everything) and must not come from another origin.
"""

import json
import os
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from cardwright.diagnostics.emit import jsonl
from cardwright.previewing.deck_view import DeckView, Side
from cardwright.previewing.editors import NoEditor
from cardwright.previewing.printed_cards import NOT_PRINTED, PrintedCards
from cardwright.previewing.reading import Live
from cardwright.record import asdict
from cardwright.source.media_formats import media_type

HOST = "127.0.0.1"
_HOST_NAMES = (HOST, "localhost")
_APP = {
    "/": ("index.html", "text/html"),
    "/app.css": ("app.css", "text/css"),
    "/app.js": ("app.js", "text/javascript"),
    "/positions.js": ("positions.js", "text/javascript"),
}
# No script runs in the frame of a card, whatever is on it.
_CARD_POLICY = "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'"
_APP_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_RANGE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})")
# In s, after which a silent stream of events says that it is still there.
_HEARTBEAT = 15.0

# What the page gets to know of a picture of a printed side.
_PRINTED = ("side", "width", "height", "margin_x", "margin_y")

OpenFile = Callable[[str, int], None]
"""Opens a file of the project, by its path and a line, in the author's editor. Errors: NoEditor."""


class PreviewServer(ThreadingHTTPServer):
    """Serves the pages of the preview. It listens from its making on."""

    daemon_threads = True
    # Elsewhere it means that a port can be had again at once; on Windows, that two programs can have it.
    allow_reuse_address = os.name == "posix"

    def __init__(self, port: int, live: Live, printed: PrintedCards, open_file: OpenFile) -> None:
        """port: 0 for any that is free.

        Errors: OSError if the port can't be had.
        """
        self.live = live
        self.printed = printed
        self.open_file = open_file
        self.is_stopping = threading.Event()
        super().__init__((HOST, port), _Handler)

    @property
    def address(self) -> str:
        """Where a browser finds it, such as `http://127.0.0.1:8000`."""
        return f"http://{HOST}:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that has gone away."""

    def find_deck(self, card_id: str) -> DeckView | None:
        folder = card_id.partition("/")[0]
        return next((deck for deck in self.live.snapshot.decks if deck.folder == folder), None)


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    protocol_version = "HTTP/1.1"
    timeout = 60

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name that http.server uses
        """Log nothing: the terminal is for the author."""

    def version_string(self) -> str:
        return "cardwright"

    def do_GET(self) -> None:
        if not self._is_allowed():
            return
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path in _APP:
            name, type_ = _APP[parts.path]
            page = files(__package__).joinpath("app", name).read_bytes()
            self._answer(page, f"{type_}; charset=utf-8", policy=_APP_POLICY)
        elif parts.path == "/events":
            self._send_events()
        elif parts.path == "/cards.json":
            self._answer_json(self._cards())
        elif parts.path == "/card":
            self._answer_card(query)
        elif parts.path == "/pictures":
            self._answer_json(self._pictures(query.get("card", "")))
        elif parts.path == "/printed":
            self._answer_printed(query)
        elif parts.path.startswith("/media/"):
            self._answer_media(parts.path)
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        if not self._is_allowed():
            return
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        place = self.server.live.snapshot.place(query.get("card", ""), query.get("problem", ""))
        if urlsplit(self.path).path != "/open" or place is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        try:
            self.server.open_file(*place)
        except NoEditor as error:
            self._answer_json({"problem": str(error)})
        else:
            self._answer_json({})

    def _is_allowed(self) -> bool:
        """Refuse what doesn't come from a page of this server, or from who typed its address."""
        hosts = {f"{name}:{self.server.server_port}" for name in _HOST_NAMES}
        origin = self.headers.get("Origin")
        is_own = origin is None or origin in {f"http://{host}" for host in hosts}
        site = self.headers.get("Sec-Fetch-Site", "none")
        is_allowed = self.headers.get("Host") in hosts and is_own and site in ("none", "same-origin")
        if not is_allowed:
            self.send_error(HTTPStatus.FORBIDDEN)
        return is_allowed

    def _cards(self) -> Mapping[str, object]:
        snapshot = self.server.live.snapshot
        return {
            "cards": [asdict(card) for deck in snapshot.decks for card in deck.cards],
            "problems": [
                {**jsonl.to_object(problem.diagnostic), "card": problem.card, "number": number}
                for number, problem in enumerate(snapshot.problems)
            ],
            "broken": snapshot.has_errors,
        }

    def _pictures(self, card_id: str) -> Sequence[Mapping[str, object]]:
        deck = self.server.find_deck(card_id)
        if deck is None:
            return ()
        folder = f"/media/{quote(deck.folder)}/"
        return [
            {
                "address": folder + quote(picture.name),
                "name": picture.name,
                "alt": picture.alt,
                "labels": [asdict(label) for label in picture.labels],
            }
            for picture in deck.pictures(card_id)
        ]

    def _answer_card(self, query: Mapping[str, str]) -> None:
        card_id = query.get("card", "")
        deck = self.server.find_deck(card_id)
        side = Side(*(query.get(name) == "1" for name in ("back", "earlier", "night", "phone")))
        source = f"http://{self.headers['Host']}/media/"  # `localhost` and the number are two origins
        page = deck and deck.page(
            card_id, side, lambda name: f"{source}{quote(deck.folder)}/{quote(name)}", source
        )
        if not page:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self._answer(page.encode(errors="replace"), "text/html; charset=utf-8", policy=_CARD_POLICY)

    def _answer_printed(self, query: Mapping[str, str]) -> None:
        card_id = query.get("card", "")
        deck = self.server.find_deck(card_id)
        printed = NOT_PRINTED if deck is None else self.server.printed.card(deck, card_id)
        pictures = printed.sides
        number = query.get("side", "")
        if not number:
            sides = [
                {"number": index, **{name: getattr(picture, name) for name in _PRINTED}}
                for index, picture in enumerate(pictures)
            ]
            problems = [jsonl.to_object(problem) for problem in printed.problems]
            self._answer_json({"sides": sides, "problems": problems})
        elif number.isdecimal() and int(number) < len(pictures):
            self._answer(pictures[int(number)].data, "image/png")
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _answer_media(self, path: str) -> None:
        folder, _, name = unquote(path.removeprefix("/media/")).partition("/")
        deck = self.server.find_deck(f"{folder}/")
        file = None if deck is None else deck.media_file(name)
        if file is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        # A drawing is safe as a picture; opened by itself it may still run no script.
        policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        self._answer(file.data, media_type(name), policy=policy)

    def _send_events(self) -> None:
        """Send the number of each new version, until the browser or the server is done."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        version = -1
        while not self.server.is_stopping.is_set():
            new = self.server.live.wait(version, _HEARTBEAT)
            line = f"data: {new}\n\n" if new != version else ": still here\n\n"
            version = new
            self.wfile.write(line.encode())
            self.wfile.flush()
        self.close_connection = True

    def _answer_json(self, value: object) -> None:
        data = json.dumps(value, separators=(",", ":")).encode()
        self._answer(data, "application/json", policy="default-src 'none'")

    def _answer(self, data: bytes, type_: str, policy: str = "default-src 'none'") -> None:
        """Send data, or the part of them that is asked for, without which Safari plays no sound.

        Source: RFC 9110, 14.2; ranges of other forms may be ignored.
        """
        part = _RANGE.fullmatch(self.headers.get("Range", ""))
        start, end = (int(part[1]), int(part[2] or len(data)) + 1) if part else (0, len(data))
        sent = data[start:end]
        if part and sent:
            self.send_response(HTTPStatus.PARTIAL_CONTENT)
            self.send_header("Content-Range", f"bytes {start}-{start + len(sent) - 1}/{len(data)}")
        else:
            sent = data
            self.send_response(HTTPStatus.OK)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Type", type_)
        self.send_header("Content-Length", str(len(sent)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(sent)
