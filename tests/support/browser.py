"""Renders pages in a browser without a window."""

import shutil
import subprocess
from pathlib import Path

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
    browser = next(filter(None, map(shutil.which, _BROWSERS)))
    return [browser, *_OPTIONS, *options, f"--user-data-dir={folder / 'browser'}"]
