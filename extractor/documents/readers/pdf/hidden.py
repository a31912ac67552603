"""Text that a page holds but does not show: white, tiny, invisible, covered, or beside the page.

Every object is looked at, which is cheap. Only where one is suspicious the page is rendered, and
what its characters' boxes show decides: white text on a dark ground stays, and so does the
invisible text of a recognised scan, which lies over the words of the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.documents.document import Rect
from extractor.documents.readers.pdf.engine import PdfPage
from extractor.documents.readers.pdf.objects import (
    IMAGE,
    PATH,
    SHADING,
    TEXT,
    Drawn,
    Glance,
    Plain,
    font_size,
)
from extractor.documents.readers.pdf.text import units_before
from extractor.types import Span

_DPI = 144
_INK = 32
"""The least contrast, of 255, that a reader sees; noise of a scan's JPEG is about 15."""

_SEEN = 0.2
"""The share of an object's characters that must show ink; a rule may cross the others' boxes."""

_LIGHT = 215
_TRANSPARENT = 12
_TINY = 2.0
_INVISIBLE_MODES = (3, 7)  # neither filled nor stroked (ISO 32000-1, table 106)
_STROKED_MODES = (1, 2, 5, 6)
_PLATE = (20.0, 6.0)
"""Width and height in points of a shape that text may stand on, or vanish under; less is a rule."""


_PLAIN = Plain(opaque=_TRANSPARENT, light=_LIGHT, tiny=_TINY)


@dataclass(frozen=True, slots=True)
class Found:
    """The hidden ranges of a page's raw text, and how many characters are a scan's own layer.

    `pictures` are the images that the page draws.
    """

    ranges: tuple[tuple[Span, str], ...] = ()
    layer: int = 0
    pictures: tuple[Drawn, ...] = ()


def find_hidden(page: PdfPage, raw: str) -> Found:
    """Find what the page does not show of its raw text."""
    glance = page.glance(_PLAIN)
    if glance is not None and not _may_hide(glance):
        return Found(pictures=_pictures(glance.others))
    drawn = page.drawn()
    pictures = _pictures(drawn)
    suspects = _suspects(page, drawn)
    if not suspects:
        return Found(pictures=pictures)
    owners = _owners(page, raw)
    boxes: dict[int, list[Rect]] = {address: [] for address in suspects}
    for offset, address in owners.items():
        if address in boxes and not raw[offset].isspace():
            boxes[address].append(page.char_box(page.char_index(units_before(raw, offset))))
    verdicts = _verdicts(page, drawn, suspects, boxes)
    layer = sum(len(boxes[address]) for address, reason in verdicts.items() if reason == "layer")
    hidden = {address: reason for address, reason in verdicts.items() if reason != "layer"}
    return Found(tuple(_ranges(raw, owners, hidden)), layer, pictures)


def _suspects(page: PdfPage, drawn: Sequence[Drawn]) -> dict[int, str]:
    """Name the text objects that may be hidden, by their address."""
    suspects: dict[int, str] = {}
    texts: list[tuple[int, Drawn]] = []
    plates: list[tuple[int, Drawn]] = []
    for place, item in enumerate(drawn):
        if item.kind == TEXT:
            texts.append((place, item))
            reason = _looks_hidden(item, page.box)
            if reason:
                suspects[item.address] = reason
        elif _is_ground(item):
            plates.append((place, item))
    fills = {item.fill for _, item in texts}
    for place, plate in plates:
        alike = {fill for fill in fills if _alike(fill, plate.fill)}
        for other, item in texts:
            if (other < place or item.fill in alike) and _within(item, plate):
                suspects.setdefault(item.address, "covered" if other < place else "background")
    return suspects


