"""Lets one process at a time write to a folder, and tells the user when it has to wait."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

# In seconds.
_RETRY_INTERVAL = 0.1
_REPORT_INTERVAL = 10


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold a folder while the block runs. While another process holds it, wait, and say so on the screen.

    The system lets go of a folder whose process was killed. On Windows nothing holds a process back.
    """
    if sys.platform == "win32":
        yield
        return
    descriptor = None
    # A network disk may know no locks, and a folder may not be readable: then nothing holds a process back.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
    try:
        if descriptor is not None:
            with suppress(OSError):
                _lock(descriptor)
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


if sys.platform != "win32":

    def _lock(descriptor: int) -> None:
        start = time.monotonic()
        next_report = 0
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waited = int(time.monotonic() - start)
                if waited >= next_report:
                    next_report = waited - waited % _REPORT_INTERVAL + _REPORT_INTERVAL
                    _say_waiting(waited)
                time.sleep(_RETRY_INTERVAL)
            else:
                return


def _say_waiting(seconds: int) -> None:
    if seconds:
        line = f"Still waiting, for {seconds} seconds now."
    else:
        line = "Another cardwright is writing to this project; waiting for it. Ctrl-C stops this one."
    # The terminal may have been closed meanwhile.
    with suppress(OSError, ValueError):
        if sys.stderr is not None:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()
