"""Pictures and sounds that a deck's texts name: fetched once, checked, and named by content."""

import hashlib
import posixpath
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from cardwright.collection.media import MediaFile
from cardwright.diagnostics.diagnostic import Diagnostic, Related, Severity
from cardwright.diagnostics.phrases import closest_match, truncate
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Span
from cardwright.source import media_formats
from cardwright.source.files import MediaLibrary, MediaProblem
from cardwright.source.media_formats import Format
from cardwright.source.nodes import Scalar

HEAVY = 5_000_000
"""A file of more bytes is worth a warning: a phone has to fetch it, and a card shows little of it. Our
own judgement; Anki's own limit is MEDIA_LIMIT."""


MOST_PIXELS = 100_000_000
"""Of a bitmap: drawn, each takes four bytes of whoever looks at the card."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """noun: what the author calls it, also the end of codes. formats: what it may be. listed: in words."""

    noun: str
    formats: Sequence[Format]
    listed: str


_PICTURE = _Kind("picture", media_formats.PICTURES, "pictures are SVG, PNG, JPEG, GIF or WebP")
_SOUND = _Kind("sound", media_formats.SOUNDS, "sounds are MP3, Ogg, M4A or WAV")


@dataclass(slots=True)
class Pictures:
    """Fetches the pictures and sounds of one deck. folder: the deck's, as the library knows it.

    sizes: in bytes, of the files that texts name and that are there, by path relative to the folder.
    """

    folder: str
    library: MediaLibrary
    report: Report
    sizes: dict[str, int] = field(default_factory=dict)
    _fetched: dict[tuple[str, str], MediaFile | None] = field(default_factory=dict)
    _named: dict[str, tuple[str, MediaFile, Span]] = field(default_factory=dict)
    _listed: Sequence[str] | None = None

    def __call__(self, path: str, scalar: Scalar) -> MediaFile | None:
        """The picture at a path as written; None after saying why there is none."""
        return self._once(path, scalar, _PICTURE)

    def sound(self, path: str, scalar: Scalar) -> MediaFile | None:
        """The sound at a path as written; None after saying why there is none."""
        return self._once(path, scalar, _SOUND)

    def _once(self, path: str, scalar: Scalar, kind: _Kind) -> MediaFile | None:
        key = (kind.noun, path)
        if key not in self._fetched:
            self._fetched[key] = self._fetch(path, scalar, kind)
        return self._fetched[key]

    def _fetch(self, path: str, scalar: Scalar, kind: _Kind) -> MediaFile | None:
        noun, name = kind.noun, truncate(path)
        where = scalar.part(path)
        if "://" in path or path.startswith("data:"):
            message = f"the {noun} `{name}` is not a file"
            advice = "save it in the deck's folder and name the file"
            self.report.add(Diagnostic(f"remote-{noun}", message, where, help=advice))
            return None
        ending = media_formats.ending(path)
        if not any(ending in format_.endings for format_ in kind.formats):
            message = f"`{name}` is no kind of {noun} known here"
            self.report.add(Diagnostic(f"unknown-{noun}-format", message, where, help=kind.listed))
            return None
        data = self.library.read(self.folder, path)
        if isinstance(data, MediaProblem):
            self.report.add(self._absent(data, path, scalar, kind))
            return None
        self.sizes[posixpath.normpath(path)] = len(data)
        problem = self._problem(path, data, ending, scalar, kind)
        if problem is not None:
            self.report.add(problem)
            return None
        self._warn(path, data, scalar, kind)
        media_file = MediaFile(packaged(path, ending, data), f"{self.folder}/{path}", data)
        self._tell_of_namesake(posixpath.normpath(path), media_file, where)
        return media_file

    def _tell_of_namesake(self, path: str, media_file: MediaFile, where: Span) -> None:
        """Two files of one name are kept apart, in Anki too; but one of them may have been meant."""
        name = posixpath.basename(path)
        first, known, place = self._named.setdefault(_folded(name), (path, media_file, where))
        if first == path:
            return
        if known.data == media_file.data:
            note, advice = "the same in both places", f"name `{truncate(first, 40)}` here too"
        else:
            note, advice = "another file", "nothing to do if both are meant: they are kept apart, in Anki too"
        self.report.add(
            Diagnostic(
                code="same-file-name",
                message=f"two files of the deck are called `{truncate(name, 36)}`",
                span=where,
                severity=Severity.NOTE,
                note=note,
                related=(Related(place, "and here"),),
                help=advice,
            )
        )

    def _absent(self, problem: MediaProblem, path: str, scalar: Scalar, kind: _Kind) -> Diagnostic:
        noun, place = kind.noun, f"{self.folder}/"
        code, message, advice = {
            MediaProblem.MISSING: (f"missing-{noun}", "is not there", self._meant(path, kind)),
            MediaProblem.OUTSIDE: (
                f"{noun}-outside-deck",
                "lies outside the deck",
                f"copy it into {place}, so that the deck stays whole when it is shared",
            ),
            MediaProblem.UNREADABLE: (f"unreadable-{noun}", "cannot be read", f"looked for in {place}"),
            MediaProblem.TOO_LARGE: (
                f"large-{noun}",
                "is larger than 100 MB",
                "make it smaller: AnkiWeb takes no file of that size",
            ),
        }[problem]
        headline = f"the {noun} `{truncate(path)}` {message}"
        return Diagnostic(code, headline, scalar.part(path), help=advice)

    def _meant(self, path: str, kind: _Kind) -> str:
        """What may help when a file is not there."""
        listed = self._listing()
        if same := next((one for one in listed if _folded(one) == _folded(path)), ""):
            return f"the file is called `{same}`: systems tell capital letters and accents apart"
        from urllib.parse import unquote  # noqa: PLC0415  start-up is what users wait for most

        plain = unquote(path).replace("\\", "/")
        if plain != path and plain in listed:
            return f"write the path as it is: `![…](<{plain}>)`"
        fitting = {_stem(one): one for one in listed if media_formats.is_sound(one) == (kind is _SOUND)}
        if near := closest_match(_stem(path), fitting):
            return f"did you mean `{fitting[near]}`?"
        return f"looked for in {self.folder}/"

    def _problem(self, path: str, data: bytes, ending: str, scalar: Scalar, kind: _Kind) -> Diagnostic | None:
        """Why a file cannot be what its name says."""
        name, where = truncate(path), scalar.part(path)
        if not data:
            return Diagnostic(f"empty-{kind.noun}", f"the file `{name}` is empty", where)
        found = media_formats.of(data)
        if found is None:
            called = next(format_.name for format_ in kind.formats if ending in format_.endings)
            message, note = f"`{name}` holds no {called} {kind.noun}", media_formats.instead(data)
            return Diagnostic(f"not-a-{kind.noun}", message, where, note=note)
        if ending not in found.endings:
            message = f"`{name}` holds {_article(found.name)} {found.name} file"
            right = path[: -len(ending)] + found.endings[0]
            rename = f"rename it to `{right}`, here and in its folder"
            advice = rename if found in kind.formats else kind.listed
            return Diagnostic("wrong-extension", message, where, help=advice)
        if ending == ".svg":
            return self._drawing_problem(path, data, scalar)
        return _size_problem(path, data, scalar) if kind is _PICTURE else None

    def _drawing_problem(self, path: str, data: bytes, scalar: Scalar) -> Diagnostic | None:
        from cardwright.source import svg  # noqa: PLC0415  few decks have drawings

        shown_path = f"{self.folder}/{path}"
        try:
            flaws = svg.flaws(shown_path, data)
        except svg.Broken as broken:
            message = f"the drawing `{truncate(path)}` cannot be read"
            label = Related(broken.flaw.span, broken.flaw.what)
            return Diagnostic("broken-svg", message, scalar.part(path), related=(label,))
        if not flaws:
            return None
        more = f", and {len(flaws) - 1} more" if len(flaws) > 1 else ""
        return Diagnostic(
            "unsafe-svg",
            f"`{truncate(path, 28)}` has {flaws[0].what}",
            scalar.part(path),
            related=(Related(flaws[0].span, f"here{more}"),),
            help="a drawing is shapes and text alone: take it out, or export as plain SVG",
        )

    def _warn(self, path: str, data: bytes, scalar: Scalar, kind: _Kind) -> None:
        """Say what works here and may not elsewhere."""
        if len(data) > HEAVY:
            message = f"the {kind.noun} `{truncate(path)}` has {len(data) / 1e6:.0f} MB"
            advice = "make it smaller: every learner's phone fetches and keeps it"
            self._doubt(f"heavy-{kind.noun}", message, path, scalar, advice)
        plain = posixpath.normpath(path)
        listed = self._listing() if plain.startswith("media/") else ()
        same = next((one for one in listed if _folded(one) == _folded(plain)), "")
        if same and plain not in listed:
            message = f"`{truncate(path, 24)}` is called `{truncate(same, 24)}`"
            advice = "write the name as it is: systems tell capital letters and accents apart"
            self._doubt("name-written-otherwise", message, path, scalar, advice)

    def _doubt(self, code: str, message: str, path: str, scalar: Scalar, advice: str) -> None:
        self.report.add(Diagnostic(code, message, scalar.part(path), Severity.WARNING, help=advice))

    def _listing(self) -> Sequence[str]:
        if self._listed is None:
            self._listed = self.library.media_files(self.folder)
        return self._listed


def _size_problem(path: str, data: bytes, scalar: Scalar) -> Diagnostic | None:
    """Whether a bitmap has more pixels than a card is good for; a few kB can hold a billion of them."""
    from cardwright.source.picture_size import LARGEST, picture_size  # noqa: PLC0415  few decks have bitmaps

    size = picture_size(data)
    if size is None or (max(size) <= LARGEST and size[0] * size[1] <= MOST_PIXELS):
        return None  # one that does not tell is torn, which is found when it is drawn
    return Diagnostic(
        code="huge-picture",
        message=f"`{truncate(path, 20)}` is {size[0]:,.0f} by {size[1]:,.0f} pixels large",
        span=scalar.part(path),
        help="make it smaller: a card shows about 1,000 by 1,000 of them",
    )


def _folded(path: str) -> str:
    """A path as a system sees it that cares neither for case nor for how accents are encoded."""
    return unicodedata.normalize("NFC", path).casefold()


def _stem(path: str) -> str:
    """A file's name without folder and ending, small, for holding names against each other."""
    return posixpath.splitext(posixpath.basename(path))[0].lower()


def _article(name: str) -> str:
    """What stands before the name of a format, as it is said aloud."""
    return "an" if name[0] in "MOS" else "a"


def packaged(path: str, suffix: str, data: bytes) -> str:
    """`<slug>-<12 hex of sha256>.<ext>`: another content is another name, so Anki never keeps the old one.

    suffix: the ending of the path, in small letters.
    """
    stem = path.rsplit("/", 1)[-1][: -len(suffix)].lower()
    slug = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:40] or "picture"
    return f"{slug}-{hashlib.sha256(data).hexdigest()[:12]}{suffix}"
