"""369 fields of a contract of 300 pages: `python -m benchmarks.wide_schema`.

For each model: what every plan costs, the one that would run first, and a run of the schema through
a scripted provider with that model's limits, which answers from what it is shown and nothing else.
It costs nothing, so it is asked by the technique that suits the schema, and not by the cheapest.
Exits with 1 if a value is missing or a part of the contract is not shown.
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import repeat

from benchmarks.wide_contract import VALUES, WideCase, answers, wide_case
from extractor import Extractor, ScriptedProvider
from extractor.asking.estimating import Estimate
from extractor.providers.profiles import profile_for

MODELS = ("openai:gpt-5.4-mini", "openai:gpt-5.5", "anthropic:claude-sonnet-4-5")
_PAGE = 3_000  # characters


def main() -> int:
    """Print the figures, and return the exit code."""
    case = wide_case()
    print(f"{VALUES} fields; {len(case.text):,} characters, {len(case.text) // _PAGE} pages\n")
    return 0 if all(_trial(case, model) for model in MODELS) else 1


def _trial(case: WideCase, model: str) -> bool:
    print(f"{model}\n  {'plan':20}{'backend':>9}{'shown':>7}{'requests':>10}{'input':>12}", end="")
    print(f"{'low':>10}{'expected':>10}{'maximum':>10}")
    with Extractor(case.schema, model=model) as extractor:
        for plan in extractor.estimates(case.text):
            print(f"  {_row(plan)}")
    provider, _, name = model.partition(":")
    scripted = ScriptedProvider(repeat(answers(case)), profile=profile_for(provider, name))
    with Extractor(case.schema, provider=scripted) as extractor:
        found = extractor.extract(case.text)
    statuses = Counter(field.status for field in found.fields.values())
    is_right = found.value.model_dump(mode="json") == case.value()
    told = ", ".join(f"{count} {status}" for status, count in statuses.items())
    print(f"  run ({found.backend}): {found.attempts} requests, {told}; all values right: ", end="")
    print(f"{is_right}; coverage {found.coverage:.3f}\n")
    return is_right and found.coverage == 1.0


def _row(told: Estimate) -> str:
    costs = (told.low.cost_usd, told.expected.cost_usd, told.maximum.cost_usd)
    return (
        f"{told.plan:20}{told.backend:>9}{told.coverage:>7.0%}{told.requests:>10}"
        f"{told.low.input_tokens:>12,}" + "".join(f"{cost:>10.2f}" for cost in costs)
    )


if __name__ == "__main__":
    sys.exit(main())
