"""The ways to hide an element with everything in it, whatever is said within."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile

from extractor.documents.readers.elements import Element
from extractor.documents.readers.html.css import Declarations, four_sides
from extractor.documents.readers.html.values import functions, lengths, points, share

FAINT = 0.05
"""The share of ink or size below which nobody sees anything."""

_HAIR = 1.2
"""Points of a box in which no letter can be seen."""

_FAR = 700
"""Points to the left or above, where no page reaches."""

_WIDE = 3_000
"""Points to the right, where no page reaches."""

_NEVER_SHOWN = frozenset(
    (
        *("template", "datalist", "noscript", "noembed", "canvas", "audio", "video", "iframe"),
        "rp",
    )
)
_INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdo", "big", "cite", "code", "del", "dfn", "em", "font"),
        *("i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike"),
        *("strong", "sub", "sup", "tt", "u", "var"),
    )
)
_TABLE = frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"))
_OUT_OF_FLOW = ("absolute", "fixed")
_PLACED = (*_OUT_OF_FLOW, "relative", "sticky")


def hidden_by(element: Element, style: Declarations) -> str | None:
    """Return how an element is hidden as a whole (a reason of `Hidden`), None if it is not."""
    if not_displayed(element, style):
        return "styled"
    for properties, rule, reason in _RULES if style else ():
        if not properties.isdisjoint(style) and rule(element, style):
            return reason
    return None


def is_inline(element: Element, style: Declarations) -> bool:
    """Say whether an element is part of a line: it has no box that could be sized or moved."""
    if style.get("position") in _OUT_OF_FLOW or style.get("float") in ("left", "right"):
        return False
    display = style.get("display")
    return display in ("inline", "contents") if display else element.tag in _INLINE


def not_displayed(element: Element, style: Declarations) -> bool:
    """Say whether an element has no place on the page: as if it were not there."""
    closed = element.tag == "dialog" and "open" not in element.attrib
    usual = "none" if closed or "hidden" in element.attrib else ""
    return (
        element.tag in _NEVER_SHOWN
        or style.get("display", usual) == "none"
        or style.get("content-visibility") == "hidden"
    )


def _transparent(_: Element, style: Declarations) -> bool:
    said = [style.get("opacity", "")]
    said += [words[0] for name, words in functions(style.get("filter", "")) if name == "opacity"]
    return any(part is not None and part < FAINT for part in map(share, said))


def _clipped(_: Element, style: Declarations) -> bool:
    """Say whether nothing is left of it: by `clip`, which holds out of the flow, or `clip-path`."""
    if style.get("position") in _OUT_OF_FLOW:
        for name, words in functions(style.get("clip", "")):
            sides = [points(word) for word in words]
            if name == "rect" and len(sides) == 4 and _empty(sides):
                return True
    return any(
        name in _SHAPES and _SHAPES[name](words)
        for name, words in functions(style.get("clip-path", ""))
    )


def _empty(sides: list[float | None]) -> bool:
    top, right, bottom, left = sides
    pairs = ((top, bottom), (left, right))
    return any(a is not None and b is not None and b - a <= _HAIR for a, b in pairs)


def _inset(words: list[str]) -> bool:
    top, right, bottom, left = four_sides(list(takewhile(lambda word: word != "round", words)))
    return any(
        sum(share(word) or 0 for word in pair if word.endswith("%")) >= 1
        or any((points(word) or 0) > _FAR for word in pair if not word.endswith("%"))
        for pair in ((top, bottom), (left, right))
    )


def _no_radius(words: list[str]) -> bool:
    return points(words[0]) == 0


def _no_area(words: list[str]) -> bool:
    corners = words[1:] if words[0] in ("evenodd", "nonzero") else words
    return len(set(corners[::2])) == 1 or len(set(corners[1::2])) == 1


_SHAPES: dict[str, Callable[[list[str]], bool]] = {
    "inset": _inset,
    "circle": _no_radius,
    "ellipse": _no_radius,
    "polygon": _no_area,
}


def _shrunk(element: Element, style: Declarations) -> bool:
    moves = f"{style.get('transform', '')} scale({style.get('scale', '1')})"
    return not is_inline(element, style) and any(
        _flattens(name, [share(word) for word in words]) for name, words in functions(moves)
    )


def _flattens(function: str, arguments: list[float | None]) -> bool:
    numbers = [number for number in arguments if number is not None]
    if function == "matrix" and len(numbers) == 6:
        return abs(numbers[0] * numbers[3] - numbers[1] * numbers[2]) < FAINT**2
    return function.startswith("scale") and any(abs(number) < FAINT for number in numbers)


def _without_room(element: Element, style: Declarations) -> bool:
    """Say whether its box is too small for a letter, and what flows over is cut off."""
    if is_inline(element, style) or element.tag in _TABLE or "table" in style.get("display", ""):
        return False
    return any(
        style.get(overflow, "visible") != "visible"
        and any(_is_hair(style.get(name, "")) for name in (size, f"max-{size}"))
        and _is_hair(style.get(f"min-{size}", "0"))
        and all(_is_hair(style.get(f"padding-{side}", "0")) for side in sides)
        for overflow, size, sides in (
            ("overflow-y", "height", ("top", "bottom")),
            ("overflow-x", "width", ("left", "right")),
        )
    )


def _is_hair(text: str) -> bool:
    length = points(text)
    return length is not None and length <= _HAIR and (length == 0 or not text.endswith("%"))


def _off_page(element: Element, style: Declarations) -> bool:
    across = [style.get("margin-left", "")]
    down = [style.get("margin-top", "")]
    if style.get("position") in _PLACED:
        across += [style.get("left", "")]
        down += [style.get(side, "") for side in ("top", "right", "bottom")]
    if not is_inline(element, style):
        across += [style.get("text-indent", "")]
        moves = f"{style.get('transform', '')} translate({style.get('translate', '')})"
        for name, words in functions(moves):
            if name in ("translate", "translatex", "translate3d"):
                across += words[:1]
            if name in ("translate", "translatey", "translate3d"):
                down += words[-1:]
    return any(not -_FAR <= far <= _WIDE for far in lengths(" ".join(across))) or any(
        far < -_FAR for far in lengths(" ".join(down))
    )


_RULES: tuple[tuple[frozenset[str], Callable[[Element, Declarations], bool], str], ...] = (
    (frozenset(("opacity", "filter")), _transparent, "styled"),
    (frozenset(("clip", "clip-path")), _clipped, "styled"),
    (frozenset(("transform", "scale")), _shrunk, "styled"),
    (frozenset(("overflow-x", "overflow-y")), _without_room, "styled"),
    (
        frozenset(
            ("position", "margin-left", "margin-top", "text-indent", "transform", "translate")
        ),
        _off_page,
        "off_page",
    ),
)
"""Each with the properties without any of which it can't hold, and the reason of `Hidden`."""
