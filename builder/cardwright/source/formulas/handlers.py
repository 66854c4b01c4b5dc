"""What each macro does that is no symbol."""

from cardwright.source.formulas import (
    boxes,
    colours,
    diagrams,
    environments,
    expansions,
    fonts,
    packages,
    structures,
    text,
)
from cardwright.source.formulas.reader import Handler

HANDLERS: dict[str, Handler] = {
    **boxes.HANDLERS,
    **colours.HANDLERS,
    **diagrams.HANDLERS,
    **environments.HANDLERS,
    **expansions.HANDLERS,
    **fonts.HANDLERS,
    **packages.HANDLERS,
    **structures.HANDLERS,
    **text.HANDLERS,
}
