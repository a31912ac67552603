"""One request through the call core, as a generator: it says what to do and does nothing itself.

`call` yields `Send` and `Wait`; a driver performs them, blocking or not, or in virtual time. The
statements stand in the order in which things happen.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from tenacity import DoAttempt, DoSleep, RetryCallState

from extractor.calls.allowance import Allowance
from extractor.calls.retry import RetryPolicy
from extractor.errors import ConfigurationError, ExtractorError, ProviderError
from extractor.types import ModelRequest, ModelResponse, Usage

_log = logging.getLogger("extractor.calls")


@dataclass(frozen=True, slots=True)
class Send:
    """One POST."""

    request: ModelRequest


@dataclass(frozen=True, slots=True)
class Wait:
    """Time to let pass before the next step, and why, in a sentence for people."""

    seconds: float
    why: str


R = TypeVar("R")
Step: TypeAlias = Send | Wait
Steps: TypeAlias = Generator[Step, ModelResponse | None, R]
"""What is to be done next; a `Send` is answered with its response, a `Wait` with None."""


@dataclass(frozen=True, slots=True)
class CallCore:
    """Retries around each request."""

    retry: RetryPolicy = field(default_factory=RetryPolicy)

    def call(self, request: ModelRequest, allowance: Allowance) -> Steps[ModelResponse]:
        """Send one request until it is answered or not worth another try.

        Raises:
            ProviderError: permanent, or transient and still there after the last attempt.
        """
        policy = self.retry.retrying()
        policy.begin()
        state = RetryCallState(policy, None, (), {})
        while True:
            do = policy.iter(state)
            if isinstance(do, DoAttempt):
                yield from _attempt(request, allowance, state)
            elif isinstance(do, DoSleep):
                why = f"{_cause(state)}: trying again in {round(do, 1):g} s"
                state.prepare_for_next_attempt()
                yield Wait(float(do), f"{why} ({state.attempt_number} of {self.retry.attempts})")
            else:
                response: ModelResponse = do
                return response


def _cause(state: RetryCallState) -> str:
    """Name the failure that is waited for: `429 from openai`, `APITimeoutError from openai`."""
    error = state.outcome.exception() if state.outcome else None
    provider, status = "", None
    if isinstance(error, ProviderError):
        provider, status = error.provider, error.status
    told = status if status and status >= 400 else type(error).__name__
    return f"{told} from {provider or 'the provider'}"


def _attempt(request: ModelRequest, allowance: Allowance, state: RetryCallState) -> Steps[None]:
    amount, outcome, sent, doubted = allowance.reserve(request), "abandoned", True, False
    usage: Usage | None = Usage()
    try:
        response = yield Send(request)
        if response is None:
            raise AssertionError("the driver has to answer a Send")
        usage, outcome = response.usage, response.stop_reason.value
        state.set_result(response)
    except ExtractorError as error:
        usage, outcome = error.usage, type(error).__name__
        sent = not isinstance(error, ConfigurationError)  # a missing key is found before the POST
        doubted = isinstance(error, ProviderError) and error.may_be_billed
        state.set_exception((type(error), error, error.__traceback__))
    finally:  # also when the drive is cancelled: GeneratorExit comes by here
        allowance.settle(amount, usage, sent=sent)
        if doubted:
            allowance.doubt()
        if sent:
            _record(request, state.attempt_number, outcome, None if doubted else usage)


def _record(request: ModelRequest, attempt: int, outcome: str, usage: Usage | None) -> None:
    """Log one line for each POST; never a word of the contract."""
    facts = {
        "model": request.model,
        "attempt": attempt,
        "outcome": outcome,
        "input_tokens": usage.input_tokens if usage else None,
        "output_tokens": usage.output_tokens if usage else None,
    }
    _log.info("%s", json.dumps(facts))


def perform(
    steps: Steps[R],
    send: Callable[[ModelRequest], ModelResponse],
    sleep: Callable[[float], None],
    tell: Callable[[str], None],
) -> R:
    """Do what a generator of steps asks for, blocking; `tell` is told of each wait beforehand.

    The generator is closed whatever happens.
    """
    try:
        step = next(steps)
        while True:
            if isinstance(step, Wait):
                tell(step.why)
                sleep(step.seconds)
                step = steps.send(None)
                continue
            try:
                response = send(step.request)
            except Exception as error:
                step = steps.throw(error)
            else:
                step = steps.send(response)
    except StopIteration as done:
        result: R = done.value
        return result
    finally:
        steps.close()


async def aperform(
    steps: Steps[R],
    send: Callable[[ModelRequest], Awaitable[ModelResponse]],
    sleep: Callable[[float], Awaitable[None]],
    tell: Callable[[str], None],
) -> R:
    """Do the same on an event loop; a cancellation closes the generator too."""
    try:
        step = next(steps)
        while True:
            if isinstance(step, Wait):
                tell(step.why)
                await sleep(step.seconds)
                step = steps.send(None)
                continue
            try:
                response = await send(step.request)
            except Exception as error:
                step = steps.throw(error)
            else:
                step = steps.send(response)
    except StopIteration as done:
        result: R = done.value
        return result
    finally:
        steps.close()
