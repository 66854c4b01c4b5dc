"""The panel of the preview that says where something is on a picture, in a real browser."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import barriers
from tests.support.diagram_decks import LEG
from tests.support.previews import DECK, Preview

DIAGRAM = """\
- id: map
  diagram: media/map.png
  alt: A map of an island
  labels:
    bay: {name: Bay, rect: [10, 20, 30, 10]}
    cape: {name: Cape, ellipse: [60, 0, 20, 10]}
    lake: {name: Lake, polygon: [[70, 60], [95, 60], [80, 90]]}
"""
ORIENTATION = 0x0112  # in Exif


def _picture(width: int, height: int, format_: str = "png", orientation: int = 1) -> bytes:
    file = BytesIO()
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    Image.new("RGB", (width, height), "#cde").save(file, format_, exif=exif)
    return file.getvalue()


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    preview = Preview(tmp_path)
    _write(preview, "map.png", _picture(800, 500))
    preview.source.write_text(DECK + DIAGRAM)
    preview.read()
    yield preview
    preview.stop()


def _write(preview: Preview, name: str, data: bytes) -> None:
    (preview.root / "cards_source" / "media" / name).write_bytes(data)


def _open(
    browser: Browser,
    preview: Preview,
    card: str = "map",
    *,
    width: int = 1300,
    scheme: Literal["light", "dark"] = "light",
    bypass_csp: bool = False,
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        has_touch=width < 500,
        color_scheme=scheme,
        bypass_csp=bypass_csp,
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    page.goto(f"{preview.server.address}/#birds%2F{card}", wait_until="domcontentloaded")
    expect(page.locator("#positions")).to_be_visible()
    expect(page.locator(".printed img")).to_have_count(2)  # then nothing moves any more
    yield page
    context.close()


@pytest.fixture
def page(browser: Browser, preview: Preview) -> Iterator[Page]:
    yield from _open(browser, preview)


def _point(page: Page, x: float, y: float) -> tuple[float, float]:
    """Return where a point of the picture is in the window. x, y: in percent of the picture."""
    picture = page.locator("#picture img")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    assert box["height"] > 100
    return box["x"] + x / 100 * box["width"], box["y"] + y / 100 * box["height"]


def _drag(page: Page, *points: tuple[float, float]) -> None:
    first, *others = [_point(page, *point) for point in points]
    page.mouse.move(*first)
    page.mouse.down()
    for point in others:
        page.mouse.move(*point)
    page.mouse.up()


def _numbers(text: str) -> list[float]:
    found = re.search(r"rect: \[(.*?)\]", text)
    assert found is not None, text
    return [float(number) for number in found[1].split(", ")]


def _line(page: Page) -> str:
    return page.locator("#new-label").inner_text()


@pytest.mark.parametrize("width", [1300, 390])
@pytest.mark.parametrize("name", ["map.png", "leg.svg", "turned.jpg"])
def test_a_rectangle_that_is_drawn_gives_the_line_for_the_file(
    browser: Browser, preview: Preview, name: str, width: int
) -> None:
    _write(preview, "turned.jpg", _picture(600, 400, "jpeg", orientation=6))
    preview.source.write_text(DECK + DIAGRAM.replace("map.png", name))
    preview.read()
    for page in _open(browser, preview, width=width):
        assert page.locator("#new-label").is_hidden()
        _drag(page, (52.5, 70), (60, 75), (12.5, 30))
        # A pixel of the window is a fifth of a percent, or less; on a phone a third.
        assert _numbers(_line(page)) == pytest.approx([12.5, 30, 40, 40], abs=0.35)
        assert re.fullmatch(r"key: \{name: …, rect: \[[0-9., ]+\]\}", _line(page))
        assert all(re.fullmatch(r"[0-9]+(\.[0-9])?", f"{number:g}") for number in _numbers(_line(page)))
        assert page.locator("#place-only").inner_text() in _line(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        # On the card it has the same proportions.
        card = page.frame_locator('iframe[title="Front: Desktop, day"]')
        boxes = (view.bounding_box() for view in (page.locator("#picture img"), card.locator("img").first))
        ratio, ratio_on_card = (box["width"] / box["height"] for box in boxes if box is not None)
        assert ratio == pytest.approx(ratio_on_card, rel=0.01)


def test_a_finger_draws_as_well(browser: Browser, preview: Preview) -> None:
    for page in _open(browser, preview, width=390):
        devtools = page.context.new_cdp_session(page)
        start, end = (dict(zip("xy", _point(page, *point), strict=True)) for point in ((20, 20), (40, 50)))
        for type_, points in (("touchStart", [start]), ("touchMove", [end]), ("touchEnd", [])):
            devtools.send("Input.dispatchTouchEvent", {"type": type_, "touchPoints": points})
        expect(page.locator("#new-label")).to_be_visible()
        assert _numbers(_line(page)) == pytest.approx([20, 20, 20, 30], abs=0.35)


def test_a_rectangle_ends_at_the_edges_and_a_click_leaves_it(page: Page) -> None:
    _drag(page, (60, 80), (130, 120))
    assert _numbers(_line(page)) == pytest.approx([60, 80, 40, 20], abs=0.2)
    assert sum(_numbers(_line(page))[::2]) == 100
    before = _line(page)
    page.mouse.click(*_point(page, 20, 20))
    assert _line(page) == before


def test_the_position_of_the_pointer_is_told(page: Page) -> None:
    page.mouse.move(*_point(page, 25, 75))
    told = page.locator("#pointer").inner_text()
    assert [float(number) for number in re.findall(r"[0-9.]*[0-9]", told)] == pytest.approx([25, 75], abs=0.2)


def test_numbers_are_no_finer_than_the_picture(browser: Browser, preview: Preview) -> None:
    _write(preview, "map.png", _picture(150, 1000))
    preview.read()
    for page in _open(browser, preview):
        _drag(page, (12.6, 30), (52.6, 70.3))
        left, _, width, _ = _numbers(_line(page))
        assert (left * 2, width * 2) == (round(left * 2), round(width * 2))


def test_the_lines_are_copied(page: Page) -> None:
    _drag(page, (10, 10), (30, 30))
    for number, id_ in enumerate(("new-label", "place-only")):
        page.get_by_role("button", name="Copy").nth(number).click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == page.locator(f"#{id_}").inner_text()
        expect(page.get_by_role("button", name="Copied")).to_have_count(0)


def test_the_keyboard_gives_the_same(page: Page) -> None:
    page.get_by_label("Left").focus()
    page.keyboard.type("12.5")
    for value in ("30", "20.25", "95"):
        page.keyboard.press("Tab")
        page.keyboard.type(value)
    page.keyboard.press("Tab")
    assert _line(page) == "key: {name: …, rect: [12.5, 30, 20.25, 70]}"  # not over the edge
    expect(page.get_by_label("Height")).to_have_value("70")
    page.get_by_label("Left").focus()
    page.keyboard.press("ArrowUp")
    assert _numbers(_line(page)) == [12.6, 30, 20.25, 70]
    _drag(page, (10, 10), (30, 30))
    assert page.get_by_label("Width").input_value() == f"{_numbers(_line(page))[2]:g}"


def test_labels_that_are_there_are_outlined_on_the_whole_picture(page: Page) -> None:
    assert page.locator("#picture span").all_inner_texts() == ["bay", "cape", "lake"]
    picture, drawing = (page.locator(f"#picture {name}").bounding_box() for name in ("img", "svg"))
    assert picture is not None
    assert picture == drawing
    assert picture["width"] / picture["height"] == pytest.approx(800 / 500, abs=0.01)
    boxes = page.locator("#picture svg > *").evaluate_all(
        "shapes => shapes.map(shape => shape.getBBox()).map(box => [box.x, box.y, box.width, box.height])"
    )
    assert boxes == [[10, 20, 30, 10], [60, 0, 20, 10], [70, 60, 25, 30]]
    expect(page.locator("#picture img")).to_have_attribute("alt", "A map of an island")


def test_what_is_pasted_builds_and_its_mask_lies_there(page: Page, preview: Preview) -> None:
    _drag(page, (42.5, 50), (62.5, 56))
    numbers = _numbers(_line(page))
    place = page.locator("#picture").bounding_box()
    preview.source.write_text(f"{DECK}{DIAGRAM}    {_line(page)}\n")
    preview.build()
    assert (preview.root / "decks" / "birds" / "birds.apkg").is_file()
    expect(page.locator("#picture span")).to_have_text(["bay", "cape", "lake", "key"])
    expect(page.locator(".printed img")).to_have_count(2)
    assert page.locator("#picture").bounding_box() == pytest.approx(place, abs=1)
    assert _numbers(_line(page)) == numbers
    page.get_by_role("button", name="map#4").click()
    frame = page.frame_locator('iframe[title="Front: Desktop, day"]')
    asked = frame.locator(".mask.asked")
    expect(asked).to_be_visible()
    shown = asked.evaluate(
        """mask => {
          const [own, {x, y, width, height}] = [mask, mask.ownerDocument.images[0]]
            .map(element => element.getBoundingClientRect());
          return [(own.x - x) / width, (own.y - y) / height, own.width / width, own.height / height]
            .map(share => 100 * share);
        }"""
    )
    assert shown == pytest.approx(numbers, abs=0.8)  # with the border


def test_pictures_on_other_cards_can_be_measured_before_they_are_diagrams(
    browser: Browser, preview: Preview
) -> None:
    _write(preview, "foot.svg", LEG.replace(b"300 400", b"400 100").replace(b"<svg", b'<svg width="80"'))
    preview.source.write_text(DECK.replace("a: A leg", 'a: "![A foot](media/foot.svg){width=50%}"'))
    preview.read()
    for page in _open(browser, preview, "c"):
        assert page.locator("#picture").is_hidden()
        page.get_by_text("Positions").click()
        page.get_by_role("combobox", name="Picture").select_option("A foot")
        _drag(page, (10, 20), (60, 80))
        assert _numbers(_line(page)) == pytest.approx([10, 20, 50, 60], abs=0.6)
        page.get_by_role("button", name="What flies?").click()
        expect(page.locator("#positions")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_people_from_measuring(
    browser: Browser, preview: Preview, scheme: Literal["light", "dark"]
) -> None:
    for page in _open(browser, preview, scheme=scheme, bypass_csp=True):
        _drag(page, (10, 40), (30, 60))
        assert barriers(page) == []
