"""Kinds of pictures and sounds: what their names end with, and what their files begin with."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """name: as people say it. endings: of file names, small; the usual one first.

    begins: what every such file begins with, as a pattern. It is compiled when a file is looked at,
        since most decks have none.
    """

    name: str
    endings: tuple[str, ...]
    begins: bytes


# What begins a file of each kind. Sources: PNG spec 5.2, JPEG (ITU T.81 B.1.1.3), GIF89a 17, RFC 9649 2.4
# (WebP). SVG is XML and has no signature: declarations, comments and white space may come first.
PICTURES = (
    Format("PNG", (".png",), rb"\x89PNG\r\n\x1a\n"),
    Format("JPEG", (".jpg", ".jpeg"), rb"\xff\xd8\xff"),
    Format("GIF", (".gif",), rb"GIF8[79]a"),
    Format("WebP", (".webp",), rb"RIFF....WEBP"),
    Format(
        "SVG",
        (".svg",),
        rb"(?:\xef\xbb\xbf)?"
        rb"(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?>[^>\[]*)(?:\[(?>.*?\]\s*>)|>))*+"
        rb"<(?:[\w.-]+:)?svg[\s/>]",
    ),
)
# Sources: ID3v2.4 structure 3.1 and ISO 11172-3 2.4.1.3 (layer III), RFC 3533 6 (Ogg), RFC 2361 (WAV).
# An MPEG-4 file says what it is in its first box; ISO 14496-12 4.3.
SOUNDS = (
    Format("MP3", (".mp3",), rb"ID3|\x00{0,4096}\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"),
    Format("Ogg", (".ogg",), rb"OggS"),
    Format("M4A", (".m4a",), rb"....ftyp(?!avif|avis|hei|mif1|msf1)"),
    Format("WAV", (".wav",), rb"RIFF....WAVE"),
)
ENDINGS = frozenset(ending for format_ in (*PICTURES, *SOUNDS) for ending in format_.endings)

_OTHER_SOUNDS = frozenset({".aac", ".aif", ".aiff", ".flac", ".mid", ".midi", ".oga", ".opus", ".wma"})
_ENDING = re.compile(r"\.[A-Za-z0-9]+\Z")
# What a file turns out to be that was meant for a picture or a sound.
_STRANGERS = (
    ("it is a web page", rb"(?i:\s*<(?:!doctype html|html|head)\b)"),
    ("it is a pointer of Git LFS; `git lfs pull` fetches the file", rb"version https://git-lfs"),
    ("it is a PDF", rb"%PDF-"),
    ("it is a HEIC or AVIF picture", rb"....ftyp(?:avi|hei|mif1|msf1)"),
    ("it is a BMP picture", rb"BM.{4}\x00{4}"),
    ("it is a TIFF picture", rb"II\*\x00|MM\x00\*"),
    ("it is text in UTF-16; save it as UTF-8", rb"\xff\xfe|\xfe\xff"),
)


def ending(path: str) -> str:
    """What a file's name ends with, such as `.jpg`, in small letters; empty when it has no ending."""
    found = _ENDING.search(path)
    return found[0].lower() if found else ""


def is_sound(path: str) -> bool:
    """Whether a file is meant for a sound, by its name; also one of a kind that cards cannot have."""
    written = ending(path)
    return written in _OTHER_SOUNDS or any(written in format_.endings for format_ in SOUNDS)


def of(data: bytes) -> Format | None:
    """The kind of a file, by what it begins with."""
    formats = (*PICTURES, *SOUNDS)
    return next((format_ for format_ in formats if re.match(format_.begins, data, re.DOTALL)), None)


def instead(data: bytes) -> str:
    """What a file is that is of no kind known here, as half a sentence; empty when that is unknown too."""
    return next((words for words, begins in _STRANGERS if re.match(begins, data, re.DOTALL)), "")
