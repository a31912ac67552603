"""How many tokens Claude would read: what is asked, and what is made of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from extractor.errors import AuthenticationError, InvalidResponseError
from extractor.providers.anthropic import AnthropicProvider
from extractor.types import JsonSchemaOutput, OutputFormat, TextOutput, ToolOutput
from tests.providers.test_anthropic import SCHEMA, request

if TYPE_CHECKING:
    from tests.providers.conftest import Serve


@pytest.fixture(params=["count_tokens", "acount_tokens"])
def count(request: pytest.FixtureRequest) -> str:
    """Both ways of having tokens counted."""
    way: str = request.param
    return way


@pytest.mark.parametrize(
    "output",
    [TextOutput(), JsonSchemaOutput("Nda", SCHEMA), ToolOutput("save", "Save it.", SCHEMA)],
)
def test_all_of_a_question_is_counted_and_nothing_of_its_answer(
    serve: Serve, count: str, output: OutputFormat
) -> None:
    told = {"anthropic-ratelimit-requests-limit": "2000"}
    told |= {"anthropic-ratelimit-requests-remaining": "1999", "request-id": "req_7"}
    server = serve(
        AnthropicProvider, httpx2.Response(200, json={"input_tokens": 812}, headers=told)
    )
    asked = request(output, temperature=0.0)
    counted = server.call(count, asked)
    assert (counted.input_tokens, counted.request_id) == (812, "req_7")
    assert [(limit.kind, limit.remaining) for limit in counted.rate_limits] == [("requests", 1999)]
    assert [str(sent.url) for sent in server.requests] == [
        "https://api.anthropic.com/v1/messages/count_tokens"
    ]
    whole = AnthropicProvider().encode(asked)
    assert server.body == {k: v for k, v in whole.items() if k not in {"max_tokens", "temperature"}}


@pytest.mark.parametrize("body", [{}, {"input_tokens": "many"}, {"input_tokens": -1}, []])
def test_a_count_that_is_none_is_an_invalid_response(serve: Serve, count: str, body: Any) -> None:
    server = serve(AnthropicProvider, httpx2.Response(200, json=body))
    with pytest.raises(InvalidResponseError):
        server.call(count, request())


def test_a_count_that_is_refused_raises_what_a_question_does(serve: Serve, count: str) -> None:
    error = {"type": "error", "error": {"type": "authentication_error", "message": "no"}}
    server = serve(AnthropicProvider, httpx2.Response(401, json=error))
    with pytest.raises(AuthenticationError):
        server.call(count, request())
    assert len(server.requests) == 1
