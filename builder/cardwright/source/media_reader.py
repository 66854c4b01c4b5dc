"""Reads the pictures, sounds and fonts that a deck names: each once, checked, and named by its content."""

import hashlib
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cardwright.collection.content import MediaFile
from cardwright.diagnostics import Diagnostic, Related, Report, Severity, Span
from cardwright.diagnostics.phrases import closest_match, truncate
from cardwright.record import Record, replace
from cardwright.source import media_formats
from cardwright.source.files import MEDIA_FOLDER, MediaLibrary, MediaProblem, normal_path
from cardwright.source.media_formats import MediaFormat
from cardwright.source.nodes import Scalar

HEAVY_FILE = 5_000_000
"""A file with more bytes gets a warning: every phone has to fetch it, and a card shows little of it.

This is our own judgement; Anki's own limit is MEDIA_LIMIT.
"""

TRAVELLING = ("_", "latex-")
"""How the names of files begin that Anki imports although no field names them.

Source: Anki, rslib/src/import_export/package/apkg/import/media.rs; measured.
"""

MAX_PIXELS = 100_000_000
"""The most pixels of a bitmap: to draw it takes four bytes of memory for each."""


class _MediaKind(Record, frozen=True):
    """Pictures, sounds or fonts.

    noun: its name in messages, and the end of diagnostic codes.
    known_formats: the formats in words.
    """

    noun: str
    formats: Sequence[MediaFormat]
    known_formats: str


_PICTURE = _MediaKind("picture", media_formats.PICTURES, "pictures are SVG, PNG, JPEG, GIF or WebP")
_SOUND = _MediaKind("sound", media_formats.SOUNDS, "sounds are MP3, Ogg, M4A or WAV")
_FONT = _MediaKind("font", media_formats.FONTS, "fonts are TTF, OTF, TTC, WOFF or WOFF2")


class FetchedFile(Record, frozen=True):
    """A file that HTML names. file: None if there is none. is_printable: whether paper can show it."""

    file: MediaFile | None
    is_printable: bool = False


class ImportedName(Record, frozen=True):
    """The name of an imported file in Anki. sha256: of the bytes that have this name, in hex."""

    name: str
    sha256: str

    def is_of(self, data: bytes) -> bool:
        return hashlib.sha256(data).hexdigest() == self.sha256


