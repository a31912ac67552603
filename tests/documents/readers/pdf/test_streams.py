import base64
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.documents.options import Limits
from extractor.documents.readers.pdf.streams import look_at_streams
from extractor.errors import HostileDocumentError

LIMITS = Limits(unpacked=1_000_000)


def written(number: int, body: bytes, head: bytes = b"/Filter /FlateDecode") -> bytes:
    return b"%d 0 obj\n<< %s >>\nstream\n%s\nendstream\nendobj\n" % (number, head, body)


def test_broken_streams_are_named_and_sound_ones_are_not() -> None:
    sound = zlib.compress(b"0 0 m " * 500)
    broken = sound[:20] + bytes([sound[20] ^ 0x10]) + sound[21:]
    ascii85 = base64.a85encode(sound) + b"~>"
    data = (
        written(4, sound)
        + written(5, broken)
        + written(6, ascii85, b"/Filter [ /ASCII85Decode /FlateDecode ]")
        + written(7, sound[:-30])
        + written(8, broken, b"/Subtype /Image /Filter /FlateDecode")
        + written(9, b"as it is", b"")
    )
    assert look_at_streams(data, "a.pdf", LIMITS).damaged == {5, 7}


@pytest.mark.parametrize("layers", [1, 2])
def test_streams_that_unpack_to_too_much_are_refused_without_unpacking_all(layers: int) -> None:
    body = zlib.compress(bytes(50_000_000))
    for _ in range(layers - 1):
        body = zlib.compress(body)
    head = b"/Filter [%s]" % (b"/FlateDecode " * layers)
    with pytest.raises(HostileDocumentError, match="more than 1,000,000 bytes"):
        look_at_streams(written(4, body, head), "a.pdf", LIMITS)


def test_features_are_found_within_object_streams() -> None:
    inside = zlib.compress(b"7 0 << /S /JavaScript /JS (x) >>")
    data = written(4, inside, b"/Type /ObjStm /Filter /FlateDecode") + b"9 0 obj << /AcroForm 3 0 R"
    assert look_at_streams(data, "a.pdf", LIMITS).features == {"JavaScript", "AcroForm"}


@settings(deadline=None)
@given(st.binary(max_size=3000))
def test_any_bytes_can_be_looked_at(data: bytes) -> None:
    for whole in (data, written(4, data)):
        found = look_at_streams(whole, "a.pdf", LIMITS)
        assert all(b"%d" % number in whole for number in found.damaged)
        assert all(name.encode() in whole for name in found.features)
