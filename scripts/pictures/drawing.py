"""What the pictures have in common: the program that they show, and the browser that draws them."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.support.browser import browser_command, open_browser

PICTURES = Path("docs/pictures")
CARDWRIGHT = str(Path(sys.executable).parent / "cardwright")


@contextmanager
def run_preview(project: Path) -> Iterator[str]:
    """Run `cardwright preview` in a project. Yields its address."""
    command = [CARDWRIGHT, "preview", "--no-open"]
    server = subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdout is not None
    try:
        yield next(match[0] for line in server.stdout if (match := re.search(r"http://[^\s#]+[0-9]", line)))
    finally:
        server.terminate()
        server.wait()


def draw_preview(project: Path, card: str, target: Path, width: int, height: int, density: float) -> None:
    """Draw the preview of a project at a card, such as `legs/knee`. width, height: in CSS pixels."""
    with run_preview(project) as address, open_browser() as browser:
        page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=density)
        page.goto(f"{address}#{card.replace('/', '%2F')}", wait_until="domcontentloaded")
        expect(page.locator(".printed img")).to_have_count(2)
        page.wait_for_timeout(500)
        page.screenshot(path=target)
    reduce_colours(target)


def take_screenshot(
    page: Path, target: Path, folder: Path, width: int, height: int, density: int = 1
) -> None:
    """Save a picture of an HTML page as Chromium shows it.

    folder: holds the browser's profile. width, height: in CSS pixels. density: pixels of the picture to each.
    """
    options = (
        *("--hide-scrollbars", f"--window-size={width},{height}"),
        *(f"--force-device-scale-factor={density}", f"--screenshot={target.resolve()}"),
    )
    subprocess.run([*browser_command(folder, *options), page.as_uri()], check=True, capture_output=True)
    reduce_colours(target)


def reduce_colours(picture: Path) -> None:
    """Make the file of a picture half as big, so that the eye can't tell."""
    with Image.open(picture) as image:
        image.convert("RGB").quantize(200).save(picture, optimize=True)
