"""Counting in letters, Roman figures and words, as word processors and browsers do it."""

from __future__ import annotations

from collections.abc import Callable

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_LAST_ROMAN = 3_999
_LAST_LETTER = 780
"""Thirty z: Word counts no further in letters (ISO/IEC 29500-1, 17.18.59)."""

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = (*("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),)
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_LAST_WORD = 999_999
_CHICAGO = "*\u2020\u2021\u00a7"


def roman(number: int) -> str:
    """Return small Roman figures; decimal ones where there are none.

    >>> roman(4), roman(1994), roman(4000)
    ('iv', 'mcmxciv', '4000')
    """
    if not 0 < number <= _LAST_ROMAN:
        return str(number)
    text = ""
    for value, figure in _ROMAN:
        count, number = divmod(number, value)
        text += figure * count
    return text


def _repeated_letter(number: int) -> str:
    """Return a letter as Word counts: z is followed by aa, bb, cc.

    >>> _repeated_letter(2), _repeated_letter(26), _repeated_letter(28), _repeated_letter(0)
    ('b', 'z', 'bb', '0')
    """
    if not 0 < number <= _LAST_LETTER:
        return str(number)
    times, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * (times + 1)


def spreadsheet_letter(number: int) -> str:
    """Return a letter as browsers count: z is followed by aa, ab, ac (CSS Counter Styles 3).

    >>> spreadsheet_letter(26), spreadsheet_letter(28), spreadsheet_letter(-1)
    ('z', 'ab', '-1')
    """
    if number < 1:
        return str(number)
    text = ""
    while number:
        number, letter = divmod(number - 1, 26)
        text = chr(ord("a") + letter) + text
    return text


def ordinal(number: int) -> str:
    """Return a number with its ending.

    >>> [ordinal(n) for n in (1, 2, 3, 11, 112, 23)]
    ['1st', '2nd', '3rd', '11th', '112th', '23rd']
    """
    teen = 10 < number % 100 < 14
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _cardinal_words(number: int) -> str:
    """Return a number in English words, as Word writes them; figures where it is too large.

    >>> _cardinal_words(21), _cardinal_words(105), _cardinal_words(0)
    ('Twenty-one', 'One hundred five', 'Zero')
    """
    return _words(number).capitalize() if 0 <= number <= _LAST_WORD else str(number)


def _ordinal_words(number: int) -> str:
    """Return a place in English words.

    >>> _ordinal_words(1), _ordinal_words(20), _ordinal_words(32), _ordinal_words(100)
    ('First', 'Twentieth', 'Thirty-second', 'One hundredth')
    """
    if not 0 <= number <= _LAST_WORD:
        return ordinal(number)
    words = _words(number)
    at = max(words.rfind(" "), words.rfind("-")) + 1
    last = words[at:]
    place = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return (words[:at] + place).capitalize()


def _words(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_SMALL[ones]}" if ones else "")
    size, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    many, rest = divmod(number, size)
    return f"{_words(many)} {name}" + (f" {_words(rest)}" if rest else "")


def _symbol(number: int) -> str:
    times, mark = divmod(max(1, number) - 1, len(_CHICAGO))
    return _CHICAGO[mark] * (times + 1) if times < 30 else str(number)


def _enclosed(first: int) -> Callable[[int], str]:
    """Return the counting in signs that Unicode has for 1 to 20."""
    return lambda number: chr(first + number - 1) if 0 < number <= 20 else str(number)


WORD_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02}",
    "upperRoman": lambda number: roman(number).upper(),
    "lowerRoman": roman,
    "upperLetter": lambda number: _repeated_letter(number).upper(),
    "lowerLetter": _repeated_letter,
    "ordinal": ordinal,
    "cardinalText": _cardinal_words,
    "ordinalText": _ordinal_words,
    "hex": lambda number: f"{number:X}",
    "chicago": _symbol,
    "numberInDash": lambda number: f"- {number} -",
    "decimalEnclosedCircle": _enclosed(0x2460),
    "decimalEnclosedParen": _enclosed(0x2474),
    "decimalEnclosedFullstop": _enclosed(0x2488),
    "bullet": lambda _: "",
    "none": lambda _: "",
}
"""How Word counts, by the name of a number format (ISO/IEC 29500-1, 17.18.59)."""
