"""What a run by batches is put together from, and what it can't be done with."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import replace

from extractor.calls.core import CallCore
from extractor.config import Settings
from extractor.errors import ConfigurationError
from extractor.providers import provider_from
from extractor.providers.batches import BatchProvider, batches_of
from extractor.runs.batches.deferring import DeferringCore
from extractor.runs.batches.records import Batches
from extractor.runs.replies import JournalReplies


@contextmanager
def batches_for(settings: Settings, batches: Batches) -> Generator[BatchProvider]:
    """Open the Batch API of the model that the settings name.

    Raises:
        ConfigurationError: its provider has none, several models may answer, replies are kept
            elsewhere, or there are batches of another provider under way.
    """
    model, *others = settings.chain
    if settings.race or others:
        raise ConfigurationError(
            "Batches are handed in to one model; models are several.",
            hint="Name one with --model, or leave --mode batch out.",
        )
    if settings.cache.mode != "off":
        raise ConfigurationError(
            "A run by batches keeps its replies itself, and can't use a reply cache.",
            hint="Leave --cache and [cache] mode out.",
        )
    with closing(provider_from(settings, model)) as provider:
        for batch in batches.open():
            asked = batch.target
            if (asked.provider, asked.account) != (provider.name, provider.account):
                raise ConfigurationError(
                    f"A batch of {asked} is under way, handed in with another key or base URL.",
                    hint="Go on with these first, until it has ended.",
                )
        yield batches_of(provider)


def deferring_core(
    core: CallCore, replies: JournalReplies, batches: Batches, api: BatchProvider
) -> DeferringCore:
    """Return a core that puts off what has no reply, with the prices of batches."""
    return DeferringCore(
        limiter=core.limiter,
        ledger=core.ledger,
        cache=replies,
        pricing=replace(core.pricing, is_batch=True),
        tokens=core.tokens,
        outputs=core.outputs,
        gates=core.gates,
        logs_content=core.logs_content,
        clock=core.clock,
        replies=replies,
        past=batches.past,
        batches=api,
    )


def require_no_batches(batches: Batches) -> None:
    """Refuse to ask one by one what may be in a batch: it would be paid twice.

    Raises:
        ConfigurationError: there is one under way.
    """
    if under_way := len(batches.open()):
        raise ConfigurationError(
            f"{under_way} batches of this run are under way.",
            hint="Go on with --mode batch until they have ended.",
        )
