"""Work is divided among processes where that is possible, and is done in any case."""

import os
import sys
import threading
from collections.abc import Callable

import pytest

from cardwright.shell.processes import run_in_processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="divides no work elsewhere")


@pytest.fixture(autouse=True)
def _four_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1, 2, 3})
    monkeypatch.setattr(threading, "active_count", lambda: 1)  # pytest has threads of its own


def test_every_number_is_in_one_share() -> None:
    answers = run_in_processes(lambda share: repr([*share]).encode(), 10)
    assert answers == [b"[0, 4, 8]", b"[1, 5, 9]", b"[2, 6]", b"[3, 7]"]


def test_long_answers_arrive() -> None:
    answers = run_in_processes(lambda share: bytes([share.start]) * 3_000_000, 4)
    assert answers == [bytes([number]) * 3_000_000 for number in range(4)]


def test_what_a_process_changes_is_lost() -> None:
    seen: list[int] = []

    def work(share: range) -> bytes:
        seen.extend(share)
        return b""

    run_in_processes(work, 8)
    assert seen == [0, 4]  # the share of this process


def fail(share: range) -> bytes:
    if share.start == 2:
        raise ValueError
    return b"done"


def end(share: range) -> bytes:
    if share.start == 2:
        os.kill(os.getpid(), 9)
    return b"done"


@pytest.mark.parametrize("work", [fail, end])
def test_without_the_answer_of_one_process_there_is_none(work: Callable[[range], bytes]) -> None:
    assert run_in_processes(work, 4) is None


def test_a_mistake_in_this_process_is_one() -> None:
    def work(share: range) -> bytes:
        if share.start == 0:
            raise ValueError
        return b"done"

    with pytest.raises(ValueError):  # noqa: PT011  what comes is what was raised
        run_in_processes(work, 4)


def test_one_processor_is_not_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0})
    assert run_in_processes(fail, 4) is None


def test_beside_other_threads_nothing_is_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert run_in_processes(lambda _share: b"", 4) is None


def test_no_process_is_left_behind() -> None:
    run_in_processes(end, 4)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_nothing_else_is_on_systems_that_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert run_in_processes(lambda _share: b"", 4) is None
