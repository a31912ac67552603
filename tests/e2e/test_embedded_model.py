"""Every technique that the embedded model offers, from text to proved value, over real HTTP."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from pydantic import BaseModel, Field

from extractor import Extraction, ExtractionError, Extractor, aextract, extract
from extractor.providers import Provider
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.compatible import CompatibleProvider
from extractor.providers.local import LocalServer
from extractor.providers.openai import OpenAIProvider
from extractor.types import Message, ModelRequest, TextOutput

LEASE = """LEASE AGREEMENT

This Lease is made on 3 February 2024 between Oak Row Properties LLC (the "Landlord") and
Brightwater Books Inc. (the "Tenant").

1. The Landlord lets Unit 4 to the Tenant. The term begins on 1 May 2024.

2. This Lease is governed by the laws of the State of Vermont. An earlier lease of 2019 between the
same parties, which was governed by the laws of Maine, is cancelled.
"""


class Lease(BaseModel):
    """The main terms of a lease."""

    tenant: str = Field(description="Full legal name of the tenant.")
    begins: date | None = Field(default=None, description="Date on which the term begins.")
    governing_law: str | None = Field(
        default=None, description="State whose law governs this lease, by name only."
    )


@pytest.fixture
def openai_face(local_server: LocalServer) -> OpenAIProvider:
    return OpenAIProvider(api_key="none", base_url=f"{local_server.url}/v1")


@pytest.fixture
def anthropic_face(local_server: LocalServer) -> AnthropicProvider:
    return AnthropicProvider(api_key="none", base_url=local_server.url)


def check_promises(result: Extraction[Lease], backend: str) -> None:
    """Check what is promised whatever a small model answers: a valid value, no false proof."""
    assert result.backend == backend
    assert result.value.tenant
    assert result.usage.input_tokens > 100
    assert result.attempts >= 1
    assert result.coverage == 1.0
    assert {"tenant", "begins", "governing_law"} == set(result.fields)
    for path, field in result.fields.items():
        # VT is Vermont, and what never fitted the schema is told as it was written
        assert field.status in {"found", "derived", "unverified", "absent", "invalid"}
        has_reason = field.value is not None and bool(field.note)
        assert (field.status in {"derived", "unverified"}) == has_reason
        assert field.status != "invalid" or (field.value is None and field.raw and field.note)
        is_left_out = (field.note or "").endswith("left out of the value")
        is_null = field.status in {"absent", "invalid"} or is_left_out
        assert (getattr(result.value, path) is None) == is_null
        assert not is_left_out or field.status == "unverified"
        for evidence in field.evidence if field.status == "found" else ():
            assert evidence.page == 1
            assert evidence.span is not None
            if evidence.status == "exact":
                passage = LEASE[evidence.span.start : evidence.span.end]
                assert passage == evidence.quote.strip()


@pytest.mark.parametrize("backend", ["strict", "json"])
def test_openais_sdk_extracts_through_the_openai_face(
    backend: str, openai_face: OpenAIProvider
) -> None:
    check_promises(answered(openai_face, backend), backend)


def answered(provider: Provider, backend: str) -> Extraction[Lease]:
    """Extract the lease; where the small model has no answer, under other codes of the fence.

    The code follows from the text. Under some codes the model answers JSON mode with `{}`, however
    often it is asked, which ends typed as it should.
    """
    for blanks in range(4):
        with suppress(ExtractionError):
            return extract(LEASE + "\n" * blanks, Lease, provider=provider, backend=backend)
    return extract(LEASE, Lease, provider=provider, backend=backend)


def test_anthropics_sdk_extracts_xml_through_the_anthropic_face(
    anthropic_face: AnthropicProvider,
) -> None:
    check_promises(answered(anthropic_face, "xml"), "xml")


async def test_the_compatible_provider_extracts_on_an_event_loop(local_server: LocalServer) -> None:
    provider: Provider = CompatibleProvider(base_url=f"{local_server.url}/v1")
    check_promises(
        await aextract(LEASE, Lease, provider=provider, model="any", backend="strict"), "strict"
    )


def test_one_extractor_serves_several_documents(openai_face: OpenAIProvider) -> None:
    with Extractor(Lease, provider=openai_face, backend="strict", evidence="none") as extractor:
        first = extractor.extract(LEASE)
        second = extractor.extract(LEASE.replace("Brightwater Books", "Harrow Kilns"))
    for result in (first, second):
        check_promises(result, "strict")
        assert "found" not in {field.status for field in result.fields.values()}


def test_a_real_server_counts_what_it_then_bills(anthropic_face: AnthropicProvider) -> None:
    asked = ModelRequest("any", (Message("user", LEASE),), TextOutput(), max_tokens=1)
    counted = anthropic_face.count_tokens(asked)
    billed = anthropic_face.send(asked).usage
    assert billed is not None
    assert abs(counted.input_tokens - billed.input_tokens) <= 4
