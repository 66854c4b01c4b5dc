"""Reads `print:` of deck.yaml, and the settings that the command line gives in its place."""

import re
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

from cardwright.collection.print_settings import PRINT_KEYS, PrintSettings
from cardwright.diagnostics import Diagnostic, Report, Span
from cardwright.diagnostics.phrases import did_you_mean, truncate
from cardwright.layout.card_sizes import CARD_SIZES, find_card_sizes
from cardwright.layout.geometry import SHEETS, Flip, Sheet
from cardwright.layout.layout_problems import MAX_SHEET_LENGTH
from cardwright.layout.plan import Marks, Mode, Order, Overflow
from cardwright.layout.units import parse_length
from cardwright.reader.custom_card_size import read_card_size
from cardwright.reader.deck_keys import MAX_SCALE, MIN_SCALE, PRINT_SETTING_KEYS, SCALE
from cardwright.record import Record, replace
from cardwright.source.mapping_reader import MappingReader, describe_value
from cardwright.source.nodes import Mapping, Node, Scalar

_SCALE = re.compile(SCALE, re.ASCII)
_PRODUCT_NUMBER = re.compile(r"[0-9]{4}")


class _SettingType(Record, frozen=True):
    """The rule by which the text of a setting becomes its value.

    parse: returns None for a text that cannot be used.
    code: the code of the diagnostic about such a text. requirement: what its message says after the key.
    choices: all texts that can be used, if they are few.
    """

    parse: Callable[[str], Any]
    code: str
    requirement: str
    choices: Sequence[str] = ()


def _enum(enum: type[Enum]) -> _SettingType:
    members = {str(member.value): member for member in enum}
    return _SettingType(members.get, "unknown-choice", f"is one of {', '.join(members)}", list(members))


def _parse_scale(text: str) -> float | None:
    scale = float(text) if _SCALE.fullmatch(text.strip()) else 0.0
    return scale if MIN_SCALE <= scale <= MAX_SCALE else None


_FLAG = _SettingType({"true": True, "false": False}.get, "unknown-choice", "is true or false")
_TYPES = {
    "flip": _enum(Flip),
    "mode": _enum(Mode),
    "order": _enum(Order),
    "rotate-backs": _FLAG,
    "marks": _enum(Marks),
    "bleed": _SettingType(parse_length, "not-a-length", "is a length such as 3, 3 mm or 0.125 in"),
    "scale-font": _SettingType(
        _parse_scale, "not-a-scale", f"is a number from {MIN_SCALE:g} to {MAX_SCALE:g}"
    ),
    "grey": _FLAG,
    "overflow": _enum(Overflow),
}


def read_print_settings(node: Node | None) -> PrintSettings:
    """Return what `print:` of a deck says: settings, or `false` for a deck that is not printed.

    node: None if the deck says nothing about printing.

    Nothing is reported here: what cannot be used becomes a problem of the settings.
    """
    if node is None:
        return PrintSettings()
    report = Report()
    settings = PrintSettings()
    if isinstance(node, Mapping):
        settings = _read_settings(MappingReader(node, "`print`", report))
    elif isinstance(node, Scalar) and node.value in ("true", "false"):
        settings = PrintSettings(printed=node.value == "true")
    else:
        message = f"`print` is true, false or keys such as `paper`; found {describe_value(node, 12)}"
        report.add(Diagnostic("unexpected-value", message, node.span))
    problems = {"": tuple(report), **settings.problems} if len(report) else settings.problems
    return replace(settings, span=node.span, problems=problems)


def _read_settings(reader: MappingReader) -> PrintSettings:
    """Return the settings of a mapping. What has the wrong form is reported; the rest becomes problems."""
    reader.allow_only(PRINT_SETTING_KEYS)
    fonts = reader.scalars("fonts")
    custom_card = reader.get("card") if isinstance(reader.get("card"), Mapping) else None
    values: dict[str, Any] = {}
    spans: dict[str, Span] = {}
    problems: dict[str, Sequence[Diagnostic]] = {}
    for key in PRINT_KEYS:
        if (key == "card" and custom_card) or (text := reader.scalar(key)) is None:
            continue
        spans[key] = text.span
        value = parse_setting(key, text.value, text.span)
        if isinstance(value, Diagnostic):
            problems[key] = (value,)
        else:
            values[key.replace("-", "_")] = value
    if isinstance(custom_card, Mapping):
        # Its paper may stand beside it. If that is unknown, which is reported with the other settings,
        # the largest possible paper takes its place meanwhile.
        any_paper = Sheet("", MAX_SHEET_LENGTH, MAX_SHEET_LENGTH)
        paper = any_paper if "paper" in problems else values.get("paper")
        card_report = Report()
        values["card"] = read_card_size(MappingReader(custom_card, "a card size", card_report), paper)
        spans["card"] = reader.key_span("card")
        if card_report.has_errors:
            problems["card"] = tuple(card_report)
    return PrintSettings(
        **values,
        fonts=tuple(font.value for font in fonts),
        font_spans=tuple(font.span for font in fonts),
        spans=spans,
        problems=problems,
    )


def parse_setting(key: str, text: str, span: Span | None = None) -> Any:
    """Return the value of a setting, or a Diagnostic for a text that cannot be used.

    span: where the text stands; None for the command line.
    """
    if key == "paper":
        return find_paper(text, span)
    if key == "card":
        return _check_card_name(text, span)
    setting_type = _TYPES[key]
    value = setting_type.parse(text)
    if value is not None:
        return value
    name = f"`{key}`" if span else f"`--{key}`"
    message = f"{name} {setting_type.requirement}; found `{truncate(text, 12)}`"
    help_ = did_you_mean(text, setting_type.choices, otherwise="")
    return Diagnostic(setting_type.code, message, span, help=help_)


def find_paper(name: str, span: Span | None = None) -> Sheet | Diagnostic:
    """Return the paper with a name, or a Diagnostic; see `parse_setting`."""
    if name in SHEETS:
        return SHEETS[name]
    message = f"there is no paper called `{truncate(name)}`"
    return Diagnostic("unknown-paper", message, span, help=did_you_mean(name, SHEETS))


def _check_card_name(name: str, span: Span | None) -> str | Diagnostic:
    if find_card_sizes(name):
        return name
    known_names = [name for card_size in CARD_SIZES for name in (card_size.name, *card_size.aliases)]
    if _PRODUCT_NUMBER.search(name):
        # Sheets with other numbers are cut otherwise; but digits may have changed places.
        known_names = [known for known in known_names if _digits(known) == _digits(name)]
        otherwise = "`cardwright print --list-presets` shows all there are; describe others by their measures"
    else:
        otherwise = "`cardwright print --list-presets` shows all there are"
    help_ = did_you_mean(name, known_names, otherwise)
    message = f"there is no card size called `{truncate(name)}`"
    return Diagnostic("unknown-card-size", message, span, help=help_)


def _digits(name: str) -> list[str]:
    return sorted(filter(str.isdecimal, name))
