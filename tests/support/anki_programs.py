"""The pages around a card in Anki's programs: their classes, and the style that comes before a card's own."""

import re
from dataclasses import dataclass
from html import escape

from tests.support.mathjax import PAGES

_STYLES = PAGES / "css"

# What Anki's window adds to its style sheets; `mac` also gives all buttons its own look.
# Source: Anki, qt/aqt/webview.py, `AnkiWebView.standard_css`; qt/aqt/colors.py, `CANVAS`.
_WINDOW = """
body { zoom: 1; background-color: var(--canvas); }
html { font-family: "Helvetica"; }
:root { --canvas: #f5f5f5 }
:root[class*=night-mode] { --canvas: #2c2c2c }
"""
_MAC_BUTTONS = """
button { --canvas: #fff; appearance: none; background: var(--canvas); font-family: Helvetica }
.night-mode button { --canvas: #606060; --fg: #eee; }
"""

# AnkiDroid's colours and sizes, with its selectors; `droid` is its new study screen, `old droid` the one
# before, `oldest droid` one that had no class `nightMode` yet.
# Source: AnkiDroid: PreviewerUtils.kt, ankidroid.css; flashcard.css, card_template.html in assets/
_DROID = """
:root { --canvas: #ffffff; --fg: #1d1b20 }
:root[class*=night-mode] { --canvas: #000000; --fg: #ffffff; color-scheme: dark }
.night-mode button { --canvas: #606060; --fg: #eee }
img { max-width: 100%; max-height: 100% }
#typeans { width: 100% }
"""
_OLD_DROID = """
body { margin: 0; padding: 0 }
body.night_mode { color: white; background-color: black }
body.ankidroid_dark_mode { background-color: #303030 }
#content { margin: 0.5em }
.typeGood { background-color: #0f0 }
.typeBad { background-color: #f00 }
.typeMissed { background-color: #ccc }
#typeans { width: 100% }
.night_mode input#typeans { color: white; background-color: black }
.night_mode .typeGood { background-color: #508040 }
.night_mode .typeBad { background-color: #905050 }
.ankidroid_dark_mode input#typeans { background-color: #303030 }
.chrome img { max-width: 100%; max-height: 90% }
"""


@dataclass(frozen=True)
class Program:
    """A program of Anki's that shows cards.

    style: CSS that comes before the card's own.
    html_class, body_class: by day. night_html, night_body: what is added to them at night.
    container: the start of an element around the card. late_style: CSS that comes after the card's own.
    """

    name: str
    style: str
    html_class: str = ""
    body_class: str = "card card1"
    night_html: str = ""
    night_body: str = "nightMode night_mode"
    container: str = '<div id="qa" dir="auto">'
    late_style: str = ""

    def page(
        self, card_style: str, card: str, script: str = "", base: str = "", *, night: bool = False
    ) -> str:
        """Return the page with a card.

        script: runs after the card is there. base: what relative addresses begin with.
        """
        html_class = f"{self.html_class} {self.night_html if night else ''}".strip()
        body_class = f"{self.body_class} {self.night_body if night else ''}".strip()
        return (
            f'<!doctype html><html class="{html_class}" dir="ltr"><meta charset="utf-8">'
            f'<base href="{escape(base)}"><style>{self.style}</style><body class="{body_class}">'
            f"{self.container}<style>{card_style}{self.late_style}</style>{card}</div>"
            f"<script>{script}</script></body></html>"
        )


def _desktop(system: str, others: str = "", *, buttons: str = "") -> Program:
    style = _read("webview.css") + _WINDOW + buttons + _read("reviewer.css")
    body, night = (
        f"card card1 {system} {others}",
        f"nightMode night_mode {'macos-dark-mode' if buttons else ''}",
    )
    return Program(system, style, body_class=body, night_html="night-mode", night_body=night)


def _read(name: str) -> str:
    path = _STYLES / name
    assert path.is_file(), "run scripts/set-up dev"
    return path.read_text("utf-8")


def all_programs() -> tuple[Program, ...]:
    """Return all programs that learners use, on each system."""
    droid = _read("reviewer.css") + _DROID
    masks = "".join(re.findall(r"#image-occlusion[^{]*{[^}]*}", _read("reviewer.css")))
    old_droid: dict[str, str] = {
        "style": _OLD_DROID,
        "html_class": "mobile android linux js",
        "body_class": "card card1 chrome",
        "container": '<div id="content">',
        "late_style": masks,
    }
    page = '<div id="qa" class="card card1">'
    dark = "nightMode night_mode ankidroid_dark_mode"
    return (
        _desktop("isLin", "fancy"),
        _desktop("isWin"),
        _desktop("isMac", "fancy", buttons=_MAC_BUTTONS),
        Program("droid", droid, night_html="night-mode"),
        Program("dark droid", droid, night_html="night-mode", night_body=dark),
        Program("old droid", **old_droid),
        Program("old dark droid", **old_droid, night_body=dark),
        Program("oldest droid", **old_droid, night_body="night_mode"),
        # Source: AnkiMobile's manual, "Night Mode Styling"; it ships Anki's own reviewer.css.
        Program("iphone", _read("reviewer.css"), "webkit safari mobile iphone js", night_body="nightMode"),
        # Programs with the card inside a page that is dark, such as AnkiWeb.
        Program(
            "page",
            "body { margin: 0 }",
            body_class="",
            night_html="nightMode",
            night_body="",
            container=page,
            late_style=masks,
        ),
    )