@dataclass(slots=True)
class MediaReader:
    """Reads the media files of one deck. folder: the deck's folder, as the library knows it.

    sizes: bytes of the files that texts name and that exist, by `normal_path` relative to the folder.
    imported: the names that imported files keep while their bytes are the same, by path like `sizes`.
    """

    folder: str
    library: MediaLibrary
    report: Report
    sizes: dict[str, int] = field(default_factory=dict)
    imported: Mapping[str, ImportedName] = field(default_factory=dict)
    _files: dict[tuple[str, str], MediaFile | None] = field(default_factory=dict)
    _fetched: dict[str, FetchedFile] = field(default_factory=dict)
    _first_by_name: dict[str, tuple[str, MediaFile, Span]] = field(default_factory=dict)
    _listed_paths: Collection[str] | None = None
    _paths_by_folded: dict[str, list[str]] | None = None

    def picture(self, path: str, scalar: Scalar) -> MediaFile | None:
        """Return the picture at a path as written; report why there is none and return None."""
        return self._read_once(path, scalar, _PICTURE)

    def sound(self, path: str, scalar: Scalar) -> MediaFile | None:
        """Return the sound at a path as written; report why there is none and return None."""
        return self._read_once(path, scalar, _SOUND)

    def file_of_style(self, path: str, scalar: Scalar) -> MediaFile | None:
        """Return a font or a picture that the CSS of a note type names; report why there is none.

        path: relative to the deck's folder, or to `media/` in it. The name of the file in the package begins
            with `_`: Anki imports such files though no field names them.
            Source: Anki, rslib/src/import_export/package/apkg/import/media.rs.
        """
        extension = media_formats.file_extension(path)
        is_font = any(extension in font.extensions for font in media_formats.FONTS)
        file = self._read_once(self.find(path), scalar, _FONT if is_font else _PICTURE)
        return None if file is None else replace(file, name=f"_{file.name}")

    def fetch(self, kind: str, path: str, scalar: Scalar) -> MediaFile | None:
        """Return a file. kind: "picture", "sound" or "file", as texts fetch it; see below."""
        if kind == "file":
            return self.any_file(path, scalar).file
        return self.sound(path, scalar) if kind == "sound" else self.picture(path, scalar)

    def any_file(self, path: str, scalar: Scalar) -> FetchedFile:
        """Return a file that HTML names, of any format; warn of one that does not exist.

        path: relative to the deck's folder, or to `media/` in it.
        """
        if path not in self._fetched:
            self._fetched[path] = self._fetch(self.find(path), scalar)
        return self._fetched[path]

    def _fetch(self, path: str, scalar: Scalar) -> FetchedFile:
        kind = _SOUND if media_formats.is_sound(path) else _PICTURE
        quiet_reader = MediaReader(self.folder, self.library, Report(), self.sizes, self.imported)
        if file := quiet_reader._read(path, scalar, kind):
            return FetchedFile(file, is_printable=True)
        data = self.library.read(self.folder, path)
        if isinstance(data, MediaProblem) or media_formats.file_extension(path) == ".svg":
            message = f"the file `{truncate(path, 36)}` is not there, or can't be used"
            help_ = f"looked for in {self.folder}/ and {self.folder}/{MEDIA_FOLDER}/"
            span = scalar.part(path)
            self.report.add(Diagnostic("missing-file", message, span, Severity.WARNING, help=help_))
            return FetchedFile(None)
        self.sizes[normal_path(posixpath.normpath(path))] = len(data)
        return FetchedFile(self._file(path, data, data))

    def _file(self, path: str, data: bytes, original: bytes) -> MediaFile:
        """Return a file with its name in the package. original: its bytes as they are in the folder."""
        imported = self.imported.get(normal_path(posixpath.normpath(path)))
        if imported is not None and data == original and imported.is_of(data):
            name = imported.name
        else:
            name = packaged_name(path, media_formats.file_extension(path), data)
        return MediaFile(name, f"{self.folder}/{path}", data)

    def travelling_files(self, span: Span) -> Iterator[MediaFile]:
        """Yield the imported files that Anki takes although no field names them, such as fonts.

        They keep their names whatever is in them, since styles and templates name them. So who has a file
        that was changed since keeps the old one, which is told. span: of the deck.
        """
        for path, imported in self.imported.items():
            if not imported.name.startswith(TRAVELLING):
                continue
            data = self.library.read(self.folder, path)
            if isinstance(data, MediaProblem):
                continue
            if not imported.is_of(data):
                message = f"learners keep the old `{truncate(imported.name, 36)}`: Anki replaces no file"
                help_ = "call the new file otherwise, and name it so in the style and in the templates"
                self.report.add(Diagnostic("kept-file", message, span, Severity.WARNING, help=help_))
            self.sizes[path] = len(data)
            yield MediaFile(imported.name, f"{self.folder}/{path}", data)

    def find(self, path: str) -> str:
        """Return the path of a file that a style names: it may leave out the folder `media/`."""
        in_media = f"{MEDIA_FOLDER}/{path}"
        return in_media if normal_path(in_media) in map(normal_path, self._paths()) else path

    def _read_once(self, path: str, scalar: Scalar, kind: _MediaKind) -> MediaFile | None:
        key = (kind.noun, path)
        if key not in self._files:
            self._files[key] = self._read(path, scalar, kind)
        return self._files[key]

    def _read(self, path: str, scalar: Scalar, kind: _MediaKind) -> MediaFile | None:
        noun, name = kind.noun, truncate(path)
        span = scalar.part(path)
        if "://" in path or path.startswith("data:"):
            message = f"the {noun} `{name}` is not a file"
            help_ = "save it in the deck's folder and name the file"
            self.report.add(Diagnostic(f"remote-{noun}", message, span, help=help_))
            return None
        extension = media_formats.file_extension(path)
        if not any(extension in media_format.extensions for media_format in kind.formats):
            message = f"`{name}` is not a known kind of {noun}"
            self.report.add(Diagnostic(f"unknown-{noun}-format", message, span, help=kind.known_formats))
            return None
        data = self.library.read(self.folder, path)
        if isinstance(data, MediaProblem):
            self.report.add(self._unreadable(data, path, span, kind))
            return None
        self.sizes[normal_path(posixpath.normpath(path))] = len(data)
        problem = self._content_problem(path, data, extension, span, kind)
        if problem is not None:
            self.report.add(problem)
            return None
        drawing = self._drawing(path, data, span) if extension == ".svg" else data
        if drawing is None:
            return None
        self._warn(path, drawing, span, kind)
        file = self._file(path, drawing, data)
        self._report_same_name(posixpath.normpath(path), file, span)
        return file

    def _report_same_name(self, path: str, file: MediaFile, span: Span) -> None:
        """Report that two files have one name. Anki keeps them apart, but only one may be meant."""
        name = posixpath.basename(path)
        first_path, first_file, first_span = self._first_by_name.setdefault(_folded(name), (path, file, span))
        if first_path == path:
            return
        if first_file.data == file.data:
            note, help_ = "the same in both places", f"name `{truncate(first_path, 40)}` here too"
        else:
            note, help_ = "another file", "nothing to do if both are meant: they are kept apart, in Anki too"
        message, related = (
            f"two files of the deck are called `{truncate(name, 36)}`",
            Related(first_span, "and here"),
        )
        self.report.add(Diagnostic("same-file-name", message, span, Severity.NOTE, note, (related,), help_))

    def _unreadable(self, problem: MediaProblem, path: str, span: Span, kind: _MediaKind) -> Diagnostic:
        noun, folder = kind.noun, f"{self.folder}/"
        code, message, help_ = {
            MediaProblem.MISSING: (f"missing-{noun}", "does not exist", self._help_for_missing(path, kind)),
            MediaProblem.OUTSIDE: (
                f"{noun}-outside-deck",
                "is outside the deck's folder",
                f"copy it into {folder}, so that the deck is complete when it is shared",
            ),
            MediaProblem.UNREADABLE: (f"unreadable-{noun}", "cannot be read", f"looked for in {folder}"),
            MediaProblem.TOO_LARGE: (
                f"large-{noun}",
                "is larger than 100 MB",
                "make it smaller: AnkiWeb accepts no file of that size",
            ),
        }[problem]
        headline = f"the {noun} `{truncate(path, 28)}` {message}"
        return Diagnostic(code, headline, span, help=help_)

    def _help_for_missing(self, path: str, kind: _MediaKind) -> str:
        paths = self._paths()
        if actual_path := next(iter(self._paths_like(path)), ""):
            return f"the file is called `{actual_path}`: some systems tell capital letters apart"
        from urllib.parse import unquote  # noqa: PLC0415  start-up is what users wait for most

        unquoted = unquote(path).replace("\\", "/")
        if unquoted != path and normal_path(unquoted) in map(normal_path, paths):
            return f"write the path as it is: `![…](<{unquoted}>)`"
        is_sound = kind is _SOUND
        by_stem = {_stem(listed): listed for listed in paths if media_formats.is_sound(listed) == is_sound}
        if match := closest_match(_stem(path), by_stem):
            return f"did you mean `{by_stem[match]}`?"
        in_media = f" and {self.folder}/{MEDIA_FOLDER}/" if kind is _FONT else ""
        return f"looked for in {self.folder}/{in_media}"

    def _content_problem(
        self, path: str, data: bytes, extension: str, span: Span, kind: _MediaKind
    ) -> Diagnostic | None:
        """Return why a file can't be what its name says."""
        name = truncate(path)
        if not data:
            return Diagnostic(f"empty-{kind.noun}", f"the file `{name}` is empty", span)
        actual = media_formats.detect_format(data)
        if actual is None:
            format_name = next(entry.name for entry in kind.formats if extension in entry.extensions)
            message = f"`{name}` is not {_article(format_name)} {format_name} {kind.noun}"
            note = media_formats.describe_other_file(data)
            return Diagnostic(f"not-a-{kind.noun}", message, span, note=note)
        if extension not in actual.extensions:
            message = f"`{name}` is in fact {_article(actual.name)} {actual.name} file"
            new_path = path[: -len(extension)] + actual.extensions[0]
            rename = f"rename it to `{new_path}`, here and in its folder"
            help_ = rename if actual in kind.formats else kind.known_formats
            return Diagnostic("wrong-extension", message, span, help=help_)
        is_bitmap = kind is _PICTURE and extension != ".svg"
        return _size_problem(path, data, span) if is_bitmap else None

    def _drawing(self, path: str, data: bytes, span: Span) -> bytes | None:
        """Return a drawing as cards get it; report why it can't be one, or what is left out of it."""
        from cardwright.source import svg  # noqa: PLC0415  few decks have drawings

        try:
            drawing = svg.read_drawing(f"{self.folder}/{path}", data)
        except svg.UnreadableSvgError as error:
            message = f"the drawing `{truncate(path)}` cannot be read"
            related = Related(error.problem.span, error.problem.description)
            self.report.add(
                Diagnostic("broken-svg", message, span, related=(related,), help=error.problem.help)
            )
            return None
        for code, severity, verb, parts in (
            ("unsafe-svg", Severity.ERROR, "has", drawing.problems),
            ("incomplete-drawing", Severity.WARNING, "is shown without", drawing.omissions),
        ):
            if parts:
                first, more = parts[0], f", and {len(parts) - 1} more" if len(parts) > 1 else ""
                message = f"`{truncate(path, 20)}` {verb} {first.description}"
                related = Related(first.span, f"here{more}")
                self.report.add(
                    Diagnostic(code, message, span, severity, related=(related,), help=first.help)
                )
        return None if drawing.problems else drawing.data

    def _warn(self, path: str, data: bytes, span: Span, kind: _MediaKind) -> None:
        """Warn of what works here and may not work elsewhere."""
        if len(data) > HEAVY_FILE:
            message = f"the {kind.noun} `{truncate(path)}` takes {len(data) / 1e6:.0f} MB"
            help_ = "make it smaller: every learner's phone fetches and keeps it"
            self.report.add(Diagnostic(f"heavy-{kind.noun}", message, span, Severity.WARNING, help=help_))
        own_path = normal_path(posixpath.normpath(path))
        paths = self._paths_like(own_path) if own_path.startswith("media/") else ()
        actual_path = next(iter(paths), "")
        same_paths = [listed for listed in paths if normal_path(listed) == own_path]
        if len(same_paths) > 1:
            message = f"two files of the deck are called `{truncate(posixpath.basename(path), 36)}`"
            note, help_ = (
                "they differ in how accents are encoded",
                "delete one: other systems have only one of them",
            )
            self.report.add(Diagnostic("same-file-name", message, span, Severity.WARNING, note, help=help_))
        if actual_path and not same_paths:
            message = f"`{truncate(path, 24)}` is called `{truncate(actual_path, 24)}`"
            help_ = "write the name exactly so: some systems tell capital letters apart"
            self.report.add(Diagnostic("name-written-otherwise", message, span, Severity.WARNING, help=help_))

    def _paths_like(self, path: str) -> Sequence[str]:
        """Return the paths of media that differ from a path at most in case and how accents are encoded."""
        if self._paths_by_folded is None:
            self._paths_by_folded = {}
            for listed in self._paths():
                self._paths_by_folded.setdefault(_folded(listed), []).append(listed)
        return self._paths_by_folded.get(_folded(path), ())

    def _paths(self) -> Collection[str]:
        if self._listed_paths is None:
            self._listed_paths = self.library.media_files(self.folder)
        return self._listed_paths


