"""Card templates that authors write."""

import re
from collections.abc import Collection, Iterator
from typing import Literal

from cardwright.collection import readings
from cardwright.collection.notetype import AUTOMATIC_FIELDS
from cardwright.collection.template import (
    MAX_SECTION_DEPTH,
    SPECIAL_FIELDS,
    Constant,
    Nodes,
    SectionError,
    Token,
    nest_sections,
    replacements,
    tokenize,
)
from cardwright.diagnostics.diagnostic import Diagnostic, Related
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Span
from cardwright.source.nodes import Scalar
from cardwright.source.template_html import Html, guarded
from cardwright.source.text import clean_text

LONGEST = 50_000

_FILTERS = ("hint", "type", "cloze", "tts en_US", *readings.READING_FILTERS)
# Of the innermost field outwards: what each may be applied to. `type` takes all at once.
_CHAINS = frozenset(
    {(), ("hint",), ("cloze",), ("hint", "cloze"), ("type",), ("type", "nc"), ("type", "cloze")}
    | {chain for one in readings.READING_FILTERS for chain in ((one,), ("hint", one))}
)
_READINGS = tuple([one] for one in readings.READING_FILTERS)
_SPOKEN = re.compile(r"tts [A-Za-z]{2,3}(?:_[A-Za-z0-9]{2,8})*(?: (?:voices|speed)=[\w.,+-]+)*", re.ASCII)
_DELETION = re.compile(r"c[0-9]+(?:,[0-9]+)*")
# Anki has these, and they cannot be had here.
# Source: Anki, rslib/src/template_filters.rs and text.rs, `strip_html`.
_REFUSED = {
    "text": "it would make markup of a `<` in the field; show the field as it is",
    "cloze-only": "older versions of Anki do not know it; use `cloze`",
}


def read_template(
    written: Scalar, names: Collection[str], side: Literal["front", "back"], report: Report
) -> tuple[str, Nodes] | None:
    """The HTML of one side as it goes into the package, and what every other output reads.

    names: of the fields there are.

    Comments are left out, since older versions of Anki look for fields in them.
    """
    mine = Report()
    found = _Reader(written, names, mine).read(clean_text(written, mine), side)
    report.extend(mine)
    return None if mine.has_errors else found


