"""What the fields of a form show."""

from __future__ import annotations

from extractor.documents.readers.elements import Element

_UNSEEN = frozenset(("hidden", "password", "file", "image", "range", "color"))
_SIGNS = {"checkbox": "☐☒", "radio": "○◉"}


def shown_value(element: Element) -> str:
    """Return what an `<input>` shows; a box to check is a sign of its state."""
    kind = element.get("type", "text").strip().lower()
    if kind in _SIGNS:
        return _SIGNS[kind]["checked" in element.attrib]
    return "" if kind in _UNSEEN else element.get("value", "")


def unchosen(select: Element) -> set[Element]:
    """Return the options of a `<select>` that are not chosen.

    Where none is marked, browsers choose the first of a list that shows one.
    """
    options = list(select.iter("option"))
    chosen = [option for option in options if "selected" in option.attrib]
    if "multiple" in select.attrib:
        return set(options) - set(chosen)
    first = [option for option in options if "disabled" not in option.attrib]
    return set(options) - set(chosen[-1:] or first[:1])
