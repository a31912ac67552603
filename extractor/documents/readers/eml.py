"""E-mails (RFC 5322 and MIME) by the standard library: who wrote what to whom, and its files."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from typing import cast

from extractor.documents.document import Attachment, Document, Hidden
from extractor.documents.invisible import REASONS
from extractor.documents.options import ReadOptions
from extractor.documents.readers import attachment
from extractor.documents.readers.html import read_html
from extractor.documents.readers.paged import counted, document_of
from extractor.errors import EmptyDocumentError, HostileDocumentError, UnreadableDocumentError

EML = "message/rfc822"
_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_LONGEST_HEADER = 10_000
"""Characters; the standard library's header parser takes quadratic time, or all of the stack."""

_PARSED_HEADER = re.compile(
    rb"^content-(?:type|disposition):.*(?:\n[ \t].*)*", re.MULTILINE | re.IGNORECASE
)
_MAILBOX = re.compile(rb"^From \S.*\r?\n(?=[A-Za-z-]+:)", re.MULTILINE)
_ENCRYPTED = frozenset(
    ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
)
_BODIES = ("text/plain", "text/html")
_DAMAGE = (MessageError, LookupError, ValueError, AttributeError, TypeError)
"""What the standard library raises for parts that break the rules."""


def read_eml(data: bytes, source: str, options: ReadOptions) -> Document:
    """Read a mail: its headers as the first lines, then its text, plain or else HTML as shown.

    Attached files become attachments, attached mails too; pictures within the text are left out.

    Raises:
        HostileDocumentError: its parts lie deeper than Python can follow, or a header is too long.
        UnreadableDocumentError: it is a mailbox of several mails.
        EmptyDocumentError: neither headers nor text.
    """
    message = _parsed(data, source, options)
    body = _body(message)
    text, hidden, told = _shown(body, source, options)
    attachments, left_out = _attachments(message, body, source, options)
    warnings = [*told, *left_out]
    if defects := _defects(message):  # some show only when a part is decoded
        warnings.insert(0, f"Its parts break the rules of MIME: {defects}")
    if message.get_content_type() in _ENCRYPTED:
        warnings.append("Its text is encrypted and was not read")
    head = [f"{name}: {value}" for name in _HEADERS if (value := _header(message, name, warnings))]
    return document_of(
        "\n".join([*head, "", text]).strip("\n"),
        data,
        source,
        media_type=EML,
        reader=f"eml (Python {platform.python_version()})",
        hidden=hidden,
        taken=options.hidden,
        warnings=warnings,
        attachments=attachments,
    )


def _parsed(data: bytes, source: str, options: ReadOptions) -> EmailMessage:
    mails = len(_MAILBOX.findall(data)) if data.startswith(b"From ") else 0
    if mails > 1:
        raise UnreadableDocumentError(
            f"{source} is a mailbox of {mails} mails", hint="Save each mail as a file of its own."
        )
    for line in _PARSED_HEADER.finditer(data):
        if len(line[0]) > _LONGEST_HEADER:
            raise HostileDocumentError(f"{source} has a header of {len(line[0])} bytes")
    try:
        message = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
    except RecursionError as error:
        raise HostileDocumentError(f"{source} has parts nested too deep") from error
    except _DAMAGE as error:
        raise UnreadableDocumentError(f"{source} can't be read as a mail") from error
    if sum(1 for _ in _parts(message)) > options.limits.entries:
        raise HostileDocumentError(f"{source} has more than {options.limits.entries} parts")
    return message


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield a mail's parts in order, not those of mails attached to it."""
    pending = [message]
    while pending:
        part = pending.pop()
        yield part
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            pending += reversed(_within(part))


def _defects(message: EmailMessage) -> str:
    return ", ".join(sorted({type(d).__name__ for part in _parts(message) for d in part.defects}))


def _header(message: EmailMessage, name: str, warnings: list[str]) -> str:
    raw = next((str(v) for key, v in message.raw_items() if key.lower() == name.lower()), "")
    if len(raw) > _LONGEST_HEADER:
        warnings.append(f"Left out: the header {name}, of {len(raw)} characters")
        return ""
    try:
        return " ".join(str(message[name] or "").split())
    except (*_DAMAGE, RecursionError):
        warnings.append(f"The header {name} breaks the rules; it is shown as it was written")
        return " ".join(raw.split())


def _body(message: EmailMessage) -> EmailMessage | None:
    """Return the part that is the mail's text: plain, or else HTML."""
    own = [part for part in _parts(message) if not _is_attached(part)]
    for kind in _BODIES:
        for part in own:
            if part.get_content_type() == kind:
                return part
    return None


def _is_attached(part: EmailMessage) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _shown(
    body: EmailMessage | None, source: str, options: ReadOptions
) -> tuple[str, list[Hidden], list[str]]:
    if body is None:
        return "", [], ["It has no text of its own"]
    data = _content(body)
    charset = body.get_content_charset() or "utf-8"
    warnings: list[str] = []
    try:
        text = data.decode(charset)
    except (LookupError, UnicodeDecodeError):
        text = data.decode("cp1252", "replace")
        warnings.append("Its text is not in the encoding that it names; it was read as cp1252")
    if body.get_content_type() == "text/plain":
        return text.replace("\r\n", "\n").replace("\x0c", "\n"), [], warnings
    try:
        page = read_html(b"\xef\xbb\xbf" + text.encode("utf-8", "replace"), source, options)
    except EmptyDocumentError:
        return "", [], [*warnings, "Its text is an empty HTML page"]
    hidden = [piece for piece in page.hidden if not options.hidden or piece.reason not in REASONS]
    return page.text, hidden, [*warnings, *page.warnings]


def _attachments(
    message: EmailMessage, body: EmailMessage | None, source: str, options: ReadOptions
) -> tuple[list[Attachment], list[str]]:
    found: list[Attachment] = []
    pictures = unpacked = 0
    for part in _parts(message):
        kind = part.get_content_type()
        if part is body or part.get_content_maintype() == "multipart":
            continue
        attached = _is_attached(part)
        if not attached and kind in _BODIES and body and kind != body.get_content_type():
            continue  # the same text in its other form
        if not kind.startswith("image/") or part.get_content_disposition() == "attachment":
            data, name = _content(part), part.get_filename() or _unnamed(part)
            unpacked += len(data)
            if unpacked > options.limits.unpacked:
                raise HostileDocumentError(f"{source} has over {unpacked} bytes of attachments")
            found.append(attachment(data, name, options))
        else:
            pictures += 1
    told = f"Left out: {counted(pictures, 'picture')} within its text"
    return found, [told] if pictures else []


def _unnamed(part: EmailMessage) -> str:
    return "mail.eml" if part.get_content_type() == EML else "unnamed"


def _content(part: EmailMessage) -> bytes:
    """Return a part's bytes, as far as its encoding can be undone."""
    if part.get_content_type() != EML:
        data = part.get_payload(decode=True)
        return data if isinstance(data, bytes) else b""
    try:
        return b"".join(mail.as_bytes(policy=policy.compat32) for mail in _within(part))
    except (*_DAMAGE, RecursionError):
        return b""  # an empty attachment is told to be unreadable


def _within(part: EmailMessage) -> list[EmailMessage]:
    """Return the parts of a part, or the mail that it holds."""
    payload: object = part.get_payload()
    items = cast("list[object]", payload) if isinstance(payload, list) else []
    return [item for item in items if isinstance(item, EmailMessage)]
