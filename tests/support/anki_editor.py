"""What happens to fields when their note is shown in Anki's browser."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, unquote

from selectolax.lexbor import LexborHTMLParser

from tests.support.browser import render_page

_PAGE = """<!doctype html>
<meta charset="utf-8">
<script>{script}</script>
<script>
const fields = JSON.parse(decodeURIComponent("{fields}"));
document.title = encodeURIComponent(JSON.stringify(fields.map(rewrite)));
</script>
"""


def rewrite_in_editor(fields: Sequence[str], folder: Path) -> list[str]:
    """Return the fields as the editor, run in a browser, would store them. folder: for the page."""
    script = Path(__file__).with_suffix(".js").read_text("utf-8")
    page = folder / "editor.html"
    page.write_text(_PAGE.format(script=script, fields=quote(json.dumps(fields))), "utf-8")
    title = re.search(r"<title>(.*?)</title>", render_page(page))
    assert title is not None, "the script failed"
    rewritten: list[str] = json.loads(unquote(title[1]))
    return rewritten


def serialize(html: str) -> str:
    """Return a field as a web engine serialises it once it has parsed it."""
    return LexborHTMLParser(html, is_fragment=True).html or ""
