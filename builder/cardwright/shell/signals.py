"""The signals that end a process: Ctrl-C, and those of systems that shut down and terminals that close."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn

ENDING_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

# In seconds. A second Ctrl-C does not disturb what the first one made a command clean up, unless that hangs.
_TIME_TO_CLEAN_UP = 2.0
_RETRY_DELAY = 0.01


class _Interrupter:
    """Turns signals into exceptions. received: the number of the first signal; None if there was none."""

    __slots__ = ("_ignore_until", "received")

    def __init__(self) -> None:
        self.received: int | None = None
        self._ignore_until = 0.0

    def interrupt(self, signal_number: int, _frame: FrameType | None) -> None:
        if time.monotonic() > self._ignore_until:
            self._ignore_until = time.monotonic() + _TIME_TO_CLEAN_UP
            self.received = self.received or signal_number
            raise KeyboardInterrupt

    def interrupt_again(self, _signal_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    def report_unraisable(self, unraisable: Any) -> None:
        """Python prints and forgets what is raised in some places, such as the end of an import."""
        if isinstance(unraisable.exc_value, KeyboardInterrupt) and hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, _RETRY_DELAY)
        else:
            sys.__unraisablehook__(unraisable)


def exit_after(command: Callable[[], int]) -> NoReturn:
    """Run a command and end the process with its exit code.

    A signal that is not ignored becomes a KeyboardInterrupt, so that the command cleans up; the exit
    code is then 128 and the number of the signal.
    """
    interrupter = _Interrupter()
    sys.unraisablehook = interrupter.report_unraisable
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, interrupter.interrupt_again)
    for number in ENDING_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, interrupter.interrupt)
    code = 1
    # An error of the system comes from a screen on which not even an error can be printed.
    with suppress(KeyboardInterrupt, OSError):
        code = command()
    for number in ENDING_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    if interrupter.received is None:
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    with suppress(OSError):
        os.write(2, b"Stopped.\n")
    # Threads of the PDF engine may still be at work; nobody waits for what they draw.
    os._exit(128 + interrupter.received)


def ignore_further_signals() -> None:
    """Ignore the signals that end a process from now on: what it had to do is done, and only tidying is left.

    Only those that `exit_after` looks after.
    """
    for number in ENDING_SIGNALS:
        if isinstance(getattr(signal.getsignal(number), "__self__", None), _Interrupter):
            signal.signal(number, signal.SIG_IGN)


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
