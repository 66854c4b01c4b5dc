"""The wheel."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.support.paths import PACKAGE, ROOT


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("cardwright-*.whl")
    with zipfile.ZipFile(wheel) as file:
        files_in_wheel = {name for name in file.namelist() if ".dist-info/" not in name}
        entries = next(name for name in file.namelist() if name.endswith("entry_points.txt"))
        entry_points = file.read(entries).decode()

    files_of_package = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files_in_wheel == files_of_package
    assert {path.rsplit(".", 1)[-1] for path in files_in_wheel} >= {"py", "typ", "html", "css", "typed"}
    assert "cardwright = cardwright.__main__:main" in entry_points
