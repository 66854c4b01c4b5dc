"""The checks of `cardwright doctor`: what this machine and this project have of what cardwright needs."""

import os
import re
import sys
from collections.abc import Callable, Mapping
from enum import Enum
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cardwright.formats.pdf.engine import Engine
    from cardwright.formats.pdf.nodes import Json

_REINSTALL = "install cardwright again: python -m pip install --force-reinstall cardwright"
# Signs that the bundled fonts lack, by what people call them.
_SIGNS = {
    "emoji": "😀",
    "Chinese": "骨",
    "Japanese": "か",
    "Korean": "뼈",
    "Arabic": "ع",
    "Hebrew": "ש",
    "Hindi": "ह",
    "Thai": "ก",
}
_MANY_SIGNS = "é→汉"
"""If the terminal can show these, it can show anything."""


class Status(Enum):
    """What a check has found. A note is about something that is missing, and that only some people need."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


class Finding(NamedTuple):
    """What a check has found. help: what to do; empty if nothing needs to be done."""

    name: str
    status: Status
    text: str
    help: str = ""


_Result = tuple[Status, str] | tuple[Status, str, str]
"""A finding without its name."""


def run_checks() -> list[Finding]:
    """Run every check. A check that fails itself has found a problem."""
    return [_run_check(name, check) for name, check in _CHECKS.items()]


def _run_check(name: str, check: Callable[[], _Result]) -> Finding:
    try:
        finding = Finding(name, *check())
    except OSError as error:
        finding = Finding(name, Status.PROBLEM, f"the system says: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001 whatever is broken, the other checks still tell something
        finding = Finding(name, Status.PROBLEM, f"{type(error).__name__}: {error}", _REINSTALL)
    return finding._replace(text=_without_names(finding.text), help=_without_names(finding.help))


def _without_names(text: str) -> str:
    """Return a text with `~` for the home folder, and `USER` for folders of the user elsewhere."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  never raises an error
    if home == Path(home.anchor):
        return text
    for folder in {str(home), os.path.realpath(home)}:
        text = re.sub(rf"{re.escape(folder)}(?![\w.-])", "~", text)
    return re.sub(rf"(?<=[\\/]){re.escape(home.name)}(?![\w.-])", "USER", text)


def _check_python() -> _Result:
    import platform

    return Status.OK, f"{platform.python_version()} in {sys.prefix}, on {platform.platform()}"


def _check_program() -> _Result:
    from cardwright.shell.installed_code import LIBRARIES

    for library in LIBRARIES:
        import_module(library)
    return Status.OK, f"in {Path(__file__).parent.parent}, with all of its libraries"


def _check_engine() -> _Result:
    """Let the engine compile something."""
    from cardwright.formats.pdf.engine import Engine
    from cardwright.shell.environment import temporary_asset_dir

    with temporary_asset_dir() as asset_dir:
        _missing_signs(Engine(asset_dir), {"letters": "a"})
    return Status.OK, f"Typst {version('typst')}"


def _check_fonts() -> _Result:
    from cardwright.diagnostics.phrases import count_noun
    from cardwright.formats.pdf.engine import Engine
    from cardwright.shell.environment import temporary_asset_dir
    from cardwright.shell.font_folders import find_font_folders

    folders = [str(folder) for folder in find_font_folders(os.environ)]
    with temporary_asset_dir() as asset_dir:
        engine = Engine(asset_dir, folders)
        missing = _missing_signs(engine, _SIGNS)
    count = count_noun(len(engine.families_on_disk), "font")
    text = f"{count} in {', '.join(folders)}" if folders else "only those that cardwright brings along"
    if not missing:
        return Status.OK, text
    help_ = "only to print such signs you need one: install a Noto font for them"
    return Status.NOTE, f"{text}; none for {', '.join(missing)}", help_


def _missing_signs(engine: "Engine", signs: Mapping[str, str]) -> list[str]:
    """Return the names of those signs that no font of the engine can show."""
    looks: dict[str, Json] = {"fonts": engine.families, "weight": 400, "style": "normal"}
    missing = engine.find_missing_glyphs({**looks, "texts": [*signs.values()]})
    return [name for name, sign in signs.items() if sign in missing]


def _check_anki() -> _Result:
    import click

    from cardwright.cli.rehearsing import load_rehearse

    try:
        load_rehearse()
    except click.UsageError as error:
        return Status.NOTE, "not installed; only `rehearse` needs it", error.message
    return Status.OK, f"Anki {version('anki')}"


def _check_cache() -> _Result:
    from cardwright.shell.cache import DiskCache
    from cardwright.shell.user_folders import cache_folder

    folder = cache_folder(os.environ)
    if folder is None:
        return Status.NOTE, "off, as CARDWRIGHT_CACHE says; so every build takes its full time"
    cache, entry = DiskCache(folder), {"doctor": b"works"}
    cache.put(entry)
    if cache.get(["doctor"]) != entry:
        help_ = (
            "make this folder writable, or name another one in CARDWRIGHT_CACHE; until then builds are slow"
        )
        return Status.PROBLEM, f"{folder} can't be used", help_
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Status.OK, f"{folder}, {size / 1e6:.1f} MB; can be deleted at any time"


