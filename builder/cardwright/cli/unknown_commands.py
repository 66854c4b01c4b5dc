"""Say which command does what someone wanted who used the name of another one."""

from collections.abc import Sequence

import click

from cardwright.cli.main import COMMANDS
from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import closest_match, list_choices, truncate
from cardwright.shell.project_folder import find_project

_BUILD = "`cardwright build` writes the Anki package and the card sheets"
_CHECK = "`cardwright check` reports all problems and writes nothing"
_PRINT = "`cardwright print` writes sheets of some or all cards"
_REHEARSE = "`cardwright rehearse OLD.apkg NEW.apkg` tries a new package on someone who studies the old one"
_PULL = "`cardwright pull EXPORT.apkg` brings edits made in Anki back into the sources"
_LAYOUT = "`cardwright print --layout {}` writes that"
_NEW = "`cardwright new NAME` makes a deck with examples to begin with"
_IMPORT = "`cardwright import FILE` turns decks of Anki into sources"
_PREVIEW = "`cardwright preview` shows every card in the browser"
_DOCTOR = "`cardwright doctor` says whether everything works that cardwright needs"
_WATCH = "`cardwright build --watch` builds at every save"

# By what the commands and options of other builders, and of tools like ours, are called.
POINTERS = {
    _BUILD: "all anki apkg compile export generate make package publish rebuild release run update write",
    _CHECK: "dry-run errors lint problems test validate verify",
    _DOCTOR: "diagnose env environment health info status",
    _PRINT: "cards latex pdf sheet sheets",
    _PULL: "backport export-back fetch merge sync",
    _REHEARSE: "changes compare diff simulate",
    _LAYOUT.format("list"): "list",
    _LAYOUT.format("quiz"): "exam quiz",
    _LAYOUT.format("summary"): "handout summary",
    "`cardwright print --calibrate` writes a test page for the printer": "calibrate calibration",
    "`cardwright print --list-presets` shows all card sizes": "list-presets presets sizes",
    "`cardwright check --explain` lists all rules, and explains one": "explain rules",
    "`cardwright build --restore-lock` makes a lost lock anew": "lock repair restore restore-lock",
    "`cardwright build --locked` fails if an id or the lock would change": "ci frozen",
    "`cardwright print --out` says where sheets go; all else goes to decks/": "o out output",
    "nothing needs to be cleaned: a build removes what it no longer writes": "clean reset",
    "`cardwright --help` lists the commands, `cardwright build --help` explains one": "help man usage",
    "`cardwright --version` shows the version": "v version",
    _NEW: "add create init new-deck start template",
    _IMPORT: "anki2 colpkg convert crowdanki csv migrate",
    _PREVIEW: "html open serve server show view web",
    _WATCH: "auto live watch",
}
_POINTERS_BY_WORD = {word: pointer for pointer, words in POINTERS.items() for word in words.split()}


def explain_unknown_command(name: str) -> str:
    """Return the message about a command that does not exist."""
    shown = escape_controls(truncate(name))
    root = find_project()
    if root is not None and _is_deck(name, root):
        return f"`{shown}` is a deck; `cardwright build {shown}` builds it"
    return f"there is no command `{shown}`; {_pointer(name, list(COMMANDS))}"


def _is_deck(name: str, root: str) -> bool:
    from pathlib import Path

    from cardwright.diagnostics import Report
    from cardwright.shell.project import find_decks
    from cardwright.source.files import normal_path

    return any(normal_path(name) == normal_path(deck.name) for deck in find_decks(Path(root), Report()))


def explain_unknown_option(error: click.NoSuchOption) -> str:
    """Return the message about an option that does not exist."""
    known = [] if error.ctx is None else [name for option in error.ctx.command.params for name in option.opts]
    command = "" if error.ctx is None else f" of `{error.ctx.command_path}`"
    shown = escape_controls(truncate(error.option_name))
    pointer = _pointer(error.option_name, [name for name in known if name.startswith("--")])
    return f"there is no option `{shown}`{command}; {pointer}"


def _pointer(name: str, known: Sequence[str]) -> str:
    """Return what to do instead. known: names of which one may be misspelt."""
    word = name.lower().lstrip("-").replace("_", "-")
    if word in _POINTERS_BY_WORD:
        return _POINTERS_BY_WORD[word]
    if match := closest_match(name, known):
        return f"did you mean `{match}`?"
    if similar := closest_match(word, _POINTERS_BY_WORD):
        return _POINTERS_BY_WORD[similar]
    return list_choices(known)
