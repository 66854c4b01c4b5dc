"""The browser that tests use shows, does and judges what that of a person would."""

from pathlib import Path

from tests.support.browser import barriers, open_browser

PAGE = """<!doctype html><html lang="en"><title>Two buttons</title><main>
<h1>Two buttons</h1>
<button id="named" onclick="document.title = 'clicked'">Flip</button>
<button></button>
<img src="http://evil.test/a.png" alt="">"""


def test_pages_are_used_and_judged_and_reach_nothing(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    with open_browser() as browser:
        page = browser.new_page()
        failed: list[str | None] = []
        page.on("requestfailed", lambda request: failed.append(request.failure))
        page.goto(path.as_uri())
        page.get_by_role("button", name="Flip").press("Enter")

        assert page.title() == "clicked"
        assert failed == ["net::ERR_NAME_NOT_RESOLVED"]
        assert barriers(page) == ["button-name: <button></button>"]
