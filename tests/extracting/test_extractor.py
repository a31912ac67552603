"""The drivers: the same results, however requests travel."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from pydantic import BaseModel, ConfigDict

from extractor import (
    APITimeoutError,
    AuthenticationError,
    ConfigurationError,
    ContextWindowError,
    DeadlineError,
    DocumentError,
    EmptyDocumentError,
    Extraction,
    Extractor,
    ExtractorError,
    ModelRequest,
    ModelResponse,
    ScriptedProvider,
    aextract,
    extract,
    read_document,
)
from extractor.calls.allowance import Allowance
from extractor.extracting.extractor import Source
from extractor.flow.extraction import Answer, Flow, extraction
from extractor.planning.plan import plan
from extractor.prompting.prompts import Prompts
from extractor.providers.scripted import Reply
from tests.services_agreement import (
    BAD_NOTICE,
    CONTRACT,
    GOOD,
    NOTICE_AGAIN,
    SMALL,
    TERMS,
    UNQUOTED_NOTICE,
    Terms,
    cut,
    failure,
    run,
    script,
)

FIXTURES = Path(__file__).parents[2] / "fixtures"

Replies: TypeAlias = list[Reply | Mapping[str, Any]]

SCRIPTS: dict[str, Replies] = {
    "valid": [GOOD],
    "field": [BAD_NOTICE, NOTICE_AGAIN],
    "document": [UNQUOTED_NOTICE, NOTICE_AGAIN],
    "whole": [BAD_NOTICE, "no idea", GOOD],
    "cut": [cut(json.dumps(GOOD), '"start"'), GOOD],
}


def answered(flow: Flow[Terms], provider: ScriptedProvider) -> Answer[Terms]:
    """Drive an extraction by hand, with neither a call core nor a clock."""
    asked = next(flow)
    while True:
        try:
            asked = flow.send(provider.send(asked))
        except StopIteration as done:
            answer: Answer[Terms] = done.value
            return answer


@pytest.mark.parametrize("name", SCRIPTS)
def test_blocking_and_asynchronous_drivers_give_equal_results(name: str) -> None:
    blocking = script(*SCRIPTS[name], profile=SMALL)
    waiting = script(*SCRIPTS[name], profile=SMALL)
    assert run(blocking) == asyncio.run(aextract(CONTRACT, Terms, provider=waiting))
    assert len(blocking.requests) == len(waiting.requests) == len(SCRIPTS[name])


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_flow_driven_by_hand_gives_the_same_answer(name: str) -> None:
    result = run(script(*SCRIPTS[name], profile=SMALL))
    asking = plan(Terms, model="scripted", profile=SMALL)
    flow = extraction(asking, read_document(CONTRACT), Prompts())
    answer = answered(flow, script(*SCRIPTS[name], profile=SMALL))
    assert (answer.value, answer.fields, answer.repairs) == (
        result.value,
        result.fields,
        result.repairs,
    )


def test_both_drivers_raise_the_same_error_with_the_same_bill() -> None:
    replies: Replies = [BAD_NOTICE, AuthenticationError("revoked")]
    blocking = failure(script(*replies), AuthenticationError)
    with pytest.raises(AuthenticationError) as caught:
        asyncio.run(aextract(CONTRACT, Terms, provider=script(*replies)))
    assert blocking.facts() == caught.value.facts()
    assert blocking.attempts == 2


def test_extract_works_inside_a_running_event_loop() -> None:
    async def notebook() -> Extraction[BaseModel]:
        return run(script(GOOD))

    assert asyncio.run(notebook()).value == TERMS


def test_many_documents_at_once_share_one_event_loop() -> None:
    async def scenario() -> list[Extraction[Terms]]:
        calls = [aextract(CONTRACT, Terms, provider=script(GOOD)) for _ in range(5)]
        return await asyncio.gather(*calls)

    assert [result.value for result in asyncio.run(scenario())] == [TERMS] * 5


@pytest.fixture
def allowances(monkeypatch: pytest.MonkeyPatch) -> list[Allowance]:
    """Every allowance that an extraction makes."""
    made: list[Allowance] = []

    def remembered(*arguments: Any) -> Allowance:
        made.append(Allowance(*arguments))
        return made[-1]

    monkeypatch.setattr("extractor.asking.estimating.Allowance", remembered)
    return made


def test_an_interrupted_drive_gives_back_what_it_had_reserved(allowances: list[Allowance]) -> None:
    reserved: list[int] = []

    def interrupted(_: ModelRequest) -> str:
        reserved.append(allowances[0].reserved)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(script(interrupted))
    assert reserved[0] > 0
    assert (allowances[0].reserved, allowances[0].attempts) == (0, 1)


def test_a_cancelled_drive_gives_back_what_it_had_reserved(allowances: list[Allowance]) -> None:
    class Silent(ScriptedProvider):
        async def asend(
            self, request: ModelRequest, /, *, timeout: float | None = None
        ) -> ModelResponse:
            sent.set()
            await asyncio.Event().wait()
            return self.send(request)

    sent = asyncio.Event()

    async def scenario() -> int:
        task = asyncio.create_task(aextract(CONTRACT, Terms, provider=Silent([])))
        await sent.wait()
        reserved = allowances[0].reserved
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return reserved

    assert asyncio.run(scenario()) > 0
    assert (allowances[0].reserved, allowances[0].attempts) == (0, 1)


@pytest.mark.parametrize("name", SCRIPTS)
def test_nothing_stays_reserved_after_any_ending(allowances: list[Allowance], name: str) -> None:
    run(script(*SCRIPTS[name], profile=SMALL))
    failure(script(*SCRIPTS[name], profile=SMALL), ExtractorError, max_tokens=1)
    assert [allowance.reserved for allowance in allowances] == [0, 0]


def test_a_path_bytes_text_or_a_document_give_the_same_answer(tmp_path: Path) -> None:
    path = tmp_path / "contract.md"
    path.write_text(CONTRACT, encoding="utf-8")
    sources: list[Source] = [path, str(path), CONTRACT.encode(), CONTRACT, read_document(CONTRACT)]
    results = [extract(source, Terms, provider=script(GOOD)) for source in sources]
    assert all(result == results[0] for result in results)


def test_a_pdf_has_its_quotes_on_their_pages() -> None:
    class Court(BaseModel):
        governing_law: str
        effective_date: date

    gold = json.loads((FIXTURES / "gold" / "mutual-nda.json").read_text(encoding="utf-8"))
    reply = {
        name: {"quote": gold["evidence"][name], "value": gold["value"][name]}
        for name in Court.model_fields
    }
    pdf = FIXTURES / "contracts" / "mutual-nda.pdf"
    result = extract(pdf, Court, provider=script(reply))
    document = read_document(pdf)
    for field in result.fields.values():
        assert field.status == "found"
        (evidence,) = field.evidence
        assert evidence.span is not None
        page = document.pages[(evidence.page or 0) - 1]
        assert page.span.start <= evidence.span.start < evidence.span.end <= page.span.end
    first, last = (
        result.fields[path].evidence[0].page for path in ("effective_date", "governing_law")
    )
    assert (first, last) == (1, len(document.pages))


def test_a_document_that_cannot_be_used_costs_nothing(tmp_path: Path) -> None:
    provider = script(GOOD)
    with pytest.raises(DocumentError, match="No such file"):
        extract(tmp_path / "missing.pdf", Terms, provider=provider)
    with pytest.raises(EmptyDocumentError):
        extract(b"", Terms, provider=provider)
    assert provider.requests == []


def test_questions_that_fill_the_context_window_are_refused_before_anything_is_sent() -> None:
    provider = script(GOOD, profile=replace(SMALL, context_window=500))
    with pytest.raises(ContextWindowError, match="leave 0 tokens for the document, of the 500"):
        run(provider)
    assert provider.requests == []


def test_a_default_never_passes_for_something_that_was_found() -> None:
    class Defaulted(BaseModel):
        law: str = "England and Wales"
        days: int = 30

    reply = {"law": None, "days": {"quote": "sixty (60) days' written notice", "value": 60}}
    result = extract(CONTRACT, Defaulted, provider=script(reply))
    assert result.value == Defaulted(law="England and Wales", days=60)
    field = result.fields["law"]
    assert (field.status, field.value, field.evidence) == ("absent", None, ())
    assert ("default", ("law",)) in {(repair.kind, repair.path) for repair in result.repairs}
    assert result.fields["days"].status == "found"


def test_without_quotes_every_value_is_unverified() -> None:
    provider = script({"law": "Ireland", "start": "2025-04-01", "notice_days": None})
    result = run(provider, evidence="none")
    assert {path: field.status for path, field in result.fields.items()} == {
        "law": "unverified",
        "start": "unverified",
        "notice_days": "absent",
    }
    assert "quote" not in str(provider.requests[0].output)


def test_warnings_of_the_document_and_of_the_plan_are_both_told() -> None:
    class Open(BaseModel):
        model_config = ConfigDict(extra="allow")
        law: str

    warned = replace(read_document(CONTRACT), warnings=("page 2 has no text",))
    result = extract(warned, Open, provider=script({"law": GOOD["law"]}))
    assert result.warnings[0] == "page 2 has no text"
    assert "further fields" in result.warnings[1]


def test_every_technique_gives_the_same_value() -> None:
    tags = "".join(
        f"<{name}><quote>{leaf['quote']}</quote><value>{leaf['value']}</value></{name}>"
        for name, leaf in GOOD.items()
    )
    for backend in ("auto", "strict", "native", "tools", "json"):
        assert run(script(GOOD), backend=backend).value == TERMS
    result = run(script(f"<Terms>{tags}</Terms>"), backend="xml")
    assert (result.value, result.backend) == (TERMS, "xml")
    assert {field.status for field in result.fields.values()} == {"found"}


class Closing(ScriptedProvider):
    """Counts how often it was closed."""

    closed = 0

    def close(self) -> None:
        self.closed += 1


def test_an_extractor_serves_many_documents_and_leaves_its_callers_provider_open() -> None:
    provider = Closing([json.dumps(GOOD)] * 3)
    with Extractor(Terms, provider=provider) as extractor:
        values = [extractor.extract(CONTRACT).value for _ in range(3)]
    assert values == [TERMS] * 3
    assert provider.closed == 0


@pytest.mark.parametrize("reply", [json.dumps(GOOD), "no"])
def test_extract_closes_the_provider_that_it_made_also_when_it_fails(
    reply: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Closing([reply])

    def provider_for(*_: object, **__: object) -> ScriptedProvider:
        return made

    monkeypatch.setattr("extractor.asking.candidates.provider_for", provider_for)
    with suppress(ExtractorError):
        extract(CONTRACT, Terms, model="scripted:x", max_attempts=1)
    assert made.closed == 1


def test_an_extractor_is_shared_by_threads() -> None:
    with (
        Extractor(Terms, provider=Closing([json.dumps(GOOD)] * 8)) as extractor,
        ThreadPoolExecutor(4) as pool,
    ):
        values = [result.value for result in pool.map(extractor.extract, [CONTRACT] * 8)]
    assert values == [TERMS] * 8


def test_the_first_request_can_be_looked_at_without_sending_it() -> None:
    provider = script(GOOD)
    extractor = Extractor(Terms, provider=provider)
    shown = extractor.first_request(CONTRACT)
    assert provider.requests == []
    extractor.extract(CONTRACT)
    sent = provider.requests[0]
    assert (shown.output, shown.max_tokens, shown.model) == (
        sent.output,
        sent.max_tokens,
        sent.model,
    )
    assert len(shown.messages[1].content) == len(sent.messages[1].content)


def test_what_is_done_is_told_in_short_sentences_without_the_contract() -> None:
    told: list[str] = []
    provider = script(BAD_NOTICE, NOTICE_AGAIN)
    extractor = Extractor(Terms, provider=provider, model="gpt-x", progress=told.append)
    extractor.extract(CONTRACT)
    assert extractor.model == "scripted:gpt-x"
    assert len(told) == 2
    assert told[0].startswith("Asking scripted:gpt-x (strict) with ")
    assert "again" in told[1]
    assert "Ireland" not in " ".join(told)


def test_instructions_of_ones_own_come_after_ours() -> None:
    provider = script(GOOD)
    run(provider, instructions="Answer in the spelling of the contract.")
    question = provider.requests[0].messages[1].content
    assert question.endswith("Answer in the spelling of the contract.")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"model": "nobody:x"}, "no provider 'nobody'"),
        ({"model": "gpt-5"}, "'gpt-5' is no model name"),
        ({"provider": script(), "backend": "yaml"}, "no backend 'yaml'"),
        ({"provider": script(), "prompts": "no/such/folder"}, "No such folder"),
        ({"provider": script(profile=SMALL), "backend": "xml"}, "does not offer the backend 'xml'"),
        ({"provider": script(), "max_attempts": 0}, "max_attempts is 0"),
        ({"provider": script(), "max_tokens": 0}, "max_tokens is 0"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_read(
    options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        extract(Path("never-read.pdf"), Terms, **options)


def test_the_model_can_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "reply.txt"
    path.write_text(json.dumps(GOOD), encoding="utf-8")
    monkeypatch.setenv("EXTRACTOR_MODEL", f"scripted:{path}")
    assert extract(CONTRACT, Terms).value == TERMS


def test_a_provider_that_does_not_heed_its_timeout_is_left_at_the_deadline() -> None:
    class Heedless(ScriptedProvider):
        async def asend(
            self, request: ModelRequest, /, *, timeout: float | None = None
        ) -> ModelResponse:
            await asyncio.sleep(30)
            raise AssertionError

    began = time.monotonic()
    extractor = Extractor(Terms, provider=Heedless([]), deadline=0.2)
    with pytest.raises(DeadlineError) as caught:
        asyncio.run(extractor.aextract("The laws of Ireland apply."))
    assert time.monotonic() - began < 5
    assert isinstance(caught.value.__cause__, APITimeoutError)
    assert caught.value.attempts == 1
