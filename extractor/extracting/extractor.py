"""Where the parts are put together: an `Extractor` reads, asks, proves, and tells what it cost.

What is to be done is one generator of steps (`asking/document.py`), which `driving.py` performs.
"""

from __future__ import annotations

import os
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import aclosing, contextmanager
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeAlias

from extractor.asking.candidates import candidates
from extractor.asking.document import FALLBACK_ON, Asking, Conditions, Job
from extractor.asking.estimating import Estimate
from extractor.asking.plans import chosen, first_request, told_of, ways_for
from extractor.calls.core import CallCore
from extractor.calls.ledger.spending import SpendingLimits
from extractor.calls.retry import RetryPolicy
from extractor.choices import CoverageMode, ReasoningEffort
from extractor.documents import aread_document, read_document
from extractor.documents.document import Document
from extractor.errors import ExtractorError
from extractor.extracting.driving import Driver
from extractor.extracting.identity import identity
from extractor.extracting.options import check_day, check_documents, check_metadata, check_options
from extractor.extracting.outcomes import Outcome, outcomes
from extractor.extracting.spreading import drawn
from extractor.planning.plan import Plan
from extractor.prompting.prompts import Prompts
from extractor.providers import Progress, Provider, silent, unfailing
from extractor.types import EvidenceMode, Extraction, JsonObject, ModelRequest, T, Unverified

Source: TypeAlias = str | bytes | os.PathLike[str] | Document
"""A contract: a path, the file's bytes, its text as a str, or a `Document` already read."""

DEADLINE = 1_800.0
"""Seconds that one document may take, reading and waits for limits and outages included."""

CONCURRENCY = 8
"""Documents that are worked on at once, if nobody says how many."""


@cache
def shared_core() -> CallCore:
    """Return the call core of all extractors that are given none: one set of limits and gates."""
    return CallCore()


