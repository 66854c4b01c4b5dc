"""Adds print preferences to a PDF, which Typst cannot: true size, the flip edge, tray by paper size."""

import re

from cardwright.layout.geometry import Flip
from cardwright.layout.plan import Mode, Plan

# Source: ISO 32000-1, 12.2, table 150.
_PREFERENCES = b"/PrintScaling/None/Duplex/%s/PickTrayByPDFSize true"
_ONE_SIDED = b"Simplex"
_TWO_SIDED = {Flip.LONG: b"DuplexFlipLongEdge", Flip.SHORT: b"DuplexFlipShortEdge"}
_VIEWER_PREFERENCES = b"/ViewerPreferences<<"
_FILE_END = re.compile(rb"startxref\n(\d+)\n%%EOF\s*\Z")


def add_print_preferences(pdf: bytes, plan: Plan) -> bytes:
    """Return a PDF of Typst's with preferences that suit a plan's card sheets.

    Viewers may ignore them.
    """
    return _add(pdf, _TWO_SIDED[plan.flip] if plan.mode is Mode.DUPLEX else _ONE_SIDED)


def add_duplex_preferences(pdf: bytes) -> bytes:
    """Return a PDF of Typst's with preferences for pages to be read in order, on both sides of the paper."""
    return _add(pdf, _TWO_SIDED[Flip.LONG])


def _add(pdf: bytes, duplex: bytes) -> bytes:
    """Add the preferences to the catalog.

    Typst writes the catalog as the last object, so only the cross-reference table moves, and the
    end of the file says where that is.
    """
    preferences = _PREFERENCES % duplex
    end = _FILE_END.search(pdf)
    start = pdf.rfind(_VIEWER_PREFERENCES)
    if end is None or not pdf.rfind(b"/Type/Catalog") < start < int(end[1]):
        raise AssertionError("Typst writes the catalog in another form or place than it used to")
    insertion = start + len(_VIEWER_PREFERENCES)
    return b"".join(
        (
            pdf[:insertion],
            preferences,
            pdf[insertion : end.start()],
            b"startxref\n%d\n%%%%EOF\n" % (int(end[1]) + len(preferences)),
        )
    )
