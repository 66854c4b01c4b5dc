"""Settings of all tests."""

import os
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:  # most tests need no browser
    from playwright.sync_api import Browser

# Several processes would write the same page at once, and lose most of it.
if "CARDWRIGHT_GOLDEN" in os.environ and "PYTEST_XDIST_WORKER" in os.environ:
    raise pytest.UsageError("the golden dumps are written by one process; run pytest without --numprocesses")

# Tests neither use nor change the cache of this user.
os.environ["CARDWRIGHT_CACHE"] = "off"

# Tests that a shell starts in the background ignore Ctrl-C, which some of them send.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Nothing fails for being slow, since machines differ. Continuous integration tries the same examples
# every time, so that a failure comes from the change.
settings.register_profile(
    "cardwright",
    deadline=None,
    derandomize="CI" in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("cardwright")


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """A browser for the tests of a module; see `open_browser`."""
    from tests.support.browser import open_browser  # noqa: PLC0415  most tests need no browser

    with open_browser() as browser:
        yield browser
