"""A text the author wrote, under the name the author knows it by."""

import re

_LINE_END = re.compile(r"\r\n|\n|\r")


class Source:
    """One source file, decoded.

    path: as shown to the author, relative to the project folder, with `/`.
    text: the decoded text without a byte order mark, line ends as written.
    """

    __slots__ = ("_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: list[int] | None = None

    @property
    def line_starts(self) -> list[int]:
        """Offsets, in code points, at which the lines begin; the first is 0.

        A line ends where editors end one: at LF, CRLF or CR. YAML also breaks
        lines at U+2028 and its kin, editors do not, so they do not count here.
        """
        if self._starts is None:
            self._starts = [0, *(end.end() for end in _LINE_END.finditer(self.text))]
        return self._starts

    def line(self, number: int) -> str:
        """The text of a line, without its end. number: 1-based."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] if number < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def __repr__(self) -> str:
        return f"Source({self.path!r})"
