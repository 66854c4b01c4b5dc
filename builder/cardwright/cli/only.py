"""The option `--only`, which chooses outputs."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from cardwright.cli.completion import complete_outputs
from cardwright.formats.registry import OUTPUT_NAMES, OUTPUTS

_Function = TypeVar("_Function", bound=Callable[..., Any])


def only_option(explanation: str) -> Callable[[_Function], _Function]:
    """Return the option. Its value is None, or a tuple of names of outputs. explanation: a verb phrase."""
    outputs = ", ".join(f"{output.name} ({output.description})" for output in OUTPUTS)
    help_ = f"{explanation}, separated by commas: {outputs}."
    return click.option(
        "--only", metavar="OUTPUTS", callback=_parse, shell_complete=complete_outputs, help=help_
    )


def _parse(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    names = [name.strip() for name in value.split(",")]
    for name in names:
        if name not in OUTPUT_NAMES:
            raise click.UsageError(f"--only: `{name}` can't be built; it can be {', '.join(OUTPUT_NAMES)}")
    return tuple(names)
