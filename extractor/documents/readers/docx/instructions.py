"""Instructions of fields, and what Word shows for those whose result it stores nowhere.

It writes no result of a button, a symbol or a number (ISO/IEC 29500-1, 17.16.5), as it makes these
anew each time that it shows them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from extractor.documents.readers.symbols import UNKNOWN, is_of_symbols, symbol

_WORD = re.compile(r'"((?:[^"\\]|\\.){0,255})"|\u201c([^\u201d]{0,255})\u201d|(\S+)')
_VALUED = frozenset("lsf*")
"""Switches, of the fields that are looked at here, that a value follows."""

_OF_LOOKS = frozenset(("mergeformat", "charformat"))
_BUTTON = re.compile(r'\s*\S+\s+(?:"[^"]*"|\S+)\s*')
_CODE = re.compile(r"0[xX]([0-9A-Fa-f]{1,6})|([0-9]{1,7})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Instruction:
    """An instruction taken apart.

    Attributes:
        name: of the field, in capitals.
        arguments: what else it says.
        switches: by their letter, with their value or "".
        text: all of it.
    """

    name: str
    arguments: tuple[str, ...]
    switches: Mapping[str, str]
    text: str


def parsed(text: str) -> Instruction:
    r"""Take an instruction apart.

    >>> parsed('LISTNUM "NumberDefault" \\l 4').switches
    {'l': '4'}
    """
    words = [next(filter(None, match.groups()), "") for match in _WORD.finditer(text)]
    arguments: list[str] = []
    switches: dict[str, str] = {}
    rest = iter(words)
    name = next(rest, "").upper()
    for word in rest:
        if not word.startswith("\\"):
            arguments.append(word)
            continue
        letter, value = word[1:2].lower(), word[2:]
        if letter in _VALUED and not value:
            value = next(rest, "")
        if letter != "*" or value.lower() not in _OF_LOOKS:
            switches[letter] = value
    return Instruction(name, tuple(arguments), switches, text)


def button_text(instruction: Instruction) -> str:
    r"""Return what a MACROBUTTON or GOTOBUTTON shows: all behind what it would run or go to.

    >>> button_text(parsed("MACROBUTTON NoMacro [Name of Buyer] \\* MERGEFORMAT"))
    '[Name of Buyer]'
    """
    found = _BUTTON.match(instruction.text)
    shown = instruction.text[found.end() :].strip() if found else ""
    before, switch, value = shown.rpartition("\\*")
    return before.strip() if switch and value.strip().lower() in _OF_LOOKS else shown


def symbol_of(instruction: Instruction, font: str = "") -> str:
    r"""Return the character of a SYMBOL field; U+FFFD where there is none that we know.

    Args:
        instruction: the field's.
        font: that it has if it names none.

    >>> symbol_of(parsed('SYMBOL 168 \\f "Wingdings"')), symbol_of(parsed("SYMBOL 0x201C \\u"))
    ('☐', '“')
    """
    found = _CODE.fullmatch(instruction.arguments[0] if instruction.arguments else "")
    if found is None:
        return UNKNOWN
    code = int(found[1], 16) if found[1] else int(found[2])
    font = instruction.switches.get("f", font)
    if code < 0x100 and "u" not in instruction.switches and not is_of_symbols(font):
        return bytes([code]).decode("cp1252", "replace")
    return symbol(code, font)
