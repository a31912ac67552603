"""The public API as a user's code sees it: checked by mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_type

from pydantic import BaseModel, RootModel

from extractor import (
    Document,
    Evidence,
    Extraction,
    ExtractionError,
    Extractor,
    ExtractorError,
    FieldResult,
    ModelProfile,
    ModelRequest,
    ModelResponse,
    Problem,
    ProviderError,
    Repair,
    RetryPolicy,
    ScriptedProvider,
    Span,
    StopReason,
    Usage,
    aextract,
    extract,
    extraction_record,
    read_document,
)
from extractor.schemas import NDA
from extractor.types import SchemaRules

if TYPE_CHECKING:
    from extractor.providers import Provider


class Lease(BaseModel):
    tenant: str
    commencement: date | None = None


class Names(RootModel[list[str]]):
    pass


def the_value_has_the_type_of_the_schema() -> None:
    result = extract("lease.pdf", Lease)
    assert_type(result, Extraction[Lease])
    assert_type(result.value, Lease)
    assert_type(result.value.commencement, date | None)
    assert_type(extract("nda.pdf", NDA).value.governing_law, str | None)
    assert_type(extract("names.txt", Names).value.root, list[str])


def everything_about_a_result_is_typed(result: Extraction[Lease]) -> None:
    assert_type(result.fields, Mapping[str, FieldResult])
    assert_type(result.fields["tenant"].evidence, tuple[Evidence, ...])
    assert_type(result.fields["tenant"].evidence[0].span, Span | None)
    assert_type(result.fields["tenant"].note, str | None)
    assert_type(result.repairs, tuple[Repair, ...])
    assert_type(result.usage, Usage)
    assert_type(result.usage.total_tokens, int)
    assert_type(result.cost_usd, Decimal | None)
    assert_type(result.warnings, tuple[str, ...])
    assert_type((result.model, result.backend), tuple[str, str])
    assert_type((result.attempts, result.coverage), tuple[int, float])


async def the_same_holds_on_an_event_loop() -> None:
    result = await aextract("lease.pdf", Lease, model="openai:gpt-5.4-mini")
    assert_type(result, Extraction[Lease])
    with Extractor(Lease, model="anthropic:claude-sonnet-5") as extractor:
        assert_type(extractor, Extractor[Lease])
        assert_type(await extractor.aextract(b"..."), Extraction[Lease])


def every_source_and_every_option_is_accepted(document: Document, provider: Provider) -> None:
    for source in ("contract.pdf", Path("contract.pdf"), b"%PDF-", document):
        extract(source, Lease)
    extract(
        document,
        Lease,
        model="openai:gpt-5.4-mini",
        backend="strict",
        evidence="none",
        reasoning_effort="low",
        base_url="http://127.0.0.1:8080/v1",
        provider=provider,
        prompts=Path("prompts"),
        instructions="Answer in English.",
        max_attempts=2,
        max_tokens=100_000,
        retry=RetryPolicy(attempts=2, initial=0.5, longest=10),
    )
    extract(document, Lease, evidence="some")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    extract(document, dict)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]


def an_extractor_is_typed(progress: list[str]) -> None:
    extractor = Extractor(Lease, progress=progress.append)
    assert_type(extractor.extract("a contract"), Extraction[Lease])
    assert_type(extractor.first_request("a contract"), ModelRequest)
    assert_type(extractor.model, str)
    extractor.close()


def a_script_is_a_provider(request: ModelRequest) -> None:
    def answer(asked: ModelRequest) -> str:
        return asked.model

    script = ScriptedProvider(
        ["text", ModelResponse("half", stop_reason=StopReason.LENGTH), ValueError("no"), answer]
    )
    provider: Provider = script
    assert_type(provider.send(request), ModelResponse)
    assert_type(script.requests, list[ModelRequest])


class Gateway:
    """A provider of a user's own, which need not inherit from anything."""

    name = "gateway"
    base_url = "https://llm.example/v1"
    account = ""

    def profile(self, model: str, /) -> ModelProfile:
        return ModelProfile(128_000, 16_000, techniques=("json",), rules=SchemaRules())

    def send(self, request: ModelRequest, /, *, timeout: float | None = None) -> ModelResponse:
        return ModelResponse("{}")

    async def asend(
        self, request: ModelRequest, /, *, timeout: float | None = None
    ) -> ModelResponse:
        return self.send(request, timeout=timeout)

    def close(self) -> None: ...


def a_provider_of_ones_own_is_one_by_its_methods() -> None:
    result = extract("lease.pdf", Lease, provider=Gateway(), progress=print)
    assert_type(extraction_record(result), dict[str, Any])


def errors_carry_typed_facts() -> None:
    try:
        extract("lease.pdf", Lease)
    except ExtractionError as error:
        assert_type(error.problems, tuple[Problem, ...])
        assert_type(error.facts(), dict[str, Any])
    except ProviderError as error:
        assert_type(error.retry_after, float | None)
        assert_type(error.retryable, bool)
    except ExtractorError as error:
        assert_type(error.hint, str | None)
        assert_type(error.usage, Usage)
        assert_type(error.cost_usd, Decimal | None)


def a_document_is_typed() -> None:
    document = read_document("contract.pdf")
    assert_type(document, Document)
    assert_type(document.page_at(0), int)
    assert_type(document.text, str)
