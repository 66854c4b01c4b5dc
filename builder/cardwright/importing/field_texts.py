"""Turn the fields of foreign notes into texts of the sources, and count what they lose."""

from collections.abc import Callable, Iterator, Mapping

from cardwright.formats.anki.foreign_html import ForeignText, convert_field
from cardwright.importing.card_sources import ConvertField
from cardwright.importing.findings import FindingCounter
from cardwright.importing.media_folder import MediaFolder
from cardwright.source.field_styles import FieldStyles


def field_converter(media: MediaFolder, findings: FindingCounter) -> ConvertField:
    """Return what turns the HTML of the fields of a deck into texts."""
    shown, others = _Paths(media.shown_path), _Paths(media.copy)

    def convert(html: str, is_cloze: bool, styles: FieldStyles | None) -> ForeignText:
        text = convert_field(
            html, cloze=is_cloze, media=shown, other_media=others, styles=styles, keeps_styles=True
        )
        for words in sorted(text.unseen):
            findings.add(f"fields without {words}")
        for words in text.dropped:
            findings.add(f"fields without {words}, which no card may have")
        if text.is_html:
            findings.add("fields that stay HTML, `html:`, since no text would look the same")
        return text

    return convert


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
