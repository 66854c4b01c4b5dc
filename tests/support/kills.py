"""A process that kills itself, as if the power had gone."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

CHANGES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.link", "os.truncate"}
"""The events of Python that change a disk; `open` if it is for writing."""


def kill_before_change(folder: Path, step: int) -> None:
    """Make this process kill itself before it changes something in a folder for the given time."""
    remaining = step

    def count_down() -> None:
        nonlocal remaining
        if remaining == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        remaining -= 1

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in CHANGES or (event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR)):
            return
        # Without a path it is an open file, and a relative one is in a folder that is being emptied.
        path = os.fsdecode(arguments[0]) if isinstance(arguments[0], (str, bytes, os.PathLike)) else ""
        if not Path(path).is_absolute() or path.startswith(str(folder)):
            count_down()

    def counted(flush: Callable[[Any], None]) -> Callable[[Any], None]:
        def counted_flush(descriptor: Any) -> None:
            count_down()
            flush(descriptor)

        return counted_flush

    os.fsync = counted(os.fsync)  # type: ignore[assignment]
    sys.addaudithook(audit)
