"""The generated parts of docs/commands.md: what click knows of each command, as Markdown."""

import inspect
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from textwrap import fill
from typing import Any

import click

from cardwright.cli.main import COMMANDS, cli
from scripts.markdown import one_of, table

_NAME = "cardwright"
# What a help text has no quotes around, and is no prose: options, paths and placeholders.
_CODE = (
    r"`[^`]*`"  # is code already
    r"|'[^' ]+(?: [^']+)?'(?=[ ;,.]|$)"
    r"|--[a-z][\w-]*"
    r"|\$[A-Z]+|\b[A-Z]+(?:_[A-Z]+)+\b"
    r"|(?:[\w.]+/)*<[\w<>./-]*[\w>](?:\.\w+)?"
    r"|\b\w+/(?:[\w./-]*\w)?"
    r"|(?<![\w.])\.(?:pdf|apkg|colpkg|gitattributes)\b"
    r"|\b[\w-]+\.(?:yaml|lock|apkg|schema\.json)\b"
)
_CONTEXT = click.Context(cli, info_name=_NAME, **cli.context_settings)
_PAGE = re.compile(r"docs/(\w+)\.md")


def commands(_page: str) -> str:
    """Return a section for each command."""
    return "\n\n".join(_section(name, command) for name, command in _commands(_CONTEXT))


def _commands(context: click.Context) -> Iterator[tuple[str, click.Command]]:
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        yield name, command


def summary(_page: str) -> str:
    """Return a table of the commands."""
    rows = ((f"[`{_NAME} {name}`](#{_NAME}-{name})", line) for name, line in COMMANDS.items())
    return table(("command", "what it does"), rows)


def exit_codes(_page: str) -> str:
    """Return a table of the exit codes that the help of the program lists."""
    help_ = inspect.cleandoc(cli.help or "")
    (listed,) = (part for part in re.split(r"\n\n|\n(?=\x08)", help_) if "Exit codes:" in part)
    rows = (line.split(maxsplit=1) for line in listed.splitlines() if re.match(r" +\d", line))
    return table(("exit code", "meaning"), ((code, f"{text[0].upper()}{text[1:]}.") for code, text in rows))


def general_options(_page: str) -> str:
    """Return the options that the program has without a command."""
    return _options(cli, _CONTEXT)


def _section(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name, parent=_CONTEXT)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    parts = [f"## {_NAME} {name}", f"```text\n{usage}\n```"]
    names = {
        word for parameter in command.params for word in re.findall("[A-Z]{3,}", parameter.metavar or "")
    }
    examples = ""
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        if "Example:" in paragraph:
            examples = inspect.cleandoc(paragraph.partition("Example:")[2])
        else:
            text = _marked_up(" ".join(paragraph.lstrip("\b").split()), names)
            parts.append(_wrapped(text))
    parts += ["Examples:", f"```sh\n{examples}\n```", "Options:", _options(command, context, names)]
    return "\n\n".join(parts)


def _wrapped(text: str) -> str:
    """Return a paragraph in lines that don't end within code."""
    text = re.sub("`[^`]*`", lambda match: match[0].replace(" ", "\x01"), text)
    return fill(text, 120, break_long_words=False, break_on_hyphens=False).replace("\x01", " ")


def _options(command: click.Command, context: click.Context, names: Collection[str] = ()) -> str:
    """Return a table of the options. names: of placeholders; what all commands have is left out."""
    options = [option for option in command.get_params(context) if isinstance(option, click.Option)]
    rows = (
        (_written(option), _value(option, context), _meaning(option, context, names))
        for option in options
        if command is cli or "--help" not in option.opts
    )
    return table(("option", "value", "what it does"), rows)


def _written(option: click.Option) -> str:
    """Return how an option is written."""
    names = sorted((*option.opts, *option.secondary_opts), key=lambda name: not name.startswith("--"))
    return ", ".join(f"`{name}`" for name in names)


def _value(option: click.Option, context: click.Context) -> str:
    """Return what stands behind an option."""
    if option.is_flag:
        return ""
    if isinstance(option.type, click.Choice):
        values = [*option.type.choices]
    elif isinstance(option.type, click.IntRange) and option.metavar is None:
        values = ["NUMBER"]
    else:
        values = option.make_metavar(context).split("|")
    return one_of(values)


def _meaning(option: click.Option, context: click.Context, names: Collection[str]) -> str:
    extra: Mapping[str, Any] = option.get_help_extra(context)
    text = _marked_up(option.help or "", names)
    if "range" in extra and isinstance(option.type, click.IntRange):
        text += f" From {option.type.min} to {option.type.max}."
    if "default" in extra:
        text += f" If left out: `{extra['default']}`."
    if option.multiple:
        text += " Can be given several times."
    return text


def _marked_up(text: str, names: Collection[str]) -> str:
    """Return a help text as Markdown: what is no prose becomes code. names: of placeholders."""
    links: list[str] = []

    def keep(match: re.Match[str]) -> str:
        title = Path(match[0]).read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        links.append(f"[{title}]({match[1]}.md)")
        return f"\x00{len(links) - 1}\x00"

    def code(match: re.Match[str]) -> str:
        found = match[0]
        return found if found.startswith("`") else f"`{found.strip(chr(39))}`"

    pattern = "|".join((_CODE, *(rf"(?<![\w-]){name}\b" for name in names)))
    text = re.sub(pattern, code, _PAGE.sub(keep, text))
    return re.sub("\x00(\\d+)\x00", lambda match: links[int(match[1])], text)


BLOCKS: Mapping[str, Callable[[str], str]] = {
    "commands": summary,
    "exit codes": exit_codes,
    "general options": general_options,
    "each command": commands,
}