def _size_problem(path: str, data: bytes, span: Span) -> Diagnostic | None:
    """Report a bitmap that nobody can draw: without a size, or with a billion pixels in a few kB."""
    from cardwright.source.picture_size import MAX_SIDE, picture_size  # noqa: PLC0415  few decks have bitmaps

    size = picture_size(data)
    if size is None:
        message = f"the picture `{truncate(path)}` is damaged: it has no size"
        return Diagnostic("damaged-picture", message, span, help="export it again, or copy it again")
    if max(size) <= MAX_SIDE and size[0] * size[1] <= MAX_PIXELS:
        return None
    message = f"`{truncate(path, 20)}` is {size[0]:,.0f} by {size[1]:,.0f} pixels large"
    help_ = "make it smaller: a card shows about 1,000 by 1,000 of them"
    return Diagnostic("huge-picture", message, span, help=help_)


def _folded(path: str) -> str:
    """Return a path as a system sees it that ignores case and how accents are encoded."""
    return normal_path(path).casefold()


def _stem(path: str) -> str:
    """Return a file's name without folder and extension, in lower case."""
    return posixpath.splitext(posixpath.basename(path))[0].lower()


def _article(format_name: str) -> str:
    """Return the article before the name of a format, as it is spoken: an MP3, an Ogg, an SVG."""
    return "an" if format_name[0] in "MOS" else "a"


def packaged_name(path: str, extension: str, data: bytes) -> str:
    """Return the name of a file in the package: `<slug>-<12 hex of sha256>.<extension>`.

    A file with another content gets another name, so Anki never keeps an old one.
    extension: the end of the path, in lower case.
    """
    stem = path.rsplit("/", 1)[-1][: -len(extension)].lower()
    slug = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:40] or "picture"
    return f"{slug}-{hashlib.sha256(data).hexdigest()[:12]}{extension}"
