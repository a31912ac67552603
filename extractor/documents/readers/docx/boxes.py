"""Text boxes, WordArt, form fields and formulas: what of them is to be seen, in which signs."""

from __future__ import annotations

import re

from extractor.documents.readers.docx.xml import (
    attribute,
    find,
    find_all,
    number,
    short,
    switch,
)
from extractor.documents.readers.elements import Element

_HEX = re.compile(r"#?([0-9A-Fa-f]{6})\b")
_VML_HIDDEN = re.compile(r"visibility\s*:\s*hidden|display\s*:\s*none")
_BRACKETS = {
    "m:num": ("(", ")"),
    "m:den": ("/(", ")"),
    "m:sup": ("^(", ")"),
    "m:sub": ("_(", ")"),
    "m:deg": ("[", "]"),
    "m:rad": ("√(", ")"),
}


def box_background(content: Element, outer: str | None) -> str | None:
    """Return the colour in a text box as RRGGBB, None where it is not known."""
    for shape in _shapes(content):
        if short(shape.tag) == "wps:wsp":
            fill = find(shape, "wps:spPr/a:solidFill")
            colour = find(fill, "a:srgbClr")
            if colour is not None:
                return colour.get("val", "").upper()
            styled = find(shape, "wps:style/a:fillRef")
            if fill is not None or find(shape, "wps:spPr/a:gradFill") is not None:
                return None
            if styled is not None and find(shape, "wps:spPr/a:noFill") is None:
                return None if styled.get("idx") != "0" else outer
        named = shape.get("fillcolor") if shape.get("filled") not in ("f", "false") else None
        if named:
            found = _HEX.match(named)
            return found[1].upper() if found else "FFFFFF" if named.startswith("white") else None
    return outer


def box_hidden(content: Element) -> bool:
    """Say whether the shape around a text box, or around drawn words, is hidden as a whole."""
    return content.get("on") in ("f", "false") or any(
        _VML_HIDDEN.search(shape.get("style", "")) is not None
        or any(item.get("hidden") in ("1", "true") for item in find_all(shape, "wp:docPr"))
        for shape in _shapes(content)
    )


def drawn_lines(name: str, element: Element) -> list[str]:
    """Return the words that a drawing itself has: WordArt (VML), or a shape of DrawingML."""
    if name == "v:textpath":
        return element.get("string", "").splitlines()
    return [
        "".join(text.text or "" for text in find_all(paragraph, ".//a:t"))
        for paragraph in find_all(element, "a:p")
    ]


def _shapes(content: Element) -> list[Element]:
    """Return what encloses a text box's content within its run."""
    shapes: list[Element] = []
    for element in content.iterancestors():
        if short(element.tag) in ("w:r", "w:p", "w:body"):
            break
        shapes.append(element)
    return shapes


def form_value(mark: Element) -> str:
    """Return what a form field shows that has no text of its own: a check box, a list."""
    data = find(mark, "w:ffData")
    box = find(data, "w:checkBox")
    if box is not None:
        state = find(box, "w:checked")
        return "☒" if switch(state if state is not None else find(box, "w:default")) else "☐"
    entries = find_all(data, "w:ddList/w:listEntry")
    chosen = number(find(data, "w:ddList/w:result")) or 0
    return (attribute(entries[chosen]) or "") if 0 <= chosen < len(entries) else ""


def formula_sign(name: str, element: Element, *, opening: bool) -> str:
    """Return the sign that stands where a part of a formula begins or ends, "" where none does.

    A formula in one line must keep its meaning: a half is (1)/(2), not 12.
    """
    match name:
        case "m:d":
            side, usual = ("begChr", "(") if opening else ("endChr", ")")
            return _math(find(element, f"m:dPr/m:{side}"), usual)
        case "m:nary" if opening:
            return _math(find(element, "m:naryPr/m:chr"), "∫")
        case _:
            pair = _BRACKETS.get(name)
            return pair[0 if opening else 1] if pair else ""


def _math(element: Element | None, usual: str) -> str:
    if element is None:
        return usual
    return next((str(value) for value in element.attrib.values()), "")
