"""Turn the fields of foreign notes into texts of the sources, and count what they lose."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from cardwright.formats.anki.foreign_html import convert_field
from cardwright.importing.card_sources import ConvertField, RawHtml
from cardwright.importing.findings import FindingCounter
from cardwright.importing.media_folder import MediaFolder
from cardwright.source.field_styles import FieldStyles

# Most fields are lines of words, perhaps bold or in italics, and signs that neither HTML nor Markdown nor any
# warning knows. Their text is certain, and found a hundred times as fast as by trying it.
_WORD = r"\(?[^\W_]+(?:-[^\W\d_]+)*\)?[,;.?!]?"
_WORDS = rf"{_WORD}(?: {_WORD})*"
_DELETION = rf"\{{\{{c[1-9]::{_WORDS}\}}\}}[,;.?!]?"
_EMPHASIS = "|".join(f"<{tag}>{_WORDS}</{tag}>[,;.?!]?" for tag in ("b", "i", "strong", "em"))


def _line(words: str) -> str:
    """Return a pattern of a line in which words stand between those that are emphasised."""
    emphasised = rf"(?:{words} )?(?:{_EMPHASIS})(?: {words} (?:{_EMPHASIS}))*(?: {words})?"
    return rf"(?!\d+[.)])(?:{words}|{emphasised})"  # no number that would begin a list


_LINE, _CLOZE_LINE = _line(_WORDS), _line(rf"(?:{_WORD}|{_DELETION})(?: (?:{_WORD}|{_DELETION}))*")
_CERTAIN, _CERTAIN_CLOZE = (
    re.compile(rf"{line}(?:<br>{line})*|(?:{line})?(?:<div>{line}</div>)+") for line in (_LINE, _CLOZE_LINE)
)
_LINE_BREAK = re.compile("<br>|</div><div>|(?<!^)<div>")
_MARKUP = {"<b>": "**", "</b>": "**", "<strong>": "**", "</strong>": "**"}
_MARKUP |= {"<i>": "*", "</i>": "*", "<em>": "*", "</em>": "*", "<div>": "", "</div>": ""}
_CERTAIN_TAGS = ("b", "strong", "i", "em", "div", "br")
_TAG = re.compile("</?(?:b|strong|i|em|div)>")


def field_converter(media: MediaFolder, findings: FindingCounter) -> ConvertField:
    """Return what turns the HTML of the fields of a deck into texts."""
    shown, others = _Paths(media.shown_path), _Paths(media.copy)

    def convert(html: str, is_cloze: bool, styles: FieldStyles | None) -> str | RawHtml:
        is_usual = styles is None or "<" not in html or styles.shows_as_usual(_CERTAIN_TAGS)
        if is_usual and (certain := certain_text(html, is_cloze=is_cloze)) is not None:
            return certain
        text = convert_field(html, cloze=is_cloze, media=shown, other_media=others, styles=styles)
        for words in sorted(text.unseen):
            findings.add(f"fields without {words}")
        for words in text.dropped:
            findings.add(f"fields without {words}, which no card may have")
        if not text.is_html:
            return text.text
        findings.add("fields that stay HTML, `html:`, since no text would look the same")
        return RawHtml(text.text)

    return convert


def certain_text(html: str, *, is_cloze: bool) -> str | None:
    """Return the text that certainly shows what a field shows; None if that has to be tried."""
    pattern = _CERTAIN_CLOZE if is_cloze else _CERTAIN
    if not html:
        return html
    if pattern.fullmatch(html) is None or not unicodedata.is_normalized("NFC", html):
        return None
    if "<" not in html:
        return html
    return _TAG.sub(lambda tag: _MARKUP[tag[0]], _LINE_BREAK.sub("\\\\\n", html))


class _Paths(Mapping[str, str]):
    """The paths of media by name in Anki, each found when it is asked for. find: empty if there is none."""

    def __init__(self, find: Callable[[str], str]) -> None:
        self._find = find

    def __getitem__(self, name: str) -> str:
        if not (path := self._find(name)):
            raise KeyError(name)
        return path

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
