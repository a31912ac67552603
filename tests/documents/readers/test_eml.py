import base64
import hashlib
from email.message import EmailMessage

import pytest

from extractor.documents import read_document
from extractor.documents.options import Limits, ReadOptions
from extractor.documents.readers.eml import read_eml
from extractor.errors import HostileDocumentError, UnreadableDocumentError
from tests.documents.readers.docx.building import docx, paragraph

_PNG = b"\x89PNG\r\n\x1a\n"


def _mail(text: str = "Please sign.") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Ann Ä <ann@example.com>"
    mail["To"] = "bob@example.com"
    mail["Date"] = "Mon, 02 Feb 2026 10:00:00 +0000"
    mail["Subject"] = "Lease"
    mail["Message-ID"] = "<1@example.com>"
    mail.set_content(text)
    return mail


def test_headers_are_the_first_lines_and_the_plain_text_follows() -> None:
    mail = _mail()
    mail.add_alternative("<p>Please <b>sign</b>!</p>", subtype="html")
    document = read_eml(mail.as_bytes(), "mail.eml", ReadOptions())
    assert document.text == (
        "From: Ann Ä <ann@example.com>\nTo: bob@example.com\n"
        "Date: Mon, 02 Feb 2026 10:00:00 +0000\nSubject: Lease\n\nPlease sign."
    )
    assert document.attachments == ()
    assert document.warnings == ()


def test_html_is_read_as_it_is_shown_where_there_is_no_plain_text() -> None:
    mail = _mail()
    mail.set_content("<p>Sign<span hidden>not</span></p>", subtype="html")
    document = read_eml(mail.as_bytes(), "mail.eml", ReadOptions())
    assert document.text.endswith("\n\nSign")
    assert [piece.text for piece in document.hidden] == ["not"]


def test_attachments_are_documents_under_bare_names() -> None:
    mail = _mail()
    mail.add_attachment(
        docx(paragraph("The Lease")), maintype="application", subtype="x", filename="../../a.docx"
    )
    mail.add_attachment(_PNG, maintype="image", subtype="png", filename="C:\\scan.png")
    document = read_eml(mail.as_bytes(), "mail.eml", ReadOptions())
    word, scan = document.attachments
    assert (word.name, scan.name) == ("a.docx", "scan.png")
    assert word.document is not None
    assert word.document.text == "The Lease"
    assert word.document.sha256 == word.sha256
    assert scan.document is None
    assert scan.problem == "UnreadableDocumentError: scan.png is a PNG image, which can't be read"


def test_pictures_within_the_text_are_left_out_and_counted() -> None:
    mail = _mail()
    mail.add_related(_PNG, maintype="image", subtype="png", cid="<logo>")
    document = read_eml(mail.as_bytes(), "mail.eml", ReadOptions())
    assert document.attachments == ()
    assert document.warnings == ("Left out: 1 picture within its text",)


def _nested(times: int) -> bytes:
    mail = _mail("innermost")
    for _ in range(times):
        outer = _mail("outer")
        outer.add_attachment(mail)
        mail = outer
    return mail.as_bytes()


def test_mails_within_mails_are_read_as_deep_as_the_limits_allow() -> None:
    document = read_eml(_nested(3), "mail.eml", ReadOptions(limits=Limits(nesting=2)))
    (first,) = document.attachments
    assert first.document is not None
    (second,) = first.document.attachments
    assert second.document is not None
    (third,) = second.document.attachments
    assert third.document is None
    assert third.problem == "HostileDocumentError: mail.eml lies too deep within other files"


def test_parts_nested_without_end_are_given_up() -> None:
    bomb = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2_000)
    )
    with pytest.raises(HostileDocumentError):
        read_eml(b"From: a@b.c\nMIME-Version: 1.0\n" + bomb, "bomb.eml", ReadOptions())


def test_a_header_of_a_megabyte_is_left_out_and_told() -> None:
    data = _mail().as_bytes().replace(b"Lease", b"(" * 1_000_000)
    document = read_eml(data, "mail.eml", ReadOptions())
    assert "Subject" not in document.text
    assert document.warnings == ("Left out: the header Subject, of 1000000 characters",)
    with pytest.raises(HostileDocumentError):
        read_eml(b"Content-Type: " + b"(" * 1_000_000 + b"\n\nx", "mail.eml", ReadOptions())


def test_too_many_bytes_of_attachments_are_given_up() -> None:
    mail = _mail()
    mail.add_attachment(bytes(2_000), maintype="application", subtype="x", filename="a")
    with pytest.raises(HostileDocumentError):
        read_eml(mail.as_bytes(), "mail.eml", ReadOptions(limits=Limits(unpacked=1_000)))


def test_broken_parts_are_read_as_far_as_they_go_and_told() -> None:
    data = (
        b"From: a@b.c\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
        b"Content-Type: text/plain; charset=klingon\nContent-Transfer-Encoding: base64\n\n"
        b"SGVsbG8g%%%d29ybGQ\n"
    )
    document = read_eml(data, "mail.eml", ReadOptions())
    assert document.text.startswith("From: a@b.c\n\nHello")
    assert any("break the rules of MIME" in warning for warning in document.warnings)
    assert any("encoding that it names" in warning for warning in document.warnings)


def test_an_encrypted_mail_says_so() -> None:
    data = b"From: a@b.c\nContent-Type: application/pkcs7-mime; name=smime.p7m\n\nAAAA\n"
    document = read_eml(data, "mail.eml", ReadOptions())
    assert "Its text is encrypted and was not read" in document.warnings


def test_a_mailbox_is_no_mail() -> None:
    mail = b"From ann@example.com Mon Feb  2 10:00:00 2026\n" + _mail().as_bytes() + b"\n"
    assert read_eml(mail, "one.eml", ReadOptions()).text.endswith("Please sign.")
    with pytest.raises(UnreadableDocumentError, match="mailbox of 2 mails"):
        read_eml(mail * 2, "box.eml", ReadOptions())


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n", b"\xef\xbb\xbf \n"])
def test_a_mark_or_an_empty_line_before_its_headers_does_not_make_them_text(before: bytes) -> None:
    data = before + _mail("Für €5.\n").as_bytes()
    document = read_eml(data, "mail.eml", ReadOptions())
    assert document.text.startswith("From: Ann Ä <ann@example.com>\nTo: bob@example.com\n")
    assert document.text.endswith("\n\nFür €5.")
    assert document.sha256 == hashlib.sha256(data).hexdigest()


def test_a_web_page_in_one_file_is_read_as_it_is_shown() -> None:
    page = EmailMessage()
    page.set_content("<p>1. Rent. It is &#8364;500.</p><img src=a.png>", subtype="html")
    page.add_related(_PNG, maintype="image", subtype="png", cid="<a.png>")
    document = read_document(page.as_bytes())
    assert "from" not in page
    assert (document.media_type, document.text) == ("message/rfc822", "1. Rent. It is €500.")
    assert document.warnings == ("Left out: 1 picture within its text",)


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_lines_of_its_text_end_alike(end: str) -> None:
    mail = _mail()
    mail.set_payload(base64.b64encode(f"one{end}two{end}".encode()).decode())
    mail.replace_header("Content-Transfer-Encoding", "base64")
    document = read_eml(mail.as_bytes(), "mail.eml", ReadOptions())
    assert document.text.endswith("\n\none\ntwo")
