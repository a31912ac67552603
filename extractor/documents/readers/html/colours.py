"""Colours of CSS (CSS Color 4) in the notations that pages are written in."""

from __future__ import annotations

import colorsys
import re
from typing import TypeAlias

Colour: TypeAlias = tuple[float, float, float, float]
"""Red, green and blue from 0 to 255, and alpha from 0 (nothing to see) to 1."""

WHITE: Colour = (255, 255, 255, 1)
_NEAR = 24
"""Steps of 255 that two shades of each of red, green and blue may differ and look the same."""

_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]*)\)")
_HEX = re.compile(r"#?([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![\w-])")
_PART = re.compile(r"([+-]?\d*\.?\d+)(%|deg|turn|rad|grad)?|none")
_TURN = {"deg": 360, "": 360, "turn": 1, "rad": 6.283185, "grad": 400, "%": 100}
_NO_COLOUR = frozenset(
    (
        *("none", "inherit", "initial", "unset", "repeat", "no-repeat", "repeat-x", "repeat-y"),
        *("scroll", "fixed", "local", "left", "right", "top", "bottom", "center", "0", "0%"),
    )
)
_PICTURE = re.compile(r"url\(|gradient\(|image\(|image-set\(")
# fmt: off
_NAMES = {
    "canvas": 0xFFFFFF, "window": 0xFFFFFF, "canvastext": 0, "windowtext": 0,
    "aliceblue": 0xF0F8FF, "antiquewhite": 0xFAEBD7, "aqua": 0x00FFFF, "azure": 0xF0FFFF,
    "beige": 0xF5F5DC, "bisque": 0xFFE4C4, "black": 0, "blue": 0x0000FF, "brown": 0xA52A2A,
    "cornsilk": 0xFFF8DC, "crimson": 0xDC143C, "cyan": 0x00FFFF, "darkblue": 0x00008B,
    "darkgray": 0xA9A9A9, "darkgreen": 0x006400, "darkgrey": 0xA9A9A9, "darkred": 0x8B0000,
    "dimgray": 0x696969, "dimgrey": 0x696969, "firebrick": 0xB22222, "floralwhite": 0xFFFAF0,
    "fuchsia": 0xFF00FF, "gainsboro": 0xDCDCDC, "ghostwhite": 0xF8F8FF, "gold": 0xFFD700,
    "gray": 0x808080, "green": 0x008000, "grey": 0x808080, "honeydew": 0xF0FFF0,
    "indigo": 0x4B0082, "ivory": 0xFFFFF0, "khaki": 0xF0E68C, "lavender": 0xE6E6FA,
    "lavenderblush": 0xFFF0F5, "lemonchiffon": 0xFFFACD, "lightblue": 0xADD8E6,
    "lightcyan": 0xE0FFFF, "lightgray": 0xD3D3D3, "lightgreen": 0x90EE90, "lightgrey": 0xD3D3D3,
    "lightyellow": 0xFFFFE0, "lime": 0x00FF00, "linen": 0xFAF0E6, "magenta": 0xFF00FF,
    "maroon": 0x800000, "midnightblue": 0x191970, "mintcream": 0xF5FFFA, "mistyrose": 0xFFE4E1,
    "navajowhite": 0xFFDEAD, "navy": 0x000080, "oldlace": 0xFDF5E6, "olive": 0x808000,
    "orange": 0xFFA500, "papayawhip": 0xFFEFD5, "pink": 0xFFC0CB, "purple": 0x800080,
    "red": 0xFF0000, "royalblue": 0x4169E1, "seashell": 0xFFF5EE, "silver": 0xC0C0C0,
    "slategray": 0x708090, "snow": 0xFFFAFA, "steelblue": 0x4682B4, "tan": 0xD2B48C,
    "teal": 0x008080, "wheat": 0xF5DEB3, "white": 0xFFFFFF, "whitesmoke": 0xF5F5F5,
    "yellow": 0xFFFF00,
}
# fmt: on
"""All that are nearly white or black, and those in use; another name is a colour not known."""


def colour(text: str) -> Colour | None:
    """Return the first colour of a value; None where there is none that is known.

    >>> colour("#fff"), colour("rgb(100% 0 0 / 50%)"), colour("hsl(0, 0%, 100%)")
    ((255, 255, 255, 1.0), (255.0, 0.0, 0.0, 0.5), (255.0, 255.0, 255.0, 1.0))
    """
    text = text.strip().lower()
    function = _FUNCTION.search(text)
    if function:
        return _computed(function[1], function[2])
    for word in text.split():
        found = _HEX.match(word)
        if found:
            return _of_hex(found[1])
        if word == "transparent":
            return (0, 0, 0, 0)
        if word in _NAMES:
            return _of_hex(f"{_NAMES[word]:06x}")
    return None


def background(text: str, below: Colour | None) -> Colour | None:
    """Return what is seen of a background; None where it is not known, as behind a picture."""
    if _PICTURE.search(text):
        return None
    if _NO_COLOUR.issuperset(text.split()):
        return below
    said = colour(text)
    if said is None or (below is None and said[3] < 1):
        return None
    return said if below is None else over(said, below)


def over(top: Colour, below: Colour) -> Colour:
    """Return what is seen of a colour over another one."""
    red, green, blue = (
        top[3] * a + (1 - top[3]) * b for a, b in zip(top[:3], below[:3], strict=True)
    )
    return red, green, blue, 1


def alike(one: Colour, other: Colour) -> bool:
    """Say whether two colours look the same."""
    return all(abs(a - b) <= _NEAR for a, b in zip(one[:3], other[:3], strict=True))


def _of_hex(digits: str) -> Colour:
    if len(digits) <= 4:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue, *alpha = bytes.fromhex(digits)
    return red, green, blue, alpha[0] / 255 if alpha else 1.0


def _computed(model: str, arguments: str) -> Colour | None:
    parts = [(float(part[1] or 0), part[2] or "") for part in _PART.finditer(arguments)]
    if len(parts) not in (3, 4):
        return None
    alpha = _share(*parts[3], whole=1) if len(parts) == 4 else 1.0
    if model == "rgb":
        red, green, blue = (_share(*part, whole=255) for part in parts[:3])
        return red, green, blue, alpha
    hue, unit = parts[0]
    saturation, light = (_share(value, "%", whole=1) for value, _ in parts[1:3])
    mixed = colorsys.hls_to_rgb(hue / _TURN[unit] % 1, light, saturation)
    red, green, blue = (255 * value for value in mixed)
    return red, green, blue, alpha


def _share(value: float, unit: str, *, whole: float) -> float:
    return min(max(value * whole / 100 if unit == "%" else value, 0), whole)
