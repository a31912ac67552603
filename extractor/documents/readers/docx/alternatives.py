"""Alternatives for programs of different ages (ISO/IEC 29500-3): the one that Word shows."""

from __future__ import annotations

from extractor.documents.readers.docx.xml import NAMESPACES, find_all, short
from extractor.documents.readers.elements import Element

_MICROSOFT = "http://schemas.microsoft.com/office/"
_UNDERSTOOD = frozenset(NAMESPACES.values()) | {
    _MICROSOFT + name
    for name in (
        *("word/2010/wordml", "word/2012/wordml", "word/2015/wordml/symex", "word/2018/wordml"),
        *("word/2016/wordml/cid", "word/2018/wordml/cex", "word/2020/wordml/sdtdatahash"),
        *("word/2010/wordprocessingCanvas", "word/2010/wordprocessingDrawing"),
        *("word/2010/wordprocessingGroup", "word/2010/wordprocessingInk"),
        *("word/2010/wordprocessingShape", "word/2006/wordml", "drawing/2010/main"),
        *("drawing/2014/main", "drawing/2014/chartex", "drawing/2015/9/8/chartex"),
        *("drawing/2016/ink", "drawing/2017/model3d", "drawing/2007/8/2/chart"),
    )
}
"""What Word understands that lives today. Another program's alternative it does not take."""


def alternative(content: Element) -> Element | None:
    """Return which child of an `mc:AlternateContent` is taken; None if none can be.

    Of those that Word can show it is the first with words, so that none are lost; else the first.
    """
    able = [child for child in content if _is_understood(child)]
    return next((child for child in able if _words(child)), able[0] if able else None)


def differs(content: Element, taken: Element | None) -> bool:
    """Say whether alternatives that are not taken say anything else than the one that is."""
    said = "" if taken is None else _words(taken)
    return any(_words(child) not in ("", said) for child in content)


def _is_understood(child: Element) -> bool:
    if short(child.tag) != "mc:Choice":
        return short(child.tag) == "mc:Fallback"
    wanted = child.get("Requires", "").split()
    return bool(wanted) and all(child.nsmap.get(prefix) in _UNDERSTOOD for prefix in wanted)


def _words(element: Element) -> str:
    texts = [text.text or "" for text in find_all(element, ".//w:t")]
    texts += [path.get("string", "") for path in find_all(element, ".//v:textpath")]
    return "".join("".join(texts).split())
