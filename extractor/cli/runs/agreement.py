"""What is left of a run will take, shown before it is spent, and whether that is agreed to."""

from __future__ import annotations

import argparse
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from extractor.asking.estimating import Amount
from extractor.cli.terminal import safe
from extractor.documents.options import ReadOptions
from extractor.errors import ConfigurationError
from extractor.extracting.extractor import Extractor
from extractor.plurals import counted
from extractor.providers.addresses import is_loopback
from extractor.runs.estimating import Total, estimate_files, total
from extractor.runs.reader import Left

SAMPLE = 12
"""Files that an estimate is made from, where there are more: enough for a price, soon read."""


def confirm(
    options: argparse.Namespace,
    extractor: Extractor[Any],
    left: Left,
    folder: Path,
    how: ReadOptions,
) -> None:
    """Say what the rest of a run will take, and have it agreed to where that may cost money.

    Args:
        options: of the command.
        extractor: who will ask.
        left: how many files there are to ask about, and some of them.
        folder: where they are.
        how: how they are read.

    Raises:
        ConfigurationError: it was not agreed to, or nobody can be asked; nothing was sent.
    """
    count = min(left.total, options.limit or left.total, options.sample or left.total)
    if not count:
        return
    sample = [*estimate_files(extractor, folder, left.sample[:count], how)]
    known = sum(file.estimate is not None for file in sample)
    told = total(sample, times=Decimal(count) / len(sample))
    host = extractor.base_url
    verbs = ("goes", "stays") if count == 1 else ("go", "stay")
    where = f"{verbs[0]} to {host}" if host else f"{verbs[1]} on this machine"
    asked = f"{counted(count, 'file')} to extract with {safe(extractor.model)}"
    print(f"{asked}; {'it' if count == 1 else 'they'} {safe(where)}.", file=sys.stderr)
    if known:
        print(_expected(told, len(sample), count), file=sys.stderr)
    costs_nothing = told.expected.cost_usd == 0 and (known > 0 or len(sample) == count)
    if costs_nothing or options.yes or options.max_usd_run:
        return
    if told.expected.cost_usd is None and host and is_loopback(host):
        return  # a server of one's own has no price
    if sys.stdin is None or not sys.stdin.isatty():
        raise ConfigurationError(
            "Nobody has agreed to what this costs; nothing was sent.",
            hint="Say --yes, or the most that it may cost with --max-usd.",
        )
    print("Go on? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise ConfigurationError("This was not agreed to; nothing was sent.")


def _expected(told: Total, sampled: int, count: int) -> str:
    if told.expected.cost_usd is None:
        return f"Estimate: {told.expected.total_tokens:,} tokens, of unknown price."
    amounts = {"at least": told.low, "expected": told.expected, "at most": told.maximum}
    costs = ", ".join(f"{name} {_cost(amount)}" for name, amount in amounts.items())
    source = f" (from {sampled} of them)" if sampled < count else ""
    return f"Estimate{source}: {told.expected.total_tokens:,} tokens; {costs}."


def _cost(amount: Amount) -> str:
    return "of unknown price" if amount.cost_usd is None else f"${amount.cost_usd:,.2f}"