class Extractor(Generic[T]):
    """One schema, and the models and technique to ask with, for any number of documents.

    Connections (and the embedded model) are opened on first use and kept until `close`; use it as a
    context manager. Safe to use from several threads and tasks.

    Args:
        schema: the Pydantic model to fill.
        model: `provider:name`; by default EXTRACTOR_MODEL, else the embedded model.
        models: several in place of one: the next is asked where the one before can't be had.
        race: ask the first two of `models` at once and take the first valid answer; the other one
            is cancelled, and may be billed.
        fallback_on: the errors after which the next of `models` is asked.
        backend: the technique, or "auto" for the best that model and schema allow; where a wide
            schema is asked for in groups of fields, for the cheapest.
        evidence: "quotes" asks for a verbatim quote with every value and checks it; "none" does
            neither.
        reasoning_effort: how much a reasoning model is to think; None for the provider's default.
        unverified: "drop" leaves values that no quote proves out of the object, wherever the schema
            can do without them; "keep" leaves them in. The fields tell of them either way.
        second_look: look once more for the schema's `vital` fields of which nothing was proved, and
            for what it can't do without and was answered without proof, in one more request with
            the likely clauses, while attempts are left.
        base_url: where the provider's requests go, if not to its own address.
        provider: a provider of your own, such as a `ScriptedProvider`, in place of `model`'s; it is
            never closed here.
        providers: the same for some of `models`, by their full names.
        prompts: a folder whose templates replace the shipped ones by name.
        instructions: words of your own for the prompt, after ours.
        max_attempts: how many replies may be asked for on one document, the first included.
        max_tokens: input and output tokens that one document may cost, retries included; by default
            what `max_attempts` requests like the first cost at most, each with the longest answer
            that the model writes and a correction of one.
        coverage: "full" shows the model all of a document, in windows if it has to; "passages"
            only those that likely state the answers, which costs less and finds less: what they
            don't state is `not_searched`, never `absent`.
        deadline: the seconds that one document may take, reading and waiting included; None for no
            limit. What is read is read to its end, within `Limits.seconds`.
        retry: how patiently transient failures are tried again.
        spending: the most that may be spent, in dollars.
        metadata: your own words for the records of all calls: user, endpoint, matter.
        core: limits, ledger, reply cache and prices, shared by all extractors that are given the
            same one; by default by all of the process.
        progress: is told, in short sentences, what is being done and what is waited for.

    Raises:
        ConfigurationError: unknown names, options of a wrong type, or a schema that the technique
            can't carry. A missing key is only found by the first extraction.
    """

    def __init__(
        self,
        schema: type[T],
        *,
        model: str | None = None,
        models: Sequence[str] = (),
        race: bool = False,
        fallback_on: tuple[type[ExtractorError], ...] = FALLBACK_ON,
        backend: str = "auto",
        evidence: EvidenceMode = "quotes",
        reasoning_effort: ReasoningEffort | None = None,
        unverified: Unverified = "drop",
        second_look: bool = True,
        base_url: str | None = None,
        provider: Provider | None = None,
        providers: Mapping[str, Provider] | None = None,
        prompts: Path | str | None = None,
        instructions: str | None = None,
        max_attempts: int = 4,
        max_tokens: int | None = None,
        coverage: CoverageMode = "full",
        deadline: float | None = DEADLINE,
        retry: RetryPolicy | None = None,
        spending: SpendingLimits | None = None,
        metadata: Mapping[str, str] | None = None,
        core: CallCore | None = None,
        progress: Progress = silent,
    ) -> None:
        check_options(
            {
                "model": model,
                "models": models,
                "race": race,
                "fallback_on": fallback_on,
                "backend": backend,
                "reasoning_effort": reasoning_effort,
                "base_url": base_url,
                "provider": provider,
                "providers": providers,
                "prompts": prompts,
                "instructions": instructions,
                "unverified": unverified,
                "second_look": second_look,
                "max_attempts": max_attempts,
                "max_tokens": max_tokens,
                "coverage": coverage,
                "deadline": deadline,
                "retry": retry,
                "spending": spending,
                "metadata": metadata,
                "core": core,
                "progress": progress,
            }
        )
        progress = unfailing(progress)
        self._candidates = candidates(
            schema,
            model=model,
            models=models,
            backend=backend,
            evidence=evidence,
            reasoning_effort=reasoning_effort,
            base_url=base_url,
            provider=provider,
            providers=providers or {},
            progress=progress,
        )
        self._metadata = metadata or {}
        self._conditions = Conditions(
            prompts=Prompts(prompts),
            instructions=instructions or None,
            max_attempts=max_attempts,
            unverified=unverified,
            second_look=second_look,
            max_tokens=max_tokens,
            retry=retry or RetryPolicy(),
            deadline=deadline,
            spending=spending or SpendingLimits(),
            fallback_on=fallback_on,
            coverage=coverage,
        )
        # A script, the embedded model and a provider of the caller's share limits with nobody.
        has_account = all(each.is_ours and each.target.account for each in self._candidates)
        self._core = core or (shared_core() if has_account else CallCore())
        check_day(self._conditions.spending, self._core.ledger)
        self._driver = Driver(self._candidates, race=race, progress=progress)

    def extract(
        self, document: Source, *, metadata: Mapping[str, str] | None = None
    ) -> Extraction[T]:
        """Extract one document, blocking; works inside a running event loop too.

        Args:
            document: the contract.
            metadata: words of your own for this document's records, beside the extractor's.

        Raises:
            DocumentError: it can't be read, or holds no text; nothing was sent.
            ProviderError: a call failed for good; an `OutageError` if nobody is answered.
            RefusalError: the model declined.
            BudgetError: the tokens or dollars that may be spent are used up.
            DeadlineError: the time that the document may take is up.
            ExtractionError: no valid answer within the attempts allowed.
        """
        job = self._job()  # the deadline is that of reading too
        return self._driver.run(self._asking(read_document(document), metadata, job))

    async def aextract(
        self, document: Source, *, metadata: Mapping[str, str] | None = None
    ) -> Extraction[T]:
        """Extract one document on an event loop: same arguments, results and errors."""
        job = self._job()
        return await self._driver.arun(self._asking(await aread_document(document), metadata, job))

    def extract_many(
        self, documents: Iterable[Source], *, concurrency: int = CONCURRENCY
    ) -> Generator[Outcome[T]]:
        """Extract any number of documents, and yield what becomes of each as soon as it is known.

        An `Ok` or a `Failed` comes for every document, in the order in which they are done; none
        stops the others. Documents are taken only when there is room to work on them: the iterable
        may be endless. What is under way goes on while the caller is busy with a result, and is
        cancelled when this is closed.

        Args:
            documents: the contracts, taken in a thread of their own, which has to open what may be
                used in one only. What they raise is raised behind all that was begun.
            concurrency: how many are worked on at once.

        Raises:
            ConfigurationError: `concurrency` is no whole number from 1, or `documents` is one.
        """
        check_documents(documents)
        yield from drawn(documents, partial(self.aextract_many, concurrency=concurrency))

    async def aextract_many(
        self,
        documents: Iterable[Source] | AsyncIterable[Source],
        *,
        concurrency: int = CONCURRENCY,
    ) -> AsyncGenerator[Outcome[T]]:
        """Do it on an event loop, where documents that are waited for come asynchronously best."""
        check_documents(documents)
        check_options({"concurrency": concurrency})
        extracted = outcomes(documents, self.aextract, concurrency=concurrency)
        async with aclosing(extracted):
            async for outcome in extracted:
                yield outcome

    def extract_together(self, documents: Sequence[tuple[Document, str]]) -> list[Extraction[T]]:
        """Extract the parts of one contract within one deadline, on one bill, under one limit.

        They are asked about one by one, and none is looked at a second time: what it lacks, another
        may state.

        Args:
            documents: each with words of its own for its prompt, after the extractor's.

        Returns:
            One result for each; each has the bill so far, so the last one has all of it.

        Raises:
            ExtractorError: as `extract`; a note says which document it was about.
        """
        done: list[Extraction[T]] = []
        for document, asking in self._together(documents):
            with _about(document):
                done.append(self._driver.run(asking))
        return done

    async def aextract_together(
        self, documents: Sequence[tuple[Document, str]]
    ) -> list[Extraction[T]]:
        """Do what `extract_together` does, on an event loop."""
        done: list[Extraction[T]] = []
        for document, asking in self._together(documents):
            with _about(document):
                done.append(await self._driver.arun(asking))
        return done

    def first_request(self, document: Source) -> ModelRequest:
        """Return the first request exactly as it would be sent, without sending it."""
        read = read_document(document)
        way = chosen(self._candidates[0], read, self._conditions, self._core)
        return first_request(way, read, self._conditions)

    def estimate(self, document: Source) -> Estimate:
        """Say what the first model will take for a document, in tokens and dollars; sends nothing.

        Raises:
            DocumentError: it can't be read, or holds no text.
            ContextWindowError: the questions alone fill the model's context window.
        """
        read, conditions, core = read_document(document), self._conditions, self._core
        way = chosen(self._candidates[0], read, conditions, core)
        return told_of(way, read, conditions, core)

    def estimates(self, document: Source) -> tuple[Estimate, ...]:
        """Say the same of every plan that there is for a document; the first is the one that runs.

        The others show as much of it or less, for another price: by passages, if the document is
        longer than those, and where the fields have to be asked for in groups, by techniques under
        which the groups share the document in the provider's prompt cache.
        """
        read, conditions, core = read_document(document), self._conditions, self._core
        ways = ways_for(self._candidates[0], read, conditions, core)
        return tuple(told_of(way, read, conditions, core) for way in ways)

    @property
    def plan(self) -> Plan[T]:
        """How the first model is asked; by another technique if that saves much on a document."""
        return self._candidates[0].plan

    @property
    def model(self) -> str:
        """Who is asked first, as `provider:name`."""
        return self._candidates[0].model

    @property
    def base_url(self) -> str | None:
        """Where the first model's requests go; None when nothing leaves the process."""
        return self._candidates[0].provider.base_url

    @property
    def configuration(self) -> JsonObject:
        """What decides the answers beside the documents, by name.

        Two extractors that say the same ask the same. Limits on time, money and attempts are not in
        it: they decide whether there is an answer, not which.
        """
        return identity(self._candidates, self._conditions)

    def close(self) -> None:
        """Give back connections; a provider or a core of your own stays open for its users."""
        self._core.settle_orphans()
        for candidate in self._candidates:
            if candidate.is_ours:
                candidate.provider.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _job(self) -> Job:
        return Job.begun(self._conditions.deadline, self._core.clock)

    def _together(
        self, documents: Sequence[tuple[Document, str]]
    ) -> Iterator[tuple[Document, Asking[T]]]:
        job, common = self._job(), self._conditions
        for document, words in documents:
            told = "\n".join(filter(None, (common.instructions, words)))
            conditions = replace(common, instructions=told, second_look=False)
            yield document, self._asking(document, None, job, conditions)

    def _asking(
        self,
        document: Document,
        metadata: Mapping[str, str] | None,
        job: Job,
        conditions: Conditions | None = None,
    ) -> Asking[T]:
        check_metadata(metadata or {})
        return Asking(
            self._candidates,
            document,
            core=self._core,
            conditions=conditions or self._conditions,
            metadata={**self._metadata, **(metadata or {})},
            job=job,
        )


@contextmanager
def _about(document: Document) -> Generator[None]:
    """Say on an error which of several documents it is about."""
    try:
        yield
    except ExtractorError as error:
        error.add_note(f"This was {document.source}.")
        raise
