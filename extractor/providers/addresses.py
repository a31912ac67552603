"""Where requests may go: base URLs are judged before a contract is on its way.

https, or http to this machine; http elsewhere only where somebody said so. What stands behind a
name is not looked up: over https the certificate says who answers, and http to a name is an
explicit choice.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from extractor.errors import ConfigurationError

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
_BRACKETED = re.compile(r"\[[0-9a-fA-F:.]+\](:[0-9]*)?")
_NUMERIC = re.compile(r"(0x[0-9a-f]*|[0-9]+)\.?")

_METADATA_NAMES = frozenset(
    {"metadata", "metadata.google.internal", "metadata.goog", "instance-data"}
)
_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this host on no network: the unspecified address
        "169.254.0.0/16",  # link-local; most clouds' metadata
        "100.100.100.200/32",  # Alibaba's metadata
        "168.63.129.16/32",  # Azure's platform
        "192.0.0.192/32",  # Oracle's metadata
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "fe80::/10",
        "ff00::/8",
        "fd00:ec2::254/128",  # Amazon's metadata
        "fd20:ce::254/128",  # Google's
    )
)
_HIDING = tuple(
    ipaddress.ip_network(network)
    for network in ("::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)
"""IPv6 that stands for an IPv4 address: mapped, NAT64, 6to4 and Teredo."""


def checked_base_url(
    url: str | None, *, provider: str, setting: str, allow_http: bool = False
) -> str:
    """Return a base URL that requests can go to.

    Args:
        url: what was given, found or is the provider's own.
        provider: whose base URL it is.
        setting: the argument, environment variable or file it came from; messages name it, and
            never repeat the URL, which may hold a password.
        allow_http: also let http go to other machines than this.

    Raises:
        ConfigurationError: there is none, or it is malformed, holds what no base URL can, or goes
            where no contract may.
    """
    if url is None:
        raise ConfigurationError(
            f"There is no base URL for {provider}.",
            hint=f"Pass base_url (--base-url) or set {setting}.",
        )
    reason = _fault(url)
    if reason is not None:
        raise ConfigurationError(
            f"The base URL for {provider} ({setting}) {reason}.",
            hint="It looks like https://host/v1.",
        )
    parts = urlsplit(url)
    if parts.scheme == "http" and not (allow_http or is_loopback(url)):
        raise ConfigurationError(
            f"The base URL for {provider} ({setting}) is http to another machine: whoever is on "
            "the way could read the contract.",
            hint="Use https; or, in a network that you trust, set allow_http = true under "
            f"[providers.{provider}] in extractor.toml, or pass allow_http to the provider.",
        )
    return url


def is_loopback(url: str) -> bool:
    """Tell whether a base URL that was checked goes to this machine: 127.0.0.0/8, ::1, localhost.

    >>> is_loopback("http://127.0.0.1:8000/v1"), is_loopback("http://localhost.example.com/v1")
    (True, False)
    """
    host = urlsplit(url).hostname or ""
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def without_secrets(url: str) -> str:
    """Return what may be shown of a base URL, checked or not: neither user, password nor query.

    >>> without_secrets("https://me:secret@proxy.example:8443/v1?key=secret")
    'https://proxy.example:8443/v1'
    """
    try:
        parts = urlsplit(url)
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:
        return "(malformed)"
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.path:
        return "(malformed)"
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}{parts.path}"


def _fault(url: object) -> str | None:
    """Say why something is no base URL; the sentence goes on after "The base URL"."""
    if not isinstance(url, str):
        return f"is no text but {type(url).__name__}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # brackets that don't match, a port that is none
        return "has a malformed host or port"
    if parts.scheme not in {"http", "https"}:
        return "is no http or https URL"
    if parts.username is not None or parts.password is not None:
        return "holds a user name or password, which would take the place of the API key"
    if not _is_host(parts):
        return "has no host, or none that can be looked up"
    if port == 0:
        return "has a malformed host or port"
    if "?" in url or "#" in url:
        return "has a query or a fragment; paths are put after it"
    if not url.isprintable() or " " in url or "\\" in url:
        return "has a blank, a backslash or a control character in it"
    return _forbidden(parts.hostname or "")


def _is_host(parts: SplitResult) -> bool:
    """Tell whether the host is an IP address or an ASCII name (`xn--...` for others).

    A name whose last part is a number would be read as an IPv4 address in octal, in hexadecimal or
    with parts left out, by some programs and not by others: it is neither.
    """
    host = parts.hostname or ""
    bracketed = "[" in parts.netloc
    if bracketed and not _BRACKETED.fullmatch(parts.netloc):
        return False
    if bracketed or _address(host) is not None:
        return _address(host) is not None
    last = host.removesuffix(".").rpartition(".")[2]
    return _NAME.fullmatch(host) is not None and not _NUMERIC.fullmatch(last)


def _address(host: str) -> _Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _forbidden(host: str) -> str | None:
    address = _address(host)
    if address is None:
        is_metadata = host.removesuffix(".") in _METADATA_NAMES
        return "is a cloud's metadata service" if is_metadata else None
    if address.version == 6 and _hides_ipv4(address):
        return "has an IPv6 address that stands for an IPv4 address; write that one"
    if address == ipaddress.IPv6Address(0) or any(address in network for network in _NEVER):
        return "has an address where no model can be: unspecified, link-local, metadata, multicast"
    return None


def _hides_ipv4(address: _Address) -> bool:
    is_compatible = 1 < int(address) < 2**32  # ::a.b.c.d, long out of use
    return is_compatible or any(address in network for network in _HIDING)
