"""Reads the card templates that authors write."""

import re
from collections.abc import Collection, Sequence
from typing import Literal

from cardwright.collection.notetype import AUTOMATIC_FIELDS, KEY
from cardwright.collection.readings import READING_FILTERS
from cardwright.collection.template import (
    SPECIAL_FIELDS,
    Nodes,
    Replacement,
    Token,
    replacements,
    split_filters,
    tokenize,
)
from cardwright.diagnostics import Diagnostic, Report, Span
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.source.nodes import Scalar
from cardwright.source.template_attributes import SPECIAL_FIELDS_IN_TAGS, TagFields, join_tags
from cardwright.source.template_html import HtmlReader, TemplateSource, guard_end
from cardwright.source.template_tree import NestedTooDeepError, TemplateTree
from cardwright.source.text import clean_text

MAX_TEMPLATE_LENGTH = 50_000

_FILTERS = ("hint", "type", "cloze", "tts en_US", *READING_FILTERS)
# Anki applies the last filter first, and after a reading filter it finds no deletion.
_READING_CHAINS = frozenset((name, *cloze) for name in READING_FILTERS for cloze in ((), ("cloze",)))
# The filters that go together, outermost first.
_FILTER_CHAINS = frozenset(
    {(), ("hint",), ("cloze",), ("hint", "cloze"), ("type",), ("type", "nc"), ("type", "cloze")}
    | {("hint", *chain) for chain in _READING_CHAINS}
    | _READING_CHAINS
)
_SPEECH_FILTER = re.compile(
    r"tts [A-Za-z]{2,3}(?:_[A-Za-z0-9]{2,8})*(?: (?:voices|speed)=[\w.,+-]+)*", re.ASCII
)
_CLOZE_NUMBERS = re.compile(r"c[0-9]+(?:,[0-9]+)*")
# Filters of Anki that a template can't have here.
# Source: Anki, rslib/src/template_filters.rs and text.rs, `strip_html`.
_REFUSED_FILTERS = {
    "text": "it would make markup of a `<` in the field; show the field as it is",
    "cloze-only": "older versions of Anki don't know it; use `cloze`",
}


def read_template(
    scalar: Scalar,
    field_names: Collection[str],
    side: Literal["front", "back"],
    report: Report,
    css: str = "",
) -> tuple[str, Nodes] | None:
    """Return the HTML of one side for the package, and its tree for every other output; None for errors.

    css: of the note type, which styles the drawings in the template.
    The HTML has no comments, since older versions of Anki look for fields in them.
    """
    own_report = Report()
    result = _Reader(scalar, field_names, own_report, css).read(clean_text(scalar, own_report), side)
    report.extend(own_report)
    return None if own_report.has_errors else result


def read_template_tree(
    scalar: Scalar, field_names: Collection[str], side: Literal["front", "back"], css: str = ""
) -> Nodes:
    """Return the tree of one side, as far as it can be followed, whatever is wrong with it."""
    scratch = Report()
    return _Reader(scalar, field_names, scratch, css).read(scalar.value, side)[1]


