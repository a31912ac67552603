from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from extractor.errors import ConfigurationError, ContextWindowError, NotFoundError
from extractor.providers.compatible import CompatibleProvider
from extractor.types import JsonSchemaOutput, Message, ModelRequest, StopReason, TextOutput

URL = "http://127.0.0.1:8000/v1"
REPLY: dict[str, Any] = {
    "choices": [{"finish_reason": "stop", "message": {"content": "{}", "reasoning_content": "hm"}}]
}


def request() -> ModelRequest:
    schema: dict[str, Any] = {"type": "object"}
    return ModelRequest("qwen", (Message("user", "q"),), JsonSchemaOutput("Nda", schema), 50, 0.0)


class Server:
    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self.requests: list[httpx2.Request] = []

    def __call__(self, asked: httpx2.Request) -> httpx2.Response:
        self.requests.append(asked)
        return self.response

    def client(self) -> httpx2.Client:
        return httpx2.Client(transport=httpx2.MockTransport(self))


def test_the_body_uses_the_names_that_every_server_knows() -> None:
    server = Server(httpx2.Response(200, json=REPLY))
    with server.client() as client:
        response = CompatibleProvider(base_url=URL, http_client=client).send(request())
    assert json.loads(server.requests[0].content) == {
        "model": "qwen",
        "messages": [{"role": "user", "content": "q"}],
        "max_tokens": 50,
        "temperature": 0.0,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "Nda", "strict": True, "schema": {"type": "object"}},
        },
    }
    assert (response.text, response.stop_reason) == ("{}", StopReason.END)


def test_a_base_url_is_required() -> None:
    with pytest.raises(ConfigurationError, match="no base URL") as caught:
        CompatibleProvider()
    assert "EXTRACTOR_COMPATIBLE_BASE_URL" in str(caught.value.hint)


def test_a_base_url_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACTOR_COMPATIBLE_BASE_URL", URL)
    assert CompatibleProvider().base_url == URL


def test_a_key_is_optional_and_may_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Server(httpx2.Response(200, json=REPLY))
    with server.client() as client:
        CompatibleProvider(base_url=URL, http_client=client).send(request())
        monkeypatch.setenv("EXTRACTOR_COMPATIBLE_API_KEY", "from-environment")
        CompatibleProvider(base_url=URL, http_client=client).send(request())
        CompatibleProvider(base_url=URL, api_key="given", http_client=client).send(request())
    sent = [asked.headers["authorization"] for asked in server.requests]
    assert sent == ["Bearer none", "Bearer from-environment", "Bearer given"]


def test_nothing_meant_for_openai_reaches_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "OPENAI_API_KEY": "sk-openai-secret",
        "OPENAI_ADMIN_KEY": "sk-admin-secret",
        "OPENAI_ORG_ID": "org-secret",
        "OPENAI_PROJECT_ID": "proj-secret",
        "OPENAI_BASE_URL": "https://other.test/v1",
        "OPENAI_CUSTOM_HEADERS": "Authorization: Bearer header-secret\nX-Gateway: gate-secret",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    server = Server(httpx2.Response(200, json=REPLY))
    with server.client() as client:
        CompatibleProvider(base_url=URL, http_client=client).send(request())
    sent = server.requests[0]
    assert str(sent.url) == f"{URL}/chat/completions"
    assert "secret" not in str(sent.headers.raw)
    assert sent.headers["authorization"] == "Bearer none"


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (httpx2.Response(404, json={"error": "model 'x' not found"}), NotFoundError),
        (
            httpx2.Response(
                400,
                json={
                    "object": "error",
                    "message": "This model's maximum context length is 4096 tokens.",
                    "code": 400,
                },
            ),
            ContextWindowError,
        ),
        (
            httpx2.Response(
                400,
                json={
                    "error": {
                        "code": 400,
                        "message": "request (20030 tokens) exceeds the available context size",
                        "type": "exceed_context_size_error",
                    }
                },
            ),
            ContextWindowError,
        ),
        (
            httpx2.Response(
                400,
                json=[
                    {
                        "error": {
                            "code": 400,
                            "message": "The input token count (1200293) exceeds the maximum "
                            "number of tokens allowed (1048576).",
                            "status": "INVALID_ARGUMENT",
                        }
                    }
                ],
            ),
            ContextWindowError,
        ),
    ],
)
def test_the_errors_of_common_servers_translate(
    response: httpx2.Response, kind: type[Exception]
) -> None:
    server = Server(response)
    with server.client() as client, pytest.raises(kind):
        CompatibleProvider(base_url=URL, http_client=client).send(request())
    assert len(server.requests) == 1


def test_a_placeholder_key_is_not_struck_out_of_messages() -> None:
    server = Server(httpx2.Response(404, json={"error": "none of the models is called x"}))
    with server.client() as client, pytest.raises(NotFoundError, match="none of the models"):
        CompatibleProvider(base_url=URL, api_key="none", http_client=client).send(request())


def test_its_name_chooses_the_profile() -> None:
    local = CompatibleProvider("local", base_url=URL)
    assert local.profile("m").techniques == ("strict", "json", "xml")
    assert CompatibleProvider(base_url=URL).profile("m").techniques[-1] == "tools"
    body = local.encode(ModelRequest("m", (Message("user", "q"),), TextOutput(), 5))
    assert body["max_tokens"] == 5
