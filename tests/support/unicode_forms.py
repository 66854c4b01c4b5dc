"""The two ways in which Unicode encodes a letter with an accent: as one character or as two."""

from typing import Literal, TypeAlias

Form: TypeAlias = Literal["NFC", "NFD"]
FORMS: tuple[Form, ...] = ("NFC", "NFD")
