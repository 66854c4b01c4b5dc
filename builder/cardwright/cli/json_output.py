"""The line of JSON with which a command tells a program what it did; `docs/json.md` describes it."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from cardwright.cli import console

if TYPE_CHECKING:
    from cardwright.diagnostics import Diagnostic

FORMAT_VERSION = 1
"""Raised when a key goes or means something else. New keys may come without that."""

_STATUSES = {0: "done", 1: "failed", 2: "wrong-usage", 70: "bug", 130: "stopped"}
"""How a command ended, by its exit code."""

# What each command says beside its status and its diagnostics, as long as there is nothing to say.
_NO_RESULTS: dict[str, dict[str, object]] = {
    "build": {"decks": [], "rehearsals": []},
    "import": {"imported": [], "project_made": False},
    "print": {"printout": None, "files": [], "instructions": []},
    "pull": {"pulls": [], "files": []},
    "rehearse": {"rehearsal": None},
    "doctor": {"version": None, "checks": []},
}


def render(
    command: str, code: int, diagnostics: "Iterable[Diagnostic]" = (), *, message: str = "", **results: object
) -> str:
    """Return the line of JSON about a run of a command.

    code: the exit code. message: why there is no result, if no diagnostic says so.
    results: some or all of those that the command has.
    """
    from cardwright.diagnostics.emit import jsonl

    return jsonl.to_line(
        {
            "format_version": FORMAT_VERSION,
            "command": command,
            "status": _STATUSES[code],
            "message": message,
            "diagnostics": [jsonl.to_object(diagnostic) for diagnostic in diagnostics],
            **_NO_RESULTS[command],
            **results,
        }
    )


def print_end(arguments: Sequence[str], code: int, message: str) -> None:
    """Print how a command line ended before it had a result, if it asks for JSON. Others: see `render`."""
    if arguments and arguments[0] in _NO_RESULTS and _last_format(arguments) == "json":
        console.print_escaped(render(arguments[0], code, message=message))


def _last_format(arguments: Sequence[str]) -> str:
    """Return the format that a command line asks for; it may be wrong in all else, so click can't say."""
    output_format = ""
    for argument, following in pairwise([*arguments, ""]):
        if argument == "--":
            break
        if argument == "--format":
            output_format = following
        elif argument.startswith("--format="):
            output_format = argument.removeprefix("--format=")
    return output_format
