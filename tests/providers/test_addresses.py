"""Base URLs: refused when a provider is made, by the name of the setting, without being shown."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import ConfigurationError
from extractor.providers import provider_for
from extractor.providers.addresses import checked_base_url
from extractor.providers.http import HttpProvider

MALFORMED = [
    "not a url",
    "api.openai.com/v1",
    "localhost:8000/v1",
    "ftp://h/v1",
    "file:///etc/passwd",
    "http:",
    "http://",
    "http:///v1",
    "http://:8000/v1",
    "http://[::1",
    "http://[::1]extra/v1",
    "http://[v1.x]/v1",
    "http://[fe80::1%25eth0]/v1",
    "http://300.1.1.1/v1",
    "http://a..b/v1",
    "http://h\u00f6st/v1",
    "http://h:99999/v1",
    "http://h:port/v1",
    "http://h:-1/v1",
    "http://h:0/v1",
    "http://h/v1\n",
    "http://h /v1",
    "http://h/v 1",
    "http://h/v1\x00",
    "https://me:pw@h/v1",
    "https://me@h/v1",
    "https://@h/v1",
    "https://h/v1?key=pw",
    "https://h/v1?",
    "https://h/v1#part",
    " https://h/v1",
]


@pytest.mark.parametrize("url", [*MALFORMED, 7, b"https://h/v1"])
@pytest.mark.parametrize("name", ["openai", "anthropic", "compatible"])
def test_a_base_url_that_requests_can_not_go_to_is_refused_at_once(name: str, url: Any) -> None:
    with pytest.raises(ConfigurationError, match=rf"base URL for {name} \(base_url\) ") as caught:
        provider_for(name, "m", base_url=url)
    assert str(url) not in str(caught.value)
    assert "https://host/v1" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("openai", "OPENAI_BASE_URL"),
        ("anthropic", "ANTHROPIC_BASE_URL"),
        ("compatible", "EXTRACTOR_COMPATIBLE_BASE_URL"),
    ],
)
def test_one_from_the_environment_is_refused_by_the_variables_name(
    name: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "https://me:hunter2@h/v1")
    with pytest.raises(ConfigurationError, match=variable) as caught:
        provider_for(name, "m")
    assert "user name or password" in caught.value.message
    assert "hunter2" not in str(caught.value.facts())


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com/v1",
        "HTTPS://API.openai.com/v1/",
        "http://localhost:8000",
        "http://127.0.0.1:1/v1",
        "http://[::1]:8000/v1",
        "https://my_gateway.internal./a%20b/v1",
        "https://xn--hst-sna.example/v1",
    ],
)
def test_any_other_is_taken_as_it_is(url: str) -> None:
    provider = provider_for("compatible", "m", base_url=url)
    assert isinstance(provider, HttpProvider)
    assert provider.base_url == url


pieces = st.sampled_from(
    ["http", "https", "://", ":", "/", "@", "[", "]", "::1", ".", "%", "1", "a"]
)


@given(st.lists(pieces, max_size=9).map("".join) | st.text().map("http://{}".format))
def test_whatever_is_taken_can_be_sent_to(url: str) -> None:
    try:
        checked_base_url(url, provider="p", setting="s")
    except ConfigurationError:
        return
    assert httpx2.URL(url).host
