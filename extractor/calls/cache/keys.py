"""What an entry is found by: a hash of everything that decides a reply."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from functools import cache
from importlib.metadata import version

from pydantic_core import to_json

from extractor.calls.cache.file import FORMAT
from extractor.calls.steps import Target
from extractor.errors import ConfigurationError
from extractor.types import ModelRequest


def cache_key(request: ModelRequest, target: Target) -> bytes:
    """Hash everything that decides a reply.

    The order of a schema's keys counts, since models answer in it. Texts go in as they are, behind
    a head that has their lengths: quicker than as JSON, and just as unambiguous.

    Raises:
        ConfigurationError: the schema has text without an encoding.
    """
    texts = [message.content.encode("utf-8", "surrogatepass") for message in request.messages]
    output = request.output
    head = {
        "format": FORMAT,
        "version": package_version(),
        "target": [target.provider, target.endpoint, target.model],
        "model": request.model,
        "output": [type(output).__name__, *(getattr(output, f.name) for f in fields(output))],
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        **({"effort": request.reasoning_effort} if request.reasoning_effort else {}),
        "turn": request.turn,
        "messages": [
            (message.role, len(text)) for message, text in zip(request.messages, texts, strict=True)
        ],
    }
    try:
        digest = hashlib.sha256(to_json(head))  # several times as quick as json.dumps
    except ValueError as error:
        raise ConfigurationError(
            "The schema holds half a character (a lone surrogate), which no API takes.",
            hint="Look at its descriptions and the names of its fields and choices.",
        ) from error
    for text in texts:
        digest.update(text)
    return digest.digest()


@cache
def package_version() -> str:
    """Return the version of this package, which is a part of every key."""
    return version("contract-extractor")
