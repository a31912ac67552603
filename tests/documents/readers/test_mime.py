import base64

import pytest

from extractor.documents.document import Document
from extractor.documents.options import ReadOptions
from extractor.documents.readers.eml import read_eml

_HEAD = b"From: a@b.c\nMIME-Version: 1.0\n"
_TEXT = b"Content-Type: text/plain; charset=utf-8\n\nHello\n"
_INNER = b"From: q@r.s\nSubject: Fee\nMessage-ID: <2@x>\n\nEUR 500\n"
_SHOWN = "From: q@r.s\nSubject: Fee\n\nEUR 500"
_PACKAGE = "winmail.dat is an Outlook package (winmail.dat)"
_DIFFER = "Its plain text says something else; it is attached, and the HTML was read"
_OTHER = "Its text is not in the encoding that it names; it was read as {}"


def _read(data: bytes) -> Document:
    return read_eml(data, "mail.eml", ReadOptions())


def _mail(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    body = b"".join(b"--b\n" + part + b"\n" for part in parts)
    return _HEAD + b"Content-Type: multipart/" + kind + b"; boundary=b\n\n" + body + b"--b--\n"


def _said(document: Document) -> str:
    return document.text.partition("\n\n")[2].strip()


def _files(document: Document) -> list[tuple[str, str | None]]:
    return [
        (file.name, file.document.text.strip() if file.document else file.problem)
        for file in document.attachments
    ]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"Content-Type: message/rfc822", "mail.eml"),
        (b'Content-Type: message/rfc822; name="../Fwd.eml"', "Fwd.eml"),
        (b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64", "mail.eml"),
        (b"Content-Type: application/x; name=a.eml\nContent-Transfer-Encoding: base64", "a.eml"),
    ],
)
def test_forwarded_mails_are_read_however_they_are_packed(head: bytes, name: str) -> None:
    inner = base64.encodebytes(_INNER) if b"base64" in head else _INNER
    document = _read(_mail(_TEXT, head + b"\n\n" + inner))
    assert _said(document) == "Hello"
    assert _files(document) == [(name, _SHOWN)]


def test_a_digest_holds_mails() -> None:
    assert _files(_read(_mail(b"\n" + _INNER, kind=b"digest"))) == [("mail.eml", _SHOWN)]


def test_an_outlook_package_is_named_as_what_it_is() -> None:
    packed = base64.encodebytes(b"\x78\x9f\x3e\x22\x01\x00\x01\x06")
    head = b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64"
    document = _read(_mail(_TEXT, head + b"\n\n" + packed))
    assert document.attachments[0].media_type == "application/ms-tnef"
    assert _files(document) == [
        ("winmail.dat", f"UnreadableDocumentError: {_PACKAGE}, which can't be read")
    ]


def test_an_invitation_is_an_attachment() -> None:
    calendar = b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n"
    document = _read(_mail(_TEXT, calendar, kind=b"alternative"))
    assert _said(document) == "Hello"
    assert _files(document) == [("calendar.ics", "BEGIN:VCALENDAR")]


def test_a_report_of_delivery_keeps_its_lines() -> None:
    status = b"Content-Type: message/delivery-status\n\nReporting-MTA: x\n\nAction: failed\n"
    (report,) = _files(_read(_mail(_TEXT, status, kind=b"report")))
    assert report == ("unnamed", "Reporting-MTA: x\n\nAction: failed")


