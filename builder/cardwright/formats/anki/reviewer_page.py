"""The page on which Anki's programs show a card, for a frame of a browser that runs no scripts.

Source: Anki, qt/aqt/webview.py, qt/aqt/theme.py and ts/reviewer/; AnkiDroid, PreviewerHelpers.kt and
ankidroid.css. Tests compare the two in a browser.
"""

from functools import lru_cache
from html import escape

from cardwright.formats.anki import occlusion_drawing
from cardwright.formats.anki.note_types import read_template
from cardwright.formats.anki.reviewer_html import Media, with_media_addresses

_HTML_CLASSES = {False: "linux chrome", True: "android mobile chrome"}
_BODY_CLASSES = {False: "isLin fancy", True: "mathjax-rendered"}


def card_style(css: str, media: Media) -> str:
    """Return the style of a note type as its pages have it. css: as the note type has it."""
    return with_media_addresses(occlusion_drawing.with_split_borders(css), media)


def reviewer_page(
    side: str, style: str, ordinal: int, *, night: bool, phone: bool, media_source: str, title: str
) -> str:
    """Return the page of one side of a card.

    side, style: as `reviewer_sides` and `card_style` return them. ordinal: 0-based.
    phone: whether the page is AnkiDroid's; otherwise it is that of Anki for Linux.
    media_source: where the files of the deck are, as the source of a Content Security Policy, such as
        `http://127.0.0.1:8000/media/`; nothing else is loaded.
    title: what screen readers call the page.
    """
    html_class = _HTML_CLASSES[phone] + (" night-mode" if night else "")
    night_class = " nightMode night_mode" if night else ""
    policy = (
        f"default-src 'none'; img-src data: {media_source}; media-src data: {media_source};"
        f" font-src data: {media_source}; style-src 'unsafe-inline' {media_source};"
        " base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!doctype html>\n<html lang="en" dir="ltr" class="{html_class}" data-bs-theme="{_THEMES[night]}">\n'
        '<head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_base_style(phone=phone)}</style></head>\n"
        f'<body class="card card{ordinal + 1}{night_class} {_BODY_CLASSES[phone]}">\n'
        f'<div id="qa" dir="auto"><style>{style}</style>{side}</div>\n</body></html>\n'
    )


_THEMES = {False: "light", True: "dark"}


@lru_cache
def _base_style(*, phone: bool) -> str:
    program = read_template("reviewer_phone.css" if phone else "reviewer_desktop.css")
    common = read_template("reviewer.css")
    sheets = (common, program) if phone else (program, common)
    return "".join((*sheets, occlusion_drawing.STYLE))
