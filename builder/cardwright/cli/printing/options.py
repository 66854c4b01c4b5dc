"""The options of `cardwright print`: their conversion to numbers and enums, and which of them go together."""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import click

from cardwright.layout.plan import PrintLayout
from cardwright.layout.units import parse_length

if TYPE_CHECKING:
    from cardwright.collection.print_settings import PrintSettings

_NUMBER = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+", re.ASCII)
_CELL = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)

SETTING_OPTIONS = (
    "flip", "mode", "order", "rotate_backs", "marks", "bleed", "offset", "start_at", "grey", "overflow",
)  # fmt: skip
"""The options that click converts to print settings."""


class PrintOptions(NamedTuple):
    """The command line; None, empty or False for options that are not there.

    card, paper, scale_font: texts, because problems of these are reported with those of the deck.
    settings: those of SETTING_OPTIONS.
    typed_options: the names of the options that are there, such as `--flip`.
    """

    deck: str | None
    card: str | None
    paper: str | None
    scale_font: str | None
    settings: "PrintSettings"
    printer: str | None
    layout: PrintLayout
    topic: tuple[str, ...]
    tag: tuple[str, ...]
    ids: tuple[str, ...]
    changed: str | None
    fit: Literal["report"] | None
    preview: bool
    out: str | None
    calibrate: bool
    list_presets: bool
    output_format: str
    typed_options: tuple[str, ...]


_PLACEMENT_OPTIONS = frozenset({"flip", "order", "rotate_backs", "marks", "offset", "printer", "start_at"})
_CARD_OPTIONS = _PLACEMENT_OPTIONS | {"card", "mode", "bleed", "fit", "overflow"}
_CALIBRATION_OPTIONS = frozenset({"calibrate", "paper", "flip", "printer", "offset", "out", "output_format"})


def refuse_conflicts(values: Mapping[str, Any], typed: AbstractSet[str], names: Mapping[str, str]) -> None:
    """Refuse options that have no effect beside others.

    values: of all parameters. typed: the parameters that are on the command line, such as `rotate_backs`.
    names: the options of all parameters, such as `--rotate-backs`.

    Errors: a usage error that names both.
    """
    if values["list_presets"]:
        _refuse(typed - {"list_presets"}, names, "--list-presets shows all there are and prints nothing")
    if values["calibrate"]:
        _refuse(typed - _CALIBRATION_OPTIONS, names, "--calibrate prints a test page")
    if values["layout"] is not PrintLayout.CARDS:
        _refuse(_CARD_OPTIONS & typed, names, f"--layout {values['layout'].value} prints no cards")
    if values["fit"]:
        _refuse({"out", "preview"} & typed, names, "--fit report writes no file")
        _refuse(_PLACEMENT_OPTIONS & typed, names, "--fit report is the same wherever cards lie")
    if values["fit"] and values["output_format"] == "github":
        _refuse({"output_format"}, names, "--fit report is no list of problems")


def _refuse(useless: AbstractSet[str], names: Mapping[str, str], reason: str) -> None:
    for parameter in names:
        if parameter in useless:
            raise click.UsageError(f"{reason}, so there is no use for {names[parameter]}")


def enum_option(name: str, enum: type[Enum], **attributes: Any) -> Callable[..., Any]:
    """Return an option whose choices are the values of an enum, and whose value is a member of it."""

    def convert(_context: click.Context, _parameter: click.Parameter, text: str | None) -> Enum | None:
        return None if text is None else enum(text)

    choices = click.Choice([str(member.value) for member in enum])
    return click.option(name, type=choices, callback=convert, **attributes)


def to_length(_context: click.Context, parameter: click.Parameter, text: str | None) -> float | None:
    """Convert a length to mm."""
    length = None if text is None else parse_length(text)
    if text is not None and length is None:
        raise click.UsageError(f"{parameter.opts[0]}: `{text}` is not a length such as 3, 3mm or 0.125in")
    return length


def to_offset(
    _context: click.Context, parameter: click.Parameter, text: str | None
) -> tuple[float, float] | None:
    """Convert two lengths, to the right and down, to mm."""
    if text is None:
        return None
    match [parse_length(part) for part in text.split(",")]:
        case [float(x), float(y)]:
            return x, y
    raise click.UsageError(f"{parameter.opts[0]}: `{text}` is not two lengths in mm such as 0.5,-1.2")


def to_cell(_context: click.Context, parameter: click.Parameter, text: str | None) -> int | None:
    """Convert the number of a cell on a sheet, counted from 1."""
    if text is not None and not _CELL.fullmatch(text):
        raise click.UsageError(
            f"{parameter.opts[0]}: `{text}` is not the number of a cell, which begin with 1"
        )
    return None if text is None else int(text)


def check_number(_context: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    """Refuse a text that is not a number without a sign."""
    if text is not None and not _NUMBER.fullmatch(text):
        raise click.UsageError(f"{parameter.opts[0]}: `{text}` is not a number such as 1.2")
    return text


def check_not_blank(_context: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    """Refuse a name that is empty or nothing but spaces."""
    if text is not None and not text.strip():
        raise click.UsageError(f"{parameter.opts[0]} needs a name")
    return text


def split_at_commas(
    _context: click.Context, parameter: click.Parameter, lists: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the items of several lists, in which they are separated by commas."""
    items = tuple(item.strip() for text in lists for item in text.split(",") if item.strip())
    if lists and not items:
        raise click.UsageError(f"{parameter.opts[0]} needs an id")
    return items
