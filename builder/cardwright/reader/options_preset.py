"""Read `anki:` of deck.yaml: deck options that the package brings along."""

import re

from cardwright.collection.deck import OptionsPreset
from cardwright.diagnostics import Diagnostic, Report
from cardwright.reader.deck_keys import (
    ANKI_KEYS,
    MAX_CARDS,
    MAX_RETENTION,
    MIN_RETENTION,
    PRESET_KEYS,
    SHARE,
    WHOLE_NUMBER,
)
from cardwright.source.mapping_reader import MappingReader, describe_value, read_mapping
from cardwright.source.nodes import Node, Scalar
from cardwright.source.text import clean_line

_WHOLE_NUMBER = re.compile(WHOLE_NUMBER)
_SHARE = re.compile(SHARE)
_PERCENT = re.compile(r"([0-9]{2})(?: ?%)?")
_DECIMAL_COMMA = re.compile(r"0,[0-9]{1,4}")
_QUOTE_LIMIT = 10


def read_options_preset(node: Node) -> tuple[OptionsPreset | None, tuple[Diagnostic, ...]]:
    """Return the preset under `anki`, None if there is none or it has a mistake; and the mistakes.

    Errors: `unexpected-value`, `unknown-key`, `empty-text`, `not-a-count`, `not-a-retention`.
    """
    problems = Report()
    preset = _read_preset(node, problems)
    return None if problems.has_errors else preset, tuple(problems)


def _read_preset(node: Node, report: Report) -> OptionsPreset | None:
    anki = read_mapping(node, "`anki`", report, filled=True)
    if anki is None:
        return None
    anki.allow_only(ANKI_KEYS)
    preset = anki.mapping("preset", filled=True)
    if preset is None:
        return None
    preset.allow_only(PRESET_KEYS)
    return OptionsPreset(
        span=anki.key_span("preset"),
        name=_read_name(preset),
        new_per_day=_read_count(preset, "new-per-day"),
        reviews_per_day=_read_count(preset, "reviews-per-day"),
        desired_retention=_read_retention(preset, "desired-retention"),
    )


def _read_name(preset: MappingReader) -> str | None:
    scalar = preset.scalar("name")
    if scalar is None:
        return None
    name = clean_line(scalar, preset.report)
    if not name:
        preset.report.add(Diagnostic("empty-text", "the preset's name is empty", scalar.span))
    return name


def _read_count(preset: MappingReader, key: str) -> int | None:
    node = preset.get(key)
    if node is None:
        return None
    text = node.value if isinstance(node, Scalar) else ""
    if _WHOLE_NUMBER.fullmatch(text) and int(text) <= MAX_CARDS:
        return int(text)
    message = f"`{key}` is a whole number from 0 to {MAX_CARDS}; found {describe_value(node, _QUOTE_LIMIT)}"
    preset.report.add(Diagnostic("not-a-count", message, node.span))
    return None


def _read_retention(preset: MappingReader, key: str) -> float | None:
    node = preset.get(key)
    if node is None:
        return None
    text = node.value if isinstance(node, Scalar) else ""
    if _SHARE.fullmatch(text) and MIN_RETENTION <= float(text) <= MAX_RETENTION:
        return float(text)
    value = describe_value(node, _QUOTE_LIMIT)
    message = f"`{key}` is a share from {MIN_RETENTION} to {MAX_RETENTION}; found {value}"
    preset.report.add(Diagnostic("not-a-retention", message, node.span, help=_retention_help(text)))
    return None


def _retention_help(text: str) -> str:
    """Return how to write a percentage, or a number with a comma; empty for anything else."""
    if (percent := _PERCENT.fullmatch(text)) and int(percent[1]) >= 100 * MIN_RETENTION:
        return f"write `{int(percent[1]) / 100:g}`"
    if _DECIMAL_COMMA.fullmatch(text):
        return f"write `{text.replace(',', '.')}`, with a point"
    return ""
