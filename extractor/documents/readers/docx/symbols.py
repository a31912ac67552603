"""Characters of the symbol fonts, which are numbered where Unicode has nothing of its own."""

from __future__ import annotations

# fmt: off
_SYMBOL = {
    0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°",
    0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "\xd7", 0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠",
    0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD6: "√", 0xDE: "⇒",
    0xE2: "®", 0xE3: "©", 0xE4: "™", 0xE5: "∑", 0xF2: "∫",
    0xA2: "\u2032", 0x2D: "\u2212", 0x44: "Δ",
    0x61: "\u03b1", 0x62: "β", 0x64: "δ", 0x6D: "μ", 0x70: "π", 0x57: "Ω",
}
_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖", 0x77: "◆",
    0x78: "☒", 0x9F: "•", 0xA7: "▪", 0xA8: "☐", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE8: "➔",
    0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0x28: "☎", 0x2A: "✉", 0x2D: "□",
}
# fmt: on
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0xA3: "☐", 0x97: "•", 0x98: "•"}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}
_PRIVATE = range(0xF000, 0xF100)
"""Where Word puts the signs of such a font."""

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
    if code in _PRIVATE or (signs and code < 0x100):
        return (signs or {}).get(code & 0xFF, UNKNOWN)
    sound = 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000
    return chr(code) if sound else UNKNOWN


def bullet(text: str, font: str) -> str:
    """Return a list's bullet; one that we don't know is a bullet all the same."""
    signs = (symbol(ord(c), font) if ord(c) in _PRIVATE else c for c in text)
    return "".join("•" if sign == UNKNOWN else sign for sign in signs)
