"""Ways of asking for structure, by name. A backend knows no provider, a provider no backend."""

from __future__ import annotations

from collections.abc import Mapping

from extractor.backends.base import Backend
from extractor.backends.techniques import JsonBackend, SchemaBackend, ToolBackend, XmlBackend
from extractor.errors import ConfigurationError, did_you_mean

__all__ = ["BACKENDS", "Backend", "backend_named"]

BACKENDS: Mapping[str, Backend] = {
    "strict": SchemaBackend("strict"),
    "json": JsonBackend(),
    "xml": XmlBackend(),
    "native": SchemaBackend("native"),
    "tools": ToolBackend(),
}


def backend_named(name: str) -> Backend:
    """Return a technique by name.

    Raises:
        ConfigurationError: there is none of that name.
    """
    if name not in BACKENDS:
        hint = did_you_mean(name, ("auto", *BACKENDS))
        raise ConfigurationError(f"There is no backend {name!r}.", hint=hint)
    return BACKENDS[name]
