"""When a bar is shown, and that it leaves nothing behind."""

from io import StringIO

import pytest

from cardwright.shell.progress import progress_bar


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """Goes as the test says. seconds: since the test began."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_second_passes_without_a_bar() -> None:
    """Most builds are done by then."""
    terminal, clock = Terminal(), Clock()

    with progress_bar("Drawing", terminal, clock) as tell:
        clock.seconds = 0.9
        tell(9, 10)

    assert terminal.getvalue() == ""


def test_longer_work_shows_how_far_it_is() -> None:
    """Ten times a second at most."""
    terminal, clock = Terminal(), Clock()

    with progress_bar("Drawing", terminal, clock) as tell:
        for done in range(8, 17):
            clock.seconds = done / 8
            tell(done, 16)
            tell(done, 16)

    shown = terminal.getvalue().split("\r")
    assert shown[1] == f"Drawing [{'#' * 15}{'-' * 15}] 50%\x1b[K"
    assert shown[-2] == f"Drawing [{'#' * 30}] 100%\x1b[K"
    assert len(shown) == len(["", *range(8, 17), "cleared"])


def test_the_bar_is_gone_afterwards_even_when_the_work_failed() -> None:
    """What is said next begins on a clean line."""
    terminal, clock = Terminal(), Clock()

    def work() -> None:
        with progress_bar("Drawing", terminal, clock) as tell:
            clock.seconds = 2
            tell(0, 0)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()

    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_pipe_gets_no_bar() -> None:
    """Logs are read by people too."""
    pipe, clock = StringIO(), Clock()

    with progress_bar("Drawing", pipe, clock) as tell:
        clock.seconds = 5
        tell(1, 2)

    assert pipe.getvalue() == ""
