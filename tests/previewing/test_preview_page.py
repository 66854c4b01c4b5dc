"""The page of the preview in a real browser: cards as in Anki and on paper, which follow their sources."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.support.browser import barriers
from tests.support.diagram_decks import LEG
from tests.support.previews import DECK, Preview

HOSTILE = """\
- id: h
  q: "<script>document.title = 1</script></style></iframe>{{Front}} 😀 ]]> -->"
  a: "'\\"><img src=x onerror=alert(1)>"
- {id: l, q: "What is javascript:alert(1)?", a: "\\u2028 &lt;b&gt;"}
"""


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    preview = Preview(tmp_path)
    yield preview
    preview.stop()


@pytest.fixture
def page(browser: Browser, preview: Preview) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1500, "height": 1000})
    page = context.new_page()
    page.goto(preview.server.address, wait_until="domcontentloaded")
    expect(page.locator("#list li")).to_have_count(4)
    yield page
    context.close()


def _frame(page: Page, label: str, number: int = 0) -> FrameLocator:
    side = ("Front", "Back")[number]
    return page.frame_locator(f'iframe[title="{side}: {label}"]')


def test_a_card_is_shown_on_every_device_by_day_and_night_and_as_printed(page: Page) -> None:
    page.get_by_role("button", name="Wings and tail").first.click()
    assert page.locator("iframe").count() == 8
    for label in ("Desktop, day", "Desktop, night", "Phone, day", "Phone, night"):
        expect(_frame(page, label).locator("#qa")).to_contain_text("[...] and tail")
        expect(_frame(page, label, 1).locator("#qa")).to_contain_text("Wings and tail")
    expect(page.get_by_alt_text("The front as it is printed")).to_be_visible()
    # As large as on paper, 95 mm by 68 mm.
    trim = page.locator(".trim").last.bounding_box()
    assert trim is not None
    assert (round(trim["width"]), round(trim["height"])) == (359, 257)


def test_cards_are_found_by_words_and_by_what_they_are(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("TAIL wings")
    expect(page.locator("#list li")).to_have_count(2)
    expect(page.locator("#count")).to_have_text("2 of 4 cards")
    page.get_by_label("Search cards").fill("")
    page.get_by_label("All kinds").select_option("cloze")
    expect(page.locator("#list li")).to_have_count(2)


def test_the_keyboard_goes_from_card_to_card(page: Page) -> None:
    for key, name in (("j", "b"), ("ArrowDown", "b#2"), ("k", "b"), ("ArrowUp", "a"), ("k", "a")):
        page.keyboard.press(key)
        expect(page.locator("h1")).to_have_text(name)
    page.reload(wait_until="domcontentloaded")
    expect(page.locator("h1")).to_have_text("a")


def test_an_edit_changes_the_card_that_is_shown_and_nothing_else(page: Page, preview: Preview) -> None:
    page.get_by_role("button", name="Wings and tail").first.click()
    expect(_frame(page, "Desktop, day", 1).locator("#qa")).to_contain_text("Wings and tail")
    page.locator("#list li button").first.evaluate("button => button.dataset.mine = 1")
    preview.source.write_text(DECK.replace("tail", "legs") + "- {id: new, q: A new one?, a: 'Yes, it is'}\n")
    preview.read()
    expect(_frame(page, "Desktop, day", 1).locator("#qa")).to_contain_text("Wings and legs")
    expect(page.locator("h1")).to_have_text("b")
    expect(page.locator("#list li")).to_have_count(5)
    assert page.locator("#list li button").first.get_attribute("data-mine") == "1"
    # A card that isn't shown leaves the frames alone.
    page.locator("iframe").first.evaluate("frame => frame.dataset.mine = 1")
    preview.source.write_text(DECK.replace("tail", "legs").replace("A **bird**", "A bee"))
    preview.read()
    expect(page.locator("#list li")).to_have_count(4)
    assert page.locator("iframe").first.get_attribute("data-mine") == "1"


def test_a_broken_save_is_told_in_place_until_the_next_good_one(page: Page, preview: Preview) -> None:
    preview.source.write_text(DECK + "- [\n")
    preview.read()
    expect(page.get_by_role("alert")).to_contain_text("cards_source/birds.yaml:9:3 a `[` is opened")
    with page.expect_response("**/open?*"):
        page.get_by_role("button", name="cards_source/birds.yaml:9:3").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert preview.opened == [("cards_source/birds.yaml", 9)]
    expect(page.locator("#list li")).to_have_count(4)
    preview.source.write_text(DECK)
    preview.read()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_changed_card_is_shown_before_and_after(page: Page, preview: Preview) -> None:
    preview.build()
    preview.source.write_text(DECK.replace("A **bird**", "A bee"))
    preview.read()
    expect(_frame(page, "In the last release", 1).locator("#qa")).to_contain_text("A bird")
    expect(_frame(page, "Desktop, day", 1).locator("#qa")).to_contain_text("A bee")
    page.get_by_label("Changed or not").select_option("changed")
    expect(page.locator("#list li")).to_have_count(1)


def test_what_paper_has_no_room_for_is_told_beside_the_card(page: Page, preview: Preview) -> None:
    lines = "".join(f"    Line {number} of a long answer.\n\n" for number in range(60))
    preview.source.write_text(
        f"{DECK}- id: long\n  q: What is long?\n  a: |\n{lines}- {{id: off, q: 1?, a: 2, print: false}}\n"
    )
    preview.read()
    page.get_by_role("button", name="What is long?").click()
    expect(page.get_by_label("Problems on paper")).to_contain_text("`long` back needs")
    expect(page.locator("main")).to_contain_text("can't be printed as it is")
    page.get_by_role("button", name="1? · 2").click()
    expect(page.locator("main")).to_contain_text("This card isn't printed.")
    expect(page.get_by_label("Problems on paper").locator("li")).to_have_count(0)


def test_problems_that_no_card_has_are_told_with_their_places(page: Page, preview: Preview) -> None:
    (preview.root / "cards_source" / "media" / "unused.svg").write_bytes(LEG)
    preview.read()
    page.get_by_text("1 problem that is about no card").click()
    expect(page.locator("#other-problems")).to_contain_text("no card uses `unused.svg`")
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_problem_stands_beside_all_cards_of_its_note(page: Page, preview: Preview) -> None:
    preview.source.write_text(DECK.replace("tail", "tail</i>"))
    preview.read()
    page.get_by_label("All problems").select_option("warning")
    expect(page.locator("#list li")).to_have_count(2)
    page.locator("#list li button").last.click()
    expect(page.get_by_label("Problems and advice")).to_contain_text("`</i>` closes nothing")


def test_who_passes_by_cards_sees_the_paper_of_the_last_one_alone(page: Page, preview: Preview) -> None:
    expect(page.locator(".printed img")).to_have_count(2)
    drawn: list[str] = []
    page.on("request", lambda request: drawn.append(request.url) if "/printed" in request.url else None)

    def go_to(name: str) -> None:
        page.evaluate("name => { location.hash = `birds%2F${encodeURIComponent(name)}` }", name)
        expect(page.locator("h1")).to_have_text(name)

    with preview.drawing_waits():
        with page.expect_request("**/printed?*"):
            go_to("c")
        for name in ("b", "b#2", "a"):
            go_to(name)
    expect(page.locator(".printed img")).to_have_count(2)
    assert {url.partition("&")[0].partition("%2F")[2] for url in drawn} == {"c", "a"}


def test_many_tabs_follow_the_sources(browser: Browser, preview: Preview) -> None:
    """
    Browsers keep no more than six connections to a server.
    """
    context = browser.new_context()
    pages = [context.new_page() for _ in range(8)]
    for page in pages:
        page.goto(preview.server.address, wait_until="domcontentloaded")
        expect(page.locator("#list li")).to_have_count(4)
    pages[0].close()
    preview.source.write_text(DECK + "- {id: new, q: A new one?, a: 'Yes, it is'}\n")
    preview.read()
    for page in pages[1:]:
        expect(page.locator("#list li")).to_have_count(5)
    context.close()


@pytest.mark.parametrize("address", ["#%", "#birds%2Fnone", "#%E0%A4%A"])
def test_an_address_of_no_card_shows_the_first(browser: Browser, preview: Preview, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{preview.server.address}/{address}", wait_until="domcontentloaded")
    expect(page.locator("h1")).to_have_text("a")
    page.close()


def test_texts_stay_texts_and_nothing_leaves_the_machine(browser: Browser, preview: Preview) -> None:
    preview.source.write_text(DECK + HOSTILE)
    preview.read()
    page = browser.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("dialog", lambda _: pytest.fail("a script of a card has run"))
    page.goto(preview.server.address, wait_until="domcontentloaded")
    texts = {
        "h": "<script>document.title = 1</script></style></iframe>{{Front}} 😀 ]]> -->",
        "l": "javascript:alert(1)",
    }
    for name, text in texts.items():
        page.goto(f"{preview.server.address}/#birds%2F{name}", wait_until="domcontentloaded")
        expect(page.locator("h1")).to_have_text(name)
        expect(_frame(page, "Desktop, day").locator("#qa")).to_contain_text(text)
        expect(_frame(page, "Phone, night", 1).locator("#qa")).to_be_visible()
    assert page.title() == "l – cardwright"
    assert all(url.startswith((preview.server.address, "data:")) for url in requests)
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_people_from_using_it(
    browser: Browser, preview: Preview, scheme: Literal["light", "dark"]
) -> None:
    preview.source.write_text(DECK + "- [\n")
    preview.read()
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    page.goto(preview.server.address, wait_until="domcontentloaded")
    preview.source.write_text(DECK + "- {id: yes, q: Is it a bird?, a: 'Yes'}\n")
    preview.read()
    preview.advise()
    expect(page.locator("#list li")).to_have_count(5)
    page.locator("#list li button").last.click()
    expect(page.locator("#problems li")).to_have_count(1)
    assert barriers(page) == []
    context.close()
