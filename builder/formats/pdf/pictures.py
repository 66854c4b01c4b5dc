"""The pictures of a deck, laid where the engine finds them."""

from collections.abc import Iterator, Sequence

from builder.collection.content import Image, inlines
from builder.diagnostics.diagnostic import Diagnostic
from builder.formats.pdf.checks import about
from builder.formats.pdf.engine import Engine, Stage
from builder.formats.pdf.faces import Side
from builder.formats.pdf.tree import picture_name


def place(sides: Sequence[Side], stage: Stage, engine: Engine) -> Iterator[tuple[Side, Diagnostic]]:
    """Put each picture on the stage once.

    Errors: `undrawable-picture` for each side that shows one which the engine cannot draw.
    """
    refusals: dict[str, str] = {}
    for side in sides:
        for content in side.contents:
            for image in inlines(content):
                if isinstance(image, Image):
                    name = picture_name(image.medium)
                    if name not in refusals:
                        stage.put(name, image.medium.data)
                        refusals[name] = engine.refusal(name)
                    if refusals[name]:
                        yield (
                            side,
                            about(
                                side,
                                "undrawable-picture",
                                "has a picture that cannot be drawn",
                                note=f"{image.medium.path}: {refusals[name]}",
                            ),
                        )
