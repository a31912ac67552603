"""A services agreement in several documents, and what a model would answer about each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from extractor import ScriptedProvider
from extractor.documents.document import Document
from extractor.documents.read import read_document
from extractor.extracting.sets import Part, extract_set
from extractor.sets.model import SetExtraction


class Party(BaseModel):
    name: str


class Terms(BaseModel):
    document_name: str | None = None
    law: str
    notice_days: int | None = None
    parties: list[Party] = []


BASE = """SERVICES AGREEMENT

This Services Agreement is made on 1 May 2020 between Tallow Bridge Limited (the "Customer") and \
Norwick Data GmbH (the "Supplier").

1. Services. The Supplier shall provide the services described in each Order Form.

2. Term. This Agreement runs for five years.

3. Termination. Either party may terminate this Agreement by giving thirty (30) days' notice.

4. Governing law. This Agreement is governed by the laws of Ireland.
"""
FIRST = """AMENDMENT NO. 1 TO THE SERVICES AGREEMENT

This Amendment No. 1 is made on 3 June 2021 between Tallow Bridge Limited and Norwick Data GmbH, \
and amends the Services Agreement dated 1 May 2020.

1. Termination. In clause 3, "thirty (30) days" is replaced by "sixty (60) days".

2. Governing law. Clause 4 is replaced by: This Agreement is governed by the laws of Scotland.

3. Except as amended above, the Services Agreement remains in full force and effect.
"""
SECOND = """AMENDMENT NO. 2 TO THE SERVICES AGREEMENT

This Amendment No. 2 is made on 1 July 2022 between Tallow Bridge Limited and Norwick Data GmbH.

RECITALS

(A) The parties have entered into the Services Agreement dated 1 May 2020, which is governed by \
the laws of Ireland and may be terminated on thirty (30) days' notice.

1. Governing law. Clause 4 is replaced by: This Agreement is governed by the laws of Denmark.

2. Termination. In clause 3, the notice is changed to ninety (90) days.
"""
ORDER = """ORDER FORM

This Order Form is made on 2 May 2020 under the Services Agreement dated 1 May 2020.

1. Notice. Either party may terminate this Order Form by giving ten (10) days' notice.
"""
PREVAILS = "\n2. In the event of a conflict, this Order Form shall prevail over the Agreement.\n"
RESTATED = """AMENDED AND RESTATED SERVICES AGREEMENT

This Amended and Restated Services Agreement is made on 5 May 2023.

1. Governing law. This Agreement is governed by the laws of Norway.
"""


def named(text: str, name: str) -> Document:
    document = read_document(text)
    return Document(
        text, document.sha256, name, document.media_type, document.pages, clauses=document.clauses
    )


def said(value: Any, quote: str) -> dict[str, Any]:
    return {"value": value, "quote": quote}


def answer(**fields: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {"document_name": None, "law": None, "notice_days": None}
    return {**nothing, "parties": list[Any](), **fields}


PARTIES = [{"name": name, "quote": name} for name in ("Tallow Bridge Limited", "Norwick Data GmbH")]
OF_BASE = answer(
    document_name=said("Services Agreement", "SERVICES AGREEMENT"),
    law=said("Ireland", "governed by the laws of Ireland"),
    notice_days=said(30, "thirty (30) days' notice"),
    parties=PARTIES,
)
OF_FIRST = answer(
    document_name=said("Amendment No. 1", "AMENDMENT NO. 1"),
    law=said("Scotland", "governed by the laws of Scotland"),
    notice_days=said(60, "sixty (60) days"),
    parties=PARTIES,
)
OF_SECOND = answer(
    law=said("Denmark", "governed by the laws of Denmark"),
    notice_days=said(90, "ninety (90) days"),
)
OF_ORDER = answer(notice_days=said(10, "ten (10) days' notice"))
OF_RESTATED = answer(law=said("Norway", "governed by the laws of Norway"))


def run(parts: list[tuple[Part, Mapping[str, Any]]], **options: Any) -> SetExtraction[Terms]:
    """Extract documents with their answers; these are given by the text that a request shows."""

    def reply(request: Any) -> str:
        shown = request.messages[1].content
        for part, given in parts:
            document = part[0] if isinstance(part, tuple) else part
            assert isinstance(document, Document)
            if document.text.strip() in shown:
                return json.dumps(given)
        raise AssertionError("no such document")

    provider = ScriptedProvider([reply] * len(parts))
    return extract_set([part for part, _ in parts], Terms, provider=provider, **options)
