"""What it takes to count tokens and to price them.

    python -m benchmarks.token_speed

Prints how long the tokenizers take to load, to count a contract and to count a megabyte of one
character; the bytes and OpenAI tokens of the shipped contracts; and the time of one price. Exits
with 1 if a megabyte takes 3 seconds or a price 20 microseconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import get_args

from extractor.calls.metering.encodings import EncodingName, count_tokens, load_encoding
from extractor.calls.metering.pricing import Pricing
from extractor.calls.steps import Target
from extractor.types import Usage

_CONTRACTS = Path(__file__).parents[1] / "fixtures" / "contracts"
_MEGABYTE = 1_000_000


def main() -> int:
    contracts = [file.read_text(encoding="utf-8") for file in sorted(_CONTRACTS.glob("*.md"))]
    text = "\n\n".join(contracts * 10)
    slowest = 0.0
    for name in get_args(EncodingName):
        print(f"{name}: loaded in {_seconds(partial(load_encoding, name)):.2f} s")
        took = _seconds(partial(count_tokens, text, name))
        tokens, size = count_tokens(text, name), len(text.encode())
        print(
            f"  contracts: {size / tokens:.2f} bytes a token, {took / tokens * 5e7:.1f} ms for 50k"
        )
        for one in ("a", " ", "\n", ".", "契"):
            took = _seconds(partial(count_tokens, one * _MEGABYTE, name))
            slowest = max(slowest, took)
            print(f"  a million of {one!r}: {took:.2f} s")
    pricing, target, usage = Pricing(), Target("openai", "gpt-6.1-sol"), Usage(50_000, 1_000, 2_000)
    pricing.cost_micro(target, usage)
    price = _seconds(lambda: [pricing.cost_micro(target, usage) for _ in range(10_000)]) / 10_000
    print(f"one price: {price * 1e6:.1f} µs")
    return int(slowest >= 3 or price >= 20e-6)


def _seconds(do: Callable[[], object]) -> float:
    start = time.process_time()
    do()
    return time.process_time() - start


if __name__ == "__main__":
    sys.exit(main())
