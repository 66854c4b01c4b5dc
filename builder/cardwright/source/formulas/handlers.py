"""What each macro does that is no symbol."""

from cardwright.source.formulas import boxes, environments, expansions, fonts, structures, text
from cardwright.source.formulas.reader import Handler

HANDLERS: dict[str, Handler] = {
    **boxes.HANDLERS,
    **environments.HANDLERS,
    **expansions.HANDLERS,
    **fonts.HANDLERS,
    **structures.HANDLERS,
    **text.HANDLERS,
}
