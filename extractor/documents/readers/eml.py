"""E-mails (RFC 5322 and MIME) by the standard library: who wrote what to whom, and its files."""

from __future__ import annotations

import codecs
import platform
import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from extractor.documents.document import Attachment, Document, Hidden
from extractor.documents.invisible import REASONS
from extractor.documents.options import ReadOptions
from extractor.documents.readers import attachment
from extractor.documents.readers.html import read_html
from extractor.documents.readers.mime import (
    DAMAGE,
    TEXTS,
    content_of,
    is_file,
    kind_of,
    leaves_of,
    name_of,
    parts_of,
    text_of,
)
from extractor.documents.readers.paged import document_of
from extractor.documents.sniff import EML, TEXT
from extractor.errors import EmptyDocumentError, HostileDocumentError, UnreadableDocumentError
from extractor.plurals import counted

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
_LINK = re.compile(r"\b\w+://\S+|mailto:\S+")
_WORD = re.compile(r"\w+")
_OF_ITS_OWN = 0.1
"""The share of a text's words that another one lacks, if it says something else."""


@dataclass(frozen=True, slots=True)
class _Text:
    """What a mail says, and the parts that say so."""

    text: str
    hidden: list[Hidden]
    warnings: list[str]
    parts: list[EmailMessage]


def read_eml(data: bytes, source: str, options: ReadOptions) -> Document:
    """Read a mail: its headers as the first lines, then its text, plain or else HTML as shown.

    Where these two say different things it is the HTML, which mail programs show, and the plain
    text is an attachment.

    Attached files become attachments, attached mails too; pictures within the text are left out.

    Raises:
        HostileDocumentError: its parts lie deeper than Python can follow, or a header is too long.
        UnreadableDocumentError: it is a mailbox of several mails.
        EmptyDocumentError: neither headers nor text.
    """
    message = _parsed(data, source, options)
    said = _said(message, source, options)
    attachments, pictures = _attachments(message, said, source, options)
    told = f"Left out: {counted(pictures, 'picture')}"
    # Those of a page in one file are its parts, and told as its own by the reader of pages too.
    warnings = [one for one in said.warnings if not pictures or one != told]
    warnings += [f"{told} within its text"] if pictures else []
    if defects := _defects(message):  # some show only when a part is decoded
        warnings.insert(0, f"Its parts break the rules of MIME: {defects}")
    if message.get_content_type() in _ENCRYPTED:
        warnings.append("Its text is encrypted and was not read")
    head = [f"{name}: {value}" for name in _HEADERS if (value := _header(message, name, warnings))]
    return document_of(
        "\n".join([*head, "", said.text]).strip("\n"),
        data,
        source,
        media_type=EML,
        reader=f"eml (Python {platform.python_version()})",
        hidden=said.hidden,
        taken=options.hidden,
        warnings=warnings,
        attachments=attachments,
    )


def _parsed(data: bytes, source: str, options: ReadOptions) -> EmailMessage:
    data = data.removeprefix(codecs.BOM_UTF8).lstrip()  # before a header they would end the head
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
    except DAMAGE as error:
        raise UnreadableDocumentError(f"{source} can't be read as a mail") from error
    if sum(1 for _ in parts_of(message)) > options.limits.entries:
        raise HostileDocumentError(f"{source} has more than {options.limits.entries} parts")
    return message


def _defects(message: EmailMessage) -> str:
    return ", ".join(sorted({type(d).__name__ for part in parts_of(message) for d in part.defects}))


def _header(message: EmailMessage, name: str, warnings: list[str]) -> str:
    every = [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]
    raw = every[0] if every else ""
    if len(every) > 1:
        warnings.append(f"It has {len(every)} headers {name}; the first is shown")
    if len(raw) > _LONGEST_HEADER:
        warnings.append(f"Left out: the header {name}, of {len(raw)} characters")
        return ""
    try:
        return " ".join(str(message[name] or "").split())
    except (*DAMAGE, RecursionError):
        warnings.append(f"The header {name} breaks the rules; it is shown as it was written")
        return " ".join(raw.split())


