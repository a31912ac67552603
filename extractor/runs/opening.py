"""A run as the settings want it: its file, and an extractor that keeps everything in it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Generic

from extractor.calls.base import Ledger
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.config import Settings
from extractor.extracting.configured import core_from, extractor_from
from extractor.extracting.extractor import Extractor
from extractor.providers import Progress, silent
from extractor.runs.batches.opening import batches_for, deferring_core, require_no_batches
from extractor.runs.batches.records import Batches
from extractor.runs.batches.running import Batching
from extractor.runs.configuration import Configuration
from extractor.runs.journal import SqliteJournal
from extractor.runs.known import FILE_NAME as LISTING
from extractor.runs.known import KnownRuns
from extractor.runs.ledger import JournalLedger
from extractor.runs.replies import JournalReplies, NotedReplies
from extractor.runs.tables import FILE_NAME
from extractor.types import JsonObject, T


@dataclass(frozen=True, slots=True)
class OpenRun(Generic[T]):
    """A run that can be worked on: one request after the other, or by batches if there are any.

    Nothing of it is other than before until its journal is told to put `asked` into force.
    `changed` names what documents would be asked under then and were not before.
    """

    journal: SqliteJournal
    extractor: Extractor[T]
    known: KnownRuns
    batching: Batching[T] | None
    configuration: Configuration
    changed: tuple[str, ...] = ()

    def asked(self, *, refresh: bool = False, failed: bool = False) -> Configuration:
        """Return what documents are to be asked under.

        Args:
            refresh: everything is to be asked anew, or that is gone on with.
            failed: what failed is to be tried again.

        Raises:
            ConfigurationError: a batch is under way, whose replies would be of no use then.
        """
        begins_anew = failed or (refresh and not self.journal.is_refreshing())
        if begins_anew and self.batching is not None:
            require_no_batches(self.batching.batches)
        return self.configuration.anew(self.journal.refreshes(anew=refresh))

    def retry(self) -> int:
        """Have what failed tried again and asked anew; return how many files that is.

        Raises:
            ConfigurationError: a batch is under way, whose replies would be of no use then.
        """
        if self.batching is not None:
            require_no_batches(self.batching.batches)
        return self.journal.retry()


@contextmanager
def open_run(
    settings: Settings,
    schema: type[T],
    out: Path,
    *,
    reading: JsonObject,
    instructions: str | None = None,
    by_batches: bool = False,
    progress: Progress = silent,
) -> Generator[OpenRun[T]]:
    """Open the run in a folder, made if there is none.

    Its replies are in its own file, and its calls too, unless there is a limit per day: then they
    are in the ledger that all of the day's are in.

    Args:
        settings: see `extractor.config.load_settings`.
        schema: the Pydantic model to fill.
        out: the run's folder.
        reading: how files are read, for the key of what is found in them.
        instructions: words of your own for the prompt, after ours.
        by_batches: hand requests in by batches, for half the price.
        progress: is told what is being done and what is waited for.

    Raises:
        ConfigurationError: settings that can't be kept; or the run has batches under way, and is
            not to go on by batches.
        StoreError: the run's file can't be used.
    """
    with ExitStack() as opened:
        journal = opened.enter_context(closing(SqliteJournal(out / FILE_NAME)))
        settings = _of_this_run(settings, journal)
        ledger: Ledger | None = None
        if settings.budget.max_usd_per_day is None:  # a day's is kept where all of it is counted
            ledger = SqliteLedger(journal.path, timezone=settings.budget.timezone)
            opened.enter_context(closing(ledger))
        replies = opened.enter_context(closing(JournalReplies(journal)))
        core = opened.enter_context(core_from(settings, ledger=ledger, cache=replies))
        core = replace(core, ledger=JournalLedger(core.ledger, journal))
        if core.cache is not None and core.cache is not replies:
            core = replace(core, cache=NotedReplies(core.cache, replies))
        asking = partial(
            extractor_from, settings, schema, instructions=instructions, progress=progress
        )
        extractor = opened.enter_context(asking(core=core))
        batches = opened.enter_context(closing(Batches(journal)))
        batching: Batching[T] | None = None
        if by_batches:
            api = opened.enter_context(batches_for(settings, batches))
            deferring = deferring_core(core, replies, batches, api)
            put_off = opened.enter_context(asking(core=deferring))
            batching = Batching(put_off, deferring, batches, api)
        if not by_batches:
            require_no_batches(batches)
        asked = Configuration({**extractor.configuration, "reading": reading})
        before = journal.configuration
        changed = asked.anew(before.refreshed).differs(before) if before.told else ()
        listing = settings.store.path.with_name(LISTING)
        known = opened.enter_context(closing(KnownRuns(listing, own=journal.path)))
        known.add()
        yield OpenRun(journal, extractor, known, batching, asked, changed)


def _of_this_run(settings: Settings, journal: SqliteJournal) -> Settings:
    """Return settings whose limit for a run is one for this run, however often it goes on."""
    budget = settings.budget
    named = budget.model_copy(update={"run": budget.run or f"run {journal.id}"})
    return settings.model_copy(update={"budget": named})
