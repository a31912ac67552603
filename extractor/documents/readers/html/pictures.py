"""Pictures, of which nothing can be read: exhibits are filed as those of their pages."""

from __future__ import annotations

from extractor.documents.readers.elements import Element
from extractor.documents.readers.html.css import Declarations
from extractor.documents.readers.html.values import points

_PICTURES = frozenset(("img", "object", "embed"))
_ICON = 24.0
"""Points of a side that no picture of text has: icons, lines, and what counts readers."""


def is_picture(element: Element, style: Declarations) -> bool:
    """Say whether an element is a picture that may show text.

    Those of a mail (`cid:`) are parts of it, and told there.
    """
    if element.tag not in _PICTURES or (element.get("src") or "").strip().lower()[:4] == "cid:":
        return False
    around = element.getparent()
    if around is not None and around.tag == "object":  # instead of it, for old browsers
        return False
    said = (style.get(side) or element.get(side) or "" for side in ("width", "height"))
    sides = (points(side) for side in said if not side.strip().endswith("%"))
    return not any(side is not None and side <= _ICON for side in sides)
