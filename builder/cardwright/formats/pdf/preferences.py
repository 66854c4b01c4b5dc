"""Print preferences, which Typst cannot write: true to size, the edge to turn over, tray by paper size."""

import re

from cardwright.layout.geometry import Flip
from cardwright.layout.plan import Mode, Plan

# Source: ISO 32000-1, 12.2, table 150.
_PREFERENCES = b"/PrintScaling/None/Duplex/%s/PickTrayByPDFSize true"
_ONE_SIDED = b"Simplex"
_TWO_SIDED = {Flip.LONG: b"DuplexFlipLongEdge", Flip.SHORT: b"DuplexFlipShortEdge"}
_PLACE = b"/ViewerPreferences<<"
_END = re.compile(rb"startxref\n(\d+)\n%%EOF\s*\Z")


def add_print_preferences(pdf: bytes, plan: Plan) -> bytes:
    """A PDF of Typst's that asks to be printed as a plan's card sheets must be.

    They go into the catalog, which Typst writes as the last object: nothing
    behind it moves but the cross-reference table, whose place the last line
    tells. They are wishes that a viewer may ignore.
    """
    return _wishing(pdf, _TWO_SIDED[plan.flip] if plan.mode is Mode.DUPLEX else _ONE_SIDED)


def add_duplex_preferences(pdf: bytes) -> bytes:
    """The same for pages that are read one after the other, on both sides of the paper."""
    return _wishing(pdf, _TWO_SIDED[Flip.LONG])


def _wishing(pdf: bytes, duplex: bytes) -> bytes:
    wishes = _PREFERENCES % duplex
    end = _END.search(pdf)
    place = pdf.rfind(_PLACE)
    if end is None or not pdf.rfind(b"/Type/Catalog") < place < int(end[1]):
        raise AssertionError("Typst writes the catalog in another form or place than it used to")
    table = int(end[1])
    behind = place + len(_PLACE)
    return b"".join(
        (
            pdf[:behind],
            wishes,
            pdf[behind : end.start()],
            b"startxref\n%d\n%%%%EOF\n" % (table + len(wishes)),
        )
    )
