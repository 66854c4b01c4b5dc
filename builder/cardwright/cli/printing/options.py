"""What `cardwright print` was asked: its options as one value, and which of them go together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import click

from cardwright.layout.units import parse_length


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOptions:
    """The command line; None, nothing or False for what was not given.

    given: the options that were, as they are typed.
    """

    deck: str | None
    card: str | None
    paper: str | None
    flip: str | None
    mode: str | None
    order: str | None
    rotate_backs: bool | None
    marks: str | None
    bleed: str | None
    offset: str | None
    printer: str | None
    scale_font: str | None
    grey: bool | None
    layout: Literal["cards", "list", "quiz", "summary"]
    topic: tuple[str, ...]
    tag: tuple[str, ...]
    ids: tuple[str, ...]
    changed: str | None
    fit: str | None
    preview: bool
    out: str | None
    calibrate: bool
    list_presets: bool
    form: str
    given: tuple[str, ...]

    def choices(self) -> dict[str, str]:
        """What takes the place of deck.yaml's `print:`, but for the card and the offset."""
        texts = {
            "paper": self.paper,
            "flip": self.flip,
            "mode": self.mode,
            "order": self.order,
            "rotate-backs": _flag(self.rotate_backs),
            "marks": self.marks,
            "bleed": self.bleed,
            "scale-font": self.scale_font,
            "grey": _flag(self.grey),
        }
        return {key: text for key, text in texts.items() if text is not None}


def _flag(value: bool | None) -> str | None:
    return None if value is None else str(value).lower()


_CARDS_ALONE = frozenset(
    {"card", "flip", "mode", "order", "rotate_backs", "marks", "bleed", "offset", "printer", "fit"}
)
_PLACED = frozenset({"flip", "order", "rotate_backs", "marks", "offset", "printer"})


def refuse_conflicts(asked: PrintOptions, given: Collection[str], names: Mapping[str, str]) -> None:
    """Refuse options that have no use beside others.

    given: parameters that stand on the command line. names: of all, as they are typed.

    Errors: a usage error that names both.
    """
    if asked.list_presets:
        _refuse(set(given) - {"list_presets"}, names, "--list-presets shows all there are and prints nothing")
    if asked.calibrate:
        useful = {"calibrate", "paper", "flip", "printer", "offset", "out", "form"}
        _refuse(set(given) - useful, names, "--calibrate prints a test page")
    if asked.layout != "cards":
        _refuse(_CARDS_ALONE & set(given), names, f"--layout {asked.layout} prints no cards")
    if asked.fit:
        _refuse({"out", "preview"} & set(given), names, "--fit report writes no file")
        _refuse(_PLACED & set(given), names, "--fit report is the same wherever cards lie")
        _refuse({"form"} & set(given), names, "--fit report is for reading")


def _refuse(useless: Collection[str], names: Mapping[str, str], why: str) -> None:
    for name in names:
        if name in useless:
            raise click.UsageError(f"{why}, so there is no use for {names[name]}")


def a_length(_ctx: click.Context, parameter: click.Parameter, written: str | None) -> str | None:
    """A length as layout/units.py reads it."""
    if written is not None and parse_length(written) is None:
        raise click.UsageError(f"{parameter.opts[0]}: `{written}` is no length such as 3, 3mm or 0.125in")
    return written


def an_offset(_ctx: click.Context, _parameter: click.Parameter, written: str | None) -> str | None:
    """Two lengths, to the right and down."""
    if written is not None and [parse_length(part) is None for part in written.split(",")] != [False, False]:
        raise click.UsageError(f"--offset: `{written}` is not two lengths in mm such as 0.5,-1.2")
    return written


def a_number(_ctx: click.Context, parameter: click.Parameter, written: str | None) -> str | None:
    """A number without a sign."""
    if written is not None and not (written.isascii() and written.replace(".", "", 1).isdigit()):
        raise click.UsageError(f"{parameter.opts[0]}: `{written}` is no number such as 1.2")
    return written


def a_name(_ctx: click.Context, parameter: click.Parameter, written: str | None) -> str | None:
    """A name that is not empty."""
    if written is not None and not written.strip():
        raise click.UsageError(f"{parameter.opts[0]} needs a name")
    return written


def words(_ctx: click.Context, _parameter: click.Parameter, written: tuple[str, ...]) -> tuple[str, ...]:
    """Lists with commas between the words, put together."""
    found = tuple(word.strip() for one in written for word in one.split(",") if word.strip())
    if written and not found:
        raise click.UsageError("--ids needs an id")
    return found
