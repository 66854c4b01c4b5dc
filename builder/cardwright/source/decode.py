"""Nodes to values: what stands under which key, and what to say when it is something else."""

import re
from collections.abc import Collection
from datetime import date

from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import closest_match, did_you_mean, list_known_words, truncate
from cardwright.diagnostics.report import Report
from cardwright.source.nodes import Mapping, Node, Scalar, Sequence

_NAMES = {Scalar: "a text", Sequence: "a list", Mapping: "a mapping"}


def mapping(node: Node, what: str, report: Report) -> Mapping | None:
    """The node as a mapping. what: what it should be, as in "a card"."""
    if isinstance(node, Mapping):
        return node
    _other(node, f"{what} needs keys", report)
    return None


def filled(node: Node, what: str, report: Report) -> Mapping | None:
    """The node as a mapping with a key in it. what: what it should be."""
    given = mapping(node, what, report)
    if given is None or given.entries:
        return given
    _other(node, f"{what} needs keys", report)
    return None


def sequence(node: Node, what: str, report: Report) -> Sequence | None:
    """The node as a list. what: the key it stands under."""
    if isinstance(node, Sequence):
        return node
    _other(node, f"`{what}` needs a list", report)
    return None


def scalar(node: Node, what: str, report: Report) -> Scalar | None:
    """The node as a text. what: the key it stands under."""
    if isinstance(node, Scalar):
        return node
    in_brackets = node.source.text[node.start : node.start + 1] in ("[", "{")
    advice = "a text that begins with `[` or `{` needs quotes" if in_brackets else ""
    _other(node, f"`{truncate(what)}` needs a text", report, help_=advice)
    return None


def texts(node: Node, what: str, report: Report) -> list[Scalar]:
    """The node as a list of texts; a single text is a list of one."""
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Mapping):
        _other(node, f"`{what}` needs a text or a list of texts", report)
        return []
    return [one for one in (scalar(each, what, report) for each in node.items) if one is not None]


def flag(node: Node, what: str, report: Report) -> bool:
    """The node as `true` or `false`."""
    written = scalar(node, what, report)
    if written is None or written.value in ("true", "false"):
        return written is not None and written.value == "true"
    report.add(
        Diagnostic(
            code="not-true-or-false",
            message=f"`{what}` is true or false; found {_found(written)}",
            span=written.span,
        )
    )
    return False


def day(node: Node, what: str, report: Report) -> str:
    """The node as a date, written as YYYY-MM-DD."""
    written = scalar(node, what, report)
    if written is None:
        return ""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written.value):
            return date.fromisoformat(written.value).isoformat()
    except ValueError:
        pass
    report.add(
        Diagnostic(
            code="not-a-date",
            message=f"`{what}` is a date such as 2025-03-23; found {_found(written)}",
            span=written.span,
        )
    )
    return ""


def only(
    node: Mapping, known: Collection[str], what: str, report: Report, elsewhere: Collection[str] = ()
) -> None:
    """Report the keys of a mapping that nobody knows.

    what: as in "a card". elsewhere: keys that others of its kind have; they are out of place, not misspelt.
    """
    for name in node.entries:
        if name not in known:
            key = node.entries[name][0]
            report.add(
                Diagnostic(
                    code="unknown-key",
                    message=f"{what} has no key `{truncate(name)}`",
                    span=key.span,
                    help=list_known_words(known) if name in elsewhere else did_you_mean(name, known),
                )
            )


def required(node: Mapping, key: str, what: str, report: Report, advice: str = "") -> Node | None:
    """The value of a key that has to be there. what: as in "a card". advice: better than "add it"."""
    value = node.get(key)
    if value is None and not misspelt(node, key):
        first = next(iter(node.entries.values()), None)
        report.add(
            Diagnostic(
                code="missing-key",
                message=f"{what} needs the key `{key}`",
                span=node.span if first is None else first[0].span,
                help=advice or f"add `{key}:` to it",
            )
        )
    return value


def misspelt(node: Mapping, key: str) -> bool:
    """Whether a key that is missing is there under a name near to it, which `only` reports."""
    return any(closest_match(name, [key]) for name in node.entries)


def _found(written: Scalar) -> str:
    return f"`{truncate(written.value, 20)}`" if written.value else "nothing"


def _other(node: Node, message: str, report: Report, help_: str = "") -> None:
    found = _NAMES[type(node)]
    if (isinstance(node, Scalar) and not node.value) or (isinstance(node, Mapping) and not node.entries):
        found = "nothing"
    report.add(
        Diagnostic(
            code="unexpected-value", message=f"{message}; {found} was found", span=node.span, help=help_
        )
    )
