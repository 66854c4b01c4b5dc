"""What the author asked for on paper."""

from builder.collection.deck import PrintSettings
from builder.diagnostics.diagnostic import Diagnostic
from builder.diagnostics.phrases import did_you_mean, shown
from builder.diagnostics.report import Report
from builder.diagnostics.span import Span
from builder.layout import preset
from builder.layout.preset import Preset


def chosen(settings: PrintSettings, report: Report) -> Preset | None:
    """The preset that a deck's settings name.

    Errors: `unknown-paper`, `unknown-card-size`; then None. Needs no PDF engine, so
    that checking a deck finds them too.
    """
    paper = settings.paper or preset.PAPERS[0]
    card = settings.card or preset.CARD_SIZES[0]
    known = True
    for code, what, name, names, span in (
        ("unknown-paper", "paper", paper, preset.PAPERS, settings.paper_span),
        ("unknown-card-size", "card size", card, preset.CARD_SIZES, settings.card_span),
    ):
        if name not in names:
            known = False
            report.add(_unknown(code, what, name, names, span))
    return preset.find(paper, card) if known else None


def _unknown(code: str, what: str, name: str, names: tuple[str, ...], span: Span | None) -> Diagnostic:
    return Diagnostic(
        code, f"there is no {what} called `{shown(name)}`", span, help=did_you_mean(name.lower(), names)
    )
