"""Read values from YAML nodes, and report each one that is not what its key needs."""

import re
from collections import abc
from collections.abc import Collection, Iterable, ValuesView
from datetime import date
from enum import Enum
from typing import TypeVar

from cardwright.diagnostics import Diagnostic, Report, Severity, Span
from cardwright.diagnostics.phrases import closest_match, did_you_mean, list_choices, truncate
from cardwright.record import Record
from cardwright.source.keys import HTML_KEYS, Key
from cardwright.source.look_alikes import explain_bullet, explain_look_alike
from cardwright.source.nodes import HtmlScalar, Mapping, Node, Scalar, Sequence
from cardwright.source.text import clean_line, clean_text, decode_source
from cardwright.source.yaml_tree import parse_yaml

_T = TypeVar("_T")
_E = TypeVar("_E", bound=Enum)
# Keys whose value is often a list.
_LISTS = ("allow", "source", "tags", "was")
# What other flashcard tools have keys for.
_MEDIA_IN_OTHER_TOOLS = {
    **dict.fromkeys(
        ("image", "images", "img", "picture", "media"),
        "write it into a text: `![what it shows](media/picture.png)`",
    ),
    **dict.fromkeys(("audio", "sound"), "write it into a text: `![what is heard](media/sound.mp3)`"),
}
NULLS = ("null", "~")
_NODE_NAMES = {Scalar: "a text", Sequence: "a list", Mapping: "a mapping"}


