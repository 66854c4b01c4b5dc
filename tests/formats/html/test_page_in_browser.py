"""What people do with the page of a deck, in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.support.browser import barriers
from tests.support.mathjax import serve
from tests.support.pages import build_page, leg_page

STILL = "section>ul>li{content-visibility:visible!important}"
ALL_CARDS = 20


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of a person of its own, in which errors and requests are an error."""
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    problems: list[str] = []
    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on("console", lambda message: problems.append(message.text))
    yield context
    context.close()
    assert not problems


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "leg.html"
    path.write_text(leg_page(), encoding="utf-8")
    return path


@pytest.fixture
def page(context: BrowserContext, path: Path) -> Page:
    page = context.new_page()
    page.goto(path.as_uri())
    return page


def note(page: Page, text: str) -> Locator:
    return page.locator("section > ul > li").filter(has_text=text)


def expect_shown(page: Page, *beginnings: str) -> None:
    """Expect that just the notes that begin with these words are shown, after a moment."""
    notes = page.locator("section > ul > li:visible")
    expect(notes).to_have_text([re.compile(rf"^\s*{re.escape(words)}") for words in beginnings])


def search_for(page: Page, words: str) -> None:
    page.get_by_role("searchbox").fill(words)


def test_a_picture_on_many_cards_is_in_the_page_once_and_has_its_words_on_each(
    context: BrowserContext, tmp_path: Path
) -> None:
    cards = "".join(
        f"- {{id: c{number}, q: '{number}?', a: '![{alt}](media/leg.svg)'}}\n"
        for number, alt in enumerate(["a leg", "a leg", "its back", "its back", "a leg", ""])
    )
    html = build_page({"leg/deck.yaml": f"deck: Leg\nid: leg\nhtml: true\ncards:\n{cards}"})
    assert html.count("data:image/svg+xml") == 1
    assert html.count('alt="a leg"') == 2
    path = tmp_path / "leg.html"
    path.write_text(html)
    page = context.new_page()
    page.goto(path.as_uri())
    words = "all => all.map(image => [image.alt, image.naturalWidth > 0])"
    assert page.locator("li img").evaluate_all(words) == [
        *([["a leg", True]] * 2),
        *([["its back", True]] * 2),
        ["a leg", True],
        ["", True],
    ]


def test_a_click_on_a_card_or_a_key_flips_it(page: Page) -> None:
    card = note(page, "Which muscles bend")
    answer = card.get_by_text("The hamstrings")
    expect(answer).to_be_hidden()

    card.get_by_role("heading").click()
    expect(answer).to_be_visible()
    expect(card.get_by_role("link", name="An atlas")).to_be_visible()
    expect(card).to_contain_text("§ Plate 3")
    card.get_by_role("button", name="Hide answer").press("Enter")
    expect(answer).to_be_hidden()
    card.get_by_role("button", name="Show answer").press(" ")
    expect(answer).to_be_visible()


def test_a_question_does_not_give_away_the_answer_of_its_reverse(page: Page) -> None:
    card = note(page, "Dog?")

    expect(card).not_to_contain_text("Hund", use_inner_text=True)
    card.get_by_role("button").click()
    expect(card).to_contain_text("Hund", use_inner_text=True)


def test_gaps_open_by_click_and_by_key_with_all_of_their_number(page: Page) -> None:
    card = note(page, "They")
    gaps = card.get_by_role("button", name="hidden")
    expect(gaps).to_have_count(2)
    expect(card).to_contain_text("how?", use_inner_text=True)
    assert "flex" not in card.inner_text()

    gaps.first.press("Enter")
    expect(card).to_contain_text("flex the knee and how? the hip", use_inner_text=True)
    card.get_by_role("button", name="how?").click()
    expect(card).to_contain_text("flex the knee and extend the hip", use_inner_text=True)


def test_gaps_in_formulas_and_code_and_in_each_other_are_hidden(page: Page) -> None:
    formula, nested = page.locator("li:has(.f)"), page.locator("li:has(b b)")
    assert "[" in formula.inner_text()
    assert "biceps" not in nested.inner_text()

    formula.get_by_role("button").click()
    nested.get_by_role("button", name="Show answer").click()
    assert "[" not in formula.inner_text()
    assert "The biceps femoris; code" in nested.inner_text()