def _said(message: EmailMessage, source: str, options: ReadOptions) -> _Text:
    """Return what a mail says, in the form to be read."""
    texts = [part for part in leaves_of(message) if kind_of(part) in TEXTS]
    own = [part for part in texts if not is_file(part)]
    if not own:  # some senders name the text of the mail itself
        own = [part for part in texts if part.get_content_disposition() != "attachment"][:1]
    together = _in_a_row(message, own, source, options)
    if together is not None:
        return together
    plain, page = (
        next((_read(part, source, options) for part in own if kind_of(part) == kind), None)
        for kind in TEXTS
    )
    if plain is None or page is None:
        return plain or page or _Text("", [], ["It has no text of its own"], [])
    if not page.text or not _differ(plain.text, page.text):
        return _Text(plain.text, plain.hidden, plain.warnings, plain.parts + page.parts)
    told = "Its plain text says something else; it is attached, and the HTML was read"
    return _Text(page.text, page.hidden, [*page.warnings, told], page.parts)


def _in_a_row(
    message: EmailMessage, own: list[EmailMessage], source: str, options: ReadOptions
) -> _Text | None:
    """Return the texts of a mail that are no alternatives but follow one another; None if none do.

    One plain text and one page are two forms of the same, however they were put together.
    """
    kinds = [kind_of(part) for part in own]
    is_pair = sorted(kinds) == sorted(TEXTS)
    has_choice = any(p.get_content_type() == "multipart/alternative" for p in parts_of(message))
    if len(own) < 2 or is_pair or has_choice:
        return None
    read = [_read(part, source, options) for part in own]
    return _Text(
        "\n\n".join(one.text.strip("\n") for one in read if one.text),
        [hidden for one in read for hidden in one.hidden],
        [warning for one in read for warning in one.warnings],
        own,
    )


def _read(part: EmailMessage, source: str, options: ReadOptions) -> _Text:
    text, warnings = text_of(part)
    if kind_of(part) == TEXT:
        shown = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
        return _Text(shown, [], warnings, [part])
    try:
        page = read_html(_utf_8(text), source, options)
    except EmptyDocumentError:
        return _Text("", [], [*warnings, "Its text is an empty HTML page"], [part])
    hidden = [piece for piece in page.hidden if not options.hidden or piece.reason not in REASONS]
    return _Text(page.text, hidden, [*warnings, *page.warnings], [part])


def _differ(one: str, other: str) -> bool:
    """Say whether one of two forms of a text has figures, or many words, that the other lacks."""
    words, others = (_WORD.findall(_LINK.sub(" ", text.casefold())) for text in (one, other))
    for mine, theirs in ((words, set(others)), (others, set(words))):
        own = [word for word in mine if word not in theirs]
        if len(own) > _OF_ITS_OWN * len(mine) or any(any(map(str.isdigit, word)) for word in own):
            return True
    return False


def _attachments(
    message: EmailMessage, said: _Text, source: str, options: ReadOptions
) -> tuple[list[Attachment], int]:
    """Return what is attached, and the number of pictures that are shown within the text."""
    found: list[Attachment] = []
    pictures = unpacked = 0
    for part in leaves_of(message):
        if part in said.parts:
            continue
        kind = kind_of(part)
        if kind.startswith("image/") and part.get_content_disposition() != "attachment":
            pictures += 1
            continue
        text = kind in TEXTS and not is_file(part)
        data = _utf_8(text_of(part)[0]) if text else content_of(part)
        unpacked += len(data)
        if unpacked > options.limits.unpacked:
            raise HostileDocumentError(f"{source} has over {unpacked} bytes of attachments")
        if not text or len(data) > len(codecs.BOM_UTF8):
            found.append(attachment(data, name_of(part), options))
    return found, pictures


def _utf_8(text: str) -> bytes:
    """Encode a text so that whatever it says of its encoding does not count."""
    return codecs.BOM_UTF8 + text.encode("utf-8", "replace")
