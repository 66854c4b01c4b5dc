"""The house keeps its plan: a pure core, effects in two rooms, files of a size one can read.

The floors, and who may import which library, are contracts in pyproject.toml that import-linter holds.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import PACKAGE, ROOT

MODULES = sorted(PACKAGE.rglob("*.py"))
WITH_EFFECTS = ("shell", "cli", "rehearsal")
LINES = 500

CALLS = {
    "open", "print", "input", "breakpoint", "exec", "eval", "__import__",
    "time.time", "time.time_ns", "time.sleep", "time.monotonic", "time.perf_counter", "time.localtime",
    "datetime.now", "datetime.today", "datetime.utcnow", "date.today",
    "random.Random", "Random",
    "uuid.uuid1", "uuid.uuid4", "uuid1", "uuid4",
    "os.getenv", "os.urandom", "os.getpid", "os.getcwd", "os.listdir", "os.scandir", "os.walk", "os.stat",
    "os.open", "os.remove", "os.rename", "os.replace", "os.unlink", "os.mkdir", "os.makedirs", "os.system",
    "Path.cwd", "Path.home",
}  # fmt: skip
METHODS = {
    "read_text", "write_text", "write_bytes", "iterdir", "rglob", "mkdir", "touch", "unlink", "rmdir",
    "symlink_to", "is_symlink", "resolve", "expanduser",
}  # fmt: skip
# What a package brings along itself is data, not the disk: these may read it through importlib.resources.
RESOURCES = {"read_text", "read_bytes", "iterdir"}
MODULES_WITH_EFFECTS = {
    "asyncio", "ctypes", "getpass", "glob", "http", "logging", "multiprocessing", "platform", "secrets",
    "select", "shutil", "signal", "socket", "ssl", "subprocess", "sys", "threading", "urllib.request",
    "webbrowser",
}  # fmt: skip


def effects(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every place of a module that touches the world: its line, and what it does."""
    reads_resources = any(
        isinstance(node, ast.ImportFrom) and str(node.module).startswith("importlib")
        for node in ast.walk(tree)
    )
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for name in names:
                    if name.name in MODULES_WITH_EFFECTS:
                        yield node.lineno, f"import {name.name}"
            case ast.ImportFrom(module=str(module)) if module in MODULES_WITH_EFFECTS:
                yield node.lineno, f"from {module} import"
            case ast.Attribute(value=ast.Name(id="os"), attr="environ" | "environb"):
                yield node.lineno, "os.environ"
            case ast.Call(func=func):
                yield from _call(node, ast.unparse(func), reads_resources=reads_resources)
            case _:
                pass


def _call(node: ast.Call, name: str, *, reads_resources: bool) -> Iterator[tuple[int, str]]:
    last_two = ".".join(name.split(".")[-2:])
    method = name.rsplit(".", 1)[-1] if "." in name else ""
    seeded = last_two in ("random.Random", "Random") and node.args
    if (name in CALLS or last_two in CALLS) and not seeded:
        yield node.lineno, f"{name}()"
    elif method in METHODS | {"read_bytes"} and not (reads_resources and method in RESOURCES):
        yield node.lineno, f".{method}()"
    elif name.startswith("random.") and not seeded:
        yield node.lineno, f"{name}()"


@pytest.mark.parametrize(
    "module",
    [path for path in MODULES if path.relative_to(PACKAGE).parts[0] not in WITH_EFFECTS],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_the_core_is_pure(module: Path) -> None:
    """
    The same sources give the same bytes only if nothing but arguments goes in: no disk, no clock, no chance.
    """
    assert list(effects(ast.parse(module.read_text()))) == []


@pytest.mark.parametrize(
    "line",
    [
        "open('x')",
        "print('x')",
        "time.time()",
        "datetime.datetime.now()",
        "os.environ['HOME']",
        "Path('x').read_text()",
        "path.write_bytes(b'')",
        "import subprocess",
        "from time import sleep\nsys.exit(); time.sleep(1)",
        "random.random()",
        "random.Random()",
        "uuid4()",
    ],
)
def test_the_search_for_effects_finds_them(line: str) -> None:
    """A test of purity that overlooks a print is worth nothing."""
    assert list(effects(ast.parse(line)))


def test_reading_what_the_package_brings_along_is_no_effect() -> None:
    """Nor is chance with a seed."""
    line = "from importlib import resources\nresources.files('x').read_bytes(); random.Random(7)"

    assert not list(effects(ast.parse(line)))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_is_longer_than_one_reads_in_a_sitting(module: Path) -> None:
    """The median is about eighty lines; what grows beyond the limit has two subjects."""
    assert len(module.read_text().splitlines()) <= LINES


def test_every_ignored_rule_has_its_reason() -> None:
    """In the settings and in the code: an ignore without one is never taken out again."""
    settings = (ROOT / "pyproject.toml").read_text()
    listed = re.search(r"^ignore = \[\n(.*?)^\]", settings, re.MULTILINE | re.DOTALL)
    assert listed
    bare = [line for line in listed[1].splitlines() if not re.search(r'"[A-Z0-9]+", +# \w', line)]
    for module in MODULES:
        lines = module.read_text().splitlines()
        for number, line in enumerate(lines):
            ignored = re.search(
                r"# (?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])(.*)|# noqa|# type: ignore", line
            )
            above = any(re.match(r" *# \w", one) for one in lines[max(number - 2, 0) : number])
            if ignored and not above and not re.search("[a-z]", ignored[1] or ""):
                bare.append(f"{module.name}:{number + 1}")

    assert bare == []


def test_the_floors_are_those_of_the_plan() -> None:
    """Every package of the house stands on a floor; a new one cannot slip in beside them."""
    with (ROOT / "pyproject.toml").open("rb") as settings:
        contracts = tomllib.load(settings)["tool"]["importlinter"]["contracts"]
    floors = next(contract for contract in contracts if contract["type"] == "layers")
    listed = {name for floor in floors["layers"] for name in re.findall(r"\w+", floor)}
    standing = {path.stem for path in PACKAGE.iterdir() if re.fullmatch(r"[a-z]+(\.py)?", path.name)}

    assert floors["exhaustive"]
    assert listed == standing - {"version"}


@pytest.mark.parametrize("name", ["run.txt", "dev.txt", "bench.txt"])
def test_the_locks_pin_every_package_by_its_content(name: str) -> None:
    """What was tested is what is installed, from wherever a machine gets its packages."""
    lock = (ROOT / "requirements" / name).read_text()
    packages = [line for line in lock.splitlines() if re.match(r"\w", line)]

    assert packages
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+( ; .+)? \\", line) for line in packages)
    assert lock.count("--hash=sha256:") >= len(packages)
    assert "://" not in lock


def test_the_locks_hold_what_the_settings_ask_for() -> None:
    """A dependency added to pyproject.toml and not to the locks would be missing on every other machine."""
    with (ROOT / "pyproject.toml").open("rb") as settings:
        project = tomllib.load(settings)["project"]
    extras = project["optional-dependencies"]
    for name, wanted in {
        "run.txt": project["dependencies"],
        "dev.txt": [*project["dependencies"], *extras["anki"], *extras["dev"]],
        "bench.txt": extras["bench"],
    }.items():
        pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / name).read_text(), re.MULTILINE))
        names = {re.split(r"[<>=!~ ]", one)[0].lower().replace("_", "-") for one in wanted}

        assert names <= pinned