class _Reader:
    """Reads one side of one template."""

    def __init__(self, scalar: Scalar, field_names: Collection[str], report: Report, css: str) -> None:
        self._scalar = scalar
        self._css = css
        self._field_names = field_names
        self._report = report
        self._source = TemplateSource(scalar, report)
        # The spans of all pairs of braces, by the ids of their tokens.
        self._spans: dict[int, Span] = {}

    def read(self, text: str, side: Literal["front", "back"]) -> tuple[str, Nodes]:
        if len(text) > MAX_TEMPLATE_LENGTH:
            message = f"a template has {len(text):,} characters; the limit is {MAX_TEMPLATE_LENGTH:,}"
            self._report.add(Diagnostic("long-template", message, self._scalar.span))
            return "", ()
        tokens = self._without_comments(text)
        if not any(token.raw.strip() for token in tokens):
            message = f"the {side} of a template is empty"
            self._report.add(Diagnostic("empty-template", message, self._scalar.span))
        joined, tag_fields = join_tags(tokens)
        self._source.restore = tag_fields.restore
        try:
            nodes = self._build_tree(joined, tag_fields)
        except NestedTooDeepError:
            nodes = ()
        for token in tokens:
            self._check_field(token, side)
            if id(token) in tag_fields.inner_tokens and token.kind == "replacement":
                self._check_field_in_tag(token)
        shows_own_field = any(node.field in self._field_names for node in replacements(nodes))
        if side == "front" and not shows_own_field and not self._report.has_errors:
            self._report_no_field()
        html = "".join(
            guard_end(tag_fields.restore(token.raw)) if token.kind == "text" else token.raw
            for token in joined
        )
        return html, nodes

    def _without_comments(self, text: str) -> list[Token]:
        """Return the tokens without comments; the texts on both sides of a comment become one."""
        tokens: list[Token] = []
        for token in tokenize(text):
            if token.kind == "comment":
                self._source.advance(token.raw)
                continue
            if token.kind != "text":
                self._spans[id(token)] = self._source.advance(token.raw)
            joins = token.kind == "text" and tokens and tokens[-1].kind == "text"
            tokens.append(Token("text", "", tokens.pop().raw + token.raw) if joins else token)
        html = "".join(token.raw for token in tokens)
        if list(tokenize(html)) != tokens:
            message = "a comment interrupts other markup"
            self._source.add_error("comment-in-markup", message, "<!--", "take it out")
        else:
            for token in tokens:
                self._check_unclosed_markup(token)
        return tokens

    def _check_unclosed_markup(self, token: Token) -> None:
        if token.kind != "text":
            return
        for opener, closer in (("{{", "}}"), ("<!--", "-->")):
            if (start := token.raw.find(opener)) >= 0:
                message = f"`{truncate(token.raw[start : start + 24], 20)}` is opened and never closed"
                self._source.add_error("unclosed-markup", message, opener, f"close it with `{closer}`")

    def _build_tree(self, tokens: Sequence[Token], tag_fields: TagFields) -> Nodes:
        self._source.restart()
        tree = TemplateTree(self._report)
        html = HtmlReader(self._source, tree, tag_fields, self._css)
        for position, token in enumerate(tokens, start=1):
            if token.kind == "text":
                html.read(token.raw, is_last=position == len(tokens))
                continue
            span = self._span(token)
            self._source.advance_to(span)
            match token.kind:
                case "replacement":
                    tree.add(split_filters(token.name), span)
                case "section-end":
                    tree.close_section(token, span)
                case _:
                    tree.open_section(token, span)
        return tree.finish()

    def _check_field(self, token: Token, side: str) -> None:
        """Report what a pair of braces can't show or ask for."""
        if token.kind in ("text", "section-end"):
            return
        is_replacement = token.kind == "replacement"
        node = split_filters(token.name) if is_replacement else Replacement(token.name, ())
        field, filters = node.field, node.filters
        if any(map(_CLOZE_NUMBERS.fullmatch, filters)):
            help_ = "put it in a field of the card, and show the field with `{{cloze:…}}`"
            self._add_error(token, "cloze-in-template", "a template contains a cloze deletion", help_)
        elif field == "FrontSide" and is_replacement:
            if side == "front":
                self._add_error(token, "front-on-front", "`FrontSide` is used on the front itself")
            elif filters:
                self._add_error(token, "unfit-filter", "`FrontSide` takes no filter")
        elif field == "FrontSide" or (field not in self._field_names and field not in SPECIAL_FIELDS):
            message = f"there is no field `{truncate(field)}`"
            self._add_error(token, "unknown-field", message, did_you_mean(field, self._field_names), field)
        else:
            self._check_filters(token, field, filters)

    def _check_field_in_tag(self, token: Token) -> None:
        """Report a field that can't stand in a tag, besides what is wrong with it anywhere."""
        node = split_filters(token.name)
        may_be_filled = set(self._field_names) - set(AUTOMATIC_FIELDS) | {KEY} | SPECIAL_FIELDS_IN_TAGS
        if node.filters:
            message = f"`{truncate(node.field, 24)}` takes no filter in a tag"
            self._add_error(token, "unfit-filter", message, part=node.filters[0])
        elif node.field in {*self._field_names, *SPECIAL_FIELDS} - may_be_filled:
            help_ = "what it says may have signs that end the tag; use a field of the card"
            self._add_error(token, "field-in-tag", f"`{node.field}` can't stand in a tag", help_)

    def _check_filters(self, token: Token, field: str, filters: tuple[str, ...]) -> None:
        is_spoken = bool(filters) and filters[0].startswith("tts ")
        if is_spoken and not _SPEECH_FILTER.fullmatch(filters[0]):
            help_ = "write for example `tts en_US` or `tts en_US voices=Name speed=0.8`"
            message = f"`{truncate(filters[0], 24)}` does not say how to speak"
            self._add_error(token, "unfit-filter", message, help_, filters[0])
            return
        other_filters = filters[1:] if is_spoken else filters
        known_filters = {name for chain in _FILTER_CHAINS for name in chain}
        if unknown := next((name for name in other_filters if name not in known_filters), None):
            message = f"there is no filter `{truncate(unknown, 24)}` for a field"
            help_ = _REFUSED_FILTERS.get(unknown) or did_you_mean(unknown, _FILTERS)
            self._add_error(token, "unknown-filter", message, help_, unknown)
        elif other_filters not in _FILTER_CHAINS or (is_spoken and other_filters not in ((), ("cloze",))):
            message = f"the filters `{truncate(':'.join(filters), 24)}` can't be combined"
            help_ = f"write `{':'.join(filters[::-1])}`" if filters[::-1] in _FILTER_CHAINS else ""
            self._add_error(token, "unfit-filter", message, help_, ":".join(filters))
        elif filters and (
            field not in self._field_names
            or (field in AUTOMATIC_FIELDS and not set(READING_FILTERS).isdisjoint(filters))
        ):
            self._add_error(token, "unfit-filter", f"`{field}` takes no filter", part=filters[0])

    def _report_no_field(self) -> None:
        message = "the front of a template shows no field"
        example = f"{{{{{next(iter(self._field_names), '…')}}}}}"
        help_ = f"show one, such as `{example}`; otherwise Anki makes no card from it"
        self._report.add(Diagnostic("template-without-field", message, self._scalar.span, help=help_))

    def _add_error(self, token: Token, code: str, message: str, help_: str = "", part: str = "") -> None:
        """Report a problem of a pair of braces. part: the part of it that causes the problem."""
        self._report.add(Diagnostic(code, message, self._span(token).part(part), help=help_))

    def _span(self, token: Token) -> Span:
        return self._spans.get(id(token), self._scalar.span)