@pytest.mark.parametrize(
    ("charset", "data", "text", "used"),
    [
        (b"us-ascii", "Fee €5".encode(), "Fee €5", "utf-8"),
        (b"iso-8859-1", "Fee €5".encode(), "Fee €5", "utf-8"),
        (b"iso-8859-1", "“Fee” €5".encode("cp1252"), "“Fee” €5", None),
        (b"utf-8", "Fee €5".encode("cp1252"), "Fee €5", "cp1252"),
        (b"utf-16", "Fee €5".encode("utf-16"), "Fee €5", None),
        (b"koi8-r", "Цена 5".encode("koi8-r"), "Цена 5", None),
        (b"utf-7", b"Fee +ACQ-5", "Fee +ACQ-5", "utf-8"),
        (b"unicode_escape", b"Fee \\u0035", "Fee \\u0035", "utf-8"),
        (b"zlib", b"Fee", "Fee", "utf-8"),
    ],
)
def test_a_charset_that_lies_is_not_believed(
    charset: bytes, data: bytes, text: str, used: str | None
) -> None:
    packed = base64.encodebytes(data)
    document = _read(
        _HEAD + b"Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=" + charset
        + b"\n\n" + packed
    )  # fmt: skip
    assert _said(document) == text
    assert document.warnings == ((_OTHER.format(used),) if used else ())


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('filename="=?utf-8?q?..=2F..=2Fetc=2Fa=E2=80=AEfdp=2Etxt?="', "afdp.txt"),
        ('filename="=?utf-8?b?Li4vLi4vYS50eHQ=?="', "a.txt"),
        ("filename*=utf-8''..%2F..%5Cb%00.txt", "b.txt"),
        ('filename="C:\\\\temp\\\\c.txt"', "c.txt"),
        ('filename="d.txt:evil.exe"', "evil.exe"),
        ('filename=".."', "unnamed"),
        ('filename*0="../../"; filename*1="e.txt"', "e.txt"),
    ],
)
def test_names_of_files_lead_nowhere(written: str, name: str) -> None:
    head = b"Content-Type: text/plain\nContent-Disposition: attachment; " + written.encode()
    assert _files(_read(_mail(_TEXT, head + b"\n\nRent\n"))) == [(name, "Rent")]


def _page(html: bytes) -> bytes:
    return b"Content-Type: text/html\n\n" + html + b"\n"


@pytest.mark.parametrize("kind", [b"alternative", b"mixed"])
@pytest.mark.parametrize(
    ("plain", "html", "shown"),
    [
        (b"This mail needs HTML", b"<p>The fee is EUR 500</p>", "The fee is EUR 500"),
        (b"The fee is EUR 900", b"<p>The fee is EUR 500</p>", "The fee is EUR 500"),
        (b"The fee is due. Pay 5", b"<p>The fee is due.</p>", "The fee is due."),
    ],
)
def test_where_the_forms_of_a_text_differ_both_are_kept(
    kind: bytes, plain: bytes, html: bytes, shown: str
) -> None:
    text = b"Content-Type: text/plain\n\n" + plain + b"\n"
    document = _read(_mail(text, _page(html), kind=kind))
    assert _said(document) == shown
    assert _files(document) == [("text.txt", plain.decode())]
    assert document.warnings == (_DIFFER,)


def test_forms_that_say_the_same_are_one() -> None:
    text = b"Content-Type: text/plain\n\nSee https://x.y/z?id=7 for the *fee*\n"
    page = _page(b"<p>See <a href='https://x.y/z?id=7'></a>for the <b>fee</b></p>")
    document = _read(_mail(text, page, kind=b"alternative"))
    assert _said(document) == "See https://x.y/z?id=7 for the *fee*"
    assert (document.attachments, document.warnings) == ((), ())


def test_texts_that_follow_one_another_are_all_said() -> None:
    last = _page(b"<p>See you</p>")
    document = _read(_mail(_TEXT, _TEXT.replace(b"Hello", b"Regards"), last))
    assert _said(document) == "Hello\n\nRegards\n\nSee you"
    assert document.attachments == ()


def test_a_second_text_beside_alternatives_is_an_attachment() -> None:
    other = _TEXT.replace(b"Hello", b"Regards")
    document = _read(_mail(_TEXT, other, kind=b"alternative"))
    assert _said(document) == "Hello"
    assert _files(document) == [("text.txt", "Regards")]


def test_a_text_with_a_name_is_still_what_the_mail_says() -> None:
    document = _read(_HEAD + b"Content-Type: text/plain; name=body.txt\n\nFee 5\n")
    assert _said(document) == "Fee 5"
    assert document.attachments == ()


def test_a_mail_whose_parts_are_missing_is_read_as_text() -> None:
    document = _read(_HEAD + b"Content-Type: multipart/mixed\n\nFee 5\n")
    assert _said(document) == "Fee 5"
    assert any("break the rules of MIME" in warning for warning in document.warnings)


def test_a_header_that_is_there_twice_is_told() -> None:
    document = _read(b"Subject: one\nSubject: two\n" + _HEAD + b"\nHi\n")
    assert "Subject: one\n" in document.text
    assert document.warnings == ("It has 2 headers Subject; the first is shown",)
