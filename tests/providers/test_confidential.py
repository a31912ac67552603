"""A contract's text turns up neither in the messages of errors nor in the SDKs' own logs."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import anthropic
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import BadRequestError, InvalidResponseError, ProviderError
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.confidential import without_echo
from extractor.providers.http import HttpProvider
from extractor.types import Message, ModelRequest, TextOutput

if TYPE_CHECKING:
    from tests.providers.conftest import Kind, Serve

CLAUSE = (
    "Pellworth Ltd shall pay Dr. Zo\u00eb Quist 750 euro \u201cin ten days\u201d of the closing."
)
CONTRACT = f"SERVICES AGREEMENT\n\n1. Payment.\n{CLAUSE}\n\n2. The laws of Ireland apply."
quoted = f"Pellworth {CLAUSE.encode('ascii', 'ignore').decode()}"
REQUEST = ModelRequest(
    "m", (Message("system", "Extract."), Message("user", CONTRACT)), TextOutput(), 5
)
KEY = "sk-canary-0123456789abcdef"
CANARIES = ("Pellworth", "Quist", "750", "Ireland")
WORDS = ("Pellworth", "Quist", "closing", "Ireland", KEY)  # a line's number may well be 750


def _http(status: str, body: bytes, header: bytes = b"") -> bytes:
    """Write a response; its length is stated unless the header says it, or how it is sent."""
    sized = b"content-length" in header or b"transfer-encoding" in header
    length = b"" if sized else f"content-length: {len(body)}\r\n".encode()
    lines = b"".join([header, b"\r\n"]) if header else b""
    return f"HTTP/1.1 {status}\r\n".encode() + length + lines + b"\r\n" + body


@contextmanager
def running(answer: bytes) -> Generator[str]:
    """Run a server that answers every request with these bytes, and hangs up."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.wfile.write(answer)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def ask(provider: HttpProvider[Any, Any], how: str) -> None:
    if how == "send":
        provider.send(REQUEST)
    else:
        asyncio.run(provider.asend(REQUEST))


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in capitals": str.upper,
    "on one line": lambda text: " ".join(text.split()),
    "as Python writes it": repr,
    "as JSON writes it": json.dumps,
    "twice as JSON": lambda text: json.dumps(json.dumps(text)),
    "word by word": lambda text: str(text.split()),
    "cut off in a word": lambda text: text[:-6],
}