def _check_temporary_files() -> _Result:
    from cardwright.shell.environment import temporary_asset_dir

    try:
        with temporary_asset_dir() as asset_dir:
            asset_dir.put("doctor", b"works")
            return Status.OK, str(Path(asset_dir.folder).parent)
    except OSError as error:
        help_ = "make room on the disk, or name another folder in TMPDIR (on Windows: TEMP)"
        return Status.PROBLEM, f"can't be written: {error.strerror or error}", help_


def _check_project() -> _Result:
    from cardwright.diagnostics import Report
    from cardwright.diagnostics.phrases import count_noun
    from cardwright.formats.registry import OUTPUT_FOLDER
    from cardwright.shell.files import exists
    from cardwright.shell.project import find_decks
    from cardwright.shell.project_folder import SOURCE_FOLDER

    root = _find_root()
    if root is None:
        help_ = f"`cd` to the folder with {SOURCE_FOLDER}/, or make a deck here with `cardwright new NAME`"
        return Status.NOTE, "none in this folder or any above it", help_
    report = Report()
    decks = find_decks(root, report)
    if report.has_errors:
        return Status.PROBLEM, f"{root}: some folders can't be read", "`cardwright check` says which"
    folders = [root, root / SOURCE_FOLDER, root / OUTPUT_FOLDER]
    locked = [str(folder) for folder in folders if exists(folder) and not os.access(folder, os.W_OK)]
    if locked:
        help_ = "a build writes there; make them writable, or copy the project to a folder of your own"
        return Status.PROBLEM, f"you may not write to {', '.join(locked)}", help_
    return Status.OK, f"{root}, {count_noun(len(decks), 'deck')}"


def _check_locks() -> _Result:
    from cardwright.diagnostics import Report
    from cardwright.diagnostics.phrases import count_noun
    from cardwright.pipeline.load import read_lock_file
    from cardwright.shell.files import LOCK_LIMIT, read_regular_file

    root = _find_root()
    report = Report()
    paths = [] if root is None else _find_locks(root)
    for path in paths:
        assert root is not None
        read_lock_file(path, read_regular_file(root / path, LOCK_LIMIT), report)
    if report.has_errors:
        return Status.PROBLEM, "some can't be read", "`cardwright check` says what is wrong with them"
    return Status.OK, f"{count_noun(len(paths), 'lock')}; the first build of a deck makes one"


def _check_git() -> _Result:
    from cardwright.diagnostics.phrases import count_noun
    from cardwright.shell.git import run_git

    root = _find_root()
    folder = root or Path.cwd()
    try:
        installed = (run_git(folder, "--version") or b"").decode().strip()
        is_versioned = run_git(folder, "rev-parse", "--git-dir") is not None
        locks = [] if root is None else _find_locks(root)
        ignored = (run_git(folder, "check-ignore", "--", *locks) or b"") if locks else b""
    except FileNotFoundError:
        return Status.NOTE, "not installed; only decks that several people write need it"
    if ignored:
        help_ = "take them out of .gitignore, since a lock keeps the schedules of learners"
        return Status.PROBLEM, f"it ignores {count_noun(len(ignored.splitlines()), 'lock')}", help_
    return Status.OK, f"{installed}; {'this folder' if root is None else 'the project'} is " + (
        "in version control"
        if is_versioned
        else "not in version control, which is fine for decks of your own"
    )


def _find_root() -> Path | None:
    from cardwright.shell.project_folder import find_project

    root = find_project()
    return None if root is None else Path(root)


def _find_locks(root: Path) -> list[str]:
    """Return the paths of the locks of a project's decks, relative to it."""
    from cardwright.diagnostics import Report
    from cardwright.shell.files import exists
    from cardwright.shell.project import find_decks

    return [deck.lock_path for deck in find_decks(root, Report()) if exists(root / deck.lock_path)]


def _check_terminal() -> _Result:
    encoding = sys.stdout.encoding
    try:
        _MANY_SIGNS.encode(encoding)
    except UnicodeEncodeError:
        text = f"its encoding, {encoding}, lacks many signs, which are printed as numbers"
        return Status.NOTE, text, "set the environment variable PYTHONUTF8 to 1"
    return Status.OK, f"encoding {encoding}"


def _check_browser() -> _Result:
    import webbrowser

    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        help_ = "`cardwright preview` prints an address; open it in the browser of your choice"
        return Status.NOTE, "none can be opened from here", help_
    return Status.OK, Path(getattr(browser, "name", "") or "the one of the system").name


def _check_editor() -> _Result:
    from cardwright.previewing.editors import NoEditor, editor_command

    try:
        program = editor_command("", os.environ, Path("deck.yaml"), 1)[0]
    except NoEditor as error:
        return Status.NOTE, f"`cardwright preview` can open none: {error}", "for example --editor code"
    return Status.OK, f"{Path(program).name} opens sources from the preview"


_CHECKS: Mapping[str, Callable[[], _Result]] = {
    "Python": _check_python,
    "cardwright": _check_program,
    "PDF engine": _check_engine,
    "fonts": _check_fonts,
    "Anki's importer": _check_anki,
    "cache": _check_cache,
    "temporary files": _check_temporary_files,
    "project": _check_project,
    "locks": _check_locks,
    "git": _check_git,
    "terminal": _check_terminal,
    "browser": _check_browser,
    "editor": _check_editor,
}
