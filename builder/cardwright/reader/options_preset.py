"""`anki:` of deck.yaml: deck options that the package brings along."""

import re

from cardwright.collection.options_preset import OptionsPreset
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.source import decode
from cardwright.source.nodes import Mapping, Node, Scalar
from cardwright.source.text import clean_line

KEYS = ("name", "new-per-day", "reviews-per-day", "desired-retention")

# What lies beyond these, Anki takes for a mistake and puts its default in its place, without a word.
# Source: Anki, rslib/src/deckconfig/mod.rs, `ensure_deck_config_values_valid`; measured with 24.11 to 26.09.
_MOST_CARDS = 9999
_LEAST_RETENTION, _MOST_RETENTION = 0.7, 0.99

_WHOLE = re.compile(r"[0-9]{1,9}")
_SHARE = re.compile(r"[0-9]{0,3}\.[0-9]{1,9}|[0-9]{1,3}")
_PERCENT = re.compile(r"([0-9]{2})(?: ?%)?")
_COMMA = re.compile(r"0,[0-9]{1,4}")


def read_preset(node: Node, report: Report) -> OptionsPreset | None:
    """The preset that a deck brings along; None when there is none, and after saying what is wrong with it.

    node: the value of `anki`.

    Errors: `unexpected-value`, `unknown-key`, `empty-text`, `not-a-count`, `not-a-retention`.
    """
    found = Report()
    preset = _preset(node, found)
    report.extend(found)
    return None if found.has_errors else preset


def _preset(node: Node, report: Report) -> OptionsPreset | None:
    anki = decode.filled(node, "`anki`", report)
    if anki is None:
        return None
    decode.only(anki, ("preset",), "`anki`", report)
    value = anki.get("preset")
    given = None if value is None else decode.filled(value, "`preset`", report)
    if given is None:
        return None
    decode.only(given, KEYS, "`preset`", report)
    return OptionsPreset(
        span=anki.entries["preset"][0].span,
        name=_name(given.get("name"), report),
        new_per_day=_count(given, "new-per-day", report),
        reviews_per_day=_count(given, "reviews-per-day", report),
        desired_retention=_retention(given.get("desired-retention"), report),
    )


def _name(node: Node | None, report: Report) -> str | None:
    written = None if node is None else decode.scalar(node, "name", report)
    if written is None:
        return None
    name = clean_line(written, report)
    if not name:
        report.add(Diagnostic("empty-text", "the preset's name is empty", written.span))
    return name


def _count(given: Mapping, key: str, report: Report) -> int | None:
    node = given.get(key)
    if node is None:
        return None
    text = node.value if isinstance(node, Scalar) else ""
    if not _WHOLE.fullmatch(text) or int(text) > _MOST_CARDS:
        message = f"`{key}` is a whole number from 0 to {_MOST_CARDS}; found {_found(node)}"
        report.add(Diagnostic("not-a-count", message, node.span))
        return None
    return int(text)


def _retention(node: Node | None, report: Report) -> float | None:
    if node is None:
        return None
    text = node.value if isinstance(node, Scalar) else ""
    if not _SHARE.fullmatch(text) or not _LEAST_RETENTION <= float(text) <= _MOST_RETENTION:
        shares = f"a share from {_LEAST_RETENTION} to {_MOST_RETENTION}"
        message = f"`desired-retention` is {shares}; found {_found(node)}"
        report.add(Diagnostic("not-a-retention", message, node.span, help=_meant(text)))
        return None
    return float(text)


def _meant(text: str) -> str:
    """A help line for a share that was written in another way."""
    if (percent := _PERCENT.fullmatch(text)) and int(percent[1]) >= 100 * _LEAST_RETENTION:
        return f"write `{int(percent[1]) / 100:g}`"
    if _COMMA.fullmatch(text):
        return f"write `{text.replace(',', '.')}`, with a point"
    return ""


def _found(node: Node) -> str:
    if isinstance(node, Scalar):
        return f"`{truncate(node.value, 10)}`" if node.value else "nothing"
    return "a mapping" if isinstance(node, Mapping) else "a list"
