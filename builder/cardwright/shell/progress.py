"""A bar that shows how far a long work has come, on a terminal only."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from cardwright.diagnostics.emit.terminal import escape_controls

# Seconds of work before which no bar is worth the flicker, and between two drawings of it.
PATIENCE = 1.0
PAUSE = 0.1
WIDTH = 30

ProgressCallback = Callable[[int, int], None]
"""Told how much is done, of how much."""


@contextmanager
def progress_bar(
    what: str, stream: TextIO | None, clock: Callable[[], float] = time.monotonic
) -> Iterator[ProgressCallback]:
    """A bar on the stream's last line, gone when the block is left.

    what: the work, as shown before the bar, such as `Laying out cards`.
    stream: nothing is written to it unless it is a terminal; None when it is closed.
    clock: seconds, from any beginning.
    """
    drawn = False
    due = clock() + PATIENCE
    terminal = stream if stream is not None and stream.isatty() else None

    def tell(done: int, total: int) -> None:
        nonlocal drawn, due
        if terminal is None or clock() < due:
            return
        share = done / max(total, 1)
        filled = int(WIDTH * share)
        line = f"{escape_controls(what)} [{'#' * filled}{'-' * (WIDTH - filled)}] {share:.0%}"
        terminal.write(f"\r{line[: shutil.get_terminal_size().columns - 1]}\x1b[K")
        terminal.flush()
        drawn = True
        due = clock() + PAUSE

    try:
        yield tell
    finally:
        if drawn and terminal is not None:
            terminal.write("\r\x1b[K")
            terminal.flush()
