"""The time of a build."""

import time
from collections.abc import Mapping

MAX_BUILD_TIME = 253_402_300_799
"""The last second of the year 9999, after which our date formats cannot write a time."""


class InvalidBuildTime(ValueError):
    """SOURCE_DATE_EPOCH does not hold a time; the text says what it should hold."""


def build_time(environ: Mapping[str, str]) -> int:
    """Return the seconds since 1970: SOURCE_DATE_EPOCH when it is set, else those of the clock.

    Source: https://reproducible-builds.org/specs/source-date-epoch/

    Errors: InvalidBuildTime when the variable holds anything but a whole number up to the year 9999.
    """
    value = environ.get("SOURCE_DATE_EPOCH", "")
    if not value:
        return int(time.time())
    if not (value.isascii() and value.isdigit() and len(value) <= 12 and int(value) <= MAX_BUILD_TIME):
        message = f"SOURCE_DATE_EPOCH is {value!r}, not a number of seconds since 1970 such as 1700000000"
        raise InvalidBuildTime(message)
    return int(value)
