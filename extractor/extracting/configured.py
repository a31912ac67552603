"""An `Extractor` as the settings want it: its models, limits, budgets, ledger, cache and prices."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager

from extractor.calls.base import Ledger, ReplyCache
from extractor.calls.cache.replies import SqliteReplyCache
from extractor.calls.core import CallCore
from extractor.calls.ledger.spending import SpendingLimits
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.calls.limits import RateLimiter, RateLimits, SqliteStore
from extractor.calls.metering.pricing import Price, Pricing
from extractor.calls.retry import RetryPolicy
from extractor.config import Settings
from extractor.extracting.extractor import Extractor
from extractor.providers import Progress, provider_from, silent
from extractor.types import T


@contextmanager
def core_from(
    settings: Settings, *, ledger: Ledger | None = None, cache: ReplyCache | None = None
) -> Generator[CallCore]:
    """Open a call core with the settings' limits, ledger, reply cache and prices.

    Args:
        settings: see `extractor.config.load_settings`.
        ledger: an open one, in place of the settings'.
        cache: an open one, where the settings have none.

    Raises:
        ConfigurationError: settings that can't be kept.
        StoreError: one of the files can't be opened.
    """
    with ExitStack() as opened:
        if ledger is None:
            ledger = SqliteLedger(settings.store.path, timezone=settings.budget.timezone)
            opened.enter_context(closing(ledger))
        limiter = opened.enter_context(closing(_limiter(settings)))
        if settings.cache.mode != "off":
            cache = SqliteReplyCache(settings.cache.path, mode=settings.cache.mode)
            opened.enter_context(closing(cache))
        yield CallCore(
            limiter=limiter,
            ledger=ledger,
            cache=cache,
            pricing=pricing_from(settings),
            logs_content=settings.log.content,
        )


@contextmanager
def extractor_from(
    settings: Settings,
    schema: type[T],
    *,
    core: CallCore | None = None,
    instructions: str | None = None,
    progress: Progress = silent,
) -> Generator[Extractor[T]]:
    """Open an extractor with everything that the settings say.

    Args:
        settings: see `extractor.config.load_settings`.
        schema: the Pydantic model to fill.
        core: an open core to share (see `core_from`); else one is opened for this extractor.
        instructions: words of your own for the prompt, after ours.
        progress: is told what is being done and what is waited for.

    Raises:
        ConfigurationError: as `Extractor`; or settings that can't be kept.
        StoreError: one of the files can't be opened.
    """
    with ExitStack() as opened:
        providers = {
            spec: opened.enter_context(closing(provider_from(settings, spec, progress=progress)))
            for spec in settings.chain
        }
        budget, user = settings.budget, settings.budget.user
        yield Extractor(
            schema,
            models=settings.chain,
            providers=providers,
            race=settings.race,
            backend=settings.backend,
            evidence=settings.evidence,
            reasoning_effort=settings.reasoning_effort,
            unverified=settings.unverified,
            second_look=settings.second_look,
            prompts=settings.prompts,
            instructions=instructions,
            max_attempts=settings.max_attempts,
            max_tokens=settings.max_tokens,
            coverage=settings.coverage,
            deadline=settings.deadline,
            retry=RetryPolicy(**settings.retry.model_dump()),
            spending=SpendingLimits(
                per_call=budget.max_usd_per_call,
                per_document=budget.max_usd_per_document,
                per_run=budget.max_usd_per_run,
                per_day=budget.max_usd_per_day,
                **({"run": budget.run} if budget.run else {}),
            ),
            metadata={**settings.metadata, **({"user": user} if user else {})},
            core=core or opened.enter_context(core_from(settings)),
            progress=progress,
        )


def pricing_from(settings: Settings) -> Pricing:
    """Return the price list with the settings' own prices in it."""
    return Pricing({name: Price(**price.model_dump()) for name, price in settings.prices.items()})


def _limiter(settings: Settings) -> RateLimiter:
    by_model = {spec: settings.limits.for_model(spec) for spec in settings.chain}
    tiers = dict.fromkeys(limits.tier for limits in by_model.values() if limits.tier)
    shared = settings.store.path.with_name("limits.sqlite") if settings.limits.shared else None
    return RateLimiter(
        ceilings={
            spec: RateLimits(**limits.model_dump(exclude={"tier"}))
            for spec, limits in by_model.items()
        },
        tiers=tuple(tiers),
        store=None if shared is None else SqliteStore(shared),
        longest_pause=settings.retry.longest,
    )
