"""A progress bar for long work, on terminals only."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.formats.outputs import ProgressCallback

# In seconds. A bar is not worth the flicker when the work is done before the delay.
DELAY = 1.0
REDRAW_INTERVAL = 0.1
WIDTH = 30


@contextmanager
def progress_bar(
    label: str, stream: TextIO | None, clock: Callable[[], float] = time.monotonic
) -> Iterator[ProgressCallback]:
    """Show a bar on the last line of a stream, and remove it when the block is left.

    label: what is being done, such as `Laying out cards`.
    stream: nothing is written to it unless it is a terminal; None when it is closed.
    clock: returns seconds, counted from any moment.
    """
    is_drawn = False
    next_draw = clock() + DELAY
    terminal = stream if stream is not None and stream.isatty() else None

    def show(done: int, total: int) -> None:
        nonlocal is_drawn, next_draw
        if terminal is None or clock() < next_draw:
            return
        share = done / max(total, 1)
        filled = int(WIDTH * share)
        line = f"{escape_controls(label)} [{'#' * filled}{'-' * (WIDTH - filled)}] {share:.0%}"
        terminal.write(f"\r{line[: shutil.get_terminal_size().columns - 1]}\x1b[K")
        terminal.flush()
        is_drawn = True
        next_draw = clock() + REDRAW_INTERVAL

    try:
        yield show
    finally:
        if is_drawn and terminal is not None:
            terminal.write("\r\x1b[K")
            terminal.flush()
