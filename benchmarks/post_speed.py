"""CPU time of one POST through each SDK, blocking and not, against a server on this machine.

    python -m benchmarks.post_speed [--calls 400] [--rounds 5] [--timeout 30]

The server answers at once, in a process of its own, so that what is left is the client's own work.
The best round counts: others had less of the processor.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from typing import Any

from extractor.providers import Provider
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.openai import OpenAIProvider
from extractor.types import Message, ModelRequest, TextOutput

_REQUEST = ModelRequest(
    "m", (Message("user", "The Supplier shall deliver. " * 2_000),), TextOutput(), 500
)
_REPLY = json.dumps(
    {
        "id": "1",
        "model": "m",
        "choices": [{"finish_reason": "stop", "message": {"content": "x" * 2_000}}],
        "content": [{"type": "text", "text": "x" * 2_000}],
        "stop_reason": "end_turn",
        "usage": {
            "prompt_tokens": 9,
            "completion_tokens": 9,
            "input_tokens": 9,
            "output_tokens": 9,
        },
    }
).encode()
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
    len(_REPLY),
    _REPLY,
)
_AT_ONCE = 8


async def _serve() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = head.lower().split(b"content-length:")[1].split(b"\r\n")[0]
                await reader.readexactly(int(length))
                writer.write(_ANSWER)
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _blocking(provider: Provider, calls: int, options: dict[str, Any]) -> float:
    began = time.process_time()
    for _ in range(calls):
        provider.send(_REQUEST, **options)
    return (time.process_time() - began) / calls


def _asynchronous(provider: Provider, calls: int, options: dict[str, Any]) -> float:
    async def some() -> None:
        for _ in range(calls // _AT_ONCE):
            await provider.asend(_REQUEST, **options)

    async def run() -> float:
        await provider.asend(_REQUEST, **options)
        began = time.process_time()
        await asyncio.gather(*(some() for _ in range(_AT_ONCE)))
        return (time.process_time() - began) / calls

    return asyncio.run(run())


def main() -> None:
    """Print milliseconds of CPU time for a call."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--timeout", type=float)
    arguments = parser.parse_args()
    if arguments.serve:
        asyncio.run(_serve())
        return
    command = [sys.executable, "-m", "benchmarks.post_speed", "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None  # noqa: S101 - a pipe was asked for
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        for kind, path in ((OpenAIProvider, "/v1"), (AnthropicProvider, "")):
            provider = kind(api_key="k", base_url=url + path)
            given = {"timeout": arguments.timeout} if arguments.timeout else {}
            for measure in (_blocking, _asynchronous):
                measure(provider, arguments.calls // 4, given)
                best = min(
                    measure(provider, arguments.calls, given) for _ in range(arguments.rounds)
                )
                print(f"{kind.default_name:10} {measure.__name__[1:]:12} {1000 * best:.3f} ms")
            provider.close()
        server.terminate()


if __name__ == "__main__":
    main()