def test_masks_open_with_the_names_below_the_picture(page: Page) -> None:
    card = page.locator("li:has(figure)")
    masks = card.locator("figure u")
    expect(card.get_by_text("Ischial tuberosity")).to_be_hidden()

    expect(masks.nth(1)).to_have_accessible_name("hidden 2")
    masks.nth(1).click()
    expect(card.get_by_text("Ischial tuberosity")).to_be_visible()
    expect(card.get_by_text("Biceps femoris")).to_be_hidden()
    assert masks.nth(1).evaluate("mask => getComputedStyle(mask).backgroundColor") == "rgba(0, 0, 0, 0)"
    masks.nth(2).press("Enter")
    expect(card.get_by_text("Semimembranosus")).to_be_visible()


def test_hints_open_and_leave_the_answer_hidden(page: Page) -> None:
    card = note(page, "Which muscles bend")
    card.get_by_text("Hint").click()

    expect(card.get_by_text("At the back.")).to_be_visible()
    expect(card.get_by_text("The hamstrings")).to_be_hidden()


def test_search_finds_words_in_any_order_without_accents_and_readings(page: Page) -> None:
    for words, beginning in (
        ("knee BEND", "Which muscles bend"),
        ("schadel", "Wo ist der"),
        ("Naive", "How is this read?"),
        ("食べる", "How is this read?"),
        ("たべる", "How is this read?"),
        ("a leg", "Listen"),
    ):
        search_for(page, words)
        expect_shown(page, beginning)
    search_for(page, "atlas")
    expect(page.locator("output")).to_have_text("Nothing found")
    expect_shown(page)
    search_for(page, "")
    expect(page.locator("output")).to_have_text(f"Cards: {ALL_CARDS} of {ALL_CARDS}")


def test_filters_narrow_the_search_and_headings_of_nothing_are_hidden(page: Page) -> None:
    page.get_by_label("All topics").select_option("Pictures")
    assert page.locator("h2:visible").all_inner_texts() == ["Pictures", "Sources"]
    page.get_by_label("All topics").select_option("")
    page.get_by_label("All tags").select_option("words")
    expect_shown(page, "Dog?")
    page.get_by_label("All tags").select_option("")
    page.get_by_label("All sources").select_option("A talk")
    expect_shown(page, "They")
    assert page.locator("output").inner_text() == f"Cards: 2 of {ALL_CARDS}"


def test_all_answers_open_at_once(page: Page) -> None:
    page.get_by_role("button", name="Show all answers").click()
    expect(note(page, "Dog?")).to_contain_text("An animal.", use_inner_text=True)
    page.get_by_role("button", name="Hide all answers").click()
    expect(note(page, "Dog?")).not_to_contain_text("An animal.", use_inner_text=True)


def test_colours_follow_the_device_or_the_choice_which_is_remembered(page: Page) -> None:
    def paper() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = paper()
    page.emulate_media(color_scheme="dark")
    dark = paper()
    assert light != dark
    page.get_by_label("Colours: device").select_option("Colours: light")
    assert paper() == light
    page.reload()
    assert paper() == light
    page.get_by_label("Colours: device").select_option("Colours: dark")
    page.emulate_media(color_scheme="light")
    assert paper() == dark
    red = page.locator("span[style*=color]").first
    night = red.evaluate("text => getComputedStyle(text).color")
    page.get_by_label("Colours: device").select_option("Colours: light")
    assert red.evaluate("text => getComputedStyle(text).color") != night


def test_pictures_and_their_masks_glare_less_at_night(page: Page) -> None:
    def filters() -> set[str]:
        shown = page.locator("img, figure > u")
        return set(shown.evaluate_all("parts => parts.map(part => getComputedStyle(part).filter)"))

    assert filters() == {"none"}
    page.emulate_media(color_scheme="dark")
    dimmed = filters()
    assert dimmed == {"brightness(0.88)"}
    page.emulate_media(media="print", color_scheme="dark")
    assert filters() == {"none"}
    page.emulate_media(media="screen", color_scheme="light")
    page.get_by_label("Colours: device").select_option("Colours: dark")
    assert filters() == dimmed


def study(page: Page) -> Locator:
    page.get_by_role("button", name="Study", exact=True).click()
    return page.get_by_role("dialog")


