"""Chemistry: what mhchem reads in `\\ce{…}`, as the TeX that it writes.

Source: mhchemParser 4.1.1, which MathJax 3.2.2 has in it.
"""

import re
from collections.abc import Callable, Container

from cardwright.source.formulas import chemistry_places as places
from cardwright.source.formulas.chemistry_patterns import (
    AMOUNT,
    ARROW,
    AT_END,
    BRACED,
    BRACES,
    CALL,
    CHEMISTRY,
    COLOR,
    COLORED,
    DOLLARS,
    LETTERS,
    MACRO,
    OPERATOR,
    ORBITAL,
    PLUS_MINUS,
    PREFIX,
    QUANTITY,
    SPACE_MACRO,
    Finder,
    behind,
    either,
    enclosed,
    find_state,
    pattern,
    sequence,
)
from cardwright.source.formulas.chemistry_texts import (
    BONDS,
    HYPHEN,
    OPERATORS,
    Entity,
    write_arrow,
    write_chemistry,
    write_entity,
    write_oxidation,
    write_symbol,
)
from cardwright.source.formulas.items import UnreadableTex
from cardwright.source.formulas.quantities import write_quantity


class Reader:
    """Reads chemistry from left to right, and writes each entity once it is complete.

    A method that begins with `read_` is given a part that has been found. It returns whether that part
    means something where it stands; otherwise the next kind of part in `_PARTS` is tried.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.place = places.START
        self.entity = Entity()
        self.written: list[str] = []
        self.depth = 0
        self.begins_with_bond = False
        self.has_cells = False

    def read(self) -> str:
        """Return the TeX of the text."""
        while self.position < len(self.text):
            if self.place in places.BEFORE_ENTITY:
                self.begins_with_bond = False
            self._read_part()
        self.end_entity()
        return "".join(self.written)

    def _read_part(self) -> None:
        for find, read in _PARTS:
            part = find(self.text, self.position)
            if part is not None and read(self, *part.groups):
                self.position = part.end
                return
        if self.place == places.AMOUNT:
            self.entity.symbol, self.entity.amount = self.entity.amount, ""
            self.place = places.SYMBOL
        elif self.place == places.AMOUNT_SPACED:
            self.end_entity()
            self.entity.has_space_before = True
            self.place = places.SPACED
        elif self.place == places.ARROW:
            self.place = places.START
        else:
            self.write(self.text[self.position])
            self.position += 1

    def end_entity(self, *, before_entity: bool = False, keeps_amount: bool = False) -> None:
        """Write the entity that is complete, and begin the next.

        before_entity: whether another follows at once, so that a space before it counts even if nothing
        has been read since. keeps_amount: whether what has been read as an amount is one of what follows.
        """
        entity, self.entity = self.entity, Entity()
        has_symbol = bool(entity.symbol or entity.sub or entity.super)
        has_left_scripts = bool(entity.left_super or entity.left_sub)
        if not (has_symbol or has_left_scripts or entity.amount or before_entity or keeps_amount):
            return
        if not has_symbol and has_left_scripts:
            entity.symbol, entity.super, entity.sub = entity.amount, entity.left_super, entity.left_sub
            entity.amount = entity.left_super = entity.left_sub = ""
        elif not has_symbol and not keeps_amount:
            entity.symbol, entity.amount = entity.amount, ""
        self.written += ["~" if entity.has_space_before else "", write_entity(entity)]

    def write(self, tex: str, place: str = places.JOINED, **end: bool) -> bool:
        """Write TeX behind the entity; return True, since that is a meaning. end: of `end_entity`."""
        self.end_entity(**end)
        self.written.append(tex)
        self.place = place
        return True

    def write_operator(self, tex: str, place: str = places.START) -> bool:
        """Write an operator, whose spaces are its own."""
        self.entity.has_space_before = False
        return self.write(f" {tex} ", place)

    # Operators and arrows

    def read_oxidation(self, text: str) -> bool:
        if self.place != places.START:
            return False
        self.written.append(f"{{{write_oxidation(text)}}}")
        return True

    def read_vertical_arrow(self, sign: str) -> bool:
        if self.place not in places.BEFORE_ENTITY | {places.AMOUNT_SPACED}:
            return False
        return self.write_operator("\\downarrow{}" if "v" in sign else "\\uparrow{}", places.SPACED)

    def read_arrow(self, *arrow: str) -> bool:
        return self.write(write_arrow(*arrow), places.ARROW)

    def read_plus_minus(self, _sign: str) -> bool:
        return self.place in places.BEFORE_ENTITY | places.AMOUNTS and self.write_operator("{}\\pm{}")

    def read_operator(self, sign: str) -> bool:
        return self.place in places.BEFORE_ENTITY | places.AMOUNTS and self.write_operator(
            f"{{}}{OPERATORS[sign]}{{}}"
        )

    def read_plus(self, sign: str) -> bool:
        if self.place == places.JOINED:
            return self.write_operator("{}+{}")
        if self.place == places.SYMBOL:
            self.entity.super, self.entity.is_stacked = sign, True
            self.place = places.SUPER
        elif self.place in (places.SUPER, places.BRACED_SUPER):
            self.entity.super += sign
            self.place = places.SUPER
        elif self.place in (places.SUB, places.SUB_SUPER, places.SUB_BRACED_SUPER):
            self.entity.super += sign
            self.place = places.SUB_SUPER
        elif self.place == places.SUPER_SUB:
            self.end_entity()
            self.entity.super = sign
            self.place = places.SUPER
        else:
            return False
        return True

    # Hyphens: charges, bonds, and hyphens

    def read_closing_hyphen(self, sign: str) -> bool:
        """Read a hyphen at the end of an entity: a charge, unless the entity begins with a bond."""
        if self.place in (places.SYMBOL, places.SUB):
            if self.begins_with_bond:
                return self.write(BONDS[sign], places.SUB_SUPER)
            self.entity.super = sign
            return self.write("", places.SUB_SUPER)
        if self.place in (places.SUPER, places.SUB_SUPER):
            self.entity.super += sign
            return True
        return self.place in places.BEHIND_BRACED_SUPER | {places.SUPER_SUB} and self.write(BONDS[sign])

    def read_hyphen_before_digit(self, _sign: str) -> bool:
        return self.place in (places.JOINED, places.SYMBOL) and self.write(HYPHEN)

    def read_hyphen_before_orbital(self, _sign: str) -> bool:
        return self.place in (places.SYMBOL, places.SUPER) and self.write(HYPHEN, places.OPENED)

    def read_hyphen(self, sign: str) -> bool:
        if self.place in places.BEFORE_ENTITY:
            self.begins_with_bond = True
            return self.write(BONDS[sign], before_entity=True)
        if self.place == places.AMOUNT:
            return self.write(HYPHEN, places.OPENED)
        if self.place == places.AMOUNT_SPACED:
            return self.write(BONDS[sign], keeps_amount=True)
        if self.place == places.LEFT_SUPER:
            self.entity.left_super += sign
            return True
        if self.place in places.BEHIND_BRACED_SUPER | {places.JOINED, places.LEFT_SUB}:
            return self.write(BONDS[sign])
        return self.place not in (places.LEFT_BOTH, places.ARROW) and self._read_hyphen_behind_symbol(sign)

    def _read_hyphen_behind_symbol(self, sign: str) -> bool:
        entity = self.entity
        is_variable = re.fullmatch("[a-z][^a-zA-Z]?", entity.symbol) is not None
        if is_variable or PREFIX.fullmatch(entity.symbol):
            if is_variable and entity == Entity(
                symbol=entity.symbol, has_space_before=entity.has_space_before, is_stacked=entity.is_stacked
            ):
                entity.symbol = f"${entity.symbol}$"
            return self.write(HYPHEN, places.OPENED)
        if self.place not in (places.SYMBOL, places.SUB) and re.fullmatch("[0-9]+", entity.super):
            entity.super += sign
            return self.write("", places.OPENED)
        return self.write(BONDS[sign], places.OPENED)

    # Parts of an entity

    def read_amount(self, amount: str) -> bool:
        if self.place not in (places.START, places.OPENED):
            return False
        self.entity.amount += amount
        self.place = places.AMOUNT
        return True

    def read_later_amount(self, amount: str) -> bool:
        if self.place not in (places.SPACED, places.JOINED):
            return False
        self.entity.amount += amount
        self.place = places.AMOUNT
        return True

    def read_upright_name(self, name: str) -> bool:
        if self.place not in places.BEFORE_ENTITY:
            return False
        self.entity.symbol += name
        return self.write("", places.SPACED)

    def read_orbital(self, orbital: str) -> bool:
        return self.place in places.BEFORE_ENTITY | {places.JOINED} and self._add_to_symbol(orbital)

    def read_letters(self, letters: str) -> bool:
        if self.place in places.ENDING_IN_SUPER:
            mass_number = self.entity.super if re.fullmatch("[1-9][0-9]*", self.entity.super) else ""
            if mass_number:
                self.entity.super = ""
            self.write("\\mkern2mu" if mass_number else "")
            self.entity.left_super = mass_number
        return self._add_to_symbol(letters, ends=places.BEHIND_SCRIPTS)

    def read_digits(self, digits: str) -> bool:
        if self.place == places.SYMBOL:
            self.entity.sub += digits
            self.place = places.SUB
        elif self.place in (places.SUPER, places.BRACED_SUPER):
            self.entity.sub += digits
            self.place = places.SUPER_SUB
        else:
            return self.place in (places.SUB, places.AMOUNT) and self._add_to_symbol(
                digits, ends={places.SUB}
            )
        return True

    def read_braces(self, braces: str) -> bool:
        return self._add_to_symbol(braces, ends=places.BEHIND_SCRIPTS | {places.SYMBOL})

    def read_math(self, math: str) -> bool:
        if self.place == places.AMOUNT:
            self.entity.amount += math
            return True
        return self._add_to_symbol(math, ends=places.BEHIND_SCRIPTS)

    def read_opening_bracket(self, bracket: str) -> bool:
        self._add_to_symbol(bracket, ends=places.BEHIND_SCRIPTS | places.LEFT_SCRIPTS | {places.ARROW})
        self.depth += 1
        return self.write("", places.OPENED)

    def read_closing_bracket(self, bracket: str) -> bool:
        is_read = self._add_to_symbol(bracket, ends=places.BEHIND_SCRIPTS | places.AMOUNTS)
        self.depth -= is_read
        return is_read

    def _add_to_symbol(self, text: str, ends: Container[str] = ()) -> bool:
        """Add to the symbol. ends: where the entity is complete, so that another begins."""
        if self.place in ends:
            self.end_entity()
        elif self.place == places.ARROW:
            return False
        self.entity.symbol += text
        self.place = places.SYMBOL
        return True

    def read_braced_superscript(self, text: str) -> bool:
        if self.place in places.ENDING_IN_SUPER | {places.SUPER_SUB}:
            self.end_entity()
            self.entity.super = text
            self.place = places.BRACED_SUPER
            return True
        return self._begin_superscript(text, places.BRACED_SUPER, places.SUB_BRACED_SUPER)

    def read_superscript(self, text: str) -> bool:
        if self.place in places.ENDING_IN_SUPER:
            self.entity.super += text
            return True
        if self.place == places.SUPER_SUB:
            self.end_entity()
            self.entity.super = text
            self.place = places.SUPER
            return True
        return self._begin_superscript(text, places.SUPER, places.SUB_SUPER)

    def _begin_superscript(self, text: str, behind_symbol: str, behind_sub: str) -> bool:
        if self.place in places.BEFORE_ENTITY | {places.AMOUNT_SPACED, places.LEFT_SUB}:
            self.entity.left_super += text
            self.place = places.LEFT_BOTH if self.place == places.LEFT_SUB else places.LEFT_SUPER
        elif self.place in (places.JOINED, places.SYMBOL):
            self.entity.super, self.entity.is_stacked = text, True
            self.place = behind_symbol
        elif self.place == places.SUB:
            self.entity.super += text
            self.place = behind_sub
        else:
            return False
        return True

    def read_subscript(self, text: str) -> bool:
        if self.place in places.BEFORE_ENTITY | {places.AMOUNT_SPACED, places.LEFT_SUPER}:
            self.entity.left_sub += text
            self.place = places.LEFT_BOTH if self.place == places.LEFT_SUPER else places.LEFT_SUB
            return True
        if self.place in (places.JOINED, places.SYMBOL, places.SUPER, places.BRACED_SUPER):
            self.entity.sub += text
            self.place = places.SUB if self.place in (places.JOINED, places.SYMBOL) else places.SUPER_SUB
            return True
        return self.read_state_as_subscript(text)

    def read_state_as_subscript(self, text: str) -> bool:
        if self.place not in places.BEHIND_SCRIPTS:
            return False
        self.end_entity()
        self.entity.sub = text
        self.place = places.SUB
        return True

    # What ends an entity

    def read_space_before_entity(self, _space: str) -> bool:
        return self.place in places.LEFT_SCRIPTS

    def read_space(self, _space: str) -> bool:
        if self.place == places.AMOUNT:
            self.place = places.AMOUNT_SPACED
            return True
        if self.place == places.ARROW:
            self.place = places.START
        elif self.place not in places.BEFORE_ENTITY:
            self.write("", places.SPACED)
        self.entity.has_space_before = self.place != places.START
        return True

    def read_cell_end(self, sign: str) -> bool:
        self.has_cells = True
        return self.write(
            f"{sign} ", self.place if self.place in (places.SPACED, places.OPENED) else places.START
        )

    def read_ellipsis(self, sign: str) -> bool:
        if self.place in places.BEHIND_SCRIPTS - {places.SUB} | {places.SYMBOL}:
            return self.write(BONDS[sign])
        return self.write("\\ldots ", places.SPACED, before_entity=True)

    def read_dot(self, _sign: str) -> bool:
        return self.write("\\,{\\cdot}\\,", places.SPACED)

    def read_state(self, text: str) -> bool:
        return self.write(f"\\mskip2mu {write_symbol(text)}", places.SPACED)

    def read_comma(self, sign: str, space: str) -> bool:
        return self.write(f"{{{sign}}}\\mkern{6 if space and self.depth == 0 else 3}mu ", places.START)

    def read_stray_script(self, _sign: str) -> bool:
        return True

    def read_bond_sign(self, sign: str) -> bool:
        return self.place not in places.LEFT_SCRIPTS | {places.ARROW} and self.read_bond(sign)

    def read_triple_bond_sign(self, _sign: str) -> bool:
        return self.place in places.BEFORE_ENTITY | places.AMOUNTS | {
            places.JOINED,
            places.SYMBOL,
        } and self.read_bond("#")

    def read_bond(self, kind: str) -> bool:
        if kind not in BONDS:
            raise UnreadableTex(f"chemistry has no bond `{kind}`")
        return self.write(BONDS[kind], keeps_amount=True)

    def read_empty_braces(self, following: str) -> bool:
        return self.write("\\mkern2mu" if following else "", places.SPACED, before_entity=True)

    def read_fraction(self, over: str, under: str) -> bool:
        return self.write(
            f"\\frac{{{write_chemistry(over)}}}{{{write_chemistry(under)}}}", before_entity=True
        )

    def read_stack(self, macro: str, mark: str, base: str) -> bool:
        between = "}_{" if macro == "\\underbrace" else "}{"
        return self.write(
            f"{macro}{{{write_chemistry(mark)}{between}{write_chemistry(base)}}}", keeps_amount=True
        )

    def read_colored(self, color: str, text: str) -> bool:
        return self.write(f"{{\\color{{{color}}}{{{write_chemistry(text)}}}}}", keeps_amount=True)

    def read_color(self, color: str) -> bool:
        return self.write(f"\\color{{{color}}}", self.place, keeps_amount=True)

    def read_chemistry(self, text: str) -> bool:
        reader = Reader(text)
        self.write(reader.read(), keeps_amount=True)
        self.has_cells |= reader.has_cells
        return True

    def read_quantity(self, text: str) -> bool:
        return self.write(write_quantity(text))

    def read_space_macro(self, macro: str) -> bool:
        return self.write(macro, places.SPACED, before_entity=True)

    def read_macro(self, macro: str) -> bool:
        self._add_to_symbol(macro, ends=places.BEHIND_SCRIPTS | {places.ARROW})
        return self.write("")

    def read_other_sign(self, sign: str) -> bool:
        return self.write(sign, before_entity=True)


# In the order in which they are looked for.
_PARTS: tuple[tuple[Finder, Callable[..., bool]], ...] = (
    (pattern(r"(?:[+-][IVX]+|\\pm\s*0|\$\\pm\$\s*0)$"), Reader.read_oxidation),
    (pattern(rf"(?:v|\(v\)|\^|\(\^\)){AT_END}"), Reader.read_vertical_arrow),
    (pattern(r"(?:pH|pOH|pC|pK|iPr|iBu)(?=$|[^a-zA-Z])"), Reader.read_upright_name),
    (pattern(ORBITAL), Reader.read_orbital),
    (ARROW, Reader.read_arrow),
    (pattern(r"\+"), Reader.read_plus),
    (AMOUNT, Reader.read_amount),
    (PLUS_MINUS, Reader.read_plus_minus),
    (OPERATOR, Reader.read_operator),
    (pattern(r"-(?=[\s_},;\]/]|$|\([a-z]+\))"), Reader.read_closing_hyphen),
    (pattern(r"-(?=[0-9])"), Reader.read_hyphen_before_digit),
    (pattern(rf"-(?=(?:[spd]|sp){AT_END})"), Reader.read_hyphen_before_orbital),
    (pattern("-"), Reader.read_hyphen),
    (AMOUNT, Reader.read_later_amount),
    (LETTERS, Reader.read_letters),
    (pattern("[0-9]+"), Reader.read_digits),
    (pattern(r"\s(?=[A-Z\\$])"), Reader.read_space_before_entity),
    (pattern(r"\s"), Reader.read_space),
    (pattern(r"(&|\\\\|\\hline)\s*"), Reader.read_cell_end),
    (pattern(r"\.\.\.(?=$|[^.])"), Reader.read_ellipsis),
    (pattern(r"[.⋅·•*]\s*"), Reader.read_dot),
    (find_state, Reader.read_state),
    (pattern(r"\\\{|[\[(]"), Reader.read_opening_bracket),
    (pattern(r"[)\]]|\\\}"), Reader.read_closing_bracket),
    (pattern(r"([,;])(\s*)"), Reader.read_comma),
    (pattern(r"\^(?=_)|_(?=\^)|[\^_]$"), Reader.read_stray_script),
    (either(enclosed(r"\^\{", "}"), behind("^", DOLLARS)), Reader.read_braced_superscript),
    (pattern(r"\^([0-9]+|[^\\_])"), Reader.read_superscript),
    (behind("^", CALL), Reader.read_superscript),
    (pattern(r"\^(\\[a-zA-Z]+)\s*"), Reader.read_superscript),
    (pattern("'"), Reader.read_superscript),
    (pattern(r"_\{(\([a-z]{1,3}\))\}"), Reader.read_state_as_subscript),
    (either(enclosed(r"_\{", "}"), behind("_", DOLLARS)), Reader.read_subscript),
    (pattern(r"_([+\-]?[0-9]+|[^\\])"), Reader.read_subscript),
    (behind("_", CALL), Reader.read_subscript),
    (pattern(r"_(\\[a-zA-Z]+)\s*"), Reader.read_subscript),
    (pattern("[=<>]"), Reader.read_bond_sign),
    (pattern("[#≡]"), Reader.read_triple_bond_sign),
    (pattern(r"\{\}(?=(\^)?)"), Reader.read_empty_braces),
    (BRACES, Reader.read_braces),
    (DOLLARS, Reader.read_math),
    (enclosed(r"\\bond\{", "}"), Reader.read_bond),
    (sequence(enclosed(r"\\frac\{", "}"), BRACED), Reader.read_fraction),
    (sequence(pattern(r"\\overset|\\underset"), BRACED, BRACED), Reader.read_stack),
    (sequence(pattern(r"\\underbrace"), enclosed(r"\{", "}_"), BRACED), Reader.read_stack),
    (COLORED, Reader.read_colored),
    (COLOR, Reader.read_color),
    (CHEMISTRY, Reader.read_chemistry),
    (SPACE_MACRO, Reader.read_space_macro),
    (QUANTITY, Reader.read_quantity),
    (either(CALL, MACRO), Reader.read_macro),
    (pattern("[/~|]"), Reader.read_other_sign),
)
