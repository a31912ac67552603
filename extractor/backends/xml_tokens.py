"""Everything in a reply that looks like markup, and what text between it stands for.

Whether a tag is markup or text that merely looks like it is not decided here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from html.entities import html5
from typing import Literal, NamedTuple

from lxml import etree

Kind = Literal["open", "close", "empty", "cdata", "comment", "instruction", "doctype"]


class Token(NamedTuple):
    """A piece of a text that has the form of markup.

    A comment that another one begins in was never ended, and is none: it would take what stands
    between the two along.

    `name` is a tag's name as written, `folded` the same for comparison; `content` is the text of a
    comment or a CDATA section, which is None if the section never ends. `attributes` are as they
    were written. A tag is `spaced` if it has blanks where XML allows none: `< law >`, `<Gov Law>`.
    """

    kind: Kind
    start: int
    end: int
    name: str = ""
    folded: str = ""
    attributes: str = ""
    content: str | None = None
    spaced: bool = False


NAME = r"[A-Za-z_][\w.:-]*+(?:[ \t]++[\w.:-]++(?!\s*+=))*+"
"""A tag's name, of several words perhaps; the last one may not be that of an attribute."""
_BARE = r"(?:[^\s\"'<>=/]|/(?!>))++"
"""The value of an attribute that has no quotation marks around it."""
_MARKUP = re.compile(
    r"<!\[CDATA\[|<!--|<!DOCTYPE\b|<\?[^<>?]*+\?>"
    rf"|<(?P<before>\s*+)(?P<slash>/?)(?P<inside>\s*+)(?P<name>{NAME})"
    rf"(?P<attributes>(?:\s++[\w.:-]++\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'|{_BARE}))*+)"
    r"\s*+(?P<empty>/?)>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(rf"([\w.:-]++)\s*+=\s*+(?:\"([^\"<]*+)\"|'([^'<]*+)'|({_BARE}))")
_ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_XML_ENTITIES = frozenset({"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"})

FORMATTING_TAGS = frozenset(
    {"b", "br", "code", "div", "em", "font", "i", "li", "mark", "ol", "p", "span", "strong", "sub"}
    | {"sup", "table", "tbody", "td", "th", "tr", "u", "ul"}
)
"""HTML's elements for words of a text, which name nothing that is in them."""


def fold(name: str) -> str:
    """Make tags that differ in case, hyphens, underscores, blanks or a namespace prefix alike.

    >>> fold("Governing_Law") == fold("governing-law") == fold("ns:governingLaw")
    True
    """
    return re.sub(r"[-_.\s]", "", name.rpartition(":")[2]).lower()


def tokenize(text: str, is_name: Callable[[str], bool] | None = None) -> list[Token]:
    """Return what looks like markup, in order.

    `is_name` says of a folded name whether the schema knows it: `a < b or c > d` is a tag with
    blanks only if there is a field of these letters.
    """
    return list(_Tokenizer(text, is_name or (lambda _: False)))


def tags_in(text: str) -> Iterator[str]:
    """Return the names of the tags in a text, folded."""
    return (fold(match["name"]) for match in _MARKUP.finditer(text) if match["name"])


def attributes_of(token: Token) -> Iterator[tuple[str, str]]:
    """Return a tag's attributes by name, their values as written."""
    for match in _ATTRIBUTE.finditer(token.attributes):
        yield match[1], match[2] or match[3] or match[4] or ""


def is_notation(name: str) -> bool:
    """Whether an attribute is about the XML itself, and no part of what it says.

    >>> [is_notation(name) for name in ("xmlns", "xmlns:law", "xml:lang", "xsi:type", "law")]
    [True, True, True, False, False]
    """
    return name.lower().partition(":")[0] in ("xml", "xmlns")


def is_about_type(name: str) -> bool:
    """Whether an attribute is one of XML Schema's own, which say of what type an element is."""
    return name.lower().startswith("xsi:")


def nil_of(name: str, text: str) -> bool | None:
    """Return whether an attribute says that its element is null; None if it is about other things.

    >>> nil_of("xsi:nil", "true"), nil_of("null", "false"), nil_of("nil", "5")
    (True, False, None)
    """
    if fold(name) not in ("nil", "null", "isnull"):
        return None
    return {"true": True, "1": True, "false": False, "0": False}.get(text.strip().lower())


class _Tokenizer:
    def __init__(self, text: str, is_name: Callable[[str], bool]) -> None:
        self._text = text
        self._is_name = is_name
        self._folded: dict[str, str] = {}
        self._ends = {"]]>": -1, "-->": -1}

    def __iter__(self) -> Iterator[Token]:
        pos = 0
        while match := _MARKUP.search(self._text, pos):
            token = self._token(match)
            pos = match.end() if token is None else token.end
            if token is not None:
                yield token

    def _token(self, match: re.Match[str]) -> Token | None:
        start, end = match.span()
        if name := match["name"]:
            spaced = bool(match["before"] or match["inside"]) or re.search(r"\s", name) is not None
            folded = self._folded.setdefault(name, "") or fold(name)
            self._folded[name] = folded
            if spaced and (":" in name or not self._is_name(folded)):
                return None
            kind: Kind = "close" if match["slash"] else "empty" if match["empty"] else "open"
            return Token(kind, start, end, name, folded, match["attributes"], spaced=spaced)
        if match[0] == "<!--":
            closed = self._find("-->", end)
            if closed < 0 or self._text.find("<!--", end, closed + 2) >= 0:
                return None
            return Token("comment", start, closed + 3, content=self._text[end:closed])
        if match[0].startswith("<?"):
            return Token("instruction", start, end)
        if match[0].startswith("<!["):
            return self._cdata(start, end)
        return Token("doctype", start, end)

    def _cdata(self, start: int, end: int) -> Token:
        closed = self._find("]]>", end)
        if closed < 0 or self._text.find("<![CDATA[", end, closed) >= 0:
            return Token("cdata", start, end)
        return Token("cdata", start, closed + 3, content=self._text[end:closed])

    def _find(self, mark: str, pos: int) -> int:
        """Find `mark` from `pos` on, each stretch of text being searched once only."""
        known = self._ends[mark]
        if known < pos and known != len(self._text):
            known = self._text.find(mark, pos)
            self._ends[mark] = len(self._text) if known < 0 else known
        return -1 if self._ends[mark] == len(self._text) else self._ends[mark]


def decode(text: str) -> tuple[str, set[str]]:
    """Replace the entities in a text, and tell the kinds of repair that took.

    Only entities that exist and end in a semicolon are replaced: `AT&T;` stays as it is.
    """
    kinds: set[str] = set()

    def character(entity: re.Match[str]) -> str:
        name = entity[0]
        if name[1] != "#" and name[1:] not in html5:
            kinds.add("raw_markup")
            return name
        decoded = html.unescape(name)
        if decoded in ("", "\ufffd"):
            kinds.add("invalid_entity")
        elif name not in _XML_ENTITIES and not _is_character(name, decoded):
            kinds.add("html_entity")
        return decoded

    if "<" in text or "&" in _ENTITY.sub("", text):
        kinds.add("raw_markup")
    return (_ENTITY.sub(character, text), kinds) if "&" in text else (text, kinds)


def _is_character(entity: str, decoded: str) -> bool:
    """Whether a numeric entity means the same in XML as in HTML."""
    digits = entity[2:-1]
    if entity[1] != "#":
        return False
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return code == ord(decoded)


def check_xml(text: str) -> bool:
    """Whether a text is well-formed XML without a document type.

    Nothing outside the text is read: no DTD, no external entity, no network.
    """
    if re.search("<!DOCTYPE", text, re.IGNORECASE):
        return False
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return False
    return True