@pytest.mark.parametrize("write", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("text", [CONTRACT, CLAUSE])
def test_what_a_message_repeats_is_cut_out_however_it_is_written(
    text: str, write: Callable[[str], str]
) -> None:
    cut = without_echo(f"Invalid value: {write(text)} at messages[1]", [CONTRACT])
    assert cut.startswith("Invalid value: ")
    assert cut.endswith("t messages[1]")
    assert "[...]" in cut
    assert not [word for word in (*CANARIES, "clo") if word.casefold() in cut.casefold()]


@pytest.mark.parametrize(
    "message",
    [
        "The model `m` does not exist or you do not have access to it.",
        "Invalid 'messages[1].content': string too long.",
        "Rate limit reached for m in organization o on tokens per min.",
        "",
    ],
)
def test_a_sentence_of_the_providers_own_is_left_as_it_is(message: str) -> None:
    assert without_echo(message, [CONTRACT, "Extract."]) == message


def test_two_passages_are_cut_apart_where_the_provider_has_put_words_between() -> None:
    between = "is not a valid value for the parameter, which has to be one of"
    cut = without_echo(f"{CLAUSE} {between}: The laws of Ireland apply.", [CONTRACT])
    assert cut == f"[...]. {between}: [...]."


@given(st.text(), st.lists(st.text(), max_size=3))
def test_no_text_makes_cutting_fail(text: str, sources: list[str]) -> None:
    assert isinstance(without_echo(text, sources), str)


@given(st.text(min_size=1, max_size=60))
def test_a_message_that_is_the_request_is_never_shown_whole(text: str) -> None:
    cut = without_echo(text, [f"before {text} after"])
    assert sum(map(str.isalnum, cut)) < 20 or cut == ""


def test_a_long_document_takes_no_time_worth_speaking_of() -> None:
    document = " ".join(f"{number}. {CLAUSE}" for number in range(3_000))
    assert "Pellworth" not in without_echo(f"no: {document[:4_000]}", [document])


@pytest.mark.parametrize("status", [400, 200])
def test_an_error_that_quotes_the_request_is_told_without_it(
    serve: Serve, kind: Kind, how: str, status: int
) -> None:
    said = f"messages.1.content: could not parse {CONTRACT!r} (code 7)"
    error = BadRequestError if status == 400 else InvalidResponseError
    response = httpx2.Response(status, json={"error": {"message": said}})
    with pytest.raises(error, match=r"could not parse '\[\.\.\.\]\.?' \(code 7\)") as caught:
        serve(kind, response).ask(REQUEST, how)
    shown = f"{caught.value!s} {caught.value!r} {caught.value.facts()} {vars(caught.value)}"
    assert not [word for word in CANARIES if word in shown]


def test_no_logger_shows_a_word_of_what_is_sent(
    serve: Serve, kind: Kind, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("openai", "anthropic", "httpx2", "httpcore2", "extractor"):
        caplog.set_level(logging.DEBUG, name)
    with pytest.raises(ProviderError):
        serve(kind, httpx2.Response(400, json={"error": {"message": "no"}})).ask(REQUEST, how)
    assert [record for record in caplog.records if record.name.startswith(kind.sdk)]
    assert not [word for word in CANARIES if word in caplog.text]


CUT_OFF = f'{{"content": "{CLAUSE} and so o'.encode()
ANSWERS: dict[str, bytes] = {
    "an answer": _http("200 OK", json.dumps({"error": {"message": CONTRACT}}).encode()),
    "an error that quotes": _http("400 Bad Request", json.dumps({"error": CONTRACT}).encode()),
    "an error in a header": _http("500 Oops", b"{}", f"x-error: {quoted}".encode()),
    "a reason that quotes": _http(f"500 {quoted}", b"{}"),
    "no status line": f"{CLAUSE}\r\n\r\n".encode(),
    "no header": _http("200 OK", b"{}", f"{quoted} without a colon".encode()),
    "a wrong length": _http("200 OK", b"{}", f"content-length: {quoted}".encode()),
    "a wrong chunk": _http("200 OK", CLAUSE.encode(), b"transfer-encoding: chunked"),
    "a body that breaks off": _http("200 OK", CUT_OFF, b"content-length: 9999"),
    "no gzip": _http("200 OK", CLAUSE.encode(), b"content-encoding: gzip"),
    "no charset": _http("200 OK", CLAUSE.encode(), f"content-type: text/{quoted}".encode()),
    "a redirect": _http("307 There", b"", f"location: https://h.test/?q={quoted}".encode()),
    "a cookie": _http("429 Wait", b"{}", f"set-cookie: a={quoted}".encode()),
    "nothing": b"",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_at_debug_on_the_root_logger_no_word_of_a_contract_is_shown(
    answer: bytes, kind: Kind, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("openai", "anthropic", "httpx2", "httpcore2", "aiohttp", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    with running(answer) as url:
        provider: HttpProvider[Any, Any] = kind(api_key=KEY, base_url=url, read_timeout=5)
        with closing(provider), pytest.raises(ProviderError):
            ask(provider, how)
    names = {record.name.partition(".")[0] for record in caplog.records}
    assert names >= ({kind.sdk} if how == "asend" else {"httpcore2", kind.sdk})
    shown = caplog.text + "".join(f"{r.msg} {r.args} {r.exc_info}" for r in caplog.records)
    assert not [word for word in WORDS if word in shown]


def test_a_reason_that_quotes_is_in_no_error(kind: Kind, how: str) -> None:
    clause = CLAUSE.encode("ascii", "ignore").decode()
    with running(_http(f"429 {clause}", b"")) as url:
        provider: HttpProvider[Any, Any] = kind(api_key=KEY, base_url=url, read_timeout=5)
        with closing(provider), pytest.raises(ProviderError) as caught:
            ask(provider, how)
    shown = f"{caught.value!s} {caught.value!r} {caught.value.facts()}"
    assert "429" in shown
    assert not [word for word in WORDS if word in shown]


@pytest.mark.parametrize("name", ["openai", "anthropic"])
def test_the_sdks_own_switch_for_debugging_shows_none_either(name: str) -> None:
    answer = ANSWERS["an error that quotes"]
    code = """
import asyncio, logging, sys
logging.basicConfig(level=logging.DEBUG)
from extractor.errors import ProviderError
from extractor.providers import provider_for
from extractor.types import Message, ModelRequest, TextOutput
provider = provider_for(sys.argv[1], "m", base_url=sys.argv[2])
request = ModelRequest("m", (Message("user", sys.stdin.read()),), TextOutput(), 5)
for send in (provider.send, lambda request: asyncio.run(provider.asend(request))):
    try:
        send(request)
    except ProviderError as error:
        logging.exception("failed")
provider.close()
"""
    switches = {"OPENAI_LOG": "debug", "ANTHROPIC_LOG": "debug"}
    keys = {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY}
    with running(answer) as url:
        done = subprocess.run(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-c", code, name, url],
            input=CONTRACT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=True,
            env=dict(os.environ) | switches | keys,
        )
    shown = done.stdout + done.stderr
    assert f"{name}._base_client" in shown
    assert "httpcore2.http11" in shown
    assert shown.count('"HTTP/1.1 400 [...]"') >= 2  # once each way
    assert shown.count("BadRequestError") >= 2
    assert not [word for word in WORDS if word in shown]


def test_the_callers_own_use_of_an_sdk_is_logged_as_ever(caplog: pytest.LogCaptureFixture) -> None:
    AnthropicProvider(api_key="k")
    caplog.set_level(logging.DEBUG, "anthropic")
    transport = httpx2.MockTransport(lambda _: httpx2.Response(400, json={}))
    with httpx2.Client(transport=transport) as client, pytest.raises(anthropic.BadRequestError):
        anthropic.Anthropic(api_key="k", http_client=client).messages.create(
            model="m", max_tokens=1, messages=[{"role": "user", "content": "my own question"}]
        )
    assert "my own question" in caplog.text
