"""Base URLs: refused when a provider is made, by the name of the setting, without being shown."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.errors import ConfigurationError
from extractor.providers import provider_for
from extractor.providers.addresses import checked_base_url, without_secrets
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


DISGUISED = [
    "2130706433",  # 127.0.0.1 in one number
    "2852039166",  # 169.254.169.254
    "017700000001",
    "0177.0.0.1",
    "0177.0.0.01",
    "0x7f000001",
    "0x7f.0.0.1",
    "0X7F.1",
    "0xa9fea9fe",
    "127.1",
    "127.0.1",
    "127.0.0.0x1",
    "127.0.0.1.",
    "127.0.0.01",
    "127.0.0.256",
    "1.2.3.4.5",
    "example.0x",
    "example.1",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:169.254.169.254]",
    "[::169.254.169.254]",
    "[::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:a9fe:a9fe::1]",
    "[2001:0:a9fe:a9fe::1]",
    "[::1%25lo]",
    "[::1].example.com",
    "[::1",
    "localhost@evil.example",
    "localhost:80@evil.example",
    "localhost%40evil.example",
    "localhost\\@evil.example",
    "evil.example\\.localhost",
    "127.0.0.1#@evil.example",
    "127.0.0.1?@evil.example",
    "localhost%00.evil.example",
    "localhost%2eevil.example",
    "%6c%6f%63alhost",
    "%31%32%37.0.0.1",
    "local\thost",
    "local\nhost",
    " localhost",
    "localhost ",
    "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",  # circled digits
    "\u0661\u0662\u0667.0.0.1",  # Arabic digits
    "127\u30020\u30020\u30021",  # ideographic full stops
    "\uff4cocalhost",  # a full-width l
    "local\u00adhost",  # a soft hyphen
    "localhost\u200b",
    "l\u043ecalhost",  # a Cyrillic o
    "localhost..",
    ".localhost",
    "",
]
NOWHERE = [
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "0.1.2.3",
    "[::]",
    "[0:0:0:0:0:0:0:0]",
    "169.254.169.254",
    "169.254.170.2",
    "169.254.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "224.0.0.1",
    "255.255.255.255",
    "[fe80::1]",
    "[febf::1]",
    "[FE80::A9FE:A9FE]",
    "[fd00:ec2::254]",
    "[fd20:ce::254]",
    "[ff02::1]",
    "metadata.google.internal",
    "METADATA.google.internal.",
    "metadata",
    "instance-data",
]
OTHER_MACHINES = [
    "10.0.0.1",
    "192.168.1.1",
    "128.0.0.1",
    "126.255.255.255",
    "vllm",
    "vllm.internal:8000",
    "localhost.evil.example",
    "localhost.",
    "a.localhost",
    "127.0.0.1.nip.io",
    "1.0.0.127.in-addr.arpa",
    "0x7f.example",
    "xn--ocalhost-r2f",
    "[2001:db8::1]",
    "[fd12:3456::1]",
    "[::2:0:0:1]",
]


@pytest.mark.parametrize("host", [*DISGUISED, *NOWHERE])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_host_that_is_disguised_or_can_be_no_model_is_refused_always(
    scheme: str, host: str
) -> None:
    url = f"{scheme}://{host}/v1"
    with pytest.raises(ConfigurationError, match=r"^The base URL for p \(s\) ") as caught:
        checked_base_url(url, provider="p", setting="s", allow_http=True)
    assert "https://host/v1" in str(caught.value.hint)


@pytest.mark.parametrize("host", OTHER_MACHINES)
def test_http_goes_to_another_machine_only_where_somebody_said_so(host: str) -> None:
    url = f"http://{host}/v1"
    with pytest.raises(ConfigurationError, match="http to another machine") as caught:
        checked_base_url(url, provider="p", setting="s")
    assert "allow_http = true" in str(caught.value.hint)
    assert "[providers.p]" in str(caught.value.hint)
    assert host not in str(caught.value)
    assert checked_base_url(url, provider="p", setting="s", allow_http=True) == url
    assert checked_base_url(f"https://{host}/v1", provider="p", setting="s")


@pytest.mark.parametrize(
    "host",
    ["localhost", "LocalHost", "127.0.0.1", "127.255.255.254", "[::1]", "[0:0:0:0:0:0:0:1]"],
)
def test_http_to_this_machine_needs_no_word(host: str) -> None:
    for url in (f"http://{host}/v1", f"http://{host}:8000", f"HTTP://{host}"):
        assert checked_base_url(url, provider="p", setting="s") == url


@pytest.mark.parametrize("name", ["openai", "anthropic", "compatible"])
def test_a_provider_passes_on_what_was_allowed(name: str) -> None:
    url = "http://vllm.internal:8000/v1"
    with pytest.raises(ConfigurationError, match=r"\(base_url\) is http to another"):
        provider_for(name, "m", base_url=url)
    assert provider_for(name, "m", base_url=url, allow_http=True).base_url == url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://h.example/v1", "https://h.example/v1"),
        ("https://me:secret@h.example:8443/v1?k=secret#secret", "https://h.example:8443/v1"),
        ("https://me:secret@[::1]:8/v1", "https://[::1]:8/v1"),
        ("https://h.example:secret/v1", "(malformed)"),
        ("secret", "(malformed)"),
        ("https:me:secret@h.example", "(malformed)"),
        ("https:///me:secret@h.example", "(malformed)"),
        ("ftp://h.example/secret", "(malformed)"),
        ("https://[secret", "(malformed)"),
    ],
)
def test_what_is_shown_of_a_base_url_holds_no_secret(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


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


@given(st.text("0123456789abcdefx.", min_size=1, max_size=16))
@settings(deadline=None)
def test_no_name_that_is_taken_is_read_as_an_address_by_the_system(host: str) -> None:
    try:
        checked_base_url(f"https://{host}/v1", provider="p", setting="s")
    except ConfigurationError:
        return
    try:
        read = socket.inet_aton(host)  # which takes octal, hexadecimal and short forms
    except OSError:
        return
    assert read == ipaddress.IPv4Address(host).packed
