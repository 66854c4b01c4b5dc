"""What Anki plays on a side of a card: sounds, and texts that are read aloud.

Source: Anki, rslib/src/card_rendering/; tests compare the two.
"""

import re
from html.entities import name2codepoint

from cardwright.formats.anki.cloze_html import without_tags
from cardwright.record import Record

_SOUND_TAG = re.compile(
    r"""\[sound:([^\]]+)\]
    |\[anki:(tts)(?=[\s\]])((?:\s*[^\]\s=]++=(?:"[^"]*+"|[^\]\s"]*+))*+)\s*\](.*?)\[/anki:tts\]""",
    re.DOTALL | re.ASCII | re.VERBOSE,
)
_OPTION = re.compile(r'([^\]\s=]+)=(?:"([^"]*)"|([^\]\s"]*))', re.ASCII)
_BLANK = "[...]"
_LINE_BREAK = re.compile(
    r"</?(?:br|address|article|aside|blockquote|canvas|dd|div|dl|dt|fieldset|figcaption|figure|footer|form"
    r"|h[1-6]|header|hr|li|main|nav|noscript|ol|output|p|pre|section|table|tfoot|ul|video)>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#([0-9]+)|#x([0-9A-Fa-f]+)|(\w+));|&")


class Sound(Record, frozen=True):
    """A sound or a video. name: of its file."""

    name: str


class Speech(Record, frozen=True):
    """A text that Anki has a voice read. language: as the template has it, such as `en_US`."""

    text: str
    language: str


Played = Sound | Speech


def extract_sounds(html: str, *, is_front: bool) -> tuple[str, tuple[Played, ...]]:
    """Return a side with a mark such as `[anki:play:q:0]` for each thing that it plays, and those things."""
    if "[sound:" not in html and "[anki:tts" not in html:
        return html, ()
    played: list[Played] = []
    side = "q" if is_front else "a"

    def replace(match: re.Match[str]) -> str:
        if match[1] is not None:
            played.append(Sound(decode_entities(match[1]).rpartition("/")[2]))
        else:
            options = {name: quoted or plain for name, quoted, plain in _OPTION.findall(match[3])}
            if not options.get("lang"):
                return "[Error in directive 'anki:tts': 'lang' not set]"
            text = decode_entities(without_tags(_LINE_BREAK.sub(" ", match[4])))
            played.append(Speech(text.replace(_BLANK, options.get("cloze_blank", "blank")), options["lang"]))
        return f"[anki:play:{side}:{len(played) - 1}]"

    return _SOUND_TAG.sub(replace, html), tuple(played)


def without_sounds(html: str) -> str:
    """Return HTML without what it plays."""
    return _SOUND_TAG.sub("", html)


def decode_entities(html: str) -> str:
    """Return a text without entities; as it is if one of them is none. A hard space becomes a space."""
    if "&" not in html or any(_character(match) is None for match in _ENTITY.finditer(html)):
        return html
    return _ENTITY.sub(lambda match: _character(match) or "", html).replace("\xa0", " ")


def _character(entity: re.Match[str]) -> str | None:
    """Return what an entity stands for, None if it is none."""
    decimal, hexadecimal, name = entity.groups()
    if name:
        number = name2codepoint.get(name)
    else:
        number = int(decimal or hexadecimal, 10 if decimal else 16) if decimal or hexadecimal else None
    return chr(number) if number is not None and number <= 0x10FFFF else None
