"""Reads the CSS of a note type, and the files that it names.

Fonts and pictures travel with the package; style sheets that are imported become a part of the CSS.
"""

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cardwright.collection.content import MediaFile
from cardwright.diagnostics import Diagnostic, Related, Report, Source, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.source.css import MAX_BRACKETS, find_css_problems, has_deep_brackets
from cardwright.source.css_imports import address, imported_address, leading_imports, with_condition
from cardwright.source.files import MediaProblem
from cardwright.source.media_reader import MediaReader
from cardwright.source.nodes import Scalar
from cardwright.source.text import clean_text

MAX_CSS_LENGTH = 50_000
"""In characters, of a note type's CSS with all that it imports."""

_MAX_IMPORTS = 20
_REMOTE = ("http:", "https:", "//", "data:", "#")


@dataclass(frozen=True, slots=True)
class NoteTypeCss:
    """The CSS of a note type. files: the fonts and pictures that it names, by their names in the package."""

    css: str
    files: tuple[MediaFile, ...]


def read_css(scalar: Scalar, media: MediaReader, report: Report) -> NoteTypeCss | None:
    """Return the CSS of a note type; None after reporting what it must not have."""
    own_report = Report()
    reader = _CssReader(scalar, media, own_report)
    css = reader.read(clean_text(scalar, own_report))
    if len(css) > MAX_CSS_LENGTH:
        message = f"the style has {len(css):,} characters; the limit is {MAX_CSS_LENGTH:,}"
        own_report.add(Diagnostic("long-css", message, scalar.span))
    report.extend(own_report)
    if own_report.has_errors or reader.lacks_file:
        return None
    return NoteTypeCss(css, tuple(reader.files.values()))


class _CssReader:
    """Reads the CSS of one note type.

    files: those named so far, by their names in the package.
    lacks_file: whether one of them can't be used, which the reader of media has reported.
    """

    def __init__(self, scalar: Scalar, media: MediaReader, report: Report) -> None:
        self.files: dict[str, MediaFile] = {}
        self.lacks_file = False
        self._scalar = scalar
        self._media = media
        self._report = report
        self._sheets: list[str] = []

    def read(self, css: str, sheet: str = "") -> str:
        """Return CSS with the names that its files have in the package, and with what it imports.

        sheet: the path of the style sheet that has it; empty for the CSS in deck.yaml.
        """
        if has_deep_brackets(css):
            message = f"the style has brackets nested more than {MAX_BRACKETS} deep"
            self._report.add(Diagnostic("long-css", message, self._scalar.span))
            return ""
        lowered = css.lower()
        if "url(" not in lowered and "@import" not in lowered:
            self._judge(css, css, sheet)
            return css
        import tinycss2  # noqa: PLC0415  few styles name a file

        imported: list[str] = []
        values = tinycss2.parse_component_value_list(css)
        if "@import" in lowered:
            imported, values = self._take_imports(values, sheet)
        # What is judged has no names of files, since those are the deck's own.
        written = "".join(self._write(values, sheet, named=True))
        self._judge("".join(self._write(values, sheet, named=False)), css, sheet)
        return "".join((*imported, written))

    def _judge(self, css: str, source_css: str, sheet: str) -> None:
        for problem in find_css_problems(css):
            message = f"the style has `{truncate(problem.part)}` in it"
            span = self._scalar.part(problem.part)
            related: tuple[Related, ...] = ()
            if sheet:
                span = self._scalar.part(posixpath.basename(sheet))
                source = Source(f"{self._media.folder}/{sheet}", source_css)
                related = (Related(Span(source, 0, len(source_css)).part(problem.part), "here"),)
            self._report.add(Diagnostic("css-reaches-out", message, span, related=related, help=problem.help))

    def _take_imports(self, values: Sequence[Any], sheet: str) -> tuple[list[str], Sequence[Any]]:
        """Return the style sheets that CSS imports, and the rest of it."""
        imported: list[str] = []
        rest = 0
        for prelude, end in leading_imports(values):
            text = self._import(prelude, sheet)
            if text is None:
                break
            imported.append(text)
            rest = end
        return imported, values[rest:]

    def _import(self, prelude: Sequence[Any], sheet: str) -> str | None:
        """Return an imported style sheet; None if it is none of the deck's."""
        name = imported_address(prelude)
        if not name or name.lower().startswith(_REMOTE):
            return None
        path = self._media.find(posixpath.normpath(posixpath.join(posixpath.dirname(sheet), name)))
        data = self._media.library.read(self._media.folder, path)
        css = "" if isinstance(data, MediaProblem) else data.decode("utf-8-sig", "replace")
        if isinstance(data, MediaProblem) or "\ufffd" in css or len(css) > MAX_CSS_LENGTH:
            self._report_unreadable(name, data)
            return ""
        if path in self._sheets:
            return ""
        self._sheets.append(path)
        if len(self._sheets) > _MAX_IMPORTS:
            message = f"the style imports more than {_MAX_IMPORTS} style sheets"
            self._report.add(Diagnostic("long-css", message, self._scalar.span))
            return ""
        return with_condition(self.read(css, path).strip(), prelude)

    def _report_unreadable(self, name: str, data: bytes | MediaProblem) -> None:
        reasons = {
            MediaProblem.MISSING: ("missing-style", "does not exist"),
            MediaProblem.OUTSIDE: ("style-outside-deck", "is outside the deck's folder"),
        }
        code, reason = ("unreadable-style", "cannot be read")
        if isinstance(data, MediaProblem):
            code, reason = reasons.get(data, (code, reason))
        folder = self._media.folder
        help_ = f"looked for in {folder}/ and {folder}/media/" if code == "missing-style" else ""
        message = f"the style sheet `{truncate(name, 28)}` {reason}"
        self._report.add(Diagnostic(code, message, self._scalar.part(name), help=help_))

    def _write(self, values: Iterable[Any], sheet: str, *, named: bool) -> Iterator[str]:
        """Yield CSS with the names of files in the package, or without any."""
        for value in values:
            own_address = address(value) if value.type in ("url", "function") else ""
            if own_address and not own_address.lower().startswith(_REMOTE):
                file = self._file(own_address, sheet)
                yield f'url("{file.name}")' if named and file is not None else "none"
            elif value.type == "function":
                yield from (f"{value.name}(", *self._write(value.arguments, sheet, named=named), ")")
            elif value.type.endswith(" block"):
                opening, closing = value.type[0], {"(": ")", "[": "]", "{": "}"}[value.type[0]]
                yield from (opening, *self._write(value.content, sheet, named=named), closing)
            else:
                yield value.serialize()

    def _file(self, address: str, sheet: str) -> MediaFile | None:
        from urllib.parse import unquote  # noqa: PLC0415  few styles name a file

        path = posixpath.normpath(posixpath.join(posixpath.dirname(sheet), unquote(address)))
        file = self._media.file_of_style(path, self._scalar)
        if file is None:
            self.lacks_file = True
        else:
            self.files[file.name] = file
        return file
