"""The core is pure, modules are short, every ignored rule has a reason, and dependencies are locked.

Which module may import which is checked by import-linter, whose contracts are in pyproject.toml.
"""

import ast
import re
import tomllib
from collections.abc import Iterator

import pytest

from tests.support.paths import PACKAGE, ROOT

MODULES = sorted(PACKAGE.rglob("*.py"))
FOLDERS_WITH_EFFECTS = ("shell", "cli", "importing", "previewing", "rehearsal", "__main__.py")
MAX_LINES = 500

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
# A module that imports importlib.resources may call these, which read data of the package.
RESOURCE_METHODS = {"read_text", "read_bytes", "iterdir"}
MODULES_WITH_EFFECTS = {
    "asyncio", "ctypes", "getpass", "glob", "http", "logging", "multiprocessing", "platform", "secrets",
    "select", "shutil", "signal", "socket", "ssl", "subprocess", "sys", "threading", "urllib.request",
    "webbrowser",
}  # fmt: skip


def find_effects(code: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of everything in a module that depends on the world or changes it."""
    tree = ast.parse(code)
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
                yield from _find_call_effects(node, ast.unparse(func), reads_resources=reads_resources)
            case _:
                pass


def _find_call_effects(node: ast.Call, name: str, *, reads_resources: bool) -> Iterator[tuple[int, str]]:
    last_two = ".".join(name.split(".")[-2:])
    method = name.rsplit(".", 1)[-1] if "." in name else ""
    seeded = last_two in ("random.Random", "Random") and node.args
    if (name in CALLS or last_two in CALLS) and not seeded:
        yield node.lineno, f"{name}()"
    elif method in METHODS | {"read_bytes"} and not (reads_resources and method in RESOURCE_METHODS):
        yield node.lineno, f".{method}()"
    elif name.startswith("random.") and not seeded:
        yield node.lineno, f"{name}()"


def test_the_core_has_no_effects() -> None:
    """The same sources give the same bytes only if they do not depend on the disk, the clock or chance."""
    effects = [
        f"{module.relative_to(ROOT)}:{line}: {effect}"
        for module in MODULES
        if module.relative_to(PACKAGE).parts[0] not in FOLDERS_WITH_EFFECTS
        for line, effect in find_effects(module.read_text())
    ]
    assert effects == []


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
def test_effects_are_found(line: str) -> None:
    assert list(find_effects(line))


def test_package_data_and_seeded_chance_are_no_effects() -> None:
    line = "from importlib import resources\nresources.files('x').read_bytes(); random.Random(7)"

    assert not list(find_effects(line))


def test_no_module_is_too_long() -> None:
    lengths = {module: len(module.read_text().splitlines()) for module in MODULES}
    assert [f"{module}: {length}" for module, length in lengths.items() if length > MAX_LINES] == []


def test_every_ignored_rule_has_its_reason() -> None:
    """Both in the settings and in the code: an ignore without a reason is never removed again."""
    settings = (ROOT / "pyproject.toml").read_text()
    ignore_list = re.search(r"^ignore = \[\n(.*?)^\]", settings, re.MULTILINE | re.DOTALL)
    assert ignore_list
    unexplained = [line for line in ignore_list[1].splitlines() if not re.search(r'"[A-Z0-9]+", +# \w', line)]
    pattern = r"# (?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])(.*)|# noqa|# type: ignore"
    for module in MODULES:
        lines = module.read_text().splitlines()
        for index, line in enumerate(lines):
            match = re.search(pattern, line)
            lines_above = lines[max(index - 2, 0) : index]
            has_comment_above = any(re.match(r" *# \w", line_above) for line_above in lines_above)
            if match and not has_comment_above and not re.search("[a-z]", match[1] or ""):
                unexplained.append(f"{module.relative_to(ROOT)}:{index + 1}")

    assert unexplained == []


def test_every_package_is_in_the_contract_about_layers() -> None:
    with (ROOT / "pyproject.toml").open("rb") as settings:
        contracts = tomllib.load(settings)["tool"]["importlinter"]["contracts"]
    contract = next(contract for contract in contracts if contract["type"] == "layers")
    layers = {name for layer in contract["layers"] for name in re.findall(r"\w+", layer)}
    packages = {path.stem for path in PACKAGE.iterdir() if re.fullmatch(r"[a-z]+(\.py)?", path.name)}

    assert contract["exhaustive"]
    assert layers == packages - {*contract["exhaustive_ignores"]}


@pytest.mark.parametrize("name", ["run.txt", "dev.txt", "bench.txt", "aqt.txt"])
def test_the_locks_pin_every_package_by_its_content(name: str) -> None:
    lock = (ROOT / "requirements" / name).read_text()
    packages = [line for line in lock.splitlines() if re.match(r"\w", line)]

    assert packages
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+( ; .+)? \\", line) for line in packages)
    assert lock.count("--hash=sha256:") >= len(packages)
    assert "://" not in lock


def test_every_dependency_is_in_the_locks() -> None:
    """Otherwise it would be missing on other machines."""
    with (ROOT / "pyproject.toml").open("rb") as settings:
        project = tomllib.load(settings)["project"]
    extras = project["optional-dependencies"]
    for name, dependencies in {
        "run.txt": project["dependencies"],
        "dev.txt": [*project["dependencies"], *extras["anki"], *extras["dev"]],
        "bench.txt": extras["bench"],
    }.items():
        pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / name).read_text(), re.MULTILINE))
        names = {re.split(r"[<>=!~ ]", line)[0].lower().replace("_", "-") for line in dependencies}

        assert names <= pinned