def _looks_hidden(item: Drawn, page: Rect) -> str | None:
    red, green, blue, opacity = item.fill
    if item.mode in _INVISIBLE_MODES:
        return "invisible"
    if (
        item.right < page.left
        or item.left > page.right
        or item.top < page.bottom
        or item.bottom > page.top
    ):
        return "off_page"
    if item.mode not in _STROKED_MODES and opacity < _TRANSPARENT:
        return "invisible"
    if item.mode not in _STROKED_MODES and min(red, green, blue) >= _LIGHT:
        return "white"
    if item.top - item.bottom < _TINY and item.right - item.left > 0 and font_size(item) < _TINY:
        return "tiny"
    return None


def _may_hide(glance: Glance) -> bool:
    """Say whether text that is plain by itself may vanish: under a shape, or on a dark one."""
    return any(
        _is_ground(item) and (place >= (glance.behind or 0) or min(item.fill[:3]) < _LIGHT + _INK)
        for place, item in enumerate(glance.others)
    )


def _pictures(drawn: Sequence[Drawn]) -> tuple[Drawn, ...]:
    return tuple(item for item in drawn if item.kind == IMAGE)


def _is_ground(item: Drawn) -> bool:
    """Say whether text may stand on a shape, or vanish under it."""
    if item.kind not in (PATH, SHADING) or item.fill[3] <= _TRANSPARENT:
        return False
    return item.right - item.left > _PLATE[0] and item.top - item.bottom > _PLATE[1]


def _within(item: Drawn | Rect, plate: Drawn) -> bool:
    across, along = (item.left + item.right) / 2, (item.bottom + item.top) / 2
    return plate.left <= across <= plate.right and plate.bottom <= along <= plate.top


def _alike(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return all(abs(a - b) < _INK for a, b in zip(one[:3], other[:3], strict=True))


def _owners(page: PdfPage, raw: str) -> dict[int, int]:
    """Return which object drew each character of the raw text; those pdfium added have none."""
    owners: dict[int, int] = {}
    unit = 0
    for offset, character in enumerate(raw):
        address = page.char_owner(page.char_index(unit))
        if address is not None:
            owners[offset] = address
        unit += 2 if character > "\uffff" else 1
    return owners


def _verdicts(
    page: PdfPage,
    drawn: Sequence[Drawn],
    suspects: dict[int, str],
    boxes: dict[int, list[Rect]],
) -> dict[int, str]:
    """Return the suspects that are hidden, and those that are a `layer` over a scan."""
    verdicts: dict[int, str] = {
        address: reason for address, reason in suspects.items() if reason in ("tiny", "off_page")
    }
    others = {a: r for a, r in suspects.items() if a not in verdicts and boxes[a]}
    if not others:
        return verdicts
    pixels = page.pixels(_DPI)
    grounds = {
        "invisible": [item for item in drawn if item.kind == IMAGE],
        "white": [item for item in drawn if item.kind != TEXT],
    }
    for address, reason in others.items():
        seen = 0
        for box in boxes[address]:
            corners = (
                *page.to_pixel(pixels, box.left, box.top),
                *page.to_pixel(pixels, box.right, box.bottom),
            )
            ground = reason not in grounds or any(_within(box, g) for g in grounds[reason])
            seen += ground and pixels.contrast(*corners) >= _INK
        if seen < _SEEN * len(boxes[address]):
            verdicts[address] = reason
        elif reason == "invisible":
            verdicts[address] = "layer"
    return verdicts


def _ranges(raw: str, owners: dict[int, int], hidden: dict[int, str]) -> list[tuple[Span, str]]:
    """Join the characters of hidden objects to ranges, with the white space between them."""
    reasons = {offset: hidden[address] for offset, address in owners.items() if address in hidden}
    ranges: list[tuple[Span, str]] = []
    for offset, reason in sorted(reasons.items()):
        last = ranges[-1] if ranges else None
        if last and last[1] == reason and not raw[last[0].end : offset].strip():
            ranges[-1] = (Span(last[0].start, offset + 1), reason)
        else:
            ranges.append((Span(offset, offset + 1), reason))
    return [(span, reason) for span, reason in ranges if raw[span.start : span.end].strip()]
