"""Pictures and sounds that fields refer to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A media file of a deck.

    name: how it is called in the Anki package: `<slug>-<12 hex of sha256>.<ext>`,
        so that a changed picture is a changed field. Only `[a-z0-9.-]`.
    path: as shown to the author, relative to the project folder, with `/`.
    data: the whole file.
    """

    name: str
    path: str
    data: bytes

    def __hash__(self) -> int:
        return hash(self.name)
