"""Documents that come with others, of which nothing is asked."""

from __future__ import annotations

import json

from pydantic import BaseModel

from extractor import ScriptedProvider, extract

MAIL = (
    b"From: a@b.test\nTo: c@d.test\nSubject: The lease\nMIME-Version: 1.0\n"
    b"Content-Type: multipart/mixed; boundary=x\n\n"
    b"--x\nContent-Type: text/plain\n\nPlease find the lease attached.\n"
    b"--x\nContent-Type: text/plain; name=lease.txt\n"
    b"Content-Disposition: attachment; filename=lease.txt\n\n"
    b"This lease is governed by the laws of Ireland.\n--x--\n"
)
SUBMISSION = (
    b"<SEC-DOCUMENT>\n"
    b"<DOCUMENT>\n<TYPE>8-K\n<TEXT>\nForm 8-K, current report\n</TEXT>\n</DOCUMENT>\n"
    b"<DOCUMENT>\n<TYPE>EX-10.1\n<TEXT>\nThe laws of Ireland govern it.\n</TEXT>\n</DOCUMENT>\n"
    b"</SEC-DOCUMENT>\n"
)


class Lease(BaseModel):
    law: str | None = None


def test_a_warning_names_what_was_attached() -> None:
    result = extract(MAIL, Lease, provider=ScriptedProvider([json.dumps({"law": None})]))
    (told,) = result.warnings
    assert told == (
        "Nothing was asked about what is attached: lease.txt. Extract from each by itself: "
        "`document.attachments` has them"
    )


def test_a_warning_names_the_other_documents_of_a_submission() -> None:
    result = extract(SUBMISSION, Lease, provider=ScriptedProvider([json.dumps({"law": None})]))
    assert result.warnings[0] == (
        "It is a submission of 2 documents; the first, 8-K, was read, the others are attached: "
        "EX-10.1"
    )
    assert "Nothing was asked about what is attached: EX-10.1." in result.warnings[1]
