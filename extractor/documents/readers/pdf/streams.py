"""What a look at a PDF's bytes tells before any engine has parsed them.

pdfium reads a compressed stream up to its first broken byte and says nothing of the rest; and it
unpacks whatever it is given. So every stream but a picture's is unpacked here once, without keeping
it: which are broken, and how much all of them are together.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.documents.options import Limits
from extractor.errors import HostileDocumentError

_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
"""Found quickest where it begins with letters: whether they end a stream is told later."""

_OBJECT = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+obj\b")
_FILTER = re.compile(rb"/Filter\s*(?:\[([^\]]*)\]|(/\w+))")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_TOLD = re.compile(
    rb"/S\s*/(JavaScript|Launch)\b|/(EmbeddedFiles?|AcroForm|XFA)\b|/(Encrypt)\s+\d+\s+\d+\s+R"
    rb"|/(Encrypt)\s*<<"
)
_NAMES = (b"JavaScript", b"Launch", b"EmbeddedFile", b"AcroForm", b"XFA", b"Encrypt")
_HEAD = 4096  # bytes before `stream` in which its dictionary begins
_OBJECT_HEAD = 24  # bytes in which the two numbers before `obj` stand
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Streams:
    """The numbers of the objects whose streams are broken, and the features that are named."""

    damaged: frozenset[int]
    features: frozenset[str]


def look_at_streams(data: bytes, source: str, limits: Limits) -> Streams:
    """Unpack every compressed stream that is not a picture.

    An encrypted file's streams can't be looked at, so none of them counts as damaged.

    Raises:
        HostileDocumentError: together they unpack to more than `limits.unpacked`.
    """
    features = _features(data)
    if "Encrypt" in features:
        return Streams(frozenset(), features)
    left = limits.unpacked
    damaged: set[int] = set()
    for number, head, body in _streams(data):
        filters = _filters(head)
        if not filters or _PICTURE.search(head):
            continue
        unpacked = _Unpacked(left, keep=b"/ObjStm" in head)
        if not unpacked.feed(body, filters):
            damaged.add(number)
        left = unpacked.left
        if left < 0:
            raise HostileDocumentError(
                f"{source} unpacks to more than {limits.unpacked:,} bytes",
                hint="No contract needs that much. Raise Limits.unpacked if this one does.",
            )
        if unpacked.kept:
            features |= _features(bytes(unpacked.kept))
    return Streams(frozenset(damaged), features)


def _features(data: bytes) -> frozenset[str]:
    if not any(name in data for name in _NAMES):
        return frozenset()  # nearly every file, in no time
    return frozenset(next(filter(None, found.groups())).decode() for found in _TOLD.finditer(data))


def _streams(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield each stream's object number, dictionary and body."""
    at = 0
    while found := _STREAM.search(data, at):
        if data.endswith(b"end", at, found.start()):
            at = found.end()
            continue
        before = data[max(at, found.start() - _HEAD) : found.start()]
        begins = _last_object(before)
        end = data.find(b"endstream", found.end())
        at = len(data) if end < 0 else end + len(b"endstream")
        if begins:
            yield int(begins[1]), before[begins.end() :], data[found.end() : at - len(b"endstream")]


def _last_object(before: bytes) -> re.Match[bytes] | None:
    begins = _OBJECT.search(before, max(0, before.rfind(b" obj") - _OBJECT_HEAD))
    if begins and b"obj" not in before[begins.end() :]:
        return begins
    return next(reversed(list(_OBJECT.finditer(before))), None)


def _filters(head: bytes) -> list[bytes]:
    """Return the filters of a stream if they are those that can be checked here."""
    found = _FILTER.search(head)
    names = (found[1] or found[2]).split(b"/")[1:] if found else []
    names = [name.strip() for name in names]
    if not names or b"FlateDecode" not in names:
        return []
    return names if set(names) <= {b"ASCII85Decode", b"FlateDecode"} else []


class _Unpacked:
    """Unpacks a stream piece by piece, up to a number of bytes that are `left` to it."""

    def __init__(self, left: int, *, keep: bool) -> None:
        self.left = left
        self.kept = bytearray()
        self._keep = keep

    def feed(self, body: bytes, filters: list[bytes]) -> bool:
        """Unpack a body; say whether it is whole. Stops where nothing is left."""
        for place, name in enumerate(filters):
            is_last = place == len(filters) - 1
            try:
                if name == b"ASCII85Decode":
                    body = base64.a85decode(body.strip().removesuffix(b"~>"), adobe=False)
                else:
                    body = b"".join(self._inflate(body, keep=not is_last or self._keep))
            except (zlib.error, ValueError):
                return False
        if self._keep:
            self.kept += body
        return True

    def _inflate(self, body: bytes, *, keep: bool) -> Iterator[bytes]:
        inflater = zlib.decompressobj()
        while not inflater.eof and self.left >= 0:
            piece = inflater.decompress(body, _PIECE)
            body = inflater.unconsumed_tail
            if not (piece or body):
                break
            self.left -= len(piece)
            if keep:
                yield piece
        if not inflater.eof and self.left >= 0:
            raise zlib.error("the stream ends before its end")
