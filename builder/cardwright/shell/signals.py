"""The signals that end a process: Ctrl-C, and those of systems that shut down and terminals that close."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Delay the signals that end a process until the block is done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    delayed_signals: list[int] = []

    def delay(signal_number: int, _frame: FrameType | None) -> None:
        delayed_signals.append(signal_number)

    handlers = {number: signal.signal(number, delay) for number in ENDING_SIGNALS}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for signal_number in delayed_signals[:1]:
            signal.raise_signal(signal_number)
