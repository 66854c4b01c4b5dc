"""Reads texts as content: plain ones and the simplest markup here, all others as Markdown."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from cardwright.collection import content as c
from cardwright.diagnostics import Report
from cardwright.record import Record
from cardwright.source.nodes import HtmlScalar, Scalar
from cardwright.source.simple_markup import read_simple_lines, read_simple_markup
from cardwright.source.text import BLANK, clean_text

if TYPE_CHECKING:  # few texts are HTML
    from cardwright.source.raw_html import FetchFile

# A text with none of these characters that does not begin like a block is no Markdown, and needs no parser.
# There are two patterns because a set of characters alone is found several times as fast.
_MARKUP_CHARACTER = re.compile(r"[\\`*_~\[<&|{$^\n\t]")
_BLOCK_START = re.compile(r"[#>=+-]|\d+[.)]|:::")

# Words and signs that are nothing but text anywhere, to Markdown, to HTML and to Anki.
_PLAIN_TEXT = re.compile(r"""[A-Za-z][ !"'(),\-./0-9:;?@A-Za-z]*(?<! )""")

FetchMedia = Callable[[str, Scalar], c.MediaFile | None]
"""Takes a path as written and the scalar that names it; returns the file, or reports why there is none."""


def is_plain(scalar: Scalar) -> bool:
    """Return whether a text is like most: shown as it is written, on one line, with nothing to report."""
    text, end = scalar.value, scalar.end
    return (
        _PLAIN_TEXT.fullmatch(text) is not None
        and type(scalar) is Scalar
        and end - scalar.start <= len(text) + 2
        and scalar.source.text[end : end + 1] not in BLANK
    )


class MarkupReader(Record, frozen=True):
    """Reads the texts of one deck."""

    fetch_picture: FetchMedia
    fetch_sound: FetchMedia
    report: Report
    fetch_file: "FetchFile | None" = None

    def read(self, scalar: Scalar, *, cloze: bool = False, readings: bool = False) -> c.Content:
        """Return a text as content.

        cloze: whether `{{c1::…}}` is a deletion in it, or text.
        readings: whether it is shown with the readings beside its words, 漢字[かんじ], above them.
        """
        if is_plain(scalar):
            return c.plain(scalar.value)
        if isinstance(scalar, HtmlScalar):
            from cardwright.source.raw_html import read_raw_html  # noqa: PLC0415  few texts are HTML

            return read_raw_html(scalar, self.fetch_file, self.report, cloze=cloze)
        text = clean_text(scalar, self.report)
        if (
            scalar.end - scalar.start > len(scalar.value) + 2
            and scalar.style != "|"
            and scalar.source.text.find("\n", scalar.start, scalar.end) >= 0
        ):
            from cardwright.source.ambiguous_lines import folded_lines  # noqa: PLC0415  few have several lines

            self.report.extend(folded_lines(scalar))
        begins_with_words = _BLOCK_START.match(text) is None
        if (
            begins_with_words
            and _MARKUP_CHARACTER.search(text) is None
            and not ("==" in text or "++" in text or "%%" in text)
        ):
            return c.plain(text) if text else c.EMPTY
        content = None
        if "\n" in text:
            content = None if cloze or readings else read_simple_lines(text)
        elif begins_with_words and not readings:
            content = read_simple_markup(text, cloze=cloze)
        if content is not None:
            return content
        # Many decks have no text that needs the Markdown parser.
        from cardwright.source.markdown_content import read_markdown  # noqa: PLC0415

        return read_markdown(self, scalar, text, cloze=cloze, readings=readings)
