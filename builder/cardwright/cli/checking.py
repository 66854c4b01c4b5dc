"""Checks decks as `cardwright check` was told to."""

import os
import secrets
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cardwright import pipeline
from cardwright.cli import console, project
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Report, Severity
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import count_noun, truncate
from cardwright.formats.registry import OUTPUT_NAMES, Output
from cardwright.shell.environment import LocalEnvironment
from cardwright.shell.replay import Printed
from cardwright.shell.schema_file import outdated_schema


def check_decks(
    root: Path,
    names: Sequence[str],
    *,
    only: tuple[str, ...] | None,
    time: int,
    strict: bool,
    output_format: str,
    show_all: bool,
) -> Printed:
    """Check decks, and print what there is to say.

    names: of the decks, as typed; none for all.
    only: names of outputs; None to check for those that are used.
    time: in seconds since 1970, for advice that depends on the day.
    strict: whether warnings and advice fail, too. output_format, show_all: see `console.render_report`.
    """
    report = Report()
    decks = project.select_decks(root, names, report)
    environment = LocalEnvironment(root, os.environ, sys.stderr)
    unused: list[tuple[Output, Deck]] | None = [] if only is None else None
    today = datetime.fromtimestamp(time, UTC).date()
    salt = secrets.token_hex(3)
    outputs = only or OUTPUT_NAMES
    report.extend(pipeline.check(decks, environment, outputs, today, salt=salt, unused=unused))
    report.extend(outdated_schema(root))
    texts = console.render_report(report, output_format, show_all=show_all)
    if output_format == "text":
        lines = _closing_lines(report, len(decks), unused or ())
        texts += [console.escape_lines(line) for line in lines]
    failing = {Severity.ERROR, Severity.WARNING, Severity.ADVICE} if strict else {Severity.ERROR}
    code = 1 if any(diagnostic.severity in failing for diagnostic in report) else 0
    printed = Printed([], texts, code)
    console.print_rendered(printed)
    return printed


def _closing_lines(report: Report, deck_count: int, unused: Iterable[tuple[Output, Deck]]) -> Iterator[str]:
    advice = next((diagnostic for diagnostic in report if diagnostic.severity is Severity.ADVICE), None)
    if advice is not None:
        yield f"Why? cardwright check --explain {advice.code}"
    yield f"{count_noun(deck_count, 'deck')} checked: {console.count_problems(report)}"
    yield from _unchecked(unused)


def _unchecked(unused: Iterable[tuple[Output, Deck]]) -> Iterator[str]:
    """Yield a line for each output that was not checked for some decks, and how to check it."""
    names_by_output: dict[Output, list[str]] = {}
    for output, deck in unused:
        names_by_output.setdefault(output, []).append(escape_controls(truncate(deck.name or deck.folder)))
    for output, names in names_by_output.items():
        decks = f"{len(names)} decks" if len(names) > 1 else names[0]
        what = f"{output.description} of {decks}, as there are none yet"
        yield f"not checked: {what} (--only {output.name} checks them)"
