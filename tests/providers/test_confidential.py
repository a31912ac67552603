"""A contract's text turns up neither in the messages of errors nor in the SDKs' own logs."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import anthropic
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import BadRequestError, InvalidResponseError, ProviderError
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.confidential import without_echo
from extractor.types import Message, ModelRequest, TextOutput

if TYPE_CHECKING:
    from tests.providers.conftest import Kind, Serve

CLAUSE = (
    "Pellworth Ltd shall pay Dr. Zo\u00eb Quist 750 euro \u201cin ten days\u201d of the closing."
)
CONTRACT = f"SERVICES AGREEMENT\n\n1. Payment.\n{CLAUSE}\n\n2. The laws of Ireland apply."
REQUEST = ModelRequest(
    "m", (Message("system", "Extract."), Message("user", CONTRACT)), TextOutput(), 5
)
CANARIES = ("Pellworth", "Quist", "750", "Ireland")

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


def test_the_callers_own_use_of_an_sdk_is_logged_as_ever(caplog: pytest.LogCaptureFixture) -> None:
    AnthropicProvider(api_key="k")
    caplog.set_level(logging.DEBUG, "anthropic")
    transport = httpx2.MockTransport(lambda _: httpx2.Response(400, json={}))
    with httpx2.Client(transport=transport) as client, pytest.raises(anthropic.BadRequestError):
        anthropic.Anthropic(api_key="k", http_client=client).messages.create(
            model="m", max_tokens=1, messages=[{"role": "user", "content": "my own question"}]
        )
    assert "my own question" in caplog.text
