"""Traces and metrics by OpenTelemetry: a span for each extraction, one for each call within it.

Only the API is used: without an SDK that a program sets up, nothing is made and nothing is sent. No
span or metric holds a word of a contract, of a reply or of an error's message.

Names are those of the semantic conventions for generative AI, which are still in development and so
written out here: https://github.com/open-telemetry/semantic-conventions-genai, docs/gen-ai, as of
2026-11. What they have no name for begins with `extractor.`.

To wire it, both context managers go around what they are to measure, blocking or in a coroutine:

    with telemetry.extraction(schema="NDA", model="openai:m", technique="strict") as span:
        return span.ended(perform(steps, post, tell))

    with telemetry.call(step, provider) as span:
        return span.answered(provider.send(step.request, timeout=step.timeout))

The first belongs outside of whatever notes the bill on an error, since it reads it there.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from extractor.calls.metering.credible import is_credible
from extractor.calls.steps import Send
from extractor.errors import ExtractorError
from extractor.providers.base import Provider
from extractor.types import Extraction, ModelResponse, StopReason, T, TextOutput, Usage

if TYPE_CHECKING:
    from opentelemetry.metrics import Histogram
    from opentelemetry.trace import Span, Tracer

_SCOPE = "contract-extractor"

_API = ("opentelemetry.trace", "opentelemetry.metrics")
"""Where the API's own providers are defined."""

_TOKEN_BUCKETS = tuple(4**n for n in range(14))
_SECOND_BUCKETS = tuple(0.01 * 2**n for n in range(14))
"""The boundaries that the conventions advise for both metrics."""

_FINISH_REASONS = {StopReason.END: "stop", StopReason.TOOL_USE: "tool_call"}
"""Where the conventions have a word of their own."""

_Attributes: TypeAlias = dict[str, str | int | float | tuple[str, ...]]


class ExtractionSpan:
    """The span of one extraction; without one, nothing is noted."""

    def __init__(self, span: Span | None) -> None:
        self._span = span

    def ended(self, extraction: Extraction[T]) -> Extraction[T]:
        """Note what came of it; return it as it is."""
        if self._span is None:
            return extraction
        self._span.set_attributes(
            {
                "extractor.model": extraction.model,
                "extractor.technique": extraction.backend,
                **_bill(extraction),
            }
        )
        return extraction

    def failed(self, error: BaseException) -> None:
        if self._span is None:
            return
        if isinstance(error, ExtractorError):
            self._span.set_attributes(_bill(error))
        _fail(self._span, error)


class CallSpan:
    """The span of one POST, and what is measured of it; without one, nothing is noted."""

    def __init__(self, span: Span | None, labels: Mapping[str, str | int]) -> None:
        self._span = span
        self._labels = dict(labels)

    def answered(self, response: ModelResponse) -> ModelResponse:
        """Note what came back; return it as it is.

        Usage that can't be true is left out: one such number would spoil a histogram for ever.
        """
        if self._span is None:
            return response
        if response.model:
            self._labels["gen_ai.response.model"] = response.model
        if (usage := _usage(response)) is not None:
            tokens = _instruments().tokens
            for kind, number in (
                ("input", usage.input_tokens),
                ("output", usage.output_tokens),
            ):
                tokens.record(number, self._labels | {"gen_ai.token.type": kind})
        self._span.set_attributes(_answer(response))
        return response

    def failed(self, error: BaseException) -> None:
        self._labels["error.type"] = type(error).__name__
        if self._span is not None:
            _fail(self._span, error)

    def over(self, seconds: float) -> None:
        _instruments().duration.record(seconds, self._labels)


@contextmanager
def extraction(*, schema: str, model: str, technique: str) -> Generator[ExtractionSpan]:
    """Make a span of an extraction; spans of the calls made inside are its children.

    Attributes: `extractor.schema`, `extractor.model`, `extractor.technique`; at the end
    `extractor.status` (ok, failed, cancelled), `extractor.attempts`, `extractor.cost_usd` where it
    is known, and `error.type`.

    Args:
        schema: the schema's name.
        model: who is asked first, as `provider:name`.
        technique: the backend's name.
    """
    if not _is_set_up():
        yield ExtractionSpan(None)
        return
    attributes: _Attributes = {
        "extractor.schema": schema,
        "extractor.model": model,
        "extractor.technique": technique,
    }
    with _instruments().tracer.start_as_current_span(
        f"extract {schema}",
        attributes=attributes,
        record_exception=False,  # its message and its locals may hold a contract
        set_status_on_exception=False,
    ) as span:
        ours = ExtractionSpan(span)
        try:
            yield ours
        except BaseException as error:
            status = "failed" if isinstance(error, Exception) else "cancelled"
            span.set_attribute("extractor.status", status)
            ours.failed(error)
            raise
        span.set_attribute("extractor.status", "ok")


