"""Repeats what a command printed when it last ran, as long as nothing has changed that it depends on.

Most runs of a build or a check find nothing new. Such a run needs neither the compiler nor its libraries:
to import them takes longer than to find out that nothing has changed.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cardwright.shell.cache import open_cache
from cardwright.shell.fingerprint import take_fingerprint
from cardwright.source.cache import NullCache, make_key


class Printed(NamedTuple):
    """What a command prints, and its exit code.

    err, out: for each stream the texts in order, with colours, and without the line end after each.
    """

    err: Sequence[str]
    out: Sequence[str]
    code: int = 0


class Run:
    """A run of a command, to be replayed by the next one."""

    __slots__ = ("_cache", "_clock", "_environ", "_fingerprint", "_key", "_root")

    def __init__(
        self,
        root: Path,
        command: Sequence[str],
        environ: Mapping[str, str],
        *,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        """Take the fingerprint of the project.

        command: its name, and all of its arguments that matter. clock: returns the ns since 1970.
        """
        self._clock = clock
        self._root = root
        self._environ = environ
        self._cache = open_cache(environ)
        self._key = make_key(b"run", *(part.encode(errors="surrogatepass") for part in (str(root), *command)))
        has_cache = not isinstance(self._cache, NullCache)
        self._fingerprint = take_fingerprint(root, environ, clock()) if has_cache else None

    def replayed(self) -> Printed | None:
        """Return what this run would print; None if that has to be found out."""
        if self._fingerprint is None:
            return None
        kept = self._cache.get([self._key]).get(self._key)
        if kept is None:
            return None
        fingerprint, *printed = json.loads(kept)
        return Printed(*printed) if fingerprint == self._fingerprint.digest() else None

    def keep(self, printed: Printed, written: Mapping[str, bytes]) -> None:
        """Keep what the next run would print if nothing changes.

        written: what this run wrote; nothing else in the project has changed, or nothing is kept.
        """
        if self._fingerprint is None:
            return
        fingerprint = take_fingerprint(self._root, self._environ, self._clock(), self._fingerprint)
        if fingerprint is not None and fingerprint.differs_only_by(self._fingerprint, written):
            self._cache.put({self._key: json.dumps([fingerprint.digest(), *printed]).encode()})
