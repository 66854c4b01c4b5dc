"""Runs work that takes long in several processes, on machines that have several processors."""

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

MOST_PROCESSES = 4


def run_in_processes(work: Callable[[range], bytes], count: int) -> list[bytes] | None:
    """Divide work among processes that begin as copies of this one, and return what each answers.

    work: gets the numbers of its share, of all numbers below `count`. What it changes is lost.

    Returns None where that can't be done, or where a process has failed: with one processor, on systems
    other than Linux (macOS has libraries that no copy of a process may use), or beside other threads.
    """
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    process_count = min(processors, MOST_PROCESSES, count)
    if process_count < 2 or threading.active_count() > 1:
        return None
    sys.stdout.flush()
    sys.stderr.flush()
    shares = [range(number, count, process_count) for number in range(process_count)]
    readers: list[tuple[int, int]] = []
    try:
        for share in shares[1:]:
            readers.append(_start(work, share))  # noqa: PERF401  those that were started have to be stopped
        answers = [work(shares[0])]
        for _, reader in readers:
            with open(reader, "rb", closefd=False) as file:
                answers.append(file.read())
    finally:
        statuses = [_stop(*reader) for reader in readers]
    return answers if len(answers) == process_count and not any(statuses) else None


def _start(work: Callable[[range], bytes], share: range) -> tuple[int, int]:
    """Start a process. Returns its number and the end of the pipe from which its answer can be read."""
    reader, writer = os.pipe()
    process = os.fork()
    if process:
        os.close(writer)
        return process, reader
    status = 1
    # Whatever happens, the copy must not go on as if it were the program.
    try:
        os.close(reader)
        with open(writer, "wb") as file:  # noqa: PTH123 a pipe has no path
            file.write(work(share))
        status = 0
    finally:
        os._exit(status)


def _stop(process: int, reader: int) -> int:
    """Wait for a process to end. Returns 0 if it has done its work."""
    os.close(reader)
    with suppress(ChildProcessError):
        return os.waitpid(process, 0)[1]
    return 1
