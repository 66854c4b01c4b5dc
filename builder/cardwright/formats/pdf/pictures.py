"""The pictures of a deck, laid where the engine finds them."""

from collections.abc import Iterator, Sequence

from cardwright.collection.content import Image, inlines
from cardwright.collection.media import MediaFile
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.formats.pdf.checks import span_of_text
from cardwright.formats.pdf.engine import AssetDir, Engine
from cardwright.formats.pdf.sides import Side
from cardwright.formats.pdf.tree import picture_path


def place(sides: Sequence[Side], stage: AssetDir, engine: Engine) -> Iterator[tuple[Side, Diagnostic]]:
    """Put each picture on the stage once.

    Errors: `undrawable-picture` for each side that shows one which the engine cannot draw; of all sides
    that show the same one it is the same finding, at the first.
    """
    refusals: dict[str, Diagnostic | None] = {}
    for side in sides:
        for content in side.contents:
            for image in inlines(content):
                if isinstance(image, Image):
                    name = picture_path(image.file)
                    if name not in refusals:
                        stage.put(name, image.file.data)
                        refusal = engine.picture_error(name)
                        refusals[name] = _undrawable(side, image.file, refusal) if refusal else None
                    if (problem := refusals[name]) is not None:
                        yield side, problem


def _undrawable(side: Side, file: MediaFile, refusal: str) -> Diagnostic:
    message = f"the picture `{truncate(file.path.rsplit('/', 1)[-1])}` cannot be drawn"
    # The author's path is the end of the one that the file knows.
    parts = file.path.split("/")
    ends = ("/".join(parts[place:]) for place in range(len(parts)))
    written = next((end for end in ends if end in side.card.note.span.text), "")
    span = span_of_text(side.card.note.span, written)
    return Diagnostic("undrawable-picture", message, span, note=refusal)
