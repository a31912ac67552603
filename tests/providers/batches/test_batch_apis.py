"""Handing in, looking, fetching and finding, through the SDKs, at both providers."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable

import pytest

from benchmarks.batch_server import BatchPlan, RunningBatches
from benchmarks.fault_server import contract
from benchmarks.fault_server.asked import Api
from extractor.errors import (
    BadRequestError,
    ConfigurationError,
    ExtractorError,
    InvalidResponseError,
    OverloadedError,
    ProviderError,
    QuotaExhaustedError,
    ServerError,
)
from extractor.providers.batches import (
    BatchFailure,
    BatchItem,
    BatchProvider,
    BatchResult,
    batches_of,
)
from extractor.providers.compatible import CompatibleProvider
from extractor.providers.openai import OpenAIProvider
from extractor.providers.scripted import ScriptedProvider
from extractor.types import Message, ModelRequest, StopReason, TextOutput

TOKEN = "f00d"  # noqa: S105 - a batch's


def request(number: int) -> ModelRequest:
    asked = f"{contract(number)}\n\n<Terms>\n<law>...</law>\n</Terms>"
    return ModelRequest("m", (Message("user", asked),), TextOutput(), 1_000)


def handed_in(batches: BatchProvider, count: int, *, token: str = TOKEN) -> str:
    items = [BatchItem(f"{token}-{n}", batches.encode(request(n + 1))) for n in range(count)]
    return batches.submit(token, items)


def fetched(batches: BatchProvider, id_: str) -> dict[str, BatchResult]:
    return {result.custom_id: result for result in batches.results(id_)}


def test_replies_come_back_by_their_ids(batches: BatchProvider, server: RunningBatches) -> None:
    server.begin(BatchPlan())
    id_ = handed_in(batches, 3)
    status = batches.status(id_)
    assert (status.is_over, status.done, status.total) == (True, 3, 3)
    results = fetched(batches, id_)
    assert results.keys() == {"f00d-0", "f00d-1", "f00d-2"}
    for result in results.values():
        assert result.reply is not None
        reply = batches.decode(result.reply)
        assert reply.stop_reason is StopReason.END
        assert reply.usage is not None
    assert server.truth().billed == {1: 1, 2: 1, 3: 1}


def test_a_batch_takes_its_time(batches: BatchProvider, server: RunningBatches) -> None:
    server.begin(BatchPlan(seconds=60))
    status = batches.status(handed_in(batches, 4))
    assert (status.is_over, status.total) == (False, 4)


@pytest.mark.parametrize(
    ("fate", "kind", "is_transient"),
    [
        ("bad_request", BadRequestError, False),
        ("no_credit", QuotaExhaustedError, False),
        ("overloaded", OverloadedError, True),
        ("server_error", ServerError, True),
        ("expired", ServerError, True),
        ("canceled", ServerError, True),
    ],
)
def test_what_came_instead_of_a_reply_is_typed(
    batches: BatchProvider,
    server: RunningBatches,
    fate: str,
    kind: type[ProviderError],
    is_transient: bool,
) -> None:
    server.begin(BatchPlan(fates={1: [fate]}))
    results = fetched(batches, handed_in(batches, 2))
    assert results["f00d-1"].reply
    failure = results["f00d-0"].failure
    assert failure is not None
    error = batches.error(failure, request=request(1))
    assert type(error) is kind
    assert error.retryable is is_transient


def test_an_error_repeats_nothing_of_the_contract(batches: BatchProvider) -> None:
    body = '{"error": {"message": "Odd: The supplier is ' + contract(1)[60:200] + '"}}'
    body = body.replace("\n", " ")
    told = batches.error(BatchFailure(400, body), request=request(1))
    assert "[...]" in told.message
    assert "K-000001, 1. Parties" not in told.message


def test_lines_that_tell_nothing_are_left_out(
    batches: BatchProvider, server: RunningBatches, caplog: pytest.LogCaptureFixture
) -> None:
    server.begin(BatchPlan(fates={1: ["junk"], 2: ["missing"], 3: ["no_reply"]}, strays=True))
    results = fetched(batches, handed_in(batches, 4))
    assert results.keys() == {"f00d-2", "f00d-3", "nobody-1"}
    reply = results["f00d-2"].reply
    assert reply is not None
    with pytest.raises(InvalidResponseError):
        batches.decode(reply)
    assert "can't be read" in caplog.text


@pytest.mark.parametrize("ending", ["expired", "cancelled"])
def test_what_was_done_before_a_batch_ended_is_there(
    batches: BatchProvider, server: RunningBatches, api: Api, ending: str
) -> None:
    server.begin(BatchPlan(endings=[ending]))
    id_ = handed_in(batches, 4)
    status = batches.status(id_)
    assert status.is_over
    assert status.is_cut_short is (api == "openai")  # Anthropic has a line for each
    results = fetched(batches, id_)
    assert sum(result.reply is not None for result in results.values()) == 2


def test_a_batch_that_failed_says_why(server: RunningBatches) -> None:
    provider = OpenAIProvider(api_key="sk-test-0000", base_url=server.url_for("openai"))
    batches = batches_of(provider)
    server.begin(BatchPlan(endings=["failed", "failed line", "busy"]))
    for number, status in ((None, 400), (0, 400), (None, 429)):
        (rejection,) = batches.status(handed_in(batches, 2)).rejections
        assert (rejection.number, rejection.failure.status) == (number, status)
    provider.close()


def test_a_batch_is_found_whose_id_was_lost(
    batches: BatchProvider, server: RunningBatches, api: Api
) -> None:
    server.begin(BatchPlan())
    since = time.time()
    server.add_foreign(api, 3)
    assert batches.find(TOKEN, count=3, since=since, known=()) == []
    ours = handed_in(batches, 3)
    server.add_foreign(api, 3)
    assert batches.find(TOKEN, count=3, since=since, known=()) == [ours]
    assert batches.find("cafe", count=3, since=since, known=()) == []


def test_batches_under_way_can_be_told_apart_only_by_metadata(
    batches: BatchProvider, server: RunningBatches, api: Api
) -> None:
    server.begin(BatchPlan(seconds=60))
    since = time.time()
    ours = handed_in(batches, 3)
    assert batches.find(TOKEN, count=3, since=since, known=()) == [ours]
    server.add_foreign(api, 3)
    found = batches.find(TOKEN, count=3, since=since, known=())
    assert len(found) == (1 if api == "openai" else 2)
    assert batches.find(TOKEN, count=4, since=since, known=()) == (
        [ours] if api == "openai" else []
    )
    if api == "anthropic":
        others = [id_ for id_ in found if id_ != ours]
        assert batches.find(TOKEN, count=3, since=since, known=others) == [ours]


def test_more_pages_than_one_are_looked_through(
    batches: BatchProvider, server: RunningBatches, api: Api
) -> None:
    server.begin(BatchPlan())
    since = time.time()
    ours = handed_in(batches, 2)
    for _ in range(130):
        server.add_foreign(api, 1)
    assert batches.find(TOKEN, count=2, since=since, known=()) == [ours]


@pytest.mark.parametrize("status", [429, 500])
@pytest.mark.parametrize("what", ["POST batches", "GET batch", "GET list", "GET results"])
def test_each_endpoint_fails_typed(
    batches: BatchProvider, server: RunningBatches, what: str, status: int
) -> None:
    acts: dict[str, Callable[[], object]] = {
        "POST batches": lambda: handed_in(batches, 1),
        "GET batch": lambda: batches.status(id_),
        "GET list": lambda: batches.find(TOKEN, count=1, since=0, known=()),
        "GET results": lambda: list(batches.results(id_)),
    }
    server.begin(BatchPlan())
    id_ = handed_in(batches, 1)
    server.begin(BatchPlan(statuses={what: [status]}))
    if what.startswith("GET") and what != "GET list":
        id_ = handed_in(batches, 1)
    with pytest.raises(ProviderError) as raised:
        acts[what]()
    assert raised.value.status == status
    assert raised.value.retryable
    assert "sk-test-0000" not in "".join(traceback.format_exception(raised.value))
    assert raised.value.__context__ is None


def test_results_may_be_larger_than_any_reply(
    batches: BatchProvider, server: RunningBatches, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.begin(BatchPlan())
    provider = vars(batches)["_provider"]
    monkeypatch.setattr(provider, "_reply_limit", 700)
    provider.close()
    id_ = handed_in(batches, 20)
    assert len(fetched(batches, id_)) == 20


def test_who_has_no_batch_api_says_so() -> None:
    compatible = CompatibleProvider(base_url="http://127.0.0.1:1/v1")
    for provider in (ScriptedProvider([]), compatible):
        with pytest.raises(ConfigurationError, match="openai and anthropic have one") as raised:
            batches_of(provider)
        assert isinstance(raised.value, ExtractorError)