class _Reader:
    """Reads one side of one template."""

    def __init__(self, written: Scalar, names: Collection[str], report: Report) -> None:
        self._written = written
        self._names = names
        self._report = report
        # Behind the last piece that was read, as an offset in the source; and where pieces stand.
        self._at = written.start
        self._places: dict[int, Span] = {}
        self._html = Html(self._say, self._go_past)

    def read(self, text: str, side: Literal["front", "back"]) -> tuple[str, Nodes]:
        if len(text) > LONGEST:
            message = f"a template has {len(text):,} characters; {LONGEST:,} are the most"
            self._report.add(Diagnostic("long-template", message, self._written.span))
            return "", ()
        pieces = self._without_comments(text)
        if not any(token.raw.strip() for token in pieces):
            message = f"the {side} of a template is empty"
            self._report.add(Diagnostic("empty-template", message, self._written.span))
        nodes, faults = nest_sections(pieces, self._constant)
        for fault in faults:
            self._fault(fault)
        for token in pieces:
            self._field(token, side)
        shows = any(one.field in self._names for one in replacements(nodes))
        if side == "front" and not shows and not self._report.has_errors:
            self._names_nothing()
        html = "".join(guarded(token.raw) if token.kind == "text" else token.raw for token in pieces)
        return html, nodes

    def _without_comments(self, text: str) -> list[Token]:
        """The pieces, texts that a comment parted in one."""
        kept: list[Token] = []
        for token in tokenize(text):
            if token.kind == "comment":
                self._go_past(token.raw)
                continue
            if token.kind != "text":
                self._places[id(token)] = self._go_past(token.raw)
            parted = token.kind == "text" and kept and kept[-1].kind == "text"
            kept.append(Token("text", "", kept.pop().raw + token.raw) if parted else token)
        html = "".join(token.raw for token in kept)
        if list(tokenize(html)) != kept:
            self._say("comment-in-markup", "a comment stands within other markup", "<!--", "take it out")
        else:
            for token in kept:
                self._left_open(token)
        self._at = self._written.start
        return kept

    def _left_open(self, token: Token) -> None:
        if token.kind != "text":
            return
        for opener, closer in (("{{", "}}"), ("<!--", "-->")):
            if (at := token.raw.find(opener)) >= 0:
                what = truncate(token.raw[at : at + 24], 20)
                message = f"`{what}` is opened and never closed"
                self._say("unclosed-markup", message, opener, f"close it with `{closer}`")

    def _constant(self, token: Token) -> Iterator[Constant]:
        return self._html.read(token.raw)

    def _fault(self, fault: SectionError) -> None:
        raw = truncate(fault.token.raw, 24)
        end = f"{{{{/{fault.token.name}}}}}"
        related: tuple[Related, ...] = ()
        advice = ""
        match fault.kind:
            case "deep":
                code, message = "deep-sections", f"more than {MAX_SECTION_DEPTH} sections stand in each other"
            case "unclosed":
                code, message = "unclosed-section", f"the section `{raw}` is never closed"
                advice = f"close it with `{truncate(end)}`"
            case "closed":
                code, message = "section-not-open", f"`{raw}` closes a section that is not open"
            case _:
                code, message = "crossed-sections", f"`{raw}` comes before the end of a section in it"
                if fault.other is not None:
                    related = (Related(self._place(fault.other), "still open"),)
        place = self._place(fault.token)
        self._report.add(Diagnostic(code, message, place, related=related, help=advice))

    def _field(self, token: Token, side: str) -> None:
        """Judge what a pair of braces shows or asks for."""
        if token.kind in ("text", "end"):
            return
        *filters, field = token.name.split(":") if token.kind == "show" else (token.name,)
        filters = [one for one in filters if one]
        if any(map(_DELETION.fullmatch, filters)):
            advice = "put it in a field of the card, and show that with `{{cloze:…}}`"
            self._tell(token, "cloze-in-template", "a cloze deletion stands in a template", advice)
        elif field == "FrontSide" and token.kind == "show":
            if side == "front":
                self._tell(token, "front-on-front", "`FrontSide` stands on the front itself", "")
            elif filters:
                self._tell(token, "unfit-filter", "`FrontSide` takes no filter", "")
        elif field == "FrontSide" or (field not in self._names and field not in SPECIAL_FIELDS):
            message = f"there is no field `{truncate(field)}`"
            self._tell(token, "unknown-field", message, did_you_mean(field, self._names), field)
        else:
            self._filters(token, field, filters)

    def _filters(self, token: Token, field: str, filters: list[str]) -> None:
        spoken = bool(filters) and filters[0].startswith("tts ")
        if spoken and not _SPOKEN.fullmatch(filters[0]):
            advice = "write for example `tts en_US` or `tts en_US voices=Name speed=0.8`"
            message = f"`{truncate(filters[0], 24)}` does not say how to speak"
            self._tell(token, "unfit-filter", message, advice, filters[0])
            return
        rest = filters[1:] if spoken else filters
        known = [part for chain in _CHAINS for part in chain]
        if unknown := next((one for one in rest if one not in known), None):
            message = f"there is no filter `{truncate(unknown, 24)}` for a field"
            advice = _REFUSED.get(unknown) or did_you_mean(unknown, _FILTERS)
            self._tell(token, "unknown-filter", message, advice, unknown)
        elif tuple(rest) not in _CHAINS or (spoken and tuple(rest) not in ((), ("cloze",))):
            message = f"the filters `{truncate(':'.join(filters), 24)}` do not go together"
            self._tell(token, "unfit-filter", message, "", ":".join(filters))
        elif filters and (field not in self._names or (field in AUTOMATIC_FIELDS and rest[-1:] in _READINGS)):
            self._tell(token, "unfit-filter", f"`{field}` takes no filter", "", filters[0])

    def _names_nothing(self) -> None:
        message = "the front of a template shows no field"
        advice = (
            f"show one, such as `{{{{{next(iter(self._names), '…')}}}}}`; Anki makes no card of it otherwise"
        )
        self._report.add(Diagnostic("template-without-field", message, self._written.span, help=advice))

    def _tell(self, token: Token, code: str, message: str, advice: str, part: str = "") -> None:
        """Of a pair of braces. part: of it, that is to blame."""
        place = self._place(token)
        at = place.text.find(part) if part else -1
        if at >= 0:
            place = Span(place.source, place.start + at, place.start + at + len(part))
        self._report.add(Diagnostic(code, message, place, help=advice))

    def _say(self, code: str, message: str, part: str, advice: str) -> None:
        """Of the constant text."""
        place = self._find(part) or self._written.part(part)
        self._report.add(Diagnostic(code, message, place, help=advice))

    def _place(self, token: Token) -> Span:
        return self._places.get(id(token), self._written.span)

    def _go_past(self, part: str) -> Span:
        """Where a part of the template stands that is read next; the whole when it is written otherwise."""
        place = self._find(part)
        if place is None:
            return self._written.span
        self._at = place.end
        return place

    def _find(self, part: str) -> Span | None:
        """A part behind the last one. Its first line, since in the source others are indented."""
        line = part.split("\n", 1)[0]
        source = self._written.source
        for form in (line, line.replace("\\", "\\\\").replace('"', '\\"'), line.replace("'", "''")):
            at = source.text.find(form, self._at, self._written.end) if form else -1
            if at >= 0:
                return Span(source, at, at + len(form))
        return None
