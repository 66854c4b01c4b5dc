"""YAML text to nodes with spans. The only file that knows the YAML parser.

The parser is libyaml, used for its events alone: it gives no types, no
objects and no nesting of its own, so a file can do nothing but be read.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from cardwright.diagnostics.diagnostic import Diagnostic, Related
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Source, Span
from cardwright.source import yaml_errors
from cardwright.source.nodes import Mapping, Node, Scalar, Sequence

# Deeper than any deck; below the depth at which anything here would recurse too far.
MAX_DEPTH = 64
# How many nodes aliases may add to a file, so that a small file stays small.
MAX_ALIASED = 100_000
# A file with more broken places than this is not a deck.
MAX_BROKEN = 20

# A cloze deletion without quotes around the text that begins with it: to YAML, a mapping as a key.
_DELETION = re.compile(r"\{\{c\d")

# Stands for a key that is no text; no author can write it.
_UNFIT = "\0"


def parse_yaml(source: Source, report: Report) -> Node | None:
    """The node a file holds, or None when it holds none or too little can be read.

    A place that is not YAML is reported, the card around it left out, and the
    rest read on, so that one quote does not hide the mistakes behind it.
    """
    text = source.text
    for _ in range(MAX_BROKEN):
        attempt = _attempt(source, text)
        if isinstance(attempt, _Tree):
            report.extend(attempt.findings)
            return attempt.root
        if conflict := yaml_errors.conflict(source):
            report.add(conflict)
            return None
        report.add(yaml_errors.explain(source, attempt.error, attempt.before))
        rest = yaml_errors.without_entry(text, attempt.error, attempt.before)
        if rest is None:
            return None
        text = rest
    return None


@dataclass(slots=True)
class _Broken:
    """Where reading stopped. before: the last scalar that was read whole."""

    error: yaml.MarkedYAMLError
    before: Scalar | None


class _Stopped(Exception):
    """Nothing more can be made of this file; what is wrong was noted."""


def _attempt(source: Source, text: str) -> "_Tree | _Broken":
    """Read a text that has the layout of the source, with parts of it blanked."""
    tree = _Tree(source)
    try:
        tree.read(yaml.CBaseLoader(text).get_event)
    except yaml.MarkedYAMLError as error:
        return _Broken(error, tree.last)
    except _Stopped:
        tree.root = None
    return tree


class _Tree:
    """Makes nodes of events, with a stack instead of recursion."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.findings: list[Diagnostic] = []
        self.root: Node | None = None
        self.last: Scalar | None = None
        self._anchors: dict[str, Node] = {}
        self._sizes: dict[int, int] = {}
        self._aliased = 0

    def read(self, next_event: Callable[[], Any]) -> None:  # noqa: C901, PLR0912, PLR0915  hot: a call per node would double its time
        """Read events to the end. next_event: libyaml's, untyped; gives None behind the last."""
        source = self.source
        scalar_event, mapping_event = yaml.ScalarEvent, yaml.MappingStartEvent
        sequence_event, alias_event = yaml.SequenceStartEvent, yaml.AliasEvent
        endings = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        # What is open, and for each the key that waits for its value and the count before it.
        stack: list[tuple[Sequence | Mapping | None, Scalar | None, int]] = []
        parent: Sequence | Mapping | None = None
        key: Scalar | None = None
        made = 0
        node: Node
        while (event := next_event()) is not None:
            kind = type(event)
            if kind is scalar_event:
                made += 1
                node = Scalar(
                    source, event.start_mark.index, event.end_mark.index, event.value, event.style or ""
                )
                if event.style or event.anchor is not None or event.tag is not None:
                    self._dress(node, event)
                self.last = node
            elif kind is mapping_event or kind is sequence_event:
                if event.tag is not None:
                    self._tag(event)
                start = event.start_mark.index
                if len(stack) >= MAX_DEPTH:
                    self._too_deep(start)
                made += 1
                opened: Sequence | Mapping = Sequence(source, start)
                if kind is mapping_event:
                    opened = Mapping(source, start, event.flow_style)
                if event.anchor is not None:
                    self._anchors[event.anchor] = opened
                    self._sizes[id(opened)] = made
                stack.append((parent, key, made))
                parent, key = opened, None
                continue
            elif kind in endings:
                assert parent is not None
                _close(parent, event.end_mark.index)
                node = parent
                if (
                    type(parent) is Mapping
                    and not parent.entries
                    and _DELETION.match(source.text, parent.start)
                ):
                    node = Scalar(source, parent.start, parent.end, parent.span.text, "")
                parent, key, before = stack.pop()
                if id(node) in self._sizes:
                    self._sizes[id(node)] = made - before + 1
            elif kind is alias_event:
                node = self._alias(event, [parent, *(one for one, _, _ in stack)])
                made += self._sizes.get(id(node), 1)
            elif kind is yaml.DocumentStartEvent and self.root is not None:
                self._second_document(event.start_mark.index)
            else:
                continue

            if parent is None:
                self.root = node
            elif isinstance(parent, Sequence):
                parent.items.append(node)
            elif key is None:
                key = node if type(node) is Scalar else self._unfit_key(node)
                if kind is alias_event:
                    # As a key it stands here; its text is the one that is repeated.
                    key = Scalar(source, event.start_mark.index, event.end_mark.index, key.value, key.style)
            else:
                entries = parent.entries
                if key.value in entries:
                    self._second_entry(entries[key.value][0], key)
                elif key.value != _UNFIT:
                    entries[key.value] = (key, node)
                key = None

    def _dress(self, node: Scalar, event: Any) -> None:
        """Deal with what a plain scalar without properties does not have."""
        text = self.source.text
        if event.tag is not None:
            self._tag(event)
            node.value = text[node.start : node.end]
        if node.style in ("|", ">"):
            node.end = node.start + len(text[node.start : node.end].rstrip())
        while node.start < node.end and text[node.start] == "&" and event.anchor:
            words = text[node.start : node.end].split(None, 1)
            node.start = node.end - len(words[1]) if len(words) > 1 else node.end
        if event.anchor is not None:
            self._anchors[event.anchor] = node

    def _unfit_key(self, node: Node) -> Scalar:
        span = Span(self.source, node.start, max(node.end, node.start + 1))
        if _DELETION.match(self.source.text, node.start - 1):
            self.findings.append(yaml_errors.needs_quotes(self.source, node.start - 1))
        elif not any(one.span and one.span.start <= span.start < one.span.end for one in self.findings):
            self.findings.append(
                Diagnostic(
                    code="key-not-text",
                    message="a key has to be a text; a list or a mapping was found",
                    span=span,
                    help="a text that begins with `[` or `{` needs quotes",
                )
            )
        return Scalar(self.source, span.start, span.end, _UNFIT, "")

    def _second_entry(self, first: Scalar, second: Scalar) -> None:
        self.findings.append(
            Diagnostic(
                code="duplicate-key",
                message=f"the key `{truncate(second.value)}` stands twice in one place",
                span=second.span,
                note="used again here",
                related=(Related(first.span, "first used here"),),
            )
        )

    def _tag(self, event: Any) -> None:
        start = event.start_mark.index
        word = self.source.text[start:].split(None, 1)[0]
        self.findings.append(
            Diagnostic(
                code="yaml-tag",
                message=f"a YAML tag was found: `{truncate(word)}`",
                span=Span(self.source, start, start + len(word)),
                help="every value is text here; a text that begins with `!` needs quotes",
            )
        )

    def _alias(self, event: Any, open_: list[Sequence | Mapping | None]) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        span = Span(self.source, start, end)
        node = self._anchors.get(event.anchor)
        if node is None:
            self.findings.append(
                Diagnostic(
                    code="unknown-alias",
                    message=f"nothing is called `&{truncate(event.anchor)}`",
                    span=span,
                    help="a text that begins with `*` needs quotes",
                )
            )
            return Scalar(self.source, start, end, self.source.text[start:end], "")
        if any(node is one for one in open_):
            self.findings.append(
                Diagnostic(
                    code="cyclic-alias",
                    message=f"`*{truncate(event.anchor)}` stands inside what it repeats",
                    span=span,
                    related=(Related(Span(self.source, node.start, node.start + 1), "named here"),),
                )
            )
            raise _Stopped
        self._aliased += self._sizes.get(id(node), 1)
        if self._aliased > MAX_ALIASED:
            self.findings.append(
                Diagnostic(
                    code="alias-expansion",
                    message=f"aliases repeat more than {MAX_ALIASED:,} values",
                    span=span,
                    note="too much from here on",
                )
            )
            raise _Stopped
        return node

    def _too_deep(self, start: int) -> None:
        self.findings.append(
            Diagnostic(
                code="nested-too-deep",
                message=f"more than {MAX_DEPTH} brackets or lists inside each other",
                span=Span(self.source, start, start + 1),
                help="a text that begins with `[` or `{` needs quotes",
            )
        )
        raise _Stopped

    def _second_document(self, start: int) -> None:
        self.findings.append(
            Diagnostic(
                code="second-document",
                message="a second document begins in this file",
                span=Span(self.source, start, start + 3),
                help="put it into a file of its own, or delete the `---`",
            )
        )
        raise _Stopped


def _close(node: Sequence | Mapping, end: int) -> None:
    """Where a collection ends: behind its bracket, or with the last thing in it."""
    text = node.source.text
    if end > node.start and text[end - 1] in "]}" and text[node.start] in "[{&!":
        node.end = end
    elif type(node) is Sequence:
        node.end = node.items[-1].end if node.items else node.start
    elif type(node) is Mapping and node.entries:
        *_, (_, last) = node.entries.values()
        node.end = last.end
