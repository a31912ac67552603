"""`extractor doctor`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from extractor.cli import main

Capture = pytest.CaptureFixture[str]


def json_of(capsys: Capture) -> Any:
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    return json.loads(out)


def test_the_doctor_shows_what_is_set_and_where_requests_go(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://proxy.example/v1")
    assert main(["doctor", "--json"]) == 0
    report = json_of(capsys)
    assert report["hosts"]["openai"] == "https://proxy.example/v1"
    assert report["hosts"]["anthropic"] == "https://api.anthropic.com"
    assert report["base_urls"] == {"OPENAI_BASE_URL": "from the environment"}
    assert report["keys"]["OPENAI_API_KEY"] == "not set"
    assert report["model"]["default"].startswith("local:")
    assert set(report["schemas"]) >= {"contract", "nda"}
    assert main(["doctor"]) == 0
    assert "https://proxy.example/v1" in capsys.readouterr().out


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_the_doctor_never_shows_a_key(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, options: list[str]
) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "EXTRACTOR_COMPATIBLE_API_KEY"):
        monkeypatch.setenv(name, "a-secret-key")
    for name in ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "EXTRACTOR_COMPATIBLE_BASE_URL"):
        monkeypatch.setenv(name, "https://user:a-secret-word@proxy.example/v1")
    assert main(["doctor", *options]) == 0
    shown = capsys.readouterr()
    assert "secret" not in shown.out + shown.err
    assert "set" in shown.out
    assert "holds a user name or password" in shown.out


@pytest.mark.parametrize(
    "url",
    ["https://proxy.example/v1?key=secret", "https://[secret", "secret", "http://x:secret/v1"],
)
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_base_url_that_is_none_is_no_reason_to_fail_or_to_show_it(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, url: str, options: list[str]
) -> None:
    for name in ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "EXTRACTOR_COMPATIBLE_BASE_URL"):
        monkeypatch.setenv(name, url)
    assert main(["doctor", *options]) == 0
    shown = capsys.readouterr()
    assert "key=secret" not in shown.out + shown.err
    assert "hosts" in shown.out
