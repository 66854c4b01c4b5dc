"""Turn the fields of foreign notes into texts of the sources, and count what they lose."""

import re
from collections.abc import Callable, Iterator, Mapping

from cardwright.formats.anki.foreign_html import ForeignText, convert_field
from cardwright.importing.card_sources import ConvertField
from cardwright.importing.findings import FindingCounter
from cardwright.importing.media_folder import MediaFolder
from cardwright.source.field_styles import FieldStyles

_LATEX = re.compile(r"\[(?:latex|\$\$?)\]", re.IGNORECASE)


def field_converter(media: MediaFolder, findings: FindingCounter) -> ConvertField:
    """Return what turns the HTML of the fields of a deck into texts."""
    shown, others = _Paths(media.shown_path), _Paths(media.copy)

    def convert(html: str, is_cloze: bool, styles: FieldStyles | None) -> ForeignText:
        shown.lacks_some = False
        text = convert_field(
            html, cloze=is_cloze, media=shown, other_media=others, styles=styles, keeps_styles=True
        )
        for words in sorted(text.unseen):
            findings.add(f"fields without {words}")
        for words in text.dropped:
            findings.add(f"fields without {words}, which no card may have")
        if text.is_html and _LATEX.search(text.text):
            findings.add("fields with LaTeX that Anki draws; paper shows its formulas, else what is written")
        elif text.is_html:
            reason = "a file in them can't be shown" if shown.lacks_some else "no text would look the same"
            findings.add(f"fields that stay HTML, `html:`, since {reason}")
        return text

    return convert


class _Paths(Mapping[str, str]):
    """The paths of media by name in Anki, each found when it is asked for.

    lacks_some: whether one was asked for that isn't there.
    """

    def __init__(self, find: Callable[[str], str]) -> None:
        """find: returns an empty path if there is none."""
        self._find = find
        self.lacks_some = False

    def __getitem__(self, name: str) -> str:
        if not (path := self._find(name)):
            self.lacks_some = True
            raise KeyError(name)
        return path

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
