"""How the work grows with the input, for every kind of input: 1 is linear, 2 quadratic.

`python -m bench.growth NAME…` measures the kinds with one of these in their names, and prints seconds too.
"""

import gc
import math
import os
import pkgutil
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import cardwright
from bench.growth_inputs import BUILD, CHECK, KINDS, PAPER, SHEETS, Files, Kind
from bench.measuring import Measurement, Project
from cardwright.cli import main as command_line

LIMIT = 1.3
_COMMANDS = {
    CHECK: ("check", "--only", "anki"),
    PAPER: ("check", "--only", "pdf"),
    BUILD: ("build", "--only", "anki"),
    SHEETS: ("build", "--only", "pdf"),
}
# A run that takes so many seconds of CPU is ended: an input that never ends must not stop the others.
_MOST_SECONDS = 60
# Less than this, in seconds, beyond what a single piece takes, says nothing about growth.
_LEAST_SECONDS = 0.2


LIKELY = (
    *("items of a list", "rows of a table", "labels of a diagram", "fields of a note type"),
    *("files of a deck", "decks", "retired cards", "NULs", "letters", "formulas that are the same"),
)
"""The names of kinds that authors are likely to have a lot of, by purpose or by mistake."""


def measure(
    project: Project, names: tuple[str, ...] = LIKELY, *, verbose: bool = False
) -> Iterator[Measurement]:
    """Yield the exponent of each kind of input and command.

    names: parts of the names of the kinds to measure. verbose: whether seconds are printed too.
    """
    _import_everything()
    for name, kind in KINDS.items():
        if not any(part in name for part in names):
            continue
        for command in kind.commands:
            one, quarter, whole = (
                _seconds(project.folder, kind, command, size) for size in (1, kind.size // 4, kind.size)
            )
            if verbose:
                print(f"  1: {one:.2f} s, a quarter: {quarter:.2f} s, all: {whole:.2f} s")
            growth = max(whole - one, 1e-9) / max(quarter - one, 1e-2)
            exponent = math.log(growth, 4) if whole - one > _LEAST_SECONDS else 0.0
            yield Measurement(f"{kind.size:,} {name}, {command}", exponent, limit=LIMIT)


def _import_everything() -> None:
    """Import the package, so that no run has to."""
    for module in pkgutil.walk_packages(cardwright.__path__, "cardwright."):
        if "rehears" not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)
    gc.collect()
    gc.freeze()


def _seconds(folder: Path, kind: Kind, command: str, size: int) -> float:
    """Return the seconds of CPU that a command takes in a copy of this process; infinite if it has no end."""
    for path in folder.iterdir():
        shutil.rmtree(path)
    if kind.before is not None:
        _write(folder, kind.before(size))
        _run(folder, BUILD)
        for path in folder.rglob("*.yaml"):
            path.unlink()
    _write(folder, kind.files(size))
    return _run(folder, command)


def _run(folder: Path, command: str) -> float:
    child = os.fork()
    if not child:
        _run_in_child(folder, command)
    _, status, usage = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code > 1:
        raise SystemExit(f"cardwright {' '.join(_COMMANDS[command])} ends with {code} in {folder}")
    return usage.ru_utime + usage.ru_stime if code >= 0 else math.inf


def _run_in_child(folder: Path, command: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    os.chdir(folder)
    os.environ["CARDWRIGHT_CACHE"] = str(folder / "cache")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.argv = ["cardwright", *_COMMANDS[command]]
    try:
        command_line.main()
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else 0)
    finally:
        os._exit(70)


def _write(folder: Path, files: Files) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def main(names: list[str]) -> int:
    """Measure the kinds in whose name one of these is, or all. Returns whether one is over the limit."""
    over_limit = False
    with tempfile.TemporaryDirectory() as folder:
        for measurement in measure(Project(Path(folder)), tuple(names) or ("",), verbose=True):
            print(measurement, flush=True)
            over_limit |= measurement.is_over_limit
    return over_limit


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
