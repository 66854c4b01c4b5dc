"""The server of the preview answers its own pages, and nobody else."""

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import pytest
from PIL import Image

from cardwright.previewing.printed_cards import PrintedCards
from cardwright.previewing.reading import Snapshot, read_snapshot
from tests.support.diagram_decks import LEG
from tests.support.paths import ROOT
from tests.support.previews import DECK, NOW, Preview


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    preview = Preview(tmp_path)
    yield preview
    preview.stop()


def _card(name: str, **options: str) -> str:
    return "/card?" + urlencode({"card": f"birds/{name}", **options})


def test_the_cards_are_listed_with_their_places(preview: Preview) -> None:
    cards = preview.cards()["cards"]
    assert [(card["name"], card["line"], card["change"]) for card in cards] == [
        ("a", 6, "new"), ("b", 7, "new"), ("b#2", 7, "new"), ("c", 8, "new"),
    ]  # fmt: skip
    first = cards[0]
    assert first["topic"] == "Flight"
    assert first["tags"] == ["air", "birds::flight"]
    assert first["path"] == "cards_source/birds.yaml"
    assert "What flies? · A bird" in first["text"]


def test_a_word_is_one_word_in_the_list_whatever_is_marked_in_it(preview: Preview) -> None:
    text = "'Semi**tendin**osus, H<sub>2</sub>O and {{c1::hyper::how high?}}tension'"
    preview.source.write_text(DECK + f"- id: words\n  cloze: {text}\n")
    preview.read()
    assert preview.cards()["cards"][-1]["text"].startswith("Semitendinosus, H2O and hypertension ·")


def test_a_card_is_shown_as_anki_shows_it(preview: Preview) -> None:
    status, page, headers = preview.request(_card("b#2"))
    assert status == 200
    assert b'and <span class="cloze" data-cloze="tail" data-ordinal="2">[...]</span>' in page
    assert b'data-ordinal="2">tail</span>' in preview.request(_card("b#2", back="1"))[1]
    assert b"night" in preview.request(_card("a", night="1"))[1].split(b"<body")[1].split(b">")[0]
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "allow-scripts" not in headers["Content-Security-Policy"]


def test_media_of_the_decks_are_served_and_no_other_file(preview: Preview) -> None:
    page = preview.request(_card("c"))[1].decode()
    address = page.split('<img src="')[1].split('"')[0]
    path = address.removeprefix(preview.server.address)
    assert preview.request(path)[1] == LEG
    for other in (
        "/media/birds/../secret.txt",
        "/media/birds/%2e%2e%2fsecret.txt",
        "/media/../../etc/passwd",
        "/media//etc/passwd",
        "/cards_source/secret.txt",
        "/../cards_source/secret.txt",
        "/media/birds/leg.svg",
        "/app.py",
    ):
        assert preview.request(other)[0] == 404


def test_it_listens_to_this_machine_alone(preview: Preview) -> None:
    assert preview.server.socket.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Host": "localhost.evil.example:{port}"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_another_page_or_host_gets_nothing(preview: Preview, headers: dict[str, str]) -> None:
    filled = {name: value.format(port=preview.server.server_port) for name, value in headers.items()}
    for path in (
        "/",
        "/cards.json",
        "/events",
        _card("a"),
        "/app.js",
        "/pictures?card=birds/c",
        "/printed?card=birds/a&side=0",
    ):
        assert preview.request(path, **filled)[0] == 403
    assert preview.request("/open?card=birds/a", method="POST", **filled)[0] == 403
    assert not preview.opened


def test_its_own_page_and_who_types_the_address_get_everything(preview: Preview) -> None:
    port = preview.server.server_port
    for headers in (
        {},
        {"Host": f"localhost:{port}"},
        {"Origin": f"http://127.0.0.1:{port}", "Sec_Fetch_Site": "same-origin"},
    ):
        assert preview.request("/cards.json", **headers)[0] == 200


def test_a_source_opens_at_its_line_and_only_by_post(preview: Preview) -> None:
    assert preview.request("/open?card=birds/b%232", method="POST")[:2] == (200, b"{}")
    assert preview.opened == [("cards_source/birds.yaml", 7)]
    assert preview.request("/open?card=birds/b%232")[0] == 404
    assert preview.request("/open?card=birds/none", method="POST")[0] == 404
    preview.opened *= 3
    assert json.loads(preview.request("/open?card=birds/a", method="POST")[1]) == {
        "problem": "no editor is known here"
    }


def test_a_broken_save_keeps_the_cards_and_tells_the_error(preview: Preview) -> None:
    preview.source.write_text(DECK + "- [\n")
    preview.read()
    answer = preview.cards()
    assert answer["broken"]
    assert len(answer["cards"]) == 4
    (problem,) = answer["problems"]
    assert (problem["code"], problem["line"]) == ("unclosed-bracket", 9)
    preview.source.write_text(DECK.replace("A **bird**", "A bee"))
    preview.read()
    assert not preview.cards()["broken"]
    assert b"A bee" in preview.request(_card("a", back="1"))[1]


def test_advice_stands_beside_its_card(preview: Preview) -> None:
    preview.source.write_text(DECK + "- {q: Is it a bird?, id: d, a: 'Yes'}\n")
    preview.read()
    preview.advise()
    problems = preview.cards()["problems"]
    assert ("yes-no-question", "birds/d") in [(problem["code"], problem["card"]) for problem in problems]


