"""Lists of the tokens of CSS, as tinycss2 has them, and the keywords that every property can be."""

from collections.abc import Iterable
from typing import Any

WIDE_KEYWORDS = frozenset({"inherit", "initial", "unset", "revert", "revert-layer"})
"""What every property can be. Source: CSS Cascading 5, section 7.3."""


def without_space(tokens: Iterable[Any]) -> list[Any]:
    """Return tokens without white space and comments."""
    return [token for token in tokens if token.type not in ("whitespace", "comment")]


def split_at_commas(tokens: Iterable[Any]) -> list[list[Any]]:
    """Return the parts of tokens between commas."""
    parts: list[list[Any]] = [[]]
    for token in tokens:
        if token == ",":  # noqa: S105  no password
            parts.append([])
        else:
            parts[-1].append(token)
    return parts
