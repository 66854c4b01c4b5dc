"""The constant HTML of card templates: what there may be of it, and what it says.

Read so strictly that every browser reads the same: a tag is one of `tags.py` with attributes that
only concern its look, and everything else is refused, also what would be harmless here and now.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape

from cardwright.collection.content import Math, Text
from cardwright.collection.html_tags import ALONE, KNOWN
from cardwright.collection.template import CloseTag, Constant, OpenTag
from cardwright.diagnostics.phrases import truncate
from cardwright.source import css
from cardwright.source.markup import REACHING, too_much

_NAME = r"[A-Za-z][A-Za-z0-9-]*"
_VALUE = r"\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'=<>`]+"
_ATTRIBUTE = re.compile(rf"\s+({_NAME})(?:\s*=\s*({_VALUE}))?")
_TAG = re.compile(rf"<(/?)({_NAME})((?:\s+{_NAME}(?:\s*=\s*(?:{_VALUE}))?)*)\s*/?>")
_BEGINS_TAG = re.compile(r"</?[A-Za-z]")

# What Anki itself reads in the finished page, wherever it comes from.
# Source: Anki, rslib/src/card_rendering/parser.rs, rslib/src/latex.rs, qt/aqt/reviewer.py.
_ANKI = re.compile(r"\[(?:sound:|anki:|/?latex\]|/?\$\$?\]|\[type:)", re.IGNORECASE)
# The beginning of such a thing, or of a formula, which what follows might complete.
_BEGINS = re.compile(r"(?:\[[^\]\s<>]{0,12}|\\)\Z")
_CLOSERS = {"\\(": "\\)", "\\[": "\\]"}
_OPENER = re.compile(r"\\[(\[]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")

_LOOKS = frozenset(
    {"align", "bgcolor", "border", "cellpadding", "cellspacing", "class", "color", "dir", "face", "height"}
    | {"id", "lang", "size", "style", "title", "valign", "width"}
)
_OF_ONE = {"a": {"href", "rel", "target"}, "ol": {"start", "type"}, "ul": {"type"}}
_WEB = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20]+", re.IGNORECASE)
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)

_PICTURE = "pictures and sounds belong in a field: `![in words](media/name.svg)`"
_NO_SCRIPTS = "a downloaded deck must not bring scripts"
_STYLE = "style belongs in `css:`"
_UNSHOWN = "paper and other readers of the deck could not show it"
_INSTEAD = {
    "script": _NO_SCRIPTS,
    "style": _STYLE,
    "link": _STYLE,
    **dict.fromkeys(("img", "image", "picture", "svg", "audio", "video", "object", "embed"), _PICTURE),
    **dict.fromkeys(("sub", "sup"), "write it as a formula: `\\( x^2 \\)`"),
}

Say = Callable[[str, str, str, str], None]
"""Takes code, message, the part of the template that is to blame, and advice."""


class Html:
    """Reads the constant pieces of one template.

    go_past: told of every tag, so that what is said of it has its place.
    """

    def __init__(self, say: Say, go_past: Callable[[str], object]) -> None:
        self._say = say
        self._go_past = go_past
        self._refused: set[str] = set()

    def read(self, piece: str) -> Iterator[Constant]:
        """What a piece says: tags, texts and formulas."""
        if found := _ANKI.search(piece):
            what = f"`{found[0]}` in a template is an order to Anki"
            self._say("order-to-anki", what, found[0], "what is to be played or typeset belongs in a field")
        at = 0
        while (start := piece.find("<", at)) >= 0:
            yield from self._text(piece[at:start])
            tag = _TAG.match(piece, start)
            if tag is None:
                at = self._no_tag(piece, start)
                continue
            yield from self._tag(tag)
            self._go_past(tag[0])
            at = tag.end()
        yield from self._text(piece[at:])

    def _no_tag(self, piece: str, start: int) -> int:
        """Say what begins here. Returns where to go on."""
        if piece.startswith("<!--", start):  # left open, which was said
            return start + 4
        rest = piece[start : start + 200]
        if _BEGINS_TAG.match(rest) and ">" not in piece[start:]:
            message = f"`{truncate(rest, 24)}` is a tag that has no end"
            advice = "a tag cannot have a field in it; put the field between tags"
            self._say("unclosed-tag", message, rest, advice)
            return len(piece)
        message = f"`{truncate(rest, 12)}` begins no tag"
        self._say("stray-bracket", message, rest[:2], "a `<` that is text is written `&lt;`")
        return start + 1

    def _tag(self, tag: re.Match[str]) -> Iterator[Constant]:
        name = tag[2].lower()
        if name not in KNOWN:
            if tag[1] and name in self._refused:  # the end of what was refused where it began
                return
            self._refused.add(name)
            advice = _INSTEAD.get(name, _UNSHOWN)
            self._say("tag-not-for-cards", f"a template cannot have `<{truncate(name, 20)}>`", tag[0], advice)
        elif tag[1]:
            if name not in ALONE or name == "br":
                yield CloseTag(name)
        else:
            yield OpenTag(name, self._value(name, tag))

    def _value(self, name: str, tag: re.Match[str]) -> str:
        """Judge the attributes of a tag. Returns what of them counts on paper."""
        counts = ""
        for attribute in _ATTRIBUTE.finditer(tag[3]):
            key, written = attribute[1].lower(), (attribute[2] or "")
            value = unescape(written[1:-1] if written[:1] in ("'", '"') else written)
            if key not in _LOOKS | _OF_ONE.get(name, set()):
                self._attribute(key, attribute[0].strip())
            elif key == "style":
                self._style(value, tag[0])
            elif key == "href":
                counts = self._address(value, tag[0])
            elif key == "start" and re.fullmatch("[0-9]{1,9}", value):
                counts = value
        return counts

    def _attribute(self, key: str, written: str) -> None:
        advice = _NO_SCRIPTS if key.startswith("on") else _PICTURE if key == "src" else _UNSHOWN
        message = f"a tag of a template cannot have `{truncate(key, 20)}`"
        self._say("attribute-not-for-cards", message, written, advice)

    def _style(self, value: str, tag: str) -> None:
        for flaw in css.flaws(value):
            self._say(
                "css-reaches-out", f"a tag has `{truncate(flaw.what, 24)}` in its style", tag, flaw.advice
            )
        if hides := _HIDES.search(value):
            advice = "leave it out; a section `{{#Field}} … {{/Field}}` shows something only sometimes"
            self._say("hidden-in-template", f"paper would show what has `{truncate(hides[0])}`", tag, advice)

    def _address(self, value: str, tag: str) -> str:
        if _WEB.fullmatch(value):
            return value
        message = f"a link leads to `{truncate(value)}`" if value else "a link leads nowhere"
        self._say("link-not-web", message, tag, "link to http:, https: or mailto:")
        return ""

    def _text(self, raw: str) -> Iterator[Constant]:
        text = _UNSEEN.sub("", unescape(raw)) if raw else ""
        if reaching := REACHING.search(text):
            self._say("math-reaches-out", f"`{reaching[0]}` reaches outside the formula", reaching[0], "")
        at = 0
        while opener := _OPENER.search(text, at):
            end = text.find(_CLOSERS[opener[0]], opener.end())
            if end < 0:
                self._unclosed(opener[0])
                return
            if opener.start() > at:
                yield Text(text[at : opener.start()])
            yield from self._formula(opener[0], text[opener.end() : end])
            at = end + 2
        if at < len(text):
            yield Text(text[at:])

    def _formula(self, opener: str, tex: str) -> Iterator[Constant]:
        if excess := too_much(tex):
            self._say("long-formula", f"a formula {excess}", opener, "make several formulas of it")
        else:
            yield Math(tex.strip(), opener == "\\[")

    def _unclosed(self, opener: str) -> None:
        advice = (
            f"close it with `{_CLOSERS[opener]}`; a formula with a field in it stands in a field as a whole"
        )
        self._say("unclosed-markup", f"`{opener}` is opened and never closed", opener, advice)


def guarded(piece: str) -> str:
    """A constant piece, so that nothing that follows it completes what it leaves unfinished.

    Anki looks for orders to it in the finished page, and MathJax for formulas in each run of text.
    """
    unfinished = _BEGINS.search(piece) or unescape(piece[-12:]).endswith("\\")
    return f"{piece}<span></span>" if unfinished else piece
