"""Shows pages in a browser without a window, to be read or used."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

expect.set_options(timeout=20_000)  # for a machine that is busy with other tests
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def render_page(page: Path) -> str:
    """Return the HTML of a page after its scripts have run. The browser keeps its files beside the page."""
    return render_address(page.as_uri(), page.parent)


def render_address(address: str, folder: Path, *options: str) -> str:
    """Return the HTML of a page on the web after its scripts have run. folder: for the browser's files."""
    command = [*browser_command(folder, *options), "--dump-dom", address]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def browser_command(folder: Path, *options: str) -> list[str]:
    """Return the beginning of a command line that starts the browser. folder: for its files."""
    return [_browser(), *_OPTIONS, *options, f"--user-data-dir={folder / 'browser'}"]


def _browser() -> str:
    return next(filter(None, map(shutil.which, _BROWSERS)))


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start a browser whose pages are used as by a person; it reaches no machine but this one.

    Until it is closed, an event loop runs in this thread, so that no other code can start one.
    """
    hosts = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    options = [*_OPTIONS, f"--host-resolver-rules={hosts}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_browser(), args=options)
        yield browser
        browser.close()


def barriers(page: Page) -> list[str]:
    """Return what keeps people from using a page as it is now: each rule of axe, and the first element.

    Source: axe-core, doc/API.md, `axe.run`.
    """
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    results: dict[str, Any] = page.evaluate('axe.run({resultTypes: ["violations"]})')
    return [f"{violation['id']}: {violation['nodes'][0]['html']}" for violation in results["violations"]]
