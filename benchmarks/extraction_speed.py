"""Processor time of an extraction but for its connection: prompt, limits, ledger, reading, proof.

    python -m benchmarks.extraction_speed [--documents 40] [--rounds 8] [--profile quotes]

Contracts of 2,000 and of 50,000 tokens with six values, answered within the process with a quote
for each, are extracted with evidence and without. Of each document the best round counts: others
have less of the processor. With `--profile` the costliest functions of one of them are listed.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import json
import pstats
import sys
import time
from collections.abc import Sequence
from itertools import repeat

from benchmarks.fault_server import Terms, contract
from benchmarks.fault_server.contracts import answer, number_in, quotes
from extractor import Extractor, ModelRequest, ScriptedProvider
from extractor.types import EvidenceMode, JsonSchemaOutput

_FILLER = (
    "The parties acknowledge that each of them has had the time and the advice that it wanted "
    "before it signed, and that no clause is to be read against the one who drafted it."
)
_CHARACTERS = 4
"""Of a token, roughly."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print milliseconds a document; return 1 if a value is not what it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--profile", choices=("quotes", "none"))
    options = parser.parse_args(arguments)
    is_right = True
    for tokens, count in ((2_000, options.documents), (50_000, max(1, options.documents // 8))):
        texts = {number: _contract(number, tokens) for number in range(1, count + 1)}
        for evidence in ("none", "quotes"):
            seconds, right = asyncio.run(_measured(texts, evidence, options.rounds))
            is_right &= right
            print(f"{tokens:>6,} tokens, evidence {evidence:<6} {1_000 * seconds:7.3f} ms")
    if options.profile:
        texts = {number: _contract(number, 2_000) for number in range(1, options.documents + 1)}
        with cProfile.Profile() as profile:
            asyncio.run(_measured(texts, options.profile, options.rounds))
        pstats.Stats(profile).sort_stats("tottime").print_stats(40)
    return int(not is_right)


async def _measured(
    texts: dict[int, str], evidence: EvidenceMode, rounds: int
) -> tuple[float, bool]:
    """Return the seconds of a document, and whether all values were right."""
    provider = ScriptedProvider(repeat(_reply), keep=0)
    best: dict[int, float] = {}
    is_right = True
    with Extractor(Terms, model="m", provider=provider, evidence=evidence) as extractor:
        for _ in range(rounds):
            for number, text in texts.items():
                began = time.process_time()
                found = await extractor.aextract(text)
                took = time.process_time() - began
                best[number] = min(best.get(number, took), took)
                is_right &= found.value.model_dump(mode="json") == answer(number)
    return sum(best.values()) / len(best), is_right


def _contract(number: int, tokens: int) -> str:
    """Return a contract of so many tokens."""
    text = contract(number)
    more = max(0, tokens * _CHARACTERS - len(text)) // len(_FILLER)
    return "\n\n".join((text, *(f"{5 + n}. General. {_FILLER}" for n in range(more))))


def _reply(request: ModelRequest) -> str:
    """Answer with a quote for each value where the schema asks for one."""
    number = number_in(request.messages[-1].content)
    right, said = answer(number), quotes(number)
    if not isinstance(request.output, JsonSchemaOutput):
        raise TypeError("the schema is to be enforced")
    is_cited = "quote" in json.dumps(request.output.schema)
    return json.dumps(
        {n: {"quote": said[n], "value": v} for n, v in right.items()} if is_cited else right
    )


if __name__ == "__main__":
    sys.exit(main())
