"""Finds the media that the texts of a table name, wherever they lie beside it."""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from urllib.parse import unquote

from cardwright.formats.anki.field_text import read_field
from cardwright.importing.collection import AnkiMedia
from cardwright.source import media_formats

_LINE_BREAK = "<br>"
_MARKDOWN_PICTURE = re.compile(r"(!\[[^\[\]\n]*\]\()([^()\s]+)(?=\))")


def with_media_of_html(html: str, media: Mapping[str, AnkiMedia]) -> str:
    """Return HTML whose pictures and sounds have the names under which their files are stored.

    A line that is just the name of such a file, or has it after the name of its column, shows the file.

    media: by every end of their paths.
    """
    if not media:
        return html
    html = _LINE_BREAK.join(_show_file(line, media) for line in html.split(_LINE_BREAK))
    for source in read_field(html).media:
        name = _stored_name(source, media)
        for before, after in (('"', '"'), ("'", "'"), ("[sound:", "]")):
            html = html.replace(f"{before}{source}{after}", f"{before}{name}{after}")
    return html


def with_media_of_markdown(text: str, media: Mapping[str, AnkiMedia], copy: Callable[[str], str]) -> str:
    """Return Markdown whose pictures have the paths of their files in the deck.

    copy: returns the path of a file in the deck; empty if there is none that a text can show.
    """

    def replace(match: re.Match[str]) -> str:
        name = _stored_name(match[2], media)
        return f"{match[1]}{(copy(name) if name in media else '') or match[2]}"

    return _MARKDOWN_PICTURE.sub(replace, text)


def _show_file(line: str, media: Mapping[str, AnkiMedia]) -> str:
    column, colon, shown = line.rpartition(": ")
    name = _stored_name(unescape(shown), media)
    if name not in media or media_formats.file_extension(name) not in media_formats.EXTENSIONS:
        return line
    if media_formats.is_sound(name):
        return f"{column}{colon}[sound:{name}]"
    return f'{column}{colon}<img src="{escape(name)}">'


def _stored_name(source: str, media: Mapping[str, AnkiMedia]) -> str:
    """Return the name of the file that an address in a text means; the address itself if there is none."""
    parts = unquote(source).replace("\\", "/").split("/")
    if "//" in source:
        return source
    ends = (source, *("/".join(parts[start:]) for start in range(len(parts))))
    return next((media[end].file_name for end in ends if end in media), source)
