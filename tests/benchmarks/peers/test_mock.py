"""The mock over HTTP, in a process of its own."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urlsplit

import pytest

from benchmarks.peers import contracts
from benchmarks.peers.mock import Knobs, Running, running
from benchmarks.peers.schema import Contract


@pytest.fixture(scope="module")
def mock() -> Iterator[Running]:
    with running(Knobs()) as started:
        yield started


def post(
    mock: Running, body: bytes, path: str = "/v1/chat/completions", patience: float = 10.0
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection(urlsplit(mock.url).netloc, timeout=patience)
    try:
        connection.request("POST", path, body)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def question(number: int) -> bytes:
    schema = {"name": "Contract", "schema": Contract.model_json_schema()}
    return json.dumps(
        {
            "model": "m",
            "messages": [{"role": "user", "content": contracts.contract(number, 60)}],
            "response_format": {"type": "json_schema", "json_schema": schema},
        }
    ).encode()


def test_a_question_is_answered_rightly_and_billed(mock: Running) -> None:
    mock.begin(Knobs())
    status, _, body = post(mock, question(7))
    answered = json.loads(body)
    assert status == 200
    assert json.loads(answered["choices"][0]["message"]["content"]) == contracts.truth(7)
    counts = mock.counts()
    assert (counts.requests, counts.billed) == (1, {7: 1})
    assert counts.tokens_billed == answered["usage"]["total_tokens"]


def test_a_connection_is_kept_for_the_next_question(mock: Running) -> None:
    connection = http.client.HTTPConnection(urlsplit(mock.url).netloc, timeout=10)
    for number in (1, 2, 3):
        connection.request("POST", "/v1/chat/completions", question(number))
        answered = json.loads(connection.getresponse().read())
        found = json.loads(answered["choices"][0]["message"]["content"])
        assert contracts.matches(number, found)
    connection.close()


def test_a_reset_forgets_what_was_and_keeps_the_knobs(mock: Running) -> None:
    mock.begin(Knobs(faults={"http_529": 1.0}))
    assert post(mock, question(1))[0] == 529
    assert post(mock, b"{}", "/reset")[0] == 200
    assert mock.counts().requests == 0
    assert post(mock, question(1))[0] == 529


def test_who_is_over_the_limit_is_told_how_long_to_wait(mock: Running) -> None:
    mock.begin(Knobs(rpm=60, burst=1))
    assert post(mock, question(1))[0] == 200
    status, headers, body = post(mock, question(2))
    assert status == 429
    assert 0 < int(headers["retry-after-ms"]) <= 2_000
    assert headers["x-ratelimit-limit-requests"] == "60"
    assert json.loads(body)["error"]["code"] == "rate_limit_exceeded"
    assert len(mock.counts().limited_at) == 1
    assert mock.counts().attempts == {1: 1}


def test_a_limit_counts_the_tokens_that_are_billed(mock: Running) -> None:
    mock.begin(Knobs(tpm=600_000, burst=1))
    headers = post(mock, question(1))[1]
    left = int(headers["x-ratelimit-remaining-tokens"])
    assert left == pytest.approx(10_000 - mock.counts().tokens_billed, abs=500)
    assert left < 10_000


@pytest.mark.parametrize("fault", ["reset", "timeout"])
def test_a_broken_connection_answers_nothing_and_costs_nothing(mock: Running, fault: str) -> None:
    mock.begin(Knobs(faults={fault: 1.0}, hang=0.05))
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        post(mock, question(1))
    counts = mock.counts()
    assert (counts.faults, counts.tokens_billed) == ({fault: 1}, 0)


def test_who_leaves_before_the_answer_is_counted(mock: Running) -> None:
    mock.begin(Knobs(latency=0.5))
    with pytest.raises(TimeoutError):
        post(mock, question(1), patience=0.05)
    counts = mock.counts()
    assert (counts.abandoned, counts.in_flight, counts.tokens_billed) == (1, 0, 0)


def test_questions_at_once_are_answered_at_once(mock: Running) -> None:
    mock.begin(Knobs(latency=0.3))
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(partial(post, mock), [question(number) for number in range(1, 9)])
    assert [status for status, _, _ in answers] == [200] * 8
    assert mock.counts().peak_in_flight == 8


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"model": "m", "messages": 1}'])
def test_what_is_no_question_is_refused(mock: Running, body: bytes) -> None:
    mock.begin(Knobs())
    status, _, said = post(mock, body)
    assert (status, json.loads(said)["error"]["type"]) == (400, "invalid_request_error")


def test_there_is_nothing_anywhere_else(mock: Running) -> None:
    assert post(mock, b"{}", "/v1/embeddings")[0] == 404