def test_studying_asks_again_what_was_not_known_and_remembers_the_rest(page: Page) -> None:
    search_for(page, "dog")
    expect_shown(page, "Dog?")
    dialog = study(page)
    expect(dialog.get_by_role("status")).to_have_text("left: 2")
    first = dialog.locator("article").inner_text()
    expect(dialog.get_by_role("button", name="I knew it")).to_be_hidden()

    page.keyboard.press("Space")
    expect(dialog.get_by_role("button", name="I knew it")).to_be_focused()
    page.keyboard.press("1")
    expect(dialog.get_by_role("status")).to_have_text("left: 2")
    assert dialog.locator("article").inner_text() != first
    page.keyboard.press("Space")
    page.keyboard.press("2")
    assert dialog.locator("article").inner_text() == first
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Study", exact=True)).to_be_focused()

    page.reload()
    search_for(page, "dog")
    expect(page.locator("output")).to_have_text(f"Cards: 2 of {ALL_CARDS} · known: 1")
    dialog = study(page)
    expect(dialog.get_by_role("status")).to_have_text("left: 1")
    assert dialog.locator("article").inner_text() == first
    dialog.get_by_role("button", name="Show answer").click()
    dialog.get_by_role("button", name="I knew it").click()
    expect(dialog).to_contain_text("You know all of these cards.")
    dialog.get_by_role("button", name="Start again").click()
    expect(dialog.get_by_role("status")).to_have_text("left: 2")


def test_studying_asks_every_card_once_in_random_order(page: Page) -> None:
    """A card of a gap hides its own gap alone, and that of a mask all of them."""
    asked = []
    dialog = study(page)
    for _ in range(ALL_CARDS):
        card = dialog.locator("article")
        asked.append(card.inner_text())
        if card.locator("figure").count():
            assert card.locator("u.shut").count() == 3
            assert card.locator("u.asked").count() == card.locator("li").count() == 1
        elif card.locator("b").count():
            assert card.locator("b.shut").count() == card.locator("b.asked").count() > 0
        page.keyboard.press("Space")
        assert not card.locator("b.shut").count()
        page.keyboard.press("2")

    expect(dialog).to_contain_text("You know all of these cards.")
    known = page.evaluate("JSON.parse(localStorage['cardwright deck leg'])")
    assert len(known) == len(set(known)) == ALL_CARDS
    assert len(set(asked)) > ALL_CARDS - 3


def test_decks_remember_what_is_known_each_by_itself(context: BrowserContext, tmp_path: Path) -> None:
    pages = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}.html"
        path.write_text(build_page({"d.yaml": f"deck: D\nid: {name}\ncards: [{{id: a, q: A?, a: B}}]"}))
        page = context.new_page()
        page.goto(path.as_uri())
        pages.append(page)
    study(pages[0])
    pages[0].keyboard.press("Space")
    pages[0].keyboard.press("2")

    for page, count in zip(pages, ("Cards: 1 of 1 · known: 1", "Cards: 1 of 1"), strict=True):
        page.reload()
        expect(page.locator("output")).to_have_text(count)


def test_a_page_that_is_open_twice_forgets_nothing(context: BrowserContext, path: Path) -> None:
    pages = [context.new_page() for _ in range(2)]
    for page in pages:
        page.goto(path.as_uri())
        study(page)
    for count, page in enumerate(pages, 1):
        for _ in range(2):
            page.keyboard.press("Space")
            page.keyboard.press("2")
        page.reload()
        known = set(page.evaluate("JSON.parse(localStorage['cardwright deck leg'])"))
        assert len(known) in range(count + 1, 2 * count + 1)  # both may have been asked the same


def test_a_deck_may_have_the_name_of_what_else_is_remembered(context: BrowserContext, tmp_path: Path) -> None:
    path = tmp_path / "theme.html"
    path.write_text(build_page({"d.yaml": "deck: D\nid: theme\ncards: [{id: a, q: A?, a: B}]"}))
    page = context.new_page()
    page.goto(path.as_uri())
    page.get_by_label("Colours: device").select_option("dark")
    study(page)
    page.keyboard.press("Space")
    page.keyboard.press("2")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("output")).to_have_text("Cards: 1 of 1 · known: 1")


def test_without_a_place_to_remember_studying_works_for_as_long_as_the_page_is_open(
    context: BrowserContext, path: Path
) -> None:
    context.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw Error('no'); }})")
    page = context.new_page()
    page.goto(path.as_uri())
    dialog = study(page)
    page.keyboard.press("Space")
    page.keyboard.press("2")

    expect(dialog.get_by_role("status")).to_have_text(f"left: {ALL_CARDS - 1}")


