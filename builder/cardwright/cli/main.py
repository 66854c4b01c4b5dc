"""The command `cardwright`: its subcommands, and the exit code for whatever goes wrong in them."""

import gc
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING, NoReturn

import click

from cardwright.shell.signals import exit_after
from cardwright.version import VERSION

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# The line that `--help` shows for each command. They are all here, so that `--help` imports no command.
COMMANDS = {
    "build": "Write Anki packages and card sheets.",
    "check": "Report problems in card sources.",
    "doctor": "Say whether everything works that cardwright needs.",
    "import": "Turn decks of Anki into sources of your own.",
    "new": "Make a deck with examples to begin with.",
    "preview": "See every card in the browser while you write.",
    "print": "Print some or all cards of a deck, your way.",
    "pull": "Bring edits made in Anki back into the sources.",
    "rehearse": "Try a new package on someone who studies the old one.",
    "schema": "Help your editor complete, explain and check the keys of cards.",
}

VERSION_LINE = f"cardwright {VERSION}, Python {sys.version.split()[0]}, {sys.platform}"
"""What `--version` prints, and what reports begin with."""

EXIT_DONE = 0
EXIT_USER_ERROR = 1
EXIT_BUG = 70
EXIT_INTERRUPTED = 130


class _Commands(click.Group):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 click's signature
        if cmd_name not in COMMANDS:
            return None
        # A module can't have the name of a keyword.
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = import_module(f"cardwright.cli.{module}").command
        command.name = cmd_name
        command.short_help = COMMANDS[cmd_name]
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not ctx.resilient_parsing:
            from cardwright.cli.unknown_commands import explain_unknown_command

            raise click.UsageError(explain_unknown_command(args[0]), ctx)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        commands = COMMANDS.items()
        items = [CompletionItem(name, help=line) for name, line in commands if name.startswith(incomplete)]
        return items + super(click.Group, self).shell_complete(ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(VERSION_LINE, message="%(version)s")
def cli() -> None:
    """Study cards written as text, built into Anki packages and print-ready card sheets.

    Decks are YAML files in cards_source/; what is built from them goes to
    decks/. The project is the nearest folder, from this one upwards, that
    has cards_source/.

    \b
    Exit codes:
      0   done
      1   something in the sources, or on the disk, needs to be fixed
      2   the command line is wrong
      70  a bug in cardwright; the message says how to report it
      130 stopped with Ctrl-C
    \b
    Example:
      cardwright new Spanish verbs
      cardwright check
      cardwright build
    """


def run(arguments: Sequence[str]) -> int:
    """Run a command line. Return the exit code."""
    if "_CARDWRIGHT_COMPLETE" in os.environ:
        from cardwright.cli.shells import use_our_shells

        use_our_shells()
    try:
        result = cli.main(list(arguments), prog_name="cardwright", standalone_mode=False)
    except click.NoSuchOption as error:
        from cardwright.cli.unknown_commands import explain_unknown_option

        return _show(arguments, click.UsageError(explain_unknown_option(error), error.ctx))
    except click.ClickException as error:
        return _show(arguments, error)
    except click.Abort:
        return _end(arguments, EXIT_INTERRUPTED)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else EXIT_DONE
    except OSError as error:
        # What was built is safe: the disk has no room for a report, or for temporary files.
        path = f": {error.filename}" if error.filename else ""
        reason = f"the system says: {error.strerror or error}{path}"
        _print_error(f"Error: {reason}")
        return _end(arguments, EXIT_USER_ERROR, reason)
    except Exception as error:  # noqa: BLE001 whatever it is, it is our bug
        if isinstance(error.__cause__, KeyboardInterrupt):
            # Python 3.11 wraps what is raised while a class gets its attributes (`__set_name__`).
            raise error.__cause__ from None
        import traceback

        _print_error(
            "This is a bug in cardwright, not in your cards, and no file was half written.\n"
            "Please report it with the lines below, those of `cardwright doctor` and, if you may share it,\n"
            "the deck that led to it.\n"
            f"\n{VERSION_LINE}\n"
            f"{traceback.format_exc()}"
        )
        return _end(arguments, EXIT_BUG, f"{type(error).__name__}: {error}")
    return result if isinstance(result, int) else EXIT_DONE


def _show(arguments: Sequence[str], error: click.ClickException) -> int:
    buffer = io.StringIO()
    error.show(buffer)
    _print_error(buffer.getvalue().rstrip("\n"))
    return _end(arguments, error.exit_code, error.format_message())


def _end(arguments: Sequence[str], code: int, message: str = "") -> int:
    """Return the exit code of a command line without a result, which a program gets to know as JSON, too."""
    from cardwright.cli.json_output import print_end

    print_end(arguments, code, message)
    return code


def _print_error(lines: str) -> None:
    # Names of files and words of authors are among the lines.
    from cardwright.cli.console import print_line

    print_line(lines, err=True)


def main() -> NoReturn:
    """Run the command line of the process, and end it with the exit code."""
    # A deck is millions of small objects without cycles; looking for cycles finds none and takes
    # a third of a build.
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        # A character that the terminal's encoding lacks is escaped, and no crash.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    exit_after(lambda: run(sys.argv[1:]))
