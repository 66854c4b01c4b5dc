"""Pictures that a deck's texts name: fetched once, checked, and named by content."""

import hashlib
import re
from dataclasses import dataclass, field

from builder.collection.media import Medium
from builder.diagnostics.diagnostic import Diagnostic
from builder.diagnostics.phrases import shown
from builder.diagnostics.report import Report
from builder.source.files import Library, MediaProblem
from builder.source.nodes import Scalar

# What begins a file of each kind. Sources: PNG spec 5.2, JPEG (ITU T.81 B.1.1.3), GIF89a 17,
# RFC 9649 2.4 (WebP). SVG is XML and has no signature.
_SIGNATURES = {
    ".png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    ".jpg": re.compile(rb"\xff\xd8\xff"),
    ".jpeg": re.compile(rb"\xff\xd8\xff"),
    ".gif": re.compile(rb"GIF8[79]a"),
    ".webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
    ".svg": re.compile(rb"(?:\xef\xbb\xbf)?\s*<.*?<?svg\b", re.DOTALL),
}

_PROBLEMS = {
    MediaProblem.MISSING: ("missing-picture", "the picture `{}` is not there", "looked for in {}"),
    MediaProblem.OUTSIDE: (
        "picture-outside-deck",
        "the picture `{}` lies outside the deck",
        "copy it into {}, so that the deck stays whole when it is shared",
    ),
    MediaProblem.UNREADABLE: ("unreadable-picture", "the picture `{}` cannot be read", "looked for in {}"),
    MediaProblem.TOO_LARGE: ("large-picture", "the picture `{}` is larger than 100 MB", "make it smaller"),
}


@dataclass(slots=True)
class Pictures:
    """Fetches the pictures of one deck. folder: the deck's, as the library knows it."""

    folder: str
    library: Library
    report: Report
    _fetched: dict[str, Medium | None] = field(default_factory=dict)

    def __call__(self, path: str, scalar: Scalar) -> Medium | None:
        """The picture at a path as written; None after saying why there is none."""
        if path not in self._fetched:
            self._fetched[path] = self._fetch(path, scalar)
        return self._fetched[path]

    def _fetch(self, path: str, scalar: Scalar) -> Medium | None:
        ending = re.search(r"\.[A-Za-z0-9]+$", path)
        suffix = ending[0].lower() if ending else ""
        if "://" in path or path.startswith("data:"):
            self._say("remote-picture", f"the picture `{shown(path)}` is not a file", path, scalar,
                      "save it in the deck's folder and name the file")  # fmt: skip
            return None
        if suffix not in _SIGNATURES:
            self._say("unknown-picture-format", f"`{shown(path)}` is no kind of picture known here", path,
                      scalar, "pictures are SVG, PNG, JPEG, GIF or WebP")  # fmt: skip
            return None
        data = self.library.read(self.folder, path)
        if isinstance(data, MediaProblem):
            code, message, advice = _PROBLEMS[data]
            self._say(code, message.format(shown(path)), path, scalar, advice.format(f"{self.folder}/"))
            return None
        if _SIGNATURES[suffix].match(data) is None:
            self._say("not-a-picture", f"`{shown(path)}` holds no {suffix[1:].upper()} picture", path,
                      scalar)  # fmt: skip
            return None
        return Medium(_name(path, suffix, data), f"{self.folder}/{path}", data)

    def _say(self, code: str, message: str, path: str, scalar: Scalar, advice: str = "") -> None:
        self.report.add(Diagnostic(code=code, message=message, span=scalar.part(path), help=advice))


def _name(path: str, suffix: str, data: bytes) -> str:
    """`<slug>-<12 hex of sha256>.<ext>`: another picture is another name, so Anki never keeps the old one."""
    stem = path.rsplit("/", 1)[-1][: -len(suffix)].lower()
    slug = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:40] or "picture"
    return f"{slug}-{hashlib.sha256(data).hexdigest()[:12]}{suffix}"
