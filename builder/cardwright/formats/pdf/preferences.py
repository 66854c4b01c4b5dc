"""Adds print preferences to a PDF, which Typst cannot: true size, the flip edge, tray by paper size."""

import re

from cardwright.layout.geometry import Flip

# Source: ISO 32000-1, 12.2, table 150.
_PREFERENCES = b"/PrintScaling/None/Duplex/%s/PickTrayByPDFSize true"
_TWO_SIDED = {Flip.LONG: b"DuplexFlipLongEdge", Flip.SHORT: b"DuplexFlipShortEdge"}
_VIEWER_PREFERENCES = b"/ViewerPreferences<<"
_FILE_END = re.compile(rb"startxref\n(\d+)\n%%EOF\s*\Z")


def add_print_preferences(pdf: bytes, flip: Flip | None) -> bytes:
    """Return a PDF of Typst's with print preferences in its catalog; viewers may ignore them.

    flip: the edge over which to turn the paper; None for printing on one side.

    Typst writes the catalog as the last object, so only the cross-reference table moves, and the
    end of the file says where that is.
    """
    preferences = _PREFERENCES % (b"Simplex" if flip is None else _TWO_SIDED[flip])
    end = _FILE_END.search(pdf)
    start = pdf.rfind(_VIEWER_PREFERENCES)
    if end is None or not pdf.rfind(b"/Type/Catalog") < start < int(end[1]):
        raise AssertionError("Typst writes the catalog in another form or place than it used to")
    insertion = start + len(_VIEWER_PREFERENCES)
    new_end = b"startxref\n%d\n%%%%EOF\n" % (int(end[1]) + len(preferences))
    return pdf[:insertion] + preferences + pdf[insertion : end.start()] + new_end
