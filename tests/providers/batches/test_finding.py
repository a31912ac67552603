"""Finding a batch again among those of strangers, however odd theirs are."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from extractor.errors import InvalidResponseError
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.batches import BatchProvider, batches_of
from extractor.providers.batches.openai import TOKEN
from extractor.providers.openai import OpenAIProvider

NOW = 1_760_000_000.0
OURS = "f00d"


class Lists(HTTPServer):
    """Answers with one batch after the other, or one page of a list; the last one is repeated."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[Any] = []
        self.asked: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Lists)
        server.asked.append(self.path)
        has_more = len(server.answers) > 1
        told = server.answers.pop(0) if has_more else server.answers[0]
        is_page = isinstance(told, list)
        body = json.dumps({"data": told, "has_more": has_more} if is_page else told).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def lists() -> Generator[Lists]:
    with Lists() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def openai(lists: Lists) -> Generator[BatchProvider]:
    address = f"http://127.0.0.1:{lists.server_port}/v1"
    with closing(OpenAIProvider(api_key="sk-test-0000", base_url=address)) as provider:
        yield batches_of(provider)


@pytest.fixture
def anthropic(lists: Lists) -> Generator[BatchProvider]:
    address = f"http://127.0.0.1:{lists.server_port}"
    with closing(AnthropicProvider(api_key="sk-test-0000", base_url=address)) as provider:
        yield batches_of(provider)


def of_openai(id_: str, **other: Any) -> dict[str, Any]:
    return {"id": id_, "status": "in_progress", "created_at": NOW, **other}


def of_anthropic(id_: str, **other: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "processing_status": "in_progress",
        "created_at": datetime.fromtimestamp(NOW, UTC).isoformat(),
        "request_counts": {"processing": 3},
        **other,
    }


def found(batches: BatchProvider) -> list[str]:
    return batches.find(OURS, count=3, since=NOW, known=())


@pytest.mark.parametrize(
    "strangers",
    [
        of_openai("batch_2", metadata=None, request_counts=None),
        of_openai("batch_2"),
        of_openai("batch_2", metadata={"nested": {"more": 1}}, created_at=None),
        of_openai("batch_2", metadata=["of", "another", "form"]),
        {"object": "batch"},
        None,
    ],
)
def test_ours_is_found_behind_an_odd_batch_of_openai(
    lists: Lists, openai: BatchProvider, strangers: Any
) -> None:
    lists.answers = [[strangers, of_openai("batch_1", metadata={TOKEN: OURS})]]
    assert found(openai) == ["batch_1"]


def test_an_odd_batch_at_the_end_of_a_page_leads_to_the_next_one(
    lists: Lists, openai: BatchProvider
) -> None:
    ours = of_openai("batch_1", metadata={TOKEN: OURS})
    lists.answers = [[of_openai("batch_3", metadata=None), {}], [ours]]
    assert found(openai) == ["batch_1"]
    assert "after=batch_3" in lists.asked[-1]


def test_a_list_that_leads_nowhere_does_not_say_that_ours_is_not_there(
    lists: Lists, openai: BatchProvider
) -> None:
    lists.answers = [[{}], [of_openai("batch_1", metadata={TOKEN: OURS})]]
    with pytest.raises(InvalidResponseError, match="no batch"):
        found(openai)


@pytest.mark.parametrize(
    "strangers", [of_anthropic("batch_2", request_counts=None), {"id": "batch_2"}, None]
)
def test_ours_is_found_behind_an_odd_batch_of_anthropic(
    lists: Lists, anthropic: BatchProvider, strangers: Any
) -> None:
    lists.answers = [[strangers, of_anthropic("batch_1")]]
    assert found(anthropic) == ["batch_1"]


def test_a_batch_of_anthropic_that_cannot_be_read_may_be_ours(
    lists: Lists, anthropic: BatchProvider
) -> None:
    lists.answers = [[of_anthropic("batch_2", request_counts=None)]]
    with pytest.raises(InvalidResponseError, match="no batch"):
        found(anthropic)


def test_what_is_older_than_ours_is_not_looked_at(lists: Lists, anthropic: BatchProvider) -> None:
    older = datetime.fromtimestamp(NOW - 3_600, UTC).isoformat()
    lists.answers = [[of_anthropic("batch_2", created_at=older), {}]]
    assert found(anthropic) == []


def test_a_batch_whose_requests_are_not_counted_yet_is_under_way(
    lists: Lists, openai: BatchProvider
) -> None:
    batch = of_openai("batch_1", metadata=None, request_counts=None, status="validating")
    lists.answers = [batch]
    status = openai.status("batch_1")
    assert (status.is_over, status.done, status.total) == (False, 0, 0)
