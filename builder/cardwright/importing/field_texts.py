"""Turn the fields of foreign notes into texts of the sources, and count what they lose."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from cardwright.formats.anki.foreign_html import convert_field
from cardwright.importing.card_sources import ConvertField, RawHtml
from cardwright.importing.findings import FindingCounter
from cardwright.importing.media_folder import MediaFolder

# Most fields are words and signs that neither HTML nor Markdown nor any warning knows. Their text is certain,
# and found a hundred times as fast as by trying it.
_WORD = r"\(?[^\W_]+(?:-[^\W\d_]+)*\)?[,;.?!]?"
_NO_LIST = r"(?!\d+[.)])"
_PART = rf"(?:{_WORD}|\{{\{{c[1-9]::{_WORD}(?: {_WORD})*\}}\}}[,;.?!]?)"
CERTAIN = re.compile(rf"{_NO_LIST}{_WORD}(?: {_WORD})*")
CERTAIN_CLOZE = re.compile(rf"{_NO_LIST}{_PART}(?: {_PART})*")


def field_converter(media: MediaFolder, findings: FindingCounter) -> ConvertField:
    """Return what turns the HTML of the fields of a deck into texts."""
    shown, others = _Paths(media.shown_path), _Paths(media.copy)

    def convert(html: str, is_cloze: bool) -> str | RawHtml:
        if not html or is_certain(html, is_cloze=is_cloze):
            return html
        text = convert_field(html, cloze=is_cloze, media=shown, other_media=others)
        for words in text.unseen:
            findings.add(f"fields without {words}, which nobody sees")
        for words in text.dropped:
            findings.add(f"fields without {words}, which no card may have")
        if not text.is_html:
            return text.text
        findings.add("fields that stay HTML, `html:`, since no text would look the same")
        return RawHtml(text.text, text.text)

    return convert


def is_certain(html: str, *, is_cloze: bool) -> bool:
    """Return whether the HTML of a field certainly is its text, too."""
    pattern = CERTAIN_CLOZE if is_cloze else CERTAIN
    return pattern.fullmatch(html) is not None and unicodedata.is_normalized("NFC", html)


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