def test_problems_stay_beside_their_cards_until_new_advice_comes(preview: Preview) -> None:
    preview.source.write_text(DECK + "- {q: Is it a bird</i>?, id: d, a: 'Yes'}\n")
    preview.read()
    assert [problem["card"] for problem in preview.cards()["problems"]] == ["birds/d"]
    preview.advise()
    advised = preview.cards()["problems"]
    preview.read()
    assert preview.cards()["problems"] == advised
    preview.source.write_text(DECK)
    preview.read()
    preview.advise()
    assert preview.cards()["problems"] == []


def test_media_come_from_where_the_page_comes_from(preview: Preview) -> None:
    """
    The name and the number of this machine are two origins, of which one gets nothing from the other.
    """
    host = f"localhost:{preview.server.server_port}"
    _, page, _ = preview.request(_card("c"), Host=host)
    assert f'src="http://{host}/media/birds/'.encode() in page
    assert b"127.0.0.1" not in page


@pytest.mark.parametrize(
    "edit",
    [
        lambda deck: deck.replace("topic:", "print: {card: poker}\ntopic:"),
        lambda deck: deck.replace("topic:", "print: {card: no-such-size}\ntopic:"),
        lambda deck: deck.replace("topic:", "print: false\ntopic:"),
        lambda deck: deck.replace("{id: a,", "{id: a, print: false,"),
    ],
)
def test_what_concerns_paper_alone_changes_the_card(preview: Preview, edit: Callable[[str], str]) -> None:
    def shown() -> tuple[str, bytes]:
        digest = next(card["digest"] for card in preview.cards()["cards"] if card["name"] == "a")
        return digest, preview.request("/printed?card=birds/a")[1]

    digest, printed = shown()
    preview.source.write_text(f"# a remark\n{DECK}")
    preview.read()
    assert shown() == (digest, printed)
    preview.source.write_text(edit(DECK))
    preview.read()
    new_digest, new_printed = shown()
    assert new_digest != digest
    assert new_printed != printed


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-1", 206, LEG[:2]),
        ("bytes=5-", 206, LEG[5:]),
        ("bytes=0-99999999", 206, LEG),
        ("bytes=99999999-", 200, LEG),
        ("bytes=5-1", 200, LEG),
        ("bytes=-2", 200, LEG),
        ("lines=0-1", 200, LEG),
    ],
)
def test_media_can_be_had_in_parts(preview: Preview, asked: str, status: int, part: bytes) -> None:
    page = preview.request(_card("c"))[1].decode()
    path = page.split('<img src="')[1].split('"')[0].removeprefix(preview.server.address)
    found, data, headers = preview.request(path, Range=asked)
    assert (found, data) == (status, part)
    assert headers["Content-Length"] == str(len(part))
    if status == 206:
        start = asked.removeprefix("bytes=").split("-")[0]
        assert headers["Content-Range"] == f"bytes {start}-{int(start) + len(part) - 1}/{len(LEG)}"


def test_a_card_is_shown_as_it_is_printed(preview: Preview) -> None:
    answer = preview.request("/printed?card=birds/b%232")[1]
    assert [side["side"] for side in json.loads(answer)["sides"]] == ["front", "back"]
    front, back = (preview.request(f"/printed?card=birds/b%232&side={number}")[1] for number in (0, 1))
    assert front.startswith(b"\x89PNG")
    assert back.startswith(b"\x89PNG")
    other_front = preview.request("/printed?card=birds/b&side=0")[1]
    assert len({front, back, other_front}) == 3
    assert preview.request("/printed?card=birds/b&side=2")[0] == 404


@pytest.mark.parametrize(("settings", "is_behind"), [("", True), ("print: {flip: short}\n", False)])
def test_the_coloured_edge_of_a_back_is_where_the_sheet_has_it(
    preview: Preview, settings: str, is_behind: bool
) -> None:
    """It lies behind that of the front if the sheet turns like the page of a book."""
    preview.source.write_text(DECK.replace("cards:", f"{settings}cards:"))
    preview.read()
    on_right = []
    for number in (0, 1):
        picture = Image.open(BytesIO(preview.request(f"/printed?card=birds/a&side={number}")[1])).convert(
            "HSV"
        )
        width, height = picture.size
        halves = [picture.crop((left, 0, left + width // 2, height)) for left in (0, width // 2)]
        left, right = (max(half.getchannel("S").tobytes()) for half in halves)
        on_right.append(right > left)
    assert on_right == [False, is_behind]


def test_each_new_version_is_an_event(preview: Preview) -> None:
    connection = HTTPConnection("127.0.0.1", preview.server.server_port, timeout=30)
    connection.request("GET", "/events")
    answer = connection.getresponse()
    assert answer.readline() == b"data: 1\n"
    answer.readline()
    preview.read()
    assert answer.readline() == b"data: 2\n"
    connection.close()


def test_decks_may_come_and_go(preview: Preview) -> None:
    preview.source.unlink()
    preview.read()
    assert preview.live.snapshot == Snapshot()
    assert preview.request(_card("a"))[0] == 404


def test_a_card_has_the_room_on_paper_that_it_has_on_its_sheet() -> None:
    """Nearer to the edge of the paper it would have less, and small labels would be warned of."""
    snapshot = read_snapshot(ROOT, ["hamstrings"], NOW, Snapshot())
    card = PrintedCards(ROOT).card(snapshot.decks[0], "hamstrings/picture-deep")
    assert [side.side for side in card.sides] == ["front", "back"]
    assert not card.problems
