"""Where the parts are put together: `Extractor`, `extract()` and `aextract()`.

The only place where an extraction meets a provider: the flow's requests go through the call core,
which makes of both one generator of steps; `send` or `asend` does them.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeAlias

from extractor.calls.allowance import Allowance, largest
from extractor.calls.core import CallCore, Steps, aperform, perform
from extractor.calls.pricing import cost_usd
from extractor.calls.retry import RetryPolicy
from extractor.config import model_or_default
from extractor.documents import read_document
from extractor.documents.document import Document
from extractor.errors import ExtractorError
from extractor.flow import Answer, Flow, extraction
from extractor.options import check_options
from extractor.planning import EvidenceMode, Plan, check_size, plan
from extractor.prompting import Prompts
from extractor.providers import Progress, Provider, provider_for, silent, split_model
from extractor.types import Extraction, ModelRequest, ModelResponse, T

Source: TypeAlias = str | bytes | os.PathLike[str] | Document
"""A contract: a path, the file's bytes, its text as a str, or a `Document` already read."""


class Extractor(Generic[T]):
    """One schema, one model and one technique, for any number of documents.

    Connections (and the embedded model) are opened on first use and kept until `close`; use it as a
    context manager. Safe to use from several threads and tasks.

    Args:
        schema: the Pydantic model to fill.
        model: `provider:name`; by default EXTRACTOR_MODEL, else the embedded model.
        backend: the technique, or "auto" for the best that model and schema allow.
        evidence: "quotes" asks for a verbatim quote with every value and checks it; "none" does
            neither.
        base_url: where the provider's requests go, if not to its own address.
        provider: a provider of your own, such as a `ScriptedProvider`, in place of `model`'s; it is
            never closed here.
        prompts: a folder whose templates replace the shipped ones by name.
        instructions: words of your own for the prompt, after ours.
        max_attempts: how many replies may be asked for on one document, the first included.
        max_tokens: input and output tokens that one document may cost, retries included; by default
            what `max_attempts` requests like the first cost at most, each with the longest answer
            that the model writes and a correction of one.
        retry: how patiently transient failures are tried again.
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
        backend: str = "auto",
        evidence: EvidenceMode = "quotes",
        base_url: str | None = None,
        provider: Provider | None = None,
        prompts: Path | str | None = None,
        instructions: str | None = None,
        max_attempts: int = 4,
        max_tokens: int | None = None,
        retry: RetryPolicy | None = None,
        progress: Progress = silent,
    ) -> None:
        check_options(
            {
                "model": model,
                "backend": backend,
                "base_url": base_url,
                "provider": provider,
                "prompts": prompts,
                "instructions": instructions,
                "max_attempts": max_attempts,
                "max_tokens": max_tokens,
                "retry": retry,
                "progress": progress,
            }
        )
        self._owns_provider = provider is None
        if provider is None:
            name, model_name = split_model(model_or_default(model))
            provider = provider_for(name, model_name, base_url=base_url, progress=progress)
        else:
            model_name = model or provider.name
        self._provider = provider
        self._prompts = Prompts(prompts)
        self._instructions = instructions
        self._max_attempts = max_attempts
        self._max_tokens = max_tokens
        self._progress = progress
        self._core = CallCore(retry or RetryPolicy())
        self.plan: Plan[T] = plan(
            schema,
            model=model_name,
            profile=provider.profile(model_name),
            backend=backend,
            evidence=evidence,
        )

    def extract(self, document: Source) -> Extraction[T]:
        """Extract one document, blocking; works inside a running event loop too.

        Raises:
            DocumentError: it can't be read, or holds no text; nothing was sent.
            ProviderError: a call failed for good.
            RefusalError: the model declined.
            BudgetError: the tokens that the document may cost are used up.
            ExtractionError: no valid answer within the attempts allowed.
        """
        read = read_document(document)
        steps, allowance = self._begin(read)

        def post(request: ModelRequest) -> ModelResponse:
            self._tell(request, allowance)
            return self._provider.send(request)

        with _billed(allowance):
            answer = perform(steps, post, time.sleep, self._progress)
            return self._result(answer, read, allowance)

    async def aextract(self, document: Source) -> Extraction[T]:
        """Extract one document on an event loop: same arguments, results and errors."""
        read = await asyncio.to_thread(read_document, document)
        steps, allowance = self._begin(read)

        async def post(request: ModelRequest) -> ModelResponse:
            self._tell(request, allowance)
            return await self._provider.asend(request)

        with _billed(allowance):
            answer = await aperform(steps, post, asyncio.sleep, self._progress)
            return self._result(answer, read, allowance)

    def first_request(self, document: Source) -> ModelRequest:
        """Return the first request exactly as it would be sent, without sending it."""
        flow = self._flow(read_document(document))
        try:
            return next(flow)
        finally:
            flow.close()

    @property
    def model(self) -> str:
        """Who is asked, as `provider:name`."""
        return f"{self._provider.name}:{self.plan.model}"

    def close(self) -> None:
        """Give back connections; a provider of your own stays open for its other users."""
        if self._owns_provider:
            self._provider.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _begin(self, document: Document) -> tuple[Steps[Answer[T]], Allowance]:
        flow = self._flow(document)
        first = next(flow)
        provider, model = self._provider.name, self.plan.model
        most = self._max_tokens or self._most(first)
        allowance = Allowance(most, lambda usage: cost_usd(provider, model, usage))
        return self._steps(flow, first, allowance), allowance

    def _flow(self, document: Document) -> Flow[T]:
        check_size(self.plan, document)
        return extraction(
            self.plan,
            document,
            self._prompts,
            instructions=self._instructions,
            max_attempts=self._max_attempts,
        )

    def _steps(self, flow: Flow[T], asked: ModelRequest, allowance: Allowance) -> Steps[Answer[T]]:
        """Send each request of an extraction through the call core."""
        try:
            while True:
                try:
                    response = yield from self._core.call(asked, allowance)
                except ExtractorError as error:
                    asked = flow.throw(error)
                else:
                    asked = flow.send(response)
        except StopIteration as done:
            answer: Answer[T] = done.value
            return answer
        finally:
            flow.close()

    def _most(self, first: ModelRequest) -> int:
        """Measure the first request, schema and templates included, for the default allowance.

        Output counts twice: a correction sends the last answer along.
        """
        room = 2 * self.plan.profile.max_output_tokens
        return self._max_attempts * largest(replace(first, max_tokens=room))

    def _tell(self, request: ModelRequest, allowance: Allowance) -> None:
        size = sum(len(message.content) for message in request.messages)
        again = "again, " if allowance.attempts > 1 else ""
        self._progress(
            f"Asking {self.model} ({self.plan.backend.name}) {again}with {size:,} characters"
        )

    def _result(self, answer: Answer[T], document: Document, bill: Allowance) -> Extraction[T]:
        return Extraction(
            value=answer.value,
            fields=answer.fields,
            model=self.model,
            backend=self.plan.backend.name,
            attempts=bill.attempts,
            repairs=answer.repairs,
            usage=bill.usage,
            cost_usd=bill.cost_usd,
            warnings=(*document.warnings, *self.plan.warnings, *bill.warnings()),
            coverage=1.0,
        )


@contextmanager
def _billed(allowance: Allowance) -> Generator[None]:
    """Note on an error what had been spent when it ended the extraction."""
    try:
        yield
    except ExtractorError as error:
        error.billed(
            attempts=allowance.attempts, usage=allowance.usage, cost_usd=allowance.cost_usd
        )
        raise


def extract(
    document: Source,
    schema: type[T],
    *,
    model: str | None = None,
    backend: str = "auto",
    evidence: EvidenceMode = "quotes",
    base_url: str | None = None,
    provider: Provider | None = None,
    prompts: Path | str | None = None,
    instructions: str | None = None,
    max_attempts: int = 4,
    max_tokens: int | None = None,
    retry: RetryPolicy | None = None,
) -> Extraction[T]:
    """Turn one contract into a validated object whose values carry verified quotes.

    The arguments are `Extractor`'s; for more than one document use that, and keep its connections.

    Raises:
        ExtractorError: see `Extractor` and `Extractor.extract`; every subclass says what happened,
            what was billed and what to do.
    """
    with Extractor(
        schema,
        model=model,
        backend=backend,
        evidence=evidence,
        base_url=base_url,
        provider=provider,
        prompts=prompts,
        instructions=instructions,
        max_attempts=max_attempts,
        max_tokens=max_tokens,
        retry=retry,
    ) as extractor:
        return extractor.extract(document)


async def aextract(
    document: Source,
    schema: type[T],
    *,
    model: str | None = None,
    backend: str = "auto",
    evidence: EvidenceMode = "quotes",
    base_url: str | None = None,
    provider: Provider | None = None,
    prompts: Path | str | None = None,
    instructions: str | None = None,
    max_attempts: int = 4,
    max_tokens: int | None = None,
    retry: RetryPolicy | None = None,
) -> Extraction[T]:
    """Do what `extract` does, on an event loop."""
    with Extractor(
        schema,
        model=model,
        backend=backend,
        evidence=evidence,
        base_url=base_url,
        provider=provider,
        prompts=prompts,
        instructions=instructions,
        max_attempts=max_attempts,
        max_tokens=max_tokens,
        retry=retry,
    ) as extractor:
        return await extractor.aextract(document)
