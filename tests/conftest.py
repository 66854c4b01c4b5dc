"""Settings of all tests."""

import os
import signal

from hypothesis import HealthCheck, settings

# What the builds of this user know is none of the tests' business, nor the other way round.
os.environ["CARDWRIGHT_CACHE"] = "off"

# A shell that starts the tests in the background has them ignore Ctrl-C, which some of them try.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Nothing fails for being slow: machines differ. In continuous integration the same examples
# are tried every time, so that a change is judged by what it changes.
settings.register_profile(
    "cardwright",
    deadline=None,
    derandomize="CI" in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("cardwright")
