"""Characters of the symbol fonts, which are numbered where Unicode has nothing of its own."""

from __future__ import annotations

import re

# fmt: off
_SYMBOL = {
    **dict(enumerate(
        " !∀#∃%&∋()*+,−./0123456789:;<=>?"  # noqa: RUF001  # they are what the font has
        "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"
        "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",  # noqa: RUF001
        0x20,
    )),
    **dict(enumerate(
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵"  # noqa: RUF001
        "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"  # noqa: RUF001
        "◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\ufffd⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
        0xA0,
    )),
}
_WINGDINGS = {
    0x20: " ", 0x22: "✂", 0x23: "✁", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x2D: "□", 0x3E: "✇",
    0x3F: "✍", 0x41: "✌", 0x45: "☜", 0x46: "☞", 0x47: "☝", 0x48: "☟", 0x4A: "☺", 0x4C: "☹",
    0x4E: "☠", 0x51: "✈", 0x52: "☼", 0x54: "❄", 0x56: "✞", 0x58: "✠", 0x59: "✡", 0x5A: "☪",
    0x5B: "☯", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x73: "◆", 0x74: "◆",
    0x75: "◆", 0x76: "❖", 0x77: "◆", 0x78: "☒", 0x7A: "⌘", 0x9E: "·", 0x9F: "•", 0xA0: "▪",
    0xA1: "○", 0xA7: "▪", 0xA8: "☐", 0xAA: "✦", 0xAB: "★", 0xAC: "✶", 0xAD: "✴", 0xAE: "✹",
    0xAF: "✵", 0xB5: "✪", 0xB6: "✰", 0xD5: "⌫", 0xD6: "⌦", 0xD8: "➢", 0xDF: "←", 0xE0: "→",
    0xE1: "↑", 0xE2: "↓", 0xE3: "↖", 0xE4: "↗", 0xE5: "↙", 0xE6: "↘", 0xE8: "➔", 0xEF: "⇦",
    0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    **dict(enumerate("♈♉♊♋♌♍♎♏♐♑♒♓", 0x5E)),
    **dict(enumerate("⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿", 0x80)),
}
_WINGDINGS_2 = {
    0x20: " ", 0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0xA3: "☐", 0x97: "•", 0x98: "•",
}
_WEBDINGS = {
    0x20: " ", 0x33: "◀", 0x34: "▶", 0x35: "▲", 0x36: "▼", 0x61: "✓", 0x63: "□", 0x67: "■",
    0x6E: "●", 0x72: "✗",
}
# fmt: on
_FONTS = {
    "symbol": _SYMBOL,
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "wingdings 3": {0x20: " "},
    "webdings": _WEBDINGS,
}
_PRIVATE = range(0xF000, 0xF100)
"""Where Word puts the signs of such a font."""

_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
"""What no two fonts show alike."""

UNKNOWN = "\ufffd"


def is_of_symbols(font: str) -> bool:
    """Say whether a font has signs in place of letters."""
    return font.lower() in _FONTS


def symbol(code: int, font: str) -> str:
    """Return the sign at a place in a font; U+FFFD where Unicode has none that we know.

    >>> symbol(0xF0A8, "Wingdings"), symbol(0x20AC, "Calibri"), symbol(0xF021, "Webdings")
    ('☐', '€', '�')
    """
    signs = _FONTS.get(font.lower())
    if code in _PRIVATE or (signs is not None and code < 0x100):
        return (signs or {}).get(code & 0xFF, UNKNOWN)
    sound = 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000
    return chr(code) if sound else UNKNOWN


def shown(text: str, low: str, high: str) -> str:
    r"""Return a text as its fonts show it: in signs, where these are fonts of symbols.

    Args:
        text: a run's.
        low: the font of characters up to 0x7F.
        high: that of further ones, "" where it is the same.

    >>> shown("<= \uf0a3 \xa3", "Symbol", "Arial"), shown("l\xfe \u2264", "Wingdings", "")
    ('<= ≤ £', '●☑ ≤')
    """
    high = high or low
    if not is_of_symbols(low) and not is_of_symbols(high):
        return text
    private = low if is_of_symbols(low) else high

    def sign(character: str) -> str:
        code = ord(character)
        font = private if code in _PRIVATE else low if code < 0x80 else high
        typed = 0x20 < code < 0x7F or 0xA0 < code < 0x100
        in_signs = code in _PRIVATE or (typed and is_of_symbols(font))
        return symbol(code, font) if in_signs else character

    return "".join(map(sign, text))


def unknown_in(text: str) -> int:
    """Count what of a text as it is shown has no meaning in Unicode."""
    return text.count(UNKNOWN) + len(_PRIVATE_USE.findall(text))


def bullet(text: str, font: str) -> str:
    """Return a list's bullet; one that we don't know is a bullet all the same."""
    signs = shown(text, font, font).replace(UNKNOWN, "•")
    return _PRIVATE_USE.sub("•", signs)
