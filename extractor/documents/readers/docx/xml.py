"""XML parts of a package, parsed without anything that could reach or grow beyond them.

Names are those of the transitional schema (ISO/IEC 29500-4); a strict file's (29500-1) are put into
these on the way in, so that nobody else knows of two.
"""

from __future__ import annotations

from lxml import etree

from extractor.documents.readers.elements import LIMIT_PASSED, Element
from extractor.errors import HostileDocumentError, UnreadableDocumentError

_OFFICE = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_STRICT_NAMES = {
    f"{_STRICT}wordprocessingml/main": f"{_OFFICE}wordprocessingml/2006/main",
    f"{_STRICT}officeDocument/relationships": f"{_OFFICE}officeDocument/2006/relationships",
    f"{_STRICT}officeDocument/math": f"{_OFFICE}officeDocument/2006/math",
    f"{_STRICT}drawingml/main": f"{_OFFICE}drawingml/2006/main",
    f"{_STRICT}drawingml/wordprocessingDrawing": f"{_OFFICE}drawingml/2006/wordprocessingDrawing",
}
_PREFIXES = {
    f"{_OFFICE}wordprocessingml/2006/main": "w",
    f"{_OFFICE}officeDocument/2006/relationships": "r",
    f"{_OFFICE}officeDocument/2006/math": "m",
    f"{_OFFICE}drawingml/2006/main": "a",
    f"{_OFFICE}markup-compatibility/2006": "mc",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingShape": "wps",
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14",
    f"{_OFFICE}drawingml/2006/wordprocessingDrawing": "wp",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
}
NAMESPACES = {prefix: uri for uri, prefix in _PREFIXES.items()}
"""The prefixes that all paths of this reader are written in."""

_W = f"{{{NAMESPACES['w']}}}"
_OFF = frozenset(("0", "false", "off"))


def parse_part(data: bytes, name: str, *, depth: int) -> Element:
    """Parse one part.

    Args:
        data: its bytes.
        name: of the part and its file, for errors.
        depth: how deep its elements may lie.

    Raises:
        HostileDocumentError: it declares a document type, which no package may (ISO/IEC 29500-2),
            or lies deeper.
        UnreadableDocumentError: it is no well-formed XML.
    """
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True,
        remove_pis=True, remove_blank_text=False, huge_tree=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if any(entry.type_name == LIMIT_PASSED for entry in parser.error_log):
            raise HostileDocumentError(f"{name} passes a limit of lxml's parser") from error
        raise UnreadableDocumentError(f"{name} is broken: it is no well-formed XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise HostileDocumentError(f"{name} declares a document type, as no Office file does")
    if _deeper_than(root, depth):
        raise HostileDocumentError(f"{name} has elements more than {depth} deep")
    if "{" + _STRICT in etree.QName(root).text or _STRICT in str(root.nsmap):
        _rename(root)
    return root


def short(tag: object) -> str:
    """Return an element's name with our prefix: `w:p`; "" for what is no element of ours."""
    if not isinstance(tag, str):
        return ""
    found = _SHORT.get(tag)
    if found is None:
        uri, _, local = tag.removeprefix("{").rpartition("}")
        prefix = _PREFIXES.get(uri)
        found = f"{prefix}:{local}" if prefix else ""
        if len(_SHORT) < _KNOWN:
            _SHORT[tag] = found
    return found


_SHORT: dict[str, str] = {}
_KNOWN = 2_000
"""Names kept: a file may make up as many as it likes."""


def find(element: Element | None, path: str) -> Element | None:
    """Return the first element at a path of prefixed names."""
    return None if element is None else element.find(path, NAMESPACES)


def find_all(element: Element | None, path: str) -> list[Element]:
    """Return all elements at a path of prefixed names."""
    return [] if element is None else element.findall(path, NAMESPACES)


def attribute(element: Element | None, name: str = "val") -> str | None:
    """Return an attribute in the namespace `w`."""
    return None if element is None else element.get(_W + name)


def number(element: Element | None, name: str = "val") -> int | None:
    """Return an attribute that is a number of at most nine digits; None where it is none."""
    text = (attribute(element, name) or "").strip()
    sound = text.isascii() and text.removeprefix("-").isdigit() and len(text) < 10
    return int(text) if sound else None


def switch(element: Element | None) -> bool | None:
    """Return whether a property such as `w:vanish` is on; None where it is not given."""
    if element is None:
        return None
    return (attribute(element) or "1").lower() not in _OFF


def _deeper_than(root: Element, limit: int) -> bool:
    level = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        if level > limit:
            return True
    return False


def _rename(root: Element) -> None:
    """Put a strict part's names into transitional ones."""
    for element in root.iter("*"):
        element.tag = _renamed(str(element.tag))
        for name, value in list(element.attrib.items()):
            if _STRICT in str(name):
                del element.attrib[name]
                element.set(_renamed(str(name)), value)


def _renamed(name: str) -> str:
    uri, brace, local = name.removeprefix("{").rpartition("}")
    return f"{{{_STRICT_NAMES.get(uri, uri)}}}{local}" if brace else name
