"""How far past its timeout a call ends, whatever the server does: both SDKs, blocking and not.

    python -m benchmarks.post_bounds [--timeout 1.0]

A promise is broken by a call that ends more than half a second late, by any error but
`APITimeoutError` (of an endless reply: `InvalidResponseError`), and by a next call that fails.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Callable

from extractor.errors import APITimeoutError, InvalidResponseError, ProviderError
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.openai import OpenAIProvider
from extractor.types import Message, ModelRequest, ModelResponse, TextOutput
from tests.loopback import (
    DRIPPED_BODY,
    DRIPPED_HEADERS,
    ENDLESS_BODY,
    Loopback,
    bomb,
    reply,
    silence,
)

_REQUEST = ModelRequest("m", (Message("user", "The contract."),), TextOutput(), 500)
_LATEST = 0.5
_FAULTS = {
    "headers byte by byte": (DRIPPED_HEADERS, APITimeoutError),
    "body byte by byte": (DRIPPED_BODY, APITimeoutError),
    "no answer": (silence, APITimeoutError),
    "endless body": (ENDLESS_BODY, InvalidResponseError),
    "compressed for ever": (bomb(), InvalidResponseError),
}


def _late(call: Callable[[float | None], ModelResponse], timeout: float) -> tuple[str, float]:
    began = time.monotonic()
    try:
        call(timeout)
    except ProviderError as error:
        return type(error).__name__, time.monotonic() - began - timeout
    return "an answer", time.monotonic() - began - timeout


def main() -> None:
    """Print a line for each fault; exit with 1 if a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--timeout", type=float, default=1.0)
    timeout: float = parser.parse_args().timeout
    broken = False
    for kind, path in ((OpenAIProvider, "/v1"), (AnthropicProvider, "")):
        for fault, (behaviour, wanted) in _FAULTS.items():
            for how in ("blocking", "asynchronous"):
                with Loopback(reply(), behaviour, reply()) as server, asyncio.Runner() as runner:
                    url = server.url.removesuffix("/v1") + path
                    provider = kind(api_key="k", base_url=url)

                    def call(
                        timeout: float | None,
                        how: str = how,
                        provider: OpenAIProvider | AnthropicProvider = provider,
                        runner: asyncio.Runner = runner,
                    ) -> ModelResponse:
                        if how == "blocking":
                            return provider.send(_REQUEST, timeout=timeout)
                        return runner.run(provider.asend(_REQUEST, timeout=timeout))

                    call(None)
                    ended, late = _late(call, timeout)
                    sound = call(None).text == "fine"
                    provider.close()
                kept = ended == wanted.__name__ and late <= _LATEST and sound
                broken = broken or not kept
                print(
                    f"{kind.default_name:10} {how:13} {fault:21} {ended:21} "
                    f"{1000 * late:+8.0f} ms {'' if kept else 'BROKEN'}"
                )
    sys.exit(broken)


if __name__ == "__main__":
    main()