@contextmanager
def call(send: Send, provider: Provider) -> Generator[CallSpan]:
    """Make a client span of one POST, and measure it.

    The metrics are `gen_ai.client.operation.duration` and `gen_ai.client.token.usage`.
    """
    from opentelemetry.trace import SpanKind

    if not _is_set_up():
        yield CallSpan(None, {})
        return
    labels: dict[str, str | int] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": provider.name,
        "gen_ai.request.model": send.request.model,
        **_server(provider.base_url),
    }
    began = time.perf_counter()
    with _instruments().tracer.start_as_current_span(
        f"chat {send.request.model}",
        kind=SpanKind.CLIENT,
        attributes={**labels, **_request(send)},
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        ours = CallSpan(span, labels)
        try:
            yield ours
        except BaseException as error:
            ours.failed(error)
            raise
        finally:
            ours.over(time.perf_counter() - began)


def _is_set_up() -> bool:
    """Whether a program has set up anything that takes spans or metrics.

    Until then the API gives providers of its own, which make nothing, but take their time for it.
    """
    from opentelemetry import metrics, trace

    providers = (trace.get_tracer_provider(), metrics.get_meter_provider())
    return not all(type(one).__module__.startswith(_API) for one in providers)


@dataclass(frozen=True, slots=True)
class _Instruments:
    tracer: Tracer
    duration: Histogram
    tokens: Histogram


@cache
def _instruments() -> _Instruments:
    """Return what is measured with; an SDK that is set up later takes it over."""
    from opentelemetry import metrics, trace

    meter = metrics.get_meter(_SCOPE)
    return _Instruments(
        trace.get_tracer(_SCOPE),
        meter.create_histogram(
            "gen_ai.client.operation.duration",
            unit="s",
            description="How long calls to models take.",
            explicit_bucket_boundaries_advisory=_SECOND_BUCKETS,
        ),
        meter.create_histogram(
            "gen_ai.client.token.usage",
            unit="{token}",
            description="How many tokens calls to models take.",
            explicit_bucket_boundaries_advisory=_TOKEN_BUCKETS,
        ),
    )


def _request(send: Send) -> _Attributes:
    request = send.request
    attributes: _Attributes = {
        "gen_ai.request.max_tokens": request.max_tokens,
        "gen_ai.output.type": "text" if isinstance(request.output, TextOutput) else "json",
    }
    if request.temperature is not None:
        attributes["gen_ai.request.temperature"] = request.temperature
    return attributes


def _answer(response: ModelResponse) -> _Attributes:
    reason = _FINISH_REASONS.get(response.stop_reason, response.stop_reason.value)
    attributes: _Attributes = {"gen_ai.response.finish_reasons": (reason,)}
    if response.model:
        attributes["gen_ai.response.model"] = response.model
    if response.response_id:
        attributes["gen_ai.response.id"] = response.response_id
    if (usage := _usage(response)) is not None:
        attributes |= {
            "gen_ai.usage.input_tokens": usage.input_tokens,
            "gen_ai.usage.output_tokens": usage.output_tokens,
            "gen_ai.usage.cache_read.input_tokens": usage.cache_read_input_tokens,
            "gen_ai.usage.cache_write.input_tokens": usage.cache_creation_input_tokens,
            "gen_ai.usage.reasoning.output_tokens": usage.reasoning_tokens,
        }
    return attributes


def _usage(response: ModelResponse) -> Usage | None:
    usage = response.usage
    return usage if usage is not None and is_credible(usage) else None


def _bill(ended: Extraction[T] | ExtractorError) -> _Attributes:
    attributes: _Attributes = {"extractor.attempts": ended.attempts}
    if ended.cost_usd is not None:
        attributes["extractor.cost_usd"] = float(ended.cost_usd)
    return attributes


def _fail(span: Span, error: BaseException) -> None:
    from opentelemetry.trace import StatusCode

    span.set_attribute("error.type", type(error).__name__)
    span.set_status(StatusCode.ERROR)


@lru_cache(maxsize=64)
def _server(base_url: str | None) -> Mapping[str, str | int]:
    """Return where a provider's requests go; nothing where none leave the process."""
    if base_url is None:
        return {}
    parts = urlsplit(base_url.partition(" ")[0])  # before its start the embedded one adds a word
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    return {"server.address": parts.hostname or "", "server.port": port}
