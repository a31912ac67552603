"""PDFs that are broken or made to do harm, written object by object; none is stored."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache, partial

import pypdf
from pypdf.constants import UserAccessPermissions
from reportlab.pdfgen.canvas import Canvas

MEGABYTE = 1_000_000
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_SENTENCE = "The Tenant shall pay the rent on the first business day of each month."


def plain_pdf(pages: int = 3) -> bytes:
    """Return a PDF with nothing wrong with it."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for _ in range(pages):
        for row in range(40):
            canvas.drawString(60, 780 - 17 * row, f"{row + 1}. {_SENTENCE}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


CHARACTERS = 3 * 40 * len(_SENTENCE)
"""At least so many are read of `plain_pdf` where nothing is lost."""


@cache
def squeezed(size: int, unit: bytes = b"0 ", layers: int = 1) -> bytes:
    """Return `size` bytes of one repeated unit, deflated as often as said."""
    squeezer, chunk = zlib.compressobj(9), unit * (MEGABYTE // len(unit))
    parts = [squeezer.compress(chunk) for _ in range(size // MEGABYTE)]
    data = b"".join(parts) + squeezer.flush()
    for _ in range(layers - 1):
        data = zlib.compress(data, 9)
    return data


def assembled(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """Return a file of numbered objects with a right cross-reference table; 1 is the catalog."""
    out, offsets = bytearray(b"%PDF-1.7\n"), dict[int, int]()
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        used = number in offsets
        out += b"%010d 00000 %s \n" % (offsets.get(number, 0), b"n" if used else b"f")
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n" % (size, trailer, start)
    return bytes(out + b"%%EOF\n")


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def one_page(
    content: bytes = b"",
    *,
    entries: bytes = b"",
    page: bytes = b"",
    resources: bytes = b"",
    catalog: bytes = b"",
    box: bytes = b"0 0 595 842",
    more: dict[int, bytes] | None = None,
) -> bytes:
    """Return a PDF of one page with a line of text and what is given, at the places named."""
    if not entries:
        content = b"BT /F 12 Tf 60 700 Td (%s) Tj ET\n" % _SENTENCE.encode() + content
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> %s >> %s >>" % (box, resources, page),
        4: stream(content, entries),
        5: _FONT,
    }
    return assembled(objects | (more or {}))


def flate_bomb(layers: int = 1) -> bytes:
    filters = b" ".join([b"/FlateDecode"] * layers)
    return one_page(squeezed(500 * MEGABYTE, layers=layers), entries=b"/Filter [%s]" % filters)


def array_of_bombs() -> bytes:
    pdf = one_page(squeezed(60 * MEGABYTE), entries=b"/Filter /FlateDecode")
    return _rebuilt(pdf, b"/Contents 4 0 R", b"/Contents [%s]" % (b"4 0 R " * 40))


def _rebuilt(pdf: bytes, old: bytes, new: bytes) -> bytes:
    """Replace within a PDF; its offsets are wrong then, and every reader has to repair it."""
    assert old in pdf  # noqa: S101  a trap that is not set would pass unnoticed
    return pdf.replace(old, new)


def object_stream_bomb(count: int, packed: bytes) -> bytes:
    """Return a PDF whose font is the first object of a stream that says it holds `count`."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> >>",
        4: stream(b"BT /F 12 Tf 60 700 Td (%s) Tj ET" % _SENTENCE.encode()),
        6: stream(packed, b"/Type /ObjStm /N %d /First 10 /Filter /FlateDecode" % count),
    }
    out, rows = bytearray(b"%PDF-1.7\n"), {0: (0, 0, 65535), 5: (2, 6, 0)}
    for number, body in objects.items():
        rows[number] = (1, len(out), 0)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows[7] = (1, len(out), 0)
    table = b"".join(struct.pack(">BIH", *rows[number]) for number in range(8))
    start, entries = len(out), b"/Type /XRef /Size 8 /W [1 4 2] /Root 1 0 R"
    out += b"7 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(table, entries), start)
    return bytes(out)


def nested_forms() -> bytes:
    """Nine forms, each of which draws the next ten times: 10^8 draws."""
    forms: dict[int, bytes] = {}
    for number in range(6, 15):
        last = number == 14
        content = b"0 0 1 1 re f" if last else b"/X Do " * 10
        below = b"" if last else b"/Resources << /XObject << /X %d 0 R >> >>" % (number + 1)
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] %s" % below
        forms[number] = stream(content, entries)
    return one_page(b"/X Do", resources=b"/XObject << /X 6 0 R >>", more=forms)


def nested_objects(opening: bytes, closing: bytes, depth: int = 200_000) -> bytes:
    return one_page(page=b"/PieceInfo " + opening * depth + closing * depth)


def tree(kids: bytes, count: bytes, more: dict[int, bytes] | None = None) -> bytes:
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %s >>" % (kids, count),
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    }
    return assembled(objects | (more or {}))


def many_pages(count: int) -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    kids = b" ".join(b"%d 0 R" % number for number in range(4, count + 4))
    return tree(kids, b"%d" % count, dict.fromkeys(range(4, count + 4), page))


def cross_references(*previous: int | None) -> bytes:
    """Return a good PDF with further tables; each /Prev names the place of another one of them."""
    out, places = bytearray(plain_pdf()), list[int]()
    size = len(b"xref\n0 0\ntrailer\n<< /Size 99 /Root 1 0 R /Prev 0000000000 >>\n")
    places = [len(out) + size * number for number in range(len(previous))]
    for target in previous:
        at = places[target] if target is not None else 0
        out += b"xref\n0 0\ntrailer\n<< /Size 99 /Root 1 0 R /Prev %010d >>\n" % at
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % places[-1])


def truncated(share: float) -> bytes:
    whole = plain_pdf()
    return whole[: int(len(whole) * share)]


def flipped(seed: int, count: int = 3) -> bytes:
    """Return a PDF with some bits of its streams turned."""
    rng, data = random.Random(seed), bytearray(plain_pdf())
    begin, end = data.index(b"stream"), data.rindex(b"endstream")
    for _ in range(count):
        data[rng.randrange(begin, end)] ^= 1 << rng.randrange(8)
    return bytes(data)


def encrypted(algorithm: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(plain_pdf()))
    permitted = UserAccessPermissions.all()
    writer.encrypt("user", "owner", algorithm=algorithm, permissions_flag=permitted)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_actions() -> bytes:
    """Return a PDF that wants to run a script, start a program and open an address when opened."""
    actions = {
        6: b"<< /S /JavaScript /JS (app.alert\\(1\\)) /Next 7 0 R >>",
        7: b"<< /S /Launch /F (/bin/true) /Next 8 0 R >>",
        8: b"<< /S /URI /URI (http://127.0.0.1:9/) /Next 6 0 R >>",
    }
    return one_page(catalog=b"/OpenAction 6 0 R", page=b"/AA << /O 7 0 R >>", more=actions)


def with_attachments() -> bytes:
    names = [b"../../etc/passwd.pdf", b"/etc/cron.d/now.txt", b"C:\\\\temp\\\\a.docx", b"..", b""]
    more: dict[int, bytes] = {}
    pairs: list[bytes] = []
    for number, name in enumerate(names):
        spec, file = 10 + 2 * number, 11 + 2 * number
        more[spec] = b"<< /Type /Filespec /F (%s) /UF (%s) /EF << /F %d 0 R >> >>" % (
            name,
            name,
            file,
        )
        more[file] = stream(_SENTENCE.encode(), b"/Type /EmbeddedFile")
        pairs.append(b"(%d) %d 0 R" % (number, spec))
    catalog = b"/Names << /EmbeddedFiles << /Names [%s] >> >>" % b" ".join(pairs)
    return one_page(catalog=catalog, more=more)


def image(width: int, height: int, *, box: bytes = b"0 0 595 842") -> bytes:
    """Return a page that shows nothing but one black picture of the given size in pixels."""
    entries = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 1 "
        b"/ColorSpace /DeviceGray /Filter /FlateDecode" % (width, height)
    )
    packed = squeezed(max(MEGABYTE, width * height // 8), b"\x00")
    return one_page(
        zlib.compress(b"q 595 0 0 842 0 0 cm /I Do Q"),
        entries=b"/Filter /FlateDecode",
        resources=b"/XObject << /I 6 0 R >>",
        box=box,
        more={6: stream(packed, entries)},
    )


def character_map(mapping: bytes) -> bytes:
    """Return a page whose font says by `mapping` which characters its glyphs are."""
    font = _FONT[:-2] + b"/ToUnicode 6 0 R >>"
    begin = b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> "
    cmap = begin + b"endcodespacerange " + mapping + b" endcmap end"
    return one_page(more={5: font, 6: stream(zlib.compress(cmap, 9), b"/Filter /FlateDecode")})


def cases() -> Iterator[tuple[str, Callable[[], bytes], bool, int]]:
    """Give each file's name, its maker, whether it is quick, and what is read if nothing is lost.

    The last is a number of characters, 0 where there is no telling.
    """
    slow, quick = False, True
    yield "flate-bomb.pdf", flate_bomb, slow, 0
    yield "nested-filters.pdf", partial(flate_bomb, 3), slow, 0
    yield "array-of-bombs.pdf", array_of_bombs, slow, 0
    yield (
        "object-stream-bomb.pdf",
        partial(object_stream_bomb, 9, squeezed(500 * MEGABYTE)),
        slow,
        0,
    )
    yield (
        "object-stream-of-a-billion.pdf",
        partial(object_stream_bomb, 10**9, zlib.compress(b"5 0       " + _FONT)),
        quick,
        len(_SENTENCE),
    )
    yield "nested-forms.pdf", nested_forms, slow, 0
    yield (
        "form-draws-itself.pdf",
        partial(
            one_page,
            b"/X Do",
            resources=b"/XObject << /X 6 0 R >>",
            more={
                6: stream(
                    b"/X Do",
                    b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
                    b"/Resources << /XObject << /X 6 0 R >> >>",
                )
            },
        ),
        quick,
        len(_SENTENCE),
    )
    yield (
        "nested-dictionaries.pdf",
        partial(nested_objects, b"<< /A ", b">> "),
        slow,
        len(_SENTENCE),
    )
    yield "nested-arrays.pdf", partial(nested_objects, b"[", b"]"), slow, len(_SENTENCE)
    yield "arrays-in-content.pdf", partial(one_page, b"[" * 200_000), slow, len(_SENTENCE)
    yield "cyclic-page-tree.pdf", partial(tree, b"3 0 R 2 0 R", b"2"), quick, 0
    yield (
        "cyclic-parent.pdf",
        partial(tree, b"3 0 R", b"1", {3: b"<< /Type /Page /Parent 3 0 R >>"}),
        quick,
        0,
    )
    yield "a-billion-pages-claimed.pdf", partial(tree, b"3 0 R", b"1000000000"), quick, 0
    yield "90000-pages.pdf", partial(many_pages, 90_000), slow, 0
    yield (
        "ten-million-operators.pdf",
        partial(one_page, squeezed(40 * MEGABYTE, b"q Q "), entries=b"/Filter /FlateDecode"),
        slow,
        0,
    )
    for share in (0.1, 0.5, 0.9):
        name = f"truncated-at-{share:.0%}.pdf".replace("%", "")
        yield name, partial(truncated, share), quick, CHARACTERS
    for seed in range(5):
        yield f"bits-flipped-{seed}.pdf", partial(flipped, seed), quick, CHARACTERS
    yield "cross-reference-to-itself.pdf", partial(cross_references, 0), quick, 0
    yield "cross-references-in-a-ring.pdf", partial(cross_references, 1, 2, 0), quick, 0
    yield (
        "a-billion-cross-references.pdf",
        lambda: _rebuilt(one_page(), b"xref\n0 6", b"xref\n0 999999999"),
        quick,
        len(_SENTENCE),
    )
    yield "encrypted-rc4.pdf", partial(encrypted, "RC4-128"), quick, 0
    yield "encrypted-aes.pdf", partial(encrypted, "AES-256"), quick, 0
    yield "only-a-header.pdf", lambda: b"%PDF-1.7\n", quick, 0
    yield "actions.pdf", with_actions, quick, len(_SENTENCE)
    yield "attachments-with-paths.pdf", with_attachments, quick, len(_SENTENCE)
    yield "huge-image.pdf", partial(image, 65_500, 65_500), slow, 0
    yield "huge-page.pdf", partial(image, 99, 99, box=b"0 0 1000000000 1000000000"), slow, 0
    yield "page-of-no-size.pdf", partial(one_page, box=b"0 0 0 0"), quick, 0
    yield "page-of-nan.pdf", partial(one_page, box=b"nan (x) null 1e99"), quick, 0
    yield "broken-character-map.pdf", partial(character_map, b"1 beginbfchar <54> <D8"), quick, 0
    yield (
        "half-characters.pdf",
        partial(character_map, b"1 beginbfrange <20> <7F> <D800> endbfrange"),
        quick,
        0,
    )
    yield (
        "character-map-bomb.pdf",
        partial(character_map, b"1 beginbfrange <0000> <FFFF> <0020> endbfrange " * 20_000),
        slow,
        0,
    )
    yield (
        "cyclic-outline-and-form.pdf",
        partial(
            one_page,
            catalog=b"/Outlines 6 0 R /AcroForm << /Fields [7 0 R] >>",
            more={
                6: b"<< /First 6 0 R /Last 6 0 R /Next 6 0 R /Parent 6 0 R /Title (a) >>",
                7: b"<< /T (a) /FT /Tx /Kids [7 0 R] /Parent 7 0 R >>",
            },
        ),
        quick,
        len(_SENTENCE),
    )
    yield (
        "cyclic-attachments.pdf",
        partial(
            one_page,
            catalog=b"/Names << /EmbeddedFiles 6 0 R >>",
            more={6: b"<< /Kids [6 0 R 6 0 R] >>"},
        ),
        quick,
        len(_SENTENCE),
    )
