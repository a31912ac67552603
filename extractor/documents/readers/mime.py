"""The parts of a mail (RFC 2045 and 2046) and what is in them, as far as the sender kept to it."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from typing import cast

from extractor.documents.readers.html.encoding import decode_as
from extractor.documents.sniff import EML, HTML, TEXT

TEXTS = (TEXT, HTML)
DAMAGE = (MessageError, LookupError, ValueError, AttributeError, TypeError)
"""What the standard library raises for parts that break the rules."""

_NAMES = {
    EML: "mail.eml",
    TEXT: "text.txt",
    HTML: "text.html",
    "text/calendar": "calendar.ics",
}


def parts_of(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield a mail's parts in order, not those of mails attached to it."""
    pending = [message]
    while pending:
        part = pending.pop()
        yield part
        if _holds_parts(part):
            pending += reversed(_within(part))


def leaves_of(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield the parts that are not there for other parts alone."""
    return (part for part in parts_of(message) if not _holds_parts(part))


def kind_of(part: EmailMessage) -> str:
    """Return a part's media type; what should have parts and has none is a text."""
    return TEXT if part.get_content_maintype() == "multipart" else part.get_content_type()


def name_of(part: EmailMessage) -> str:
    """Return the name of a part as a file."""
    return part.get_filename() or _NAMES.get(kind_of(part), "unnamed")


def is_file(part: EmailMessage) -> bool:
    """Say whether a part is a file that the mail carries, not a part of what it says."""
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def content_of(part: EmailMessage) -> bytes:
    """Return a part's bytes, as far as its encoding can be undone."""
    if not part.is_multipart():
        return _unpacked(part)
    try:
        data = b"".join(mail.as_bytes(policy=policy.compat32) for mail in _within(part))
    except (*DAMAGE, RecursionError):
        return b""  # an empty attachment is told to be unreadable
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding not in ("base64", "quoted-printable"):
        return data
    packed: Message = Message()  # no mail may be packed so (RFC 2046, 5.2.1), and some are
    packed["Content-Transfer-Encoding"] = encoding
    packed.set_payload(data.lstrip())
    return _unpacked(packed)


def text_of(part: EmailMessage) -> tuple[str, list[str]]:
    """Return the text of a part that is one, and warnings of how it is encoded."""
    return decode_as(content_of(part), part.get_content_charset(), "Its text")


def _holds_parts(part: EmailMessage) -> bool:
    return part.get_content_maintype() == "multipart" and part.is_multipart()


def _unpacked(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _within(part: EmailMessage) -> list[EmailMessage]:
    """Return the parts of a part, or the mail that it holds."""
    payload: object = part.get_payload()
    items = cast("list[object]", payload) if isinstance(payload, list) else []
    return [item for item in items if isinstance(item, EmailMessage)]
