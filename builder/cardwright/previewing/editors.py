"""Opens files of the project in the author's editor, at a line."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path, PurePath

# How programs take a line; `{file}` and `{line}` are put in. By the names of their commands.
_ARGUMENTS = {
    **dict.fromkeys(("code", "codium", "code-insiders", "cursor", "windsurf"), ("--goto", "{file}:{line}")),
    **dict.fromkeys(("subl", "zed", "hx", "helix", "micro", "kak"), ("{file}:{line}",)),
    **dict.fromkeys(
        ("vim", "nvim", "vi", "gvim", "mvim", "emacs", "emacsclient", "nano", "kate", "gedit", "joe"),
        ("+{line}", "{file}"),
    ),
    **dict.fromkeys(("pycharm", "idea", "webstorm"), ("--line", "{line}", "{file}")),
    "notepad++": ("-n{line}", "{file}"),
}
_NEEDS_TERMINAL = frozenset({"vim", "nvim", "vi", "nano", "hx", "helix", "micro", "kak", "joe"})


class NoEditor(Exception):
    """No editor can be opened; its argument says why, and what to do."""


def editor_command(editor: str, environ: Mapping[str, str], path: Path, line: int) -> list[str]:
    """Return the command that opens a file at a line.

    editor: a command; it may have `{file}` and `{line}` in it. Empty for `$VISUAL` or `$EDITOR`, or else for
    what opens such files on this system, which then doesn't go to the line.

    Errors: NoEditor.
    """
    command = editor or environ.get("VISUAL") or environ.get("EDITOR") or ""
    if not command:
        return _system_command(path)
    try:
        words = shlex.split(command, posix=os.name != "nt")
    except ValueError as error:
        raise NoEditor(f"the command `{command}` can't be read: {error}") from error
    if not words:
        raise NoEditor("the command names no program; --editor names one")
    name = PurePath(words[0]).stem.lower()
    program = shutil.which(words[0])
    if program is None:
        raise NoEditor(f"there is no program `{words[0]}`; --editor names another one")
    placed = {"{file}": str(path), "{line}": str(line)}
    is_alone = not editor or all(any(place in word for place in placed) for word in words[1:])
    if is_alone and name in _NEEDS_TERMINAL:
        # It would take over the terminal in which the preview runs, or run unseen. Options may send the file
        # to one that runs already.
        raise NoEditor(f"`{name}` needs a terminal of its own; --editor names one with a window")
    if not any(place in command for place in placed):
        words += _ARGUMENTS.get(name, ("{file}",))
    filled = [_fill(word, placed) for word in words]
    return [program, *filled[1:]]


def _fill(word: str, values: Mapping[str, str]) -> str:
    for place, value in values.items():
        word = word.replace(place, value)
    return word


def _system_command(path: Path) -> list[str]:
    opener = {"darwin": "open", "win32": "explorer"}.get(sys.platform, "xdg-open")
    program = shutil.which(opener)
    if program is None:
        raise NoEditor("no editor is known here; --editor or $VISUAL names one")
    return [program, str(path)]


def open_editor(command: list[str]) -> None:
    """Start an editor, and don't wait for it.

    Errors: NoEditor if it can't be started.
    """
    try:
        subprocess.Popen(  # noqa: S603  the author's own command
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise NoEditor(f"`{command[0]}` can't be started: {error.strerror or error}") from error
