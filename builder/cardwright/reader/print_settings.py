"""Reads `print:` of deck.yaml, and finds the paper and the card size that a name stands for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

from cardwright.collection.print_settings import PRINT_KEYS, PrintSettings
from cardwright.diagnostics import Diagnostic, Span
from cardwright.diagnostics.phrases import closest_match, did_you_mean, truncate
from cardwright.layout.card_sizes import CARD_SIZES, CardSize, find_card_sizes
from cardwright.layout.geometry import SHEETS, Flip, Sheet
from cardwright.layout.layout_problems import MAX_SHEET_LENGTH
from cardwright.layout.plan import Marks, Mode, Order
from cardwright.layout.units import parse_length
from cardwright.reader.custom_card_size import read_card_size
from cardwright.source.mapping_reader import MappingReader
from cardwright.source.nodes import Mapping, Scalar

_E = TypeVar("_E", bound=Enum)

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_MIN_SCALE, _MAX_SCALE = 0.5, 2.0


def read_print_settings(reader: MappingReader | None) -> PrintSettings:
    """Return the settings below `print:`.

    Values that cannot be used become problems of the settings. Only a key or a value of the
    wrong form, and errors in a custom card size, are reported at once.
    """
    if reader is None:
        return PrintSettings()
    reader.allow_only((*PRINT_KEYS, "fonts"))
    fonts = reader.scalars("fonts")
    card_node = reader.get("card")
    texts: dict[str, Scalar] = {}
    for key in PRINT_KEYS:
        is_custom_card = key == "card" and isinstance(card_node, Mapping)
        if not is_custom_card and (text := reader.scalar(key)) is not None:
            texts[key] = text
    spans = {key: text.span for key, text in texts.items()}
    parser = _SettingParser(texts)
    paper = parser.paper()
    card: str | CardSize | None = parser.card_name()
    if isinstance(card_node, Mapping):
        # Its paper may stand beside it. If that is unknown, which is reported with the other settings,
        # the largest possible paper takes its place meanwhile.
        any_paper = Sheet("", MAX_SHEET_LENGTH, MAX_SHEET_LENGTH)
        card = read_card_size(
            MappingReader(card_node, "a card size", reader.report),
            any_paper if "paper" in parser.problems else paper,
        )
        spans["card"] = reader.key_span("card")
    return PrintSettings(
        paper=paper,
        card=card,
        flip=parser.choice("flip", Flip),
        mode=parser.choice("mode", Mode),
        order=parser.choice("order", Order),
        rotate_backs=parser.flag("rotate-backs"),
        marks=parser.choice("marks", Marks),
        bleed=parser.length("bleed"),
        scale_font=parser.scale("scale-font"),
        grey=parser.flag("grey"),
        fonts=tuple(font.value for font in fonts),
        font_spans=tuple(font.span for font in fonts),
        spans=spans,
        problems=parser.problems,
        card_has_errors=isinstance(card_node, Mapping) and card is None,
    )


def find_paper(name: str, span: Span | None = None) -> Sheet | Diagnostic:
    """Return the paper with a name, or `unknown-paper`. span: None for the command line."""
    if name in SHEETS:
        return SHEETS[name]
    message = f"there is no paper called `{truncate(name)}`"
    return Diagnostic("unknown-paper", message, span, help=did_you_mean(name, SHEETS))


def card_name_problem(name: str, span: Span | None = None) -> Diagnostic | None:
    """Return `unknown-card-size` when no card size has this name. span: None for the command line."""
    if find_card_sizes(name):
        return None
    names = [name for card_size in CARD_SIZES for name in (card_size.name, *card_size.aliases)]
    match = closest_match(name, names)
    advice = f"did you mean `{match}`?" if match else "`cardwright print --list-presets` shows all there are"
    message = f"there is no card size called `{truncate(name)}`"
    return Diagnostic("unknown-card-size", message, span, help=advice)


def font_scale_problem(scale: float | None, text: str, span: Span | None = None) -> Diagnostic | None:
    """Return `not-a-scale` for a font scale that is not a number or too small or large.

    scale: None when it is not a number. text: as written. span: None for the command line.
    """
    if scale is not None and _MIN_SCALE <= scale <= _MAX_SCALE:
        return None
    requirement = f"is a number from {_MIN_SCALE:g} to {_MAX_SCALE:g}"
    return _unusable("not-a-scale", "scale-font", requirement, text, span)


@dataclass(frozen=True, slots=True)
class _SettingParser:
    """Parses the texts of settings; None for what is missing, and for what became a problem."""

    texts: dict[str, Scalar]
    problems: dict[str, Diagnostic] = field(default_factory=dict)

    def paper(self) -> Sheet | None:
        text = self.texts.get("paper")
        paper = None if text is None else find_paper(text.value, text.span)
        if isinstance(paper, Diagnostic):
            self.problems["paper"] = paper
            return None
        return paper

    def card_name(self) -> str | None:
        text = self.texts.get("card")
        if text is not None and (problem := card_name_problem(text.value, text.span)):
            self.problems["card"] = problem
            return None
        return None if text is None else text.value

    def choice(self, key: str, enum: type[_E]) -> _E | None:
        text = self.texts.get(key)
        if text is None:
            return None
        names = [str(member.value) for member in enum]
        if text.value not in names:
            self._add("unknown-choice", key, f"is one of {', '.join(names)}", text, names)
            return None
        return enum(text.value)

    def flag(self, key: str) -> bool | None:
        text = self.texts.get(key)
        if text is None or text.value in ("true", "false"):
            return None if text is None else text.value == "true"
        self._add("unknown-choice", key, "is true or false", text)
        return None

    def length(self, key: str) -> float | None:
        text = self.texts.get(key)
        length = None if text is None else parse_length(text.value)
        if text is not None and length is None:
            self._add("not-a-length", key, "is a length such as 3, 3 mm or 0.125 in", text)
        return length

    def scale(self, key: str) -> float | None:
        text = self.texts.get(key)
        if text is None:
            return None
        scale = float(text.value) if _NUMBER.fullmatch(text.value.strip()) else None
        if problem := font_scale_problem(scale, text.value, text.span):
            self.problems[key] = problem
            return None
        return scale

    def _add(self, code: str, key: str, requirement: str, text: Scalar, names: Sequence[str] = ()) -> None:
        self.problems[key] = _unusable(code, key, requirement, text.value, text.span, names)


def _unusable(
    code: str, key: str, requirement: str, text: str, span: Span | None, names: Sequence[str] = ()
) -> Diagnostic:
    name = f"`{key}`" if span else f"`--{key}`"
    match = closest_match(text, names)
    advice = f"did you mean `{match}`?" if match else ""
    return Diagnostic(code, f"{name} {requirement}; found `{truncate(text, 12)}`", span, help=advice)