class MappingReader(Record, frozen=True):
    """Reads the values of a mapping by their keys.

    name: what the mapping describes, as messages call it: "a card", "the label `biceps`".

    The methods that read a value return None, or something empty, when the key is
    missing, and also when its value was reported.
    """

    node: Mapping
    name: str
    report: Report

    def renamed(self, name: str) -> "MappingReader":
        return MappingReader(self.node, name, self.report)

    @property
    def entries(self) -> ValuesView[tuple[Scalar, Node]]:
        """The nodes of each key and its value."""
        return self.node.entries.values()

    def __contains__(self, key: str) -> bool:
        return key in self.node.entries

    def allow_only(
        self, keys: abc.Mapping[str, Key], *, name: str = "", elsewhere: Collection[str] = ()
    ) -> None:
        """Report every key that is not among these.

        name: a shorter name for the headline, where the mapping's own leaves too little room.
        elsewhere: keys of related mappings; such a key is not misspelt but in the wrong place.
        """
        unknown_keys = [key for key, _ in self.entries if key.value not in keys]
        lines = (explain_look_alike(key.source, key.start, key.start) for key in unknown_keys)
        if look_alike := next(filter(None, lines), None):
            self.report.add(look_alike)
            return  # the others are hardly typed otherwise
        continued = self.report_continued_texts() if unknown_keys else []
        for key in unknown_keys:
            if not any(span.start <= key.start < span.end for span in continued):
                help_ = list_choices(keys) if key.value in elsewhere else did_you_mean(key.value, keys)
                if key.value.lower() in _MEDIA_IN_OTHER_TOOLS and "extra" in keys:
                    help_ = _MEDIA_IN_OTHER_TOOLS[key.value.lower()]
                message = f"{name or self.name} has no key `{truncate(key.value)}`"
                self.report.add(Diagnostic("unknown-key", message, key.span, help=help_))

    def report_continued_texts(self) -> list[Span]:
        """Report texts that go on behind a comma, where braces take what follows for a key; return them."""
        texts: list[tuple[str, Span]] = []
        name, start = "", self.node.start
        for key, value in self.entries if self.node.flow else ():
            if value.end > key.end and ":" in key.source.text[key.end : value.start]:
                name, start = key.value, value.start
            elif name:
                is_continued = texts and texts[-1][1].start == start
                texts[len(texts) - bool(is_continued) :] = [(name, Span(key.source, start, key.end))]
        for name, span in texts:
            message = "a comma ends a text in braces, unless it is quoted"
            help_ = _advise_quotes(span)
            if name in _LISTS:
                help_ = f"write `[{span.text}]` for a list; or {help_}"
            self.report.add(Diagnostic("comma-in-text", message, span, help=help_))
        return [span for _, span in texts]

    def require(self, key: str, help_: str = "") -> bool:
        """Return whether a key is there, and report it if it is missing.

        A key that is only misspelt is left to `allow_only`.
        help_: what to do, if that is more than adding the key.
        """
        if key in self.node.entries:
            return True
        if not self.has_similar(key):
            help_ = help_ or f"add `{key}:` to it"
            message = f"{self.name} needs the key `{key}`"
            self.report.add(Diagnostic("missing-key", message, self.first_span, help=help_))
        return False

    def has_similar(self, key: str) -> bool:
        """Return whether there is a key that is probably a misspelling of this one."""
        return any(closest_match(name, [key]) for name in self.node.entries)

    def key_span(self, key: str) -> Span:
        return self.node.entries[key][0].span

    @property
    def first_span(self) -> Span:
        """The span of the first key; of the whole mapping if it is empty."""
        return next((key.span for key, _ in self.entries), self.node.span)

    def value_span(self, key: str) -> Span:
        return self.node.entries[key][1].span

    def get(self, key: str) -> Node | None:
        """Return the value of a key; None if there is no such key."""
        return self.node.get(key)

    def scalar(self, key: str) -> Scalar | None:
        # Without other calls, since this is called for each key that a card may have.
        entry = self.node.entries.get(key)
        if entry is None:
            return None
        node = entry[1]
        return node if type(node) is Scalar else read_scalar(node, key, self.report)

    def marked_up(self, key: str) -> Scalar | None:
        """Read a text with markup: Markdown, or `{html: "…"}`."""
        entry = self.node.entries.get(key)
        return None if entry is None else read_marked_up(entry[1], key, self.report)

    def scalars(self, key: str) -> list[Scalar]:
        """Read a list of texts; a single text is a list of one."""
        node = self.node.get(key)
        return [] if node is None else read_scalars(node, key, self.report)

    def text(self, key: str) -> str:
        scalar = self.scalar(key)
        return "" if scalar is None else clean_text(scalar, self.report)

    def line(self, key: str) -> str:
        scalar = self.scalar(key)
        if scalar is None:
            return ""
        report_null(scalar, key, self.report)
        return clean_line(scalar, self.report)

    def mapping(self, key: str, *, filled: bool = False, help_: str = "") -> "MappingReader | None":
        """Read a mapping. filled: whether it needs at least one key. help_: what to do if it is none."""
        node = self.node.get(key)
        return (
            None if node is None else read_mapping(node, f"`{key}`", self.report, filled=filled, help_=help_)
        )

    def sequence(self, key: str, help_: str = "") -> Sequence | None:
        """Read a list. help_: what to do if it is a mapping."""
        node = self.node.get(key)
        if node is None or isinstance(node, Sequence):
            return node
        _report_unexpected(
            node, f"`{key}` needs a list", self.report, help_ if isinstance(node, Mapping) else ""
        )
        return None

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Read `true` or `false`; a value that was reported is false."""
        entry = self.node.entries.get(key)
        return default if entry is None else read_flag(entry[1], key, self.report)

    def choice(self, key: str, choices: abc.Mapping[str, _T], default: _T) -> _T:
        """Read one of some words and return what it stands for."""
        scalar = self.scalar(key)
        if scalar is None or scalar.value in choices:
            return default if scalar is None else choices[scalar.value]
        message = f"`{key}` is one of {', '.join(choices)}; found {describe_value(scalar)}"
        help_ = did_you_mean(scalar.value, choices, otherwise="") if len(choices) > 2 else ""
        self.report.add(Diagnostic("unknown-choice", message, scalar.span, help=help_))
        return default

    def enum(self, key: str, default: _E) -> _E:
        """Read a value of the enumeration that the default belongs to."""
        return self.choice(key, {member.value: member for member in type(default)}, default)

    def day(self, key: str) -> str:
        """Read a date and return it as YYYY-MM-DD."""
        scalar = self.scalar(key)
        if scalar is None:
            return ""
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", scalar.value):
                return date.fromisoformat(scalar.value).isoformat()
        except ValueError:
            pass
        message = f"`{key}` is a date such as 2025-03-23; found {describe_value(scalar)}"
        self.report.add(Diagnostic("not-a-date", message, scalar.span))
        return ""


def read_mapping(
    node: Node, name: str, report: Report, *, filled: bool = False, help_: str = ""
) -> MappingReader | None:
    """Return a reader of the mapping. name, filled, help_: as in MappingReader and its method `mapping`."""
    if isinstance(node, Mapping) and (node.entries or not filled):
        return MappingReader(node, name, report)
    _report_unexpected(node, f"{name} needs keys", report, "" if isinstance(node, Mapping) else help_)
    return None


def read_mapping_file(
    path: str,
    data: bytes,
    name: str,
    report: Report,
    *,
    filled: bool = False,
    help_if_empty: str,
    help_: str = "",
) -> MappingReader | None:
    """Return a reader of the mapping that a YAML file consists of.

    path: as shown to the author. name, filled, help_: as for `read_mapping`.
    """
    source = decode_source(path, data, report)
    if source is None:
        return None
    problem_count = len(report)
    node = parse_yaml(source, report)
    if node is not None:
        return read_mapping(node, name, report, filled=filled, help_=help_)
    if len(report) == problem_count:
        report.add(Diagnostic("empty-file", "the file is empty", Span(source, 0, 0), help=help_if_empty))
    return None


def read_scalar(node: Node, key: str, report: Report) -> Scalar | None:
    """Return the node if it is a scalar. key: the key it is the value of."""
    if isinstance(node, Scalar):
        return node
    in_brackets = node.source.text[node.start : node.start + 1] in ("[", "{")
    help_ = "a text that begins with `[` or `{` needs quotes" if in_brackets else ""
    if isinstance(node, Sequence) and not in_brackets:
        help_ = f"for a text that is a list, write `{truncate(key)}: |` above it"
    if isinstance(node, Mapping) and not in_brackets and "\n" not in node.span.text:
        help_ = _advise_quotes(node.span)
    _report_unexpected(node, f"`{truncate(key)}` needs a text", report, help_)
    return None


def read_marked_up(node: Node, key: str, report: Report) -> Scalar | None:
    """Return the node if it is a scalar, or an `HtmlScalar` if it is `{html: "…"}`. key: as above."""
    if type(node) is not Mapping or "html" not in node.entries:
        return read_scalar(node, key, report)
    reader = MappingReader(node, f"`{truncate(key)}`", report)
    reader.allow_only(HTML_KEYS)
    html = reader.scalar("html")
    return None if html is None else HtmlScalar(html.source, html.start, html.end, html.value, html.style)


def read_scalars(node: Node, key: str, report: Report) -> list[Scalar]:
    """Return the scalars of a list, or the one scalar that stands for such a list."""
    if isinstance(node, Scalar):
        if bullet := explain_bullet(node):
            report.add(bullet)
            return []
        return [node]
    if isinstance(node, Mapping):
        _report_unexpected(node, f"`{key}` needs a text or a list of texts", report)
        return []
    return [scalar for item in node.items if (scalar := read_scalar(item, key, report)) is not None]


def report_null(scalar: Scalar, key: str, report: Report) -> None:
    """Report a text that is nothing in YAML, as programs write it for a key that has no value."""
    if scalar.value in NULLS and not scalar.style:
        message, help_ = (
            f"`{scalar.value}` is text here",
            f"leave `{key}` out; or quote it, if it is meant so",
        )
        report.add(Diagnostic("null-as-text", message, scalar.span, Severity.WARNING, help=help_))


def read_flag(node: Node, key: str, report: Report) -> bool:
    """Return whether the node is `true`."""
    value = node.value if isinstance(node, Scalar) else ""
    if value not in ("true", "false"):
        message = f"`{key}` is true or false; found {describe_value(node)}"
        report.add(Diagnostic("not-true-or-false", message, node.span))
    return value == "true"


def describe_value(node: Node, limit: int = 16) -> str:
    """Return what a message says was found: "`63`", "nothing", "a list".

    limit: the most characters of a text that are quoted.
    """
    if isinstance(node, Scalar):
        return f"`{truncate(node.value, limit)}`" if node.value else "nothing"
    return _NODE_NAMES[type(node)]


def join_names(names: Iterable[str]) -> str:
    """Return names in backticks as a phrase: "`a`, `b` and `c`"."""
    quoted = [f"`{name}`" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _advise_quotes(span: Span) -> str:
    from cardwright.source.yaml_errors import advise_quotes  # noqa: PLC0415  most files have no mistake

    return advise_quotes(span.text)


def _report_unexpected(node: Node, message: str, report: Report, help_: str = "") -> None:
    is_empty = not (node.value if isinstance(node, Scalar) else isinstance(node, Sequence) or node.entries)
    message += f"; {'nothing' if is_empty else _NODE_NAMES[type(node)]} was found"
    report.add(Diagnostic("unexpected-value", message, node.span, help=help_))
