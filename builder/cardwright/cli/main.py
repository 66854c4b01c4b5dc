"""The command `cardwright`, and what becomes of everything that can go wrong in it."""

import gc
import io
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from cardwright.version import VERSION

# The line that `--help` shows for each command. They are all here, so that `--help` imports no command.
COMMANDS = {
    "build": "Write Anki packages and card sheets.",
    "check": "Report problems in card sources.",
    "print": "Print some or all cards of a deck, your way.",
    "rehearse": "Try a new package on someone who studies the old one.",
}

DONE = 0
AUTHOR = 1
USAGE = 2
BUG = 70
STOPPED = 130


class _Commands(click.Group):
    """Commands that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"cardwright.cli.{cmd_name}").command
        command.short_help = COMMANDS[cmd_name]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(VERSION, message="cardwright %(version)s")
def cli() -> None:
    """Study cards written as text, built into Anki packages and print-ready card sheets.

    Decks lie as YAML files in cards_source/; what is built of them goes to
    decks/. The project is the nearest folder, from this one upwards, that
    has cards_source/.

    \b
    Exit codes:
      0   done
      1   something in the sources, or on the disk, needs your hand
      2   the command was called wrongly
      70  a mistake of ours; the message says how to report it
    \b
    Example:
      cardwright check
      cardwright build
    """


def run(arguments: Sequence[str]) -> int:
    """Runs a command line. Returns the exit code."""
    try:
        result = cli.main(list(arguments), prog_name="cardwright", standalone_mode=False)
    except click.ClickException as mistake:
        mistake.show()
        return mistake.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        return STOPPED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else DONE
    except OSError as refusal:
        # What was built is safe: the disk has no room for a report, or for what is only in between.
        where = f": {refusal.filename}" if refusal.filename else ""
        click.echo(f"Error: the system says: {refusal.strerror or refusal}{where}", err=True)
        return AUTHOR
    except Exception:  # noqa: BLE001 whatever it is, it is ours
        import traceback

        click.echo(
            "cardwright made a mistake; your cards are not to blame, and no file was half written.\n"
            "Please report it with the lines below and, if you may share it, the deck that led to it.\n"
            f"\ncardwright {VERSION}, Python {sys.version.split()[0]}, {sys.platform}\n"
            f"{traceback.format_exc()}",
            err=True,
        )
        return BUG
    return result if isinstance(result, int) else DONE


def main() -> None:
    """The entry point."""
    # A deck is millions of small objects without cycles; a search for cycles finds none and takes
    # a third of a build.
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        # A text that the terminal's encoding lacks is escaped, not a crash.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))
