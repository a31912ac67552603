"""The fault server itself, seen raw through a socket: a trial is worth what its server does."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from benchmarks.fault_server import (
    FAULTS,
    Down,
    Plan,
    Running,
    Terms,
    contract,
    right_answer,
    running,
)
from benchmarks.fault_server.faults import HUGE
from tests.benchmarks.raw_posts import PATIENCE, Api, Raw, ask, request


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as served:
        yield served


def served(server: Running, fault: str, api: Api = "openai") -> Raw:
    server.begin(Plan(script={7: (fault,)}, patience=PATIENCE))
    raw = ask(server, 7, api)
    assert server.truth().of(7).fates == [fault or "right"]
    return raw


APIS: tuple[Api, ...] = ("openai", "anthropic")


@pytest.mark.parametrize("api", APIS)
def test_a_right_answer_says_what_the_contract_says(server: Running, api: Api) -> None:
    body = json.loads(served(server, "", api).body)
    said = (
        body["choices"][0]["message"]["content"] if api == "openai" else body["content"][0]["text"]
    )
    assert Terms.model_validate_json(said) == right_answer(7)
    assert right_answer(7).supplier in contract(7)
    assert right_answer(8) != right_answer(7)


STATUSES = {
    "429": 429,
    "429 seconds": 429,
    "429 date": 429,
    "429 milliseconds": 429,
    "429 nan": 429,
    "429 inf": 429,
    "429 negative": 429,
    "429 a day": 429,
    "529": 529,
    "503": 503,
    "500": 500,
    "504": 504,
    "408": 408,
    "409": 409,
    "no money": 429,
    "401": 401,
    "403": 403,
    "404": 404,
    "400": 400,
    "context window": 400,
    "redirect": 307,
}


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("fault", STATUSES)
def test_a_status_comes_with_an_error_of_the_api(server: Running, fault: str, api: Api) -> None:
    raw = served(server, fault, api)
    assert (raw.status, raw.ended, raw.is_whole) == (STATUSES[fault], "open", True)
    if fault == "redirect":
        assert raw.header("location") == "/elsewhere"
        return
    error = json.loads(raw.body)["error"]
    assert error["type"]
    assert error["message"]


@pytest.mark.parametrize(
    ("fault", "seconds", "milliseconds"),
    [
        ("429", None, None),
        ("429 seconds", "0.05", None),
        ("429 milliseconds", "9", "30"),
        ("429 nan", "nan", None),
        ("429 inf", "inf", None),
        ("429 negative", "-5", None),
        ("429 a day", "86400", None),
    ],
)
def test_a_429_says_in_its_own_way_how_long_to_wait(
    server: Running, fault: str, seconds: str | None, milliseconds: str | None
) -> None:
    raw = served(server, fault)
    assert (raw.header("retry-after"), raw.header("retry-after-ms")) == (seconds, milliseconds)


def test_a_date_to_come_back_at_goes_by_the_servers_own_clock(server: Running) -> None:
    raw = served(server, "429 date")
    date, until = raw.header("date"), raw.header("retry-after")
    assert date
    assert until
    asked = parsedate_to_datetime(until) - parsedate_to_datetime(date)
    assert asked.total_seconds() == 1
    assert abs(parsedate_to_datetime(date).timestamp() - time.time()) > 3_000


def test_an_empty_account_is_told_in_the_words_of_each_api(server: Running) -> None:
    openai = json.loads(served(server, "no money", "openai").body)["error"]
    claude = json.loads(served(server, "no money", "anthropic").body)["error"]
    assert openai["code"] == "insufficient_quota"
    assert claude["details"]["error_code"] == "enforced_spend_limit_reached"


@pytest.mark.parametrize(
    ("fault", "ended", "has_head", "has_body"),
    [
        ("reset before headers", "reset", False, False),
        ("closed before headers", "closed", False, False),
        ("reset in headers", "reset", False, False),
        ("reset in body", "reset", True, True),
        ("closed in body", "closed", True, True),
    ],
)
def test_a_line_breaks_where_it_is_told_to(
    server: Running, fault: str, ended: str, has_head: bool, has_body: bool
) -> None:
    raw = served(server, fault)
    assert raw.ended == ended
    assert (b"\r\n\r\n" in raw.received, bool(raw.body)) == (has_head, has_body)
    assert bool(raw.received) == (fault not in {"reset before headers", "closed before headers"})
    assert not (has_body and raw.is_whole)


@pytest.mark.parametrize("fault", ["slow headers", "slow body", "never answers"])
def test_what_is_dragged_out_lasts_as_long_as_the_server_is_patient(
    server: Running, fault: str
) -> None:
    raw = served(server, fault)
    assert raw.ended == "reset"
    assert raw.seconds >= PATIENCE - 0.02
    assert len(raw.body) == (6 if fault == "slow body" else 0)
    assert (len(raw.received) > 0) == (fault != "never answers")


@pytest.mark.parametrize(
    ("fault", "content_type", "body"),
    [
        ("empty object", "application/json", b"{}"),
        ("error in a 200", "application/json", b'{"error": {"message": "oops"}}'),
        ("HTML", "text/html", b"<html>Sorry</html>"),
        ("empty body", "application/json", b""),
        ("array", "application/json", b"[1, 2]"),
        ("gzip rubbish", "application/json", b"no gzip at all"),
    ],
)
def test_a_200_holds_rubbish(server: Running, fault: str, content_type: str, body: bytes) -> None:
    raw = served(server, fault)
    assert (raw.status, raw.header("content-type"), raw.body) == (200, content_type, body)
    assert (raw.header("content-encoding") == "gzip") == (fault == "gzip rubbish")


def test_half_of_a_json_object_is_announced_as_the_whole(server: Running) -> None:
    raw = served(server, "half JSON")
    assert raw.is_whole
    with pytest.raises(json.JSONDecodeError):
        json.loads(raw.body)


def test_bodies_are_huge_on_the_wire_or_once_they_are_unpacked(server: Running) -> None:
    assert len(served(server, "huge body").body) > HUGE * 1_000_000
    bomb = served(server, "gzip bomb").body
    assert len(bomb) < 100_000
    assert len(gzip.decompress(bomb)) > HUGE * 1_000_000


@pytest.mark.parametrize(
    ("fault", "openai", "claude"),
    [
        ("cut off", "length", "max_tokens"),
        ("content filter", "content_filter", "refusal"),
        ("refusal", "stop", "refusal"),
        ("empty content", "stop", "end_turn"),
        ("invalid values", "stop", "end_turn"),
        ("fenced", "stop", "end_turn"),
        ("wrong content type", "stop", "end_turn"),
    ],
)
def test_a_reply_stops_for_the_reason_that_each_api_gives(
    server: Running, fault: str, openai: str, claude: str
) -> None:
    reply = json.loads(served(server, fault, "openai").body)["choices"][0]
    message = json.loads(served(server, fault, "anthropic").body)
    assert (reply["finish_reason"], message["stop_reason"]) == (openai, claude)
    assert bool(reply["message"]["refusal"]) == (fault == "refusal")


def test_every_fault_is_tested_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in FAULTS if f'"{name}"' not in text] == []


def test_which_fault_an_attempt_meets_follows_from_seed_document_and_attempt() -> None:
    plan = Plan(seed=3, faults={"500": 0.3, "HTML": 0.2})
    drawn = [plan.fault(number, attempt) for number in range(500) for attempt in range(4)]
    again = Plan.model_validate_json(plan.model_dump_json())
    assert [again.fault(n, a) for n in range(500) for a in range(4)] == drawn
    assert 0.25 < drawn.count("500") / len(drawn) < 0.35
    assert 0.15 < drawn.count("HTML") / len(drawn) < 0.25
    other = Plan(seed=4, faults={"500": 0.3, "HTML": 0.2})
    assert [other.fault(n, a) for n in range(500) for a in range(4)] != drawn


def test_a_fault_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="no such faults"):
        Plan(faults={"gremlins": 1.0})
    with pytest.raises(ValidationError, match="no such faults"):
        Plan(script={1: ("gremlins",)})


def test_a_limit_turns_away_and_its_headers_say_so_in_both_apis(server: Running) -> None:
    server.begin(Plan(rpm=60, burst=2))
    first, _, third = (ask(server, number) for number in (1, 2, 3))
    assert (first.status, third.status) == (200, 429)
    assert first.header("x-ratelimit-limit-requests") == "60"
    assert first.header("x-ratelimit-remaining-requests") == "1"
    assert 0 < int(third.header("retry-after-ms") or 0) <= 1_001
    claude = ask(server, 4, "anthropic")
    assert claude.status == 429
    assert claude.header("anthropic-ratelimit-requests-remaining") == "0"
    assert claude.header("anthropic-ratelimit-requests-reset")
    truth = server.truth()
    assert [truth.of(number).fates for number in (1, 2, 3, 4)] == [
        ["right"],
        ["right"],
        ["limit"],
        ["limit"],
    ]
    assert truth.of(1).input_tokens > 0
    assert truth.of(3).input_tokens == 0


def test_tokens_are_limited_too(server: Running) -> None:
    server.begin(Plan(tpm=60_000, burst=1))
    statuses = [ask(server, number).status for number in range(1, 6)]
    assert statuses.count(200) >= 1
    assert statuses[-1] == 429


@pytest.mark.parametrize("how", ["429", "529", "503"])
def test_everything_fails_while_the_provider_is_down(
    server: Running, how: Literal["429", "529", "503"]
) -> None:
    server.begin(Plan(down=(Down(until=0.2, how=how),)))
    assert ask(server, 1).status == int(how)
    time.sleep(0.25)
    assert ask(server, 1).status == 200
    assert server.truth().of(1).fates == [f"down {how}", "right"]


def test_a_shut_door_refuses_connections_and_opens_again(server: Running) -> None:
    server.begin(Plan(down=(Down(until=0.4, how="refused"),)))
    time.sleep(0.1)
    with pytest.raises(ConnectionRefusedError):
        ask(server, 1)
    assert server.truth().posts == []
    time.sleep(0.5)
    assert ask(server, 1).status == 200


def test_a_client_that_gives_up_leaves_nothing_behind(server: Running) -> None:
    server.begin(Plan(script={7: ("never answers",)}, patience=30))
    host, port = urlsplit(server.url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=2) as line:
        line.sendall(request(7, "openai"))
        while server.truth().in_flight == 0:
            time.sleep(0.01)
    deadline = time.monotonic() + 2
    while server.truth().in_flight and time.monotonic() < deadline:
        time.sleep(0.01)
    assert server.truth().in_flight == 0
    assert server.truth().peak_in_flight == 1


def test_a_thousand_posts_a_second_are_served_and_each_is_counted(server: Running) -> None:
    server.begin(Plan())
    host, port = urlsplit(server.url).netloc.split(":")

    def many(first: int) -> None:
        with socket.create_connection((host, int(port)), timeout=5) as line:
            for number in range(first, first + 250):
                line.sendall(request(number, "openai"))
                received = b""
                while not (received.count(b"\r\n\r\n") and Raw(received, "", 0.0).is_whole):
                    received += line.recv(65_536)

    began = time.monotonic()
    threads = [threading.Thread(target=many, args=(1 + 250 * i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    seconds = time.monotonic() - began
    truth = server.truth()
    assert len(truth.posts) == truth.count("right") == 1_000
    assert len(truth.documents) == 1_000
    assert seconds < 10  # a loaded machine; about half a second on a quiet one


def test_what_is_no_request_is_a_400_and_other_pages_are_noted(server: Running) -> None:
    server.begin(Plan())
    host, port = urlsplit(server.url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=2) as line:
        line.sendall(b"POST /v1/messages HTTP/1.1\r\ncontent-length: 4\r\n\r\nnull")
        assert line.recv(1_000).startswith(b"HTTP/1.1 400")
        line.sendall(b"GET /elsewhere HTTP/1.1\r\n\r\n")
        assert line.recv(1_000).startswith(b"HTTP/1.1 404")
    assert server.truth().elsewhere == 1
    assert server.truth().of(0).fates == ["unreadable"]
