"""When a progress bar is shown, and that it leaves nothing behind."""

from io import StringIO

import pytest

from cardwright.shell.progress import progress_bar


class FakeTerminal(StringIO):
    def isatty(self) -> bool:
        return True


class FakeClock:
    """A clock that the test sets. seconds: since the test began."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_there_is_no_bar_in_the_first_second() -> None:
    terminal, clock = FakeTerminal(), FakeClock()

    with progress_bar("Drawing", terminal, clock) as progress:
        clock.seconds = 0.9
        progress(9, 10)

    assert terminal.getvalue() == ""


def test_longer_work_shows_a_bar_at_most_ten_times_a_second() -> None:
    terminal, clock = FakeTerminal(), FakeClock()

    with progress_bar("Drawing", terminal, clock) as progress:
        for done in range(8, 17):
            clock.seconds = done / 8
            progress(done, 16)
            progress(done, 16)

    drawings = terminal.getvalue().split("\r")
    assert drawings[1] == f"Drawing [{'#' * 15}{'-' * 15}] 50%\x1b[K"
    assert drawings[-2] == f"Drawing [{'#' * 30}] 100%\x1b[K"
    assert len(drawings) == len(["", *range(8, 17), "cleared"])


def test_the_bar_is_removed_even_when_the_work_fails() -> None:
    terminal, clock = FakeTerminal(), FakeClock()

    def work() -> None:
        with progress_bar("Drawing", terminal, clock) as progress:
            clock.seconds = 2
            progress(0, 0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()

    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_pipe_gets_no_bar() -> None:
    pipe, clock = StringIO(), FakeClock()

    with progress_bar("Drawing", pipe, clock) as progress:
        clock.seconds = 5
        progress(1, 2)

    assert pipe.getvalue() == ""
