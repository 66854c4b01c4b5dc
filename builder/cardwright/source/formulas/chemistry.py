"""Chemistry: `\\ce{…}` and `\\pu{…}` stand for the TeX that mhchem makes of them."""

from cardwright.source.formulas.reader import Handler, Reader


def chemistry_to_tex(text: str) -> str:
    """Return the TeX of what stands in `\\ce{…}`. Errors: UnreadableTex."""
    from cardwright.source.formulas.chemistry_patterns import unify_signs  # noqa: PLC0415  few formulas have any
    from cardwright.source.formulas.chemistry_reader import Reader as ChemistryReader  # noqa: PLC0415  likewise

    reader = ChemistryReader(unify_signs(text))
    written = reader.read()
    return f"{{{written}}}" if written and not reader.has_cells else written


def quantity_to_tex(text: str) -> str:
    """Return the TeX of what stands in `\\pu{…}`. Errors: UnreadableTex."""
    from cardwright.source.formulas.chemistry_patterns import unify_signs  # noqa: PLC0415  few formulas have any
    from cardwright.source.formulas.quantities import write_quantity  # noqa: PLC0415  likewise

    written = write_quantity(unify_signs(text))
    return "" if written == "{}" else written


def _read_chemistry(reader: Reader, name: str) -> None:
    reader.expand(chemistry_to_tex(reader.raw_argument(name)))


def _read_quantity(reader: Reader, name: str) -> None:
    reader.expand(quantity_to_tex(reader.raw_argument(name)))


HANDLERS: dict[str, Handler] = {"\\ce": _read_chemistry, "\\pu": _read_quantity}
