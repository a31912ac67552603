"""Whatever arrives, however long it takes and however it ends: no ceiling is ever passed."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.calls.base import Need
from extractor.calls.limits import RateLimiter, RateLimits
from extractor.calls.limits.needs import NOTHING, Amounts, amounts_of
from extractor.calls.steps import Send, Steps, Wait
from extractor.types import ModelResponse, RateLimitStatus
from tests.calls.limits.provider import REQUEST, TARGET
from tests.virtual_time import Run, World

CEILINGS = RateLimits(
    requests_per_minute=6,
    tokens_per_minute=1_000,
    input_tokens_per_minute=900,
    output_tokens_per_minute=300,
    tokens_per_day=6_000,
)
GENEROUS = tuple(
    RateLimitStatus(kind, 1_000_000, 1_000_000, 0.0)
    for kind in ("requests", "tokens", "input_tokens", "output_tokens")
)
"""Headers that allow more than the ceilings."""


@dataclass(frozen=True)
class Document:
    """When it comes, what it is expected to take and takes, and when it is given up."""

    after: float
    expected: Need
    used: Need | None
    latency: float
    given_up_after: float | None


@dataclass
class Taken:
    at: float
    amounts: Amounts


@dataclass
class Witness:
    """Knows what was taken when, and at each admission counts what stands in each window."""

    entered: list[int] = field(default_factory=list[int])
    admitted: list[int] = field(default_factory=list[int])
    taken: list[Taken] = field(default_factory=list[Taken])

    def admits(self, number: int, need: Need, now: float) -> Taken:
        self.admitted.append(number)
        taken = Taken(now, amounts_of(need))
        self.taken.append(taken)
        for ceiling in CEILINGS.ceilings():
            inside = (t for t in self.taken if t.at > now - ceiling.period)
            assert sum(t.amounts[ceiling.kind] for t in inside) <= ceiling.limit, ceiling
        return taken


def one(
    number: int, document: Document, limiter: RateLimiter, world: World, witness: Witness
) -> Steps[None]:
    ticket = limiter.enter(TARGET, document.expected, world.now)
    witness.entered.append(number)
    taken: Taken | None = None
    try:
        while wait := ticket.ask(world.now):
            assert ticket.why()
            yield Wait(wait, ticket.why(), ticket.signal)
        taken = witness.admits(number, document.expected, world.now)
        yield Send(REQUEST, TARGET, document.latency)
    except GeneratorExit:
        ticket.cancel(world.now)
        if taken:
            taken.amounts = NOTHING
        raise
    ticket.settle(document.used, world.now)
    if document.used:
        taken.amounts = amounts_of(document.used)


needs = st.builds(Need, st.integers(0, 700) | st.sampled_from([1, 700]), st.integers(0, 300))
documents = st.builds(
    Document,
    after=st.floats(0, 200) | st.sampled_from([0.0, 60.0, 60.25]),
    expected=needs,
    used=st.none() | needs,
    latency=st.floats(0, 90) | st.just(0.0),
    given_up_after=st.none() | st.none() | st.floats(0, 90),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(documents, min_size=1, max_size=25), st.booleans())
def test_no_window_takes_more_than_its_ceiling_and_nobody_overtakes(
    arrivals: list[Document], heard: bool
) -> None:
    world = World(lambda send, _now: (send.timeout or 0.0, ModelResponse("")))
    limiter, witness = RateLimiter(ceilings=CEILINGS), Witness()
    if heard:
        limiter.observe(TARGET, GENEROUS, world.now)
    runs: list[Run] = []
    for number, document in enumerate(arrivals):
        run = world.start(one(number, document, limiter, world, witness), after=document.after)
        runs.append(run)
        if document.given_up_after is not None:
            world.cancel(run, after=document.after + document.given_up_after)
    world.until_idle(limit=40 * 86_400)
    assert [run.error for run in runs if run.error] == []
    assert all(run.is_over for run in runs)
    admitted = set(witness.admitted)
    assert witness.admitted == [number for number in witness.entered if number in admitted]


def test_a_ceiling_is_used_up_and_frees_itself_after_a_minute() -> None:
    limiter = RateLimiter(ceilings=RateLimits(requests_per_minute=30))
    limiter.observe(TARGET, GENEROUS, 0.0)
    for _ in range(30):
        assert limiter.enter(TARGET, Need(1, 1), 0.0).ask(0.0) == 0.0
    ticket = limiter.enter(TARGET, Need(1, 1), 0.0)
    wait = ticket.ask(0.0)
    assert 60.0 < wait <= 60.25
    assert ticket.why() == "30 requests a minute of openai:gpt-5.4-mini"
    assert ticket.ask(wait) == 0.0


def test_a_day_is_any_day_and_not_the_calendars() -> None:
    limiter = RateLimiter(ceilings=RateLimits(tokens_per_day=1_000))
    assert limiter.enter(TARGET, Need(900, 100), 80_000.0).ask(80_000.0) == 0.0
    ticket = limiter.enter(TARGET, Need(1, 0), 90_000.0)
    wait = ticket.ask(90_000.0)
    assert 76_400 < wait <= 76_400 + 360
    assert ticket.ask(90_000.0 + wait) == 0.0


def test_headers_never_lift_a_ceiling() -> None:
    limiter = RateLimiter(ceilings=RateLimits(tokens_per_minute=1_000))
    limiter.observe(TARGET, GENEROUS, 0.0)
    assert limiter.enter(TARGET, Need(1_000, 0), 0.0).ask(0.0) == 0.0
    assert limiter.enter(TARGET, Need(1, 0), 0.0).ask(0.0) > 59


def test_the_rate_of_a_stated_limit_is_reached_within_one_percent() -> None:
    world = World(lambda _send, _now: (0.0, ModelResponse("")))
    limiter = RateLimiter(ceilings=RateLimits(requests_per_minute=600))
    admitted: list[float] = []

    def steps() -> Steps[None]:
        ticket = limiter.enter(TARGET, Need(1, 1), world.now)
        while wait := ticket.ask(world.now):
            yield Wait(wait, ticket.why(), ticket.signal)
        admitted.append(world.now)
        ticket.settle(Need(1, 1), world.now)

    for _ in range(3_000):
        world.start(steps())
    world.until_idle()
    assert len(admitted) == 3_000
    assert admitted[-1] - admitted[0] <= 1.01 * 3_000 / 10


def test_a_caller_that_was_held_up_after_reading_the_clock_counts_as_of_now() -> None:
    limiter = RateLimiter(ceilings=RateLimits(requests_per_minute=1))
    limiter.observe(TARGET, GENEROUS, 100.0)
    assert limiter.enter(TARGET, Need(1, 1), 95.0).ask(95.0) == 0.0
    assert limiter.enter(TARGET, Need(1, 1), 156.0).ask(156.0) > 4
