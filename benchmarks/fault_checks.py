"""What clients say of their calls, held against what the fault server saw of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.fault_run import DEADLINE, Outcome
from benchmarks.fault_server import FAULTS, Truth

GRACE = 0.5
"""Seconds past a deadline that pass for punctual."""

_ANYTIME = ("DeadlineError",)
"""What may end a document whatever it met last."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of the attempts for each document: on the logger, and in the ledger.

    `unborn` are those of them that are said to have ended before a POST was on the wire.
    """

    logged: Mapping[int, int]
    kept: Mapping[int, int]
    unborn: Mapping[int, int]
    still_sent: int


def violations(outcomes: Sequence[Outcome], truth: Truth, told: Told) -> list[str]:
    """Return everything that must not be, as sentences."""
    return [
        *(said for each in outcomes for said in _of_one(each, truth, told)),
        *_of_all(truth, told),
    ]


def _of_one(each: Outcome, truth: Truth, told: Told) -> Iterator[str]:
    name, seen = f"document {each.number}", truth.of(each.number)
    if not each.is_typed:
        yield f"{name} ended in {each.error}"
        return
    if not each.error and not each.is_right:
        yield f"{name} ended with a wrong answer"
    if each.seconds > DEADLINE + GRACE:
        ended = each.error or "right"
        yield f"{name} took {each.seconds:.1f} s, and has {DEADLINE:g} s ({ended}): {seen.fates}"
    counts = Counter(
        POSTs=seen.posts + told.unborn.get(each.number, 0),
        told=each.attempts,
        logged=told.logged.get(each.number, 0),
        kept=told.kept.get(each.number, 0),
    )
    if len(set(counts.values())) > 1:
        yield f"{name} ({each.error or 'right'}): {dict(counts)} for {seen.fates}"
    if each.tokens != seen.input_tokens + seen.output_tokens and each.error not in _ANYTIME:
        billed = seen.input_tokens + seen.output_tokens
        yield f"{name} says {each.tokens} tokens, and {billed} were billed for {seen.fates}"
    yield from (f"{name} {said}" for said in _of_fates(each, seen.fates))


def _of_fates(each: Outcome, fates: Sequence[str]) -> Iterator[str]:
    """Hold how a document ended against what the server did to it, and did last."""
    if any(fate != "right" and FAULTS[fate].kind == "permanent" for fate in fates[:-1]):
        yield f"was sent again after what no waiting cures: {fates}"
    last = FAULTS.get(fates[-1]) if fates else None
    if not each.error and last is not None and last.kind != "answer":
        yield f"ended right after {fates}"
    if each.error and each.error not in {*_ANYTIME, *(last.errors if last else ())}:
        yield f"ended in {each.error} after {fates}"


def _of_all(truth: Truth, told: Told) -> Iterator[str]:
    if truth.elsewhere:
        yield f"{truth.elsewhere} requests went to another page"
    if unknown := truth.of(0).posts:
        yield f"{unknown} POSTs showed no contract"
    if told.still_sent:
        yield f"{told.still_sent} attempts stand in the ledger as if they were under way"
