"""The time of a build."""

import time
from collections.abc import Mapping

VARIABLE = "SOURCE_DATE_EPOCH"
# The first second of the year 10000, which no date format of ours can write.
LIMIT = 253_402_300_800


class InvalidBuildTime(ValueError):
    """SOURCE_DATE_EPOCH does not hold a time; the text says what it should hold."""


def build_time(environment: Mapping[str, str]) -> int:
    """Whole seconds since the Unix epoch: of SOURCE_DATE_EPOCH when it is set, else of the clock.

    Source: https://reproducible-builds.org/specs/source-date-epoch/

    Errors: NotATime when the variable holds anything but a whole number up to the year 9999.
    """
    written = environment.get(VARIABLE, "")
    if not written:
        return int(time.time())
    if not (written.isascii() and written.isdigit() and len(written) <= 12 and int(written) < LIMIT):
        raise InvalidBuildTime(
            f"{VARIABLE} is {written!r}, not a number of seconds since 1970 such as 1700000000"
        )
    return int(written)
