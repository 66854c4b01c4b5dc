"""The tags of HTML, in texts and in card templates."""

import re
from collections.abc import Iterator
from html import unescape

_NAME = r"[A-Za-z][A-Za-z0-9-]*"
_VALUE = r"\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'=<>`]+"
ATTRIBUTE = re.compile(rf"\s+({_NAME})(?:\s*=\s*({_VALUE}))?")
TAG = re.compile(rf"<(/?)({_NAME})((?:\s+{_NAME}(?:\s*=\s*(?:{_VALUE}))?)*)\s*/?>")

WEB_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20]+", re.IGNORECASE)
CONTAINERS = ("center", "div", "section")
"""The elements that may stand around whole blocks, with their tags on lines of their own."""

KNOWN_TO_HTML = frozenset(
    """
    a abbr acronym address applet area article aside audio b base bdi bdo bgsound big blink blockquote body br
    button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt
    em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup
    hr html i iframe image img input ins kbd label legend li link main map mark marquee math menu meta meter
    nav nobr noembed noframes noscript object ol optgroup option output p param picture plaintext pre progress
    q rb rp rt rtc ruby s samp script search section select slot small source span strike strong style sub
    summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr
    xmp
    """.split()  # noqa: SIM905  a list of one word a line would fill three pages
)
"""The names of all elements of HTML, obsolete ones included.

Source: HTML Living Standard, "Index: Elements" and "Non-conforming features"; MathML and SVG by their roots.
"""


def read_attributes(raw: str) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and source text of each attribute. raw: what stands in a tag after its name."""
    for attribute in ATTRIBUTE.finditer(raw):
        value = attribute[2] or ""
        is_quoted = value[:1] in ("'", '"')
        yield attribute[1].lower(), unescape(value[1:-1] if is_quoted else value), attribute[0].strip()
