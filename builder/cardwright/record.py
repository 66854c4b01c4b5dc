"""The base of immutable data.

A record is as frozen as a dataclass can be. It is made about ten times as fast, and so is its class: with
dataclasses, defining them took a quarter of the time that a small deck takes to build.
"""

from msgspec import Struct, field
from msgspec.structs import asdict, astuple, replace

__all__ = ["Record", "asdict", "astuple", "field", "replace"]


class Record(Struct, frozen=True, gc=False):
    """Data that never changes."""
