"""Parse YAML text to nodes with spans.

The parser is libyaml, used for its events alone: it adds no types, objects or
references of its own, so a file can do nothing but be read.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import yaml

from cardwright.diagnostics import Diagnostic, Related, Report, Source, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.source import yaml_lines
from cardwright.source.nodes import Mapping, Node, Scalar, Sequence

# Deeper than any deck, and less deep than the recursion limit of anything that walks the nodes.
MAX_DEPTH = 64
# How many nodes the aliases of a file may add, so that a small file stays small.
MAX_ALIASED_NODES = 100_000
# A file with more failures than this is not a deck.
MAX_FAILURES = 20

# A cloze deletion at the beginning of a text without quotes: to YAML, a mapping as a key.
_DELETION = re.compile(r"\{\{c\d")

_ENTRY_START = re.compile("[ ]*- ")

# Stands for a key that is not a text; no author can write it.
_NOT_A_KEY = "\0"


def parse_yaml(source: Source, report: Report) -> Node | None:
    """Return the root node of a file; None if the file is empty or too little of it can be read.

    What is not YAML is reported, the list entry around it is left out, and the rest is
    read, so that one missing quote does not hide other mistakes.
    """
    if (node := yaml_lines.read_card_list(source, partial(_read_part, source))) is not None:
        return node
    return read_with_libyaml(source, report)


def read_with_libyaml(source: Source, report: Report) -> Node | None:
    """Return what `parse_yaml` does, reading all of the file with libyaml."""
    text = source.text
    for _ in range(MAX_FAILURES):
        builder = _TreeBuilder(source)
        try:
            builder.build(yaml.CBaseLoader(text).get_event)
        except yaml.MarkedYAMLError as error:
            # Most files have no mistake.
            from cardwright.source import yaml_errors  # noqa: PLC0415

            failure = yaml_errors.YamlFailure(source, error, builder.last_scalar)
        except _StopParsing:
            report.extend(builder.diagnostics)
            return None
        else:
            report.extend(builder.diagnostics)
            return builder.root
        if conflict := yaml_errors.merge_conflict(source):
            report.add(conflict)
            return None
        report.add(yaml_errors.explain_failure(failure))
        remaining_text = yaml_errors.blank_out_entry(text, failure)
        if remaining_text is None:
            return None
        text = remaining_text
    return None


def read_head(source: Source, end: int) -> Node | None:
    """Return the root node of what stands before an offset; None if anything is unusual in it.

    Unusual are mistakes and aliases: what they mean can depend on the rest of the file.
    """
    return _read_part(source, source.text[:end], 0)


def read_cards(source: Source, start: int, end: int) -> Sequence | None:
    """Return some entries of the list at the end of a file; None if anything is unusual, as in `read_head`.

    start, end: the offsets at which an entry and the one after the last begin.
    """
    read_part = partial(_read_part, source)
    if (cards := yaml_lines.read_cards(source, start, end, read_part)) is not None:
        return cards
    # With the dash of the next entry, since libyaml puts a missing value in front of what comes next.
    head, next_entry = "cards:\n", _ENTRY_START.match(source.text, end)
    text = source.text[start : next_entry.end() if next_entry else end]
    root = read_part(head + text, start - len(head))
    value = root.get("cards") if isinstance(root, Mapping) and len(root.entries) == 1 else None
    if not isinstance(value, Sequence):
        return None
    if next_entry:
        value.items.pop()
    return value


def _read_part(source: Source, text: str, offset: int) -> Node | None:
    """Return the root node of a part of a file, as `yaml_lines.ReadPart` says."""
    builder = _TreeBuilder(source, offset)
    try:
        builder.build(yaml.CBaseLoader(text).get_event)
    except (yaml.MarkedYAMLError, _StopParsing):
        return None
    return None if builder.diagnostics or builder.has_aliases else builder.root


class _StopParsing(Exception):
    """The rest of the file cannot be read; the reason is among the diagnostics."""


class _TreeBuilder:
    """Builds nodes from events, with a stack instead of recursion.

    offset: where the text of the events begins in the source.
    """

    def __init__(self, source: Source, offset: int = 0) -> None:
        self.source = source
        self._offset = offset
        self.diagnostics: list[Diagnostic] = []
        self.root: Node | None = None
        self.last_scalar: Scalar | None = None
        self._anchors: dict[str, Node] = {}
        self._sizes: dict[int, int] = {}
        self._aliased_nodes = 0

    @property
    def has_aliases(self) -> bool:
        return self._aliased_nodes > 0

    def build(self, next_event: Callable[[], Any]) -> None:  # noqa: C901, PLR0912, PLR0915  hot: a call per node would double its time
        """Read all events. next_event: returns libyaml's events, which have no types, and then None."""
        source, offset = self.source, self._offset
        scalar_event, mapping_event = yaml.ScalarEvent, yaml.MappingStartEvent
        sequence_event, alias_event = yaml.SequenceStartEvent, yaml.AliasEvent
        end_events = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        # For each collection that is open: its parent, the parent's key that waits for a value,
        # and the number of nodes before it.
        stack: list[tuple[Sequence | Mapping | None, Scalar | None, int]] = []
        parent: Sequence | Mapping | None = None
        key: Scalar | None = None
        node_count = 0
        node: Node
        while (event := next_event()) is not None:
            event_type = type(event)
            if event_type is scalar_event:
                node_count += 1
                start, end = event.start_mark.index + offset, event.end_mark.index + offset
                node = Scalar(source, start, end, event.value, event.style or "")
                if event.style or event.anchor is not None or event.tag is not None:
                    self._apply_properties(node, event)
                if node.end > node.start or node.style:  # not a value that is missing
                    self.last_scalar = node
            elif event_type is mapping_event or event_type is sequence_event:
                if event.tag is not None:
                    self._report_tag(event)
                start = event.start_mark.index + offset
                if len(stack) >= MAX_DEPTH:
                    self._stop_at_depth(start)
                node_count += 1
                opened: Sequence | Mapping = Sequence(source, start, start)
                if event_type is mapping_event:
                    opened = Mapping(source, start, start, event.flow_style)
                if event.anchor is not None:
                    self._anchors[event.anchor] = opened
                    self._sizes[id(opened)] = node_count
                stack.append((parent, key, node_count))
                parent, key = opened, None
                continue
            elif event_type in end_events:
                assert parent is not None
                _set_end(parent, event.end_mark.index + offset)
                node = parent
                if (
                    type(parent) is Mapping
                    and not parent.entries
                    and _DELETION.match(source.text, parent.start)
                ):
                    node = Scalar(source, parent.start, parent.end, parent.span.text, "")
                parent, key, count_before = stack.pop()
                if id(node) in self._sizes:
                    self._sizes[id(node)] = node_count - count_before + 1
            elif event_type is alias_event:
                node = self._resolve_alias(event, [parent, *(outer for outer, _, _ in stack)])
                node_count += self._sizes.get(id(node), 1)
            elif event_type is yaml.DocumentStartEvent and self.root is not None:
                self._stop_at_second_document(event.start_mark.index + offset)
            else:
                continue

            if parent is None:
                self.root = node
            elif isinstance(parent, Sequence):
                parent.items.append(node)
            elif key is None:
                key = node if type(node) is Scalar else self._replace_key(node)
                if event_type is alias_event:
                    # The key is here, with the text of the scalar that it repeats.
                    start, end = event.start_mark.index + offset, event.end_mark.index + offset
                    key = Scalar(source, start, end, key.value, key.style)
            else:
                entries = parent.entries
                if key.value in entries:
                    self._report_duplicate_key(entries[key.value][0], key)
                elif key.value != _NOT_A_KEY:
                    entries[key.value] = (key, node)
                key = None

    def _apply_properties(self, scalar: Scalar, event: Any) -> None:
        """Adapt a scalar that has a style, an anchor or a tag."""
        text = self.source.text
        if event.tag is not None:
            self._report_tag(event)
            scalar.value = text[scalar.start : scalar.end]
        if scalar.style in ("|", ">"):
            scalar.end = scalar.start + len(text[scalar.start : scalar.end].rstrip())
        while scalar.start < scalar.end and text[scalar.start] == "&" and event.anchor:
            words = text[scalar.start : scalar.end].split(None, 1)
            scalar.start = scalar.end - len(words[1]) if len(words) > 1 else scalar.end
        if event.anchor is not None:
            self._anchors[event.anchor] = scalar

    def _replace_key(self, node: Node) -> Scalar:
        """Report a key that is not a text, and return a scalar in its place."""
        span = Span(self.source, node.start, max(node.end, node.start + 1))
        if _DELETION.match(self.source.text, node.start - 1):
            from cardwright.source.yaml_errors import needs_quotes  # noqa: PLC0415  most files have no mistake

            self.diagnostics.append(needs_quotes(self.source, node.start - 1))
        elif not any(
            diagnostic.span and diagnostic.span.start <= span.start < diagnostic.span.end
            for diagnostic in self.diagnostics
        ):
            message = "a key has to be a text; a list or a mapping was found"
            self._report("key-not-text", message, span, "a text that begins with `[` or `{` needs quotes")
        return Scalar(self.source, span.start, span.end, _NOT_A_KEY, "")

    def _report_duplicate_key(self, first: Scalar, second: Scalar) -> None:
        message = f"the key `{truncate(second.value)}` is used twice in one place"
        related = (Related(first.span, "first used here"),)
        self._report("duplicate-key", message, second.span, note="used again here", related=related)

    def _report_tag(self, event: Any) -> None:
        start = event.start_mark.index + self._offset
        tag = self.source.text[start:].split(None, 1)[0]
        message = f"a YAML tag was found: `{truncate(tag)}`"
        help_ = "every value is text here; a text that begins with `!` needs quotes"
        self._report("yaml-tag", message, Span(self.source, start, start + len(tag)), help_)

    def _resolve_alias(self, event: Any, open_nodes: list[Sequence | Mapping | None]) -> Node:
        start, end = event.start_mark.index + self._offset, event.end_mark.index + self._offset
        span = Span(self.source, start, end)
        node = self._anchors.get(event.anchor)
        if node is None:
            message = f"there is no anchor `&{truncate(event.anchor)}`"
            self._report("unknown-alias", message, span, "a text that begins with `*` needs quotes")
            return Scalar(self.source, start, end, self.source.text[start:end], "")
        if any(node is open_node for open_node in open_nodes):
            message = f"`*{truncate(event.anchor)}` is part of what it repeats"
            related = (Related(Span(self.source, node.start, node.start + 1), "named here"),)
            self._report("cyclic-alias", message, span, related=related)
            raise _StopParsing
        self._aliased_nodes += self._sizes.get(id(node), 1)
        if self._aliased_nodes > MAX_ALIASED_NODES:
            message = f"aliases repeat more than {MAX_ALIASED_NODES:,} values"
            self._report("alias-expansion", message, span, note="too much from here on")
            raise _StopParsing
        return node

    def _stop_at_depth(self, start: int) -> None:
        message = f"more than {MAX_DEPTH} lists or brackets are nested"
        span, help_ = Span(self.source, start, start + 1), "a text that begins with `[` or `{` needs quotes"
        self._report("nested-too-deep", message, span, help_)
        raise _StopParsing

    def _stop_at_second_document(self, start: int) -> None:
        span, help_ = Span(self.source, start, start + 3), "move it to a file of its own, or delete the `---`"
        self._report("second-document", "a second document begins in this file", span, help_)
        raise _StopParsing

    def _report(self, code: str, message: str, span: Span, help_: str = "", **details: Any) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help=help_, **details))


def _set_end(node: Sequence | Mapping, end: int) -> None:
    """Set where a collection ends: after its bracket, or with its last node. end: where libyaml ends it."""
    text = node.source.text
    if end > node.start and text[end - 1] in "]}" and text[node.start] in "[{&!":
        node.end = end
    elif type(node) is Sequence:
        node.end = node.items[-1].end if node.items else node.start
    elif type(node) is Mapping and node.entries:
        *_, (_, last_value) = node.entries.values()
        node.end = last_value.end
