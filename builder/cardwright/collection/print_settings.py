"""Settings for printing: `print:` in deck.yaml, or options of the command line in its place."""

from collections.abc import Mapping, Sequence
from typing import Any

from cardwright.diagnostics import Diagnostic, Span
from cardwright.layout.card_sizes import CardSize
from cardwright.layout.geometry import Flip, Sheet
from cardwright.layout.plan import Marks, Mode, Order, Overflow
from cardwright.record import Record, field, replace

PRINT_KEYS = (
    "paper", "card", "flip", "mode", "order", "rotate-backs", "marks", "bleed", "scale-font", "grey",
    "overflow",
)  # fmt: skip

# Settings that an author chooses to suit the card size, paper and mode, and the keys of these.
_FITTED = frozenset({"marks", "bleed"})
_REFITTING = frozenset({"card", "paper", "mode"})


class PrintSettings(Record, frozen=True):
    """Settings for printing; None for each that is left open.

    card: the name of a card size, or a custom card size.
    bleed: in mm.
    offset: in mm, to the right and down, as seen from the back; it belongs to a printer, not to a deck.
    start_at: the 1-based slot in which cards begin; it belongs to a sheet that is partly used.
    fonts: folders with font files, as written, relative to the deck's folder.
    printed: whether the deck's cards go on paper, unless a topic or a card says otherwise.
    span: the value of `print` in deck.yaml; None if the deck says nothing about printing.
    spans: where each setting is in deck.yaml, by its key; options of the command line have none.
    problems: by key, what is wrong with settings that cannot be used; by "" what is wrong with the
        rest. They are reported only when sheets are planned: they concern paper alone, and the command
        line may replace them.
    """

    paper: Sheet | None = None
    card: str | CardSize | None = None
    flip: Flip | None = None
    mode: Mode | None = None
    order: Order | None = None
    rotate_backs: bool | None = None
    marks: Marks | None = None
    bleed: float | None = None
    scale_font: float | None = None
    grey: bool | None = None
    overflow: Overflow | None = None
    offset: tuple[float, float] | None = None
    start_at: int | None = None
    fonts: tuple[str, ...] = ()
    font_spans: tuple[Span, ...] = ()
    printed: bool = True
    span: Span | None = None
    spans: Mapping[str, Span] = field(default_factory=dict)
    problems: Mapping[str, Sequence[Diagnostic]] = field(default_factory=dict)

    def overridden_by(self, options: "PrintSettings") -> "PrintSettings":
        """Return these settings with the options of the command line in place of those they replace.

        Marks and bleed were chosen for the deck's own card size, paper and mode, so they are
        dropped when one of these is replaced.
        """
        keys = (*PRINT_KEYS, "offset", "start-at")
        replaced = {key for key in keys if key in options.problems or _value(options, key) is not None}
        dropped = replaced | _FITTED if replaced & _REFITTING else replaced
        values = {key.replace("-", "_"): _value(options, key) for key in dropped}
        problems = {key: problem for key, problem in self.problems.items() if key not in dropped}
        return replace(
            self,
            **values,
            spans={key: span for key, span in self.spans.items() if key not in dropped},
            problems={**problems, **options.problems},
        )


def _value(settings: PrintSettings, key: str) -> Any:
    return getattr(settings, key.replace("-", "_"))
