"""Where requests may go: base URLs are judged before a contract is on its way."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from extractor.errors import ConfigurationError

_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
_BRACKETED = re.compile(r"\[[0-9a-fA-F:.]+\](:[0-9]*)?")
_FIGURES = re.compile(r"[0-9.]+")


def checked_base_url(url: str | None, *, provider: str, setting: str) -> str:
    """Return a base URL that requests can go to.

    Args:
        url: what was given, found or is the provider's own.
        provider: whose base URL it is.
        setting: the argument or environment variable it came from; messages name it, and never
            repeat the URL, which may hold a password.

    Raises:
        ConfigurationError: there is none, or it is malformed, or holds what no base URL can.
    """
    if url is None:
        raise ConfigurationError(
            f"There is no base URL for {provider}.", hint=f"Pass --base-url or set {setting}."
        )
    reason = _fault(url)
    if reason is not None:
        raise ConfigurationError(
            f"The base URL for {provider} ({setting}) {reason}.",
            hint="It looks like https://host/v1.",
        )
    return url


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
    if not url.isprintable() or " " in url:
        return "has a blank or a control character in it"
    return None


def _is_host(parts: SplitResult) -> bool:
    """Tell whether the host is an IP address or an ASCII name (`xn--...` for others)."""
    host = parts.hostname or ""
    bracketed = "[" in parts.netloc
    if bracketed and not _BRACKETED.fullmatch(parts.netloc):
        return False
    if bracketed or _FIGURES.fullmatch(host):
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return False
        return True
    return _NAME.fullmatch(host) is not None
