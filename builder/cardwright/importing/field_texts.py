"""Turn the fields of foreign notes into texts of the sources, and count what they lose."""

from collections.abc import Iterator, Mapping

from cardwright.formats.anki.foreign_html import convert_field
from cardwright.importing.card_sources import ConvertField, RawHtml
from cardwright.importing.findings import Findings
from cardwright.importing.media_folder import MediaFolder


def field_converter(media: MediaFolder, findings: Findings) -> ConvertField:
    """Return what turns the HTML of the fields of a deck into texts."""
    paths = _ShownPaths(media)

    def convert(html: str, is_cloze: bool) -> str | RawHtml:
        text = convert_field(html, cloze=is_cloze, media=paths)
        for words in text.unseen:
            findings.add(f"fields without {words}, which nobody sees")
        if not text.is_html:
            return text.text
        findings.add("fields that stay HTML, since no text of ours would look the same")
        return RawHtml(text.text, text.text)

    return convert


class _ShownPaths(Mapping[str, str]):
    """The paths of the media that texts can show, by name in Anki; each is copied when it is asked for."""

    def __init__(self, media: MediaFolder) -> None:
        self._media = media
        self._names: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        path = self._media.shown_path(name)
        if not path:
            raise KeyError(name)
        self._names[name] = path
        return path

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