def test_without_scripts_and_on_paper_everything_can_be_read(browser: Browser, path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    for text in ("The hamstrings", "overstretched", "extend", "Ischial tuberosity", "An animal.", "A talk"):
        expect(page.get_by_text(text).first).to_be_visible()
    context.close()

    page = browser.new_page()
    page.goto(path.as_uri())
    page.emulate_media(media="print", color_scheme="dark")
    for text in ("The hamstrings", "overstretched", "extend", "Ischial tuberosity", "An animal.", "2020"):
        expect(page.get_by_text(text).first).to_be_visible()
    for hidden in ("how?", "Study", "Hint"):
        expect(page.get_by_text(hidden, exact=True).first).to_be_hidden()
    expect(page.locator(".flip:visible, .tools:visible")).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.close()


def test_nothing_is_loaded_from_anywhere_and_no_script_but_ours_runs(
    browser: Browser, tmp_path: Path
) -> None:
    """Not even if one got into the page by a fault of ours."""
    (tmp_path / "leg.html").write_text(
        leg_page().replace("Dog?", "<img src=/a.png onerror='hit = 1'><script>hit = 2</script>Dog?"),
        encoding="utf-8",
    )
    with serve(tmp_path) as (server, requests):
        page = browser.new_page()
        page.goto(f"http://{server}/leg.html")
        note(page, "Dog?").get_by_role("button").first.click()
        page.evaluate("fetch('/b.txt').catch(() => 0)")

        assert page.evaluate("typeof hit") == "undefined"
        assert requests == ["/leg.html"]
        page.close()


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1000, "light")])
def test_nothing_keeps_people_from_using_the_page(
    browser: Browser, path: Path, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]  # one of Playwright's own words
    page.goto(path.as_uri())
    page.evaluate(
        f"document.head.append(Object.assign(document.createElement('style'), {{textContent: {STILL!r}}}))"
    )
    assert barriers(page) == []
    if width < 640:
        page.get_by_role("button", name="Options").click()
    page.get_by_role("button", name="Show all answers").click()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    heights = page.locator("button:visible, select:visible, input:visible")
    assert min(heights.evaluate_all("elements => elements.map(element => element.offsetHeight)")) >= 40
    study(page)
    assert barriers(page) == []
    page.keyboard.press("Space")
    assert barriers(page) == []
    page.close()


def test_keys_reach_everything_in_the_order_of_the_page(page: Page) -> None:
    names = []
    for _ in range(9):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent"))

    assert names[:7] == [
        *("Search", "Study", "All topics", "All tags", "All sources", "Show all answers", "Colours: device"),
    ]
    assert names[7:] == ["Show answer", "Hint"]


def test_the_page_is_in_the_language_and_direction_of_its_deck(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "leg.html"
    path.write_text(leg_page("ar"), encoding="utf-8")
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(path.as_uri())

    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    flip = page.locator(".flip").first
    box = flip.bounding_box()
    assert box is not None
    assert box["x"] < 60
    expect(page.get_by_role("button", name="دراسة")).to_be_visible()
    assert barriers(page) == []
    page.close()


def test_a_deck_without_topics_tags_and_sources_has_no_such_choices(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "d.html"
    path.write_text(build_page({"d.yaml": "deck: D\nid: d\ncards: [{id: a, q: A?, a: B}]"}), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())

    assert page.locator("select:visible").count() == 1
    assert page.locator("h2").all_inner_texts() == ["D"]
    page.close()


def test_five_thousand_cards_are_searched_at_once(browser: Browser, tmp_path: Path) -> None:
    """In a tenth of a second on a fast machine; the limit leaves room for a slow one."""
    text = build_page({"d.yaml": "deck: D\nid: d\ncards: [{id: a, q: What is the naïve word?, a: word}]"})
    note, name = "<li><h3>What is the naïve word?</h3><p>word\n", re.search('"rows":"(.*?)"', text)
    assert note in text
    assert name
    rows = " ".join(f"n{n}" for n in range(5_000))
    notes = "".join(note.replace("word\n", f"word {n}\n") for n in range(5_000))
    path = tmp_path / "d.html"
    path.write_text(text.replace(note, notes).replace(name[1], rows), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.evaluate("search.value = 'naive 4999'; filter()")
    expect(page.locator("output")).to_have_text("Cards: 1 of 5000")
    milliseconds = page.evaluate(
        "const start = performance.now(); search.value = 'word 12'; filter(); document.body.offsetHeight;"
        "performance.now() - start"
    )

    assert milliseconds < 1_000
    page.close()
