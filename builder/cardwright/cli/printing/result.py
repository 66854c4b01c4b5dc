"""Says what was printed, or why nothing was, to a person or to a program."""

from collections.abc import Iterable, Sequence
from typing import NoReturn

from cardwright.cli import console, json_output
from cardwright.cli.printing import instructions
from cardwright.cli.printing.options import PrintOptions
from cardwright.diagnostics import Report
from cardwright.formats.pdf.fit import TightSide
from cardwright.pipeline.printing import Printout


def fail(options: PrintOptions, report: Report) -> NoReturn:
    """Report everything that is wrong, and exit with 1."""
    if options.output_format != "json":
        console.fail(report, options.output_format)
    console.print_escaped(json_output.render("print", 1, report))
    raise SystemExit(1)


def print_result(
    options: PrintOptions,
    report: Report,
    printout: Printout | None,
    paths: Sequence[str],
    steps: Iterable[str],
) -> None:
    """Say what was printed.

    printout: None for a test page. paths: of the files. steps: what to do with them.
    """
    if options.output_format == "json":
        described = None if printout is None else _printout_object(printout)
        files = [{"path": path, "status": "written"} for path in paths]
        line = json_output.render(
            "print", 0, report, printout=described, files=files, instructions=list(steps)
        )
        console.print_escaped(line)
        return
    console.print_report(report, options.output_format, err=options.output_format == "text")
    if options.output_format == "github":
        return
    if len(report):
        console.print_line(console.count_problems(report), err=True)
    if printout is not None:
        lines = instructions.tightest_cards(printout) if options.fit else [instructions.headline(printout)]
        console.print_line("\n".join(lines))
    for line in (*instructions.written_files(paths), *steps):
        console.print_line(line)


def _printout_object(printout: Printout) -> dict[str, object]:
    return {
        "name": printout.deck.name,
        "cards": printout.cards,
        "all_cards": printout.all_cards,
        "sheets": printout.sheets,
        "pages": printout.pages,
        "tightest": [_side_object(side) for side in printout.tightest],
    }


def _side_object(side: TightSide) -> dict[str, object]:
    return {
        "card": side.card_name,
        "side": side.side,
        "font_size": round(side.font_size, 1),
        "scale": round(side.scale, 2),
        "direction": "wide" if side.is_width else "high",
        "needed": round(side.needed, 1),
        "available": round(side.available, 1),
    }
