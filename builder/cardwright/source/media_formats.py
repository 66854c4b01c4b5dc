"""The formats of pictures, sounds and fonts: the extensions of their names, and how their files begin."""

import re

from cardwright.record import Record


class MediaFormat(Record, frozen=True):
    """A file format.

    name: as people say it.
    extensions: in lower case, the usual one first.
    signature: a pattern for the beginning of every such file. It is compiled when a file is read, since
        most decks have none.
    """

    name: str
    extensions: tuple[str, ...]
    signature: bytes


# Sources of the signatures: PNG spec 5.2, JPEG (ITU T.81 B.1.1.3), GIF89a 17, RFC 9649 2.4
# (WebP). SVG is XML and has no signature: declarations, comments and white space may come first.
PICTURES = (
    MediaFormat("PNG", (".png",), rb"\x89PNG\r\n\x1a\n"),
    MediaFormat("JPEG", (".jpg", ".jpeg"), rb"\xff\xd8\xff"),
    MediaFormat("GIF", (".gif",), rb"GIF8[79]a"),
    MediaFormat("WebP", (".webp",), rb"RIFF....WEBP"),
    MediaFormat(
        "SVG",
        (".svg",),
        rb"(?:\xef\xbb\xbf)?"
        rb"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?>[^>\[]*)(?:\[(?>.*?\]\s*>)|>))*+"
        rb"<(?:[\w.-]+:)?svg[\s/>]",
    ),
)
# Sources: ID3v2.4 structure 3.1 and ISO 11172-3 2.4.1.3 (layer III), RFC 3533 6 (Ogg), RFC 2361 (WAV).
# An MPEG-4 file says in its first box what it is; ISO 14496-12 4.3.
SOUNDS = (
    MediaFormat("MP3", (".mp3",), rb"ID3|\x00{0,4096}\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"),
    MediaFormat("Ogg", (".ogg",), rb"OggS"),
    MediaFormat("M4A", (".m4a",), rb"....ftyp(?!avif|avis|hei|mif1|msf1)"),
    MediaFormat("WAV", (".wav",), rb"RIFF....WAVE"),
)
# Sources: OpenType 1.9.1, "Organization of an OpenType Font"; WOFF File Format 1.0 and 2.0, section 3.
FONTS = (
    MediaFormat("OpenType", (".ttf", ".otf", ".ttc"), rb"\x00\x01\x00\x00|OTTO|true|ttcf"),
    MediaFormat("WOFF", (".woff",), rb"wOFF"),
    MediaFormat("WOFF2", (".woff2",), rb"wOF2"),
)
PRINTABLE_FONTS = FONTS[0].extensions
"""The extensions of the fonts that the PDF engine reads. Source: Typst, "Text", `font`."""

_MEDIA_TYPES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
    ".webp": "image/webp", ".svg": "image/svg+xml",
    ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".m4a": "audio/mp4", ".wav": "audio/wav",
    ".ttf": "font/ttf", ".otf": "font/otf", ".ttc": "font/collection", ".woff": "font/woff",
    ".woff2": "font/woff2", ".css": "text/css",
}  # fmt: skip

EXTENSIONS = frozenset(
    extension for media_format in (*PICTURES, *SOUNDS) for extension in media_format.extensions
)

_UNSUPPORTED_SOUNDS = frozenset({".aac", ".aif", ".aiff", ".flac", ".mid", ".midi", ".oga", ".opus", ".wma"})
_EXTENSION = re.compile(r"\.[A-Za-z0-9]+\Z")
# Other files that authors take for a picture or a sound.
_OTHER_FILES = (
    ("it is a web page", rb"(?i:\s*<(?:!doctype html|html|head)\b)"),
    ("it is a pointer of Git LFS; `git lfs pull` fetches the file", rb"version https://git-lfs"),
    ("it is a PDF", rb"%PDF-"),
    ("it is a HEIC or AVIF picture", rb"....ftyp(?:avi|hei|mif1|msf1)"),
    ("it is a BMP picture", rb"BM.{4}\x00{4}"),
    ("it is a TIFF picture", rb"II\*\x00|MM\x00\*"),
    ("it is text in UTF-16; save it as UTF-8", rb"\xff\xfe|\xfe\xff"),
)


def file_extension(path: str) -> str:
    """Return the extension of a file's name, such as `.jpg`, in lower case; empty for none."""
    match = _EXTENSION.search(path)
    return match[0].lower() if match else ""


def media_type(path: str) -> str:
    """Return the media type of a file that cards or their styles name, such as `image/png`, by its name.

    Source: IANA, "Media Types".
    """
    return _MEDIA_TYPES.get(file_extension(path), "application/octet-stream")


def is_sound(path: str) -> bool:
    """Return whether a file is meant as a sound, by its name; also if cards can't have its format."""
    extension = file_extension(path)
    return extension in _UNSUPPORTED_SOUNDS or any(extension in sound.extensions for sound in SOUNDS)


def detect_format(data: bytes) -> MediaFormat | None:
    """Return the format of a file, by its signature."""
    formats = (*PICTURES, *SOUNDS, *FONTS)
    return next((entry for entry in formats if re.match(entry.signature, data, re.DOTALL)), None)


def describe_other_file(data: bytes) -> str:
    """Return what a file in an unknown format is, as half a sentence; empty if that is unknown too."""
    return next((words for words, pattern in _OTHER_FILES if re.match(pattern, data, re.DOTALL)), "")
