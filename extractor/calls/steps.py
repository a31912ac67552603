"""What a generator may ask its driver to do, and the two drivers: blocking, and on an event loop.

Everything that waits or sends is written once, as a generator of steps; nothing of it knows whether
time is real. Tests drive the same generators in virtual time (`tests/virtual_time.py`).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

from extractor.calls.turns import take_turn
from extractor.types import CountedTokens, ModelRequest, ModelResponse

R = TypeVar("R")
ReplyT = TypeVar("ReplyT", ModelResponse, CountedTokens)


class Signal:
    """Ends waits early: set once, from any thread, heard by whoever waits on any thread or loop."""

    __slots__ = ("_is_set", "_listeners", "_lock")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_set = False
        self._listeners: list[Callable[[], object]] = []

    @property
    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        """Wake everybody who waits; later waits end at once."""
        with self._lock:
            self._is_set = True
            listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener()

    def on_set(self, listener: Callable[[], object]) -> None:
        """Have `listener` called, once, from the thread that sets the signal; at once if it is."""
        with self._lock:
            if not self._is_set:
                self._listeners.append(listener)
                return
        listener()


@dataclass(frozen=True, slots=True)
class Target:
    """Who is asked: a provider, the model, and the account that limits and bills are kept for.

    `account` tells keys and addresses apart without holding them: it is a hash of both. `endpoint`
    is a hash of the base URL alone, which decides who answers; a new key does not. It is empty
    where the provider's name says it all (`local`, whose port is another each time, `scripted`).
    """

    provider: str
    model: str
    account: str = ""
    endpoint: str = ""

    def __str__(self) -> str:
        return f"{self.provider}:{self.model}"


@dataclass(frozen=True, slots=True)
class Send:
    """One POST; `timeout` is the most seconds that it may take in all, None for no limit."""

    request: ModelRequest
    target: Target
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """One POST that has the provider count a request's input tokens, which is free of charge."""

    request: ModelRequest
    target: Target
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Time to let pass before the next step, and why, in a sentence for people.

    It is over early when `signal` is set. An empty `why` is not worth telling anybody. With no time
    at all, others on the same loop who can go on may do so first (see `turns.py`).
    """

    seconds: float
    why: str
    signal: Signal | None = None


OTHERS_FIRST: Final = Wait(0.0, "")
"""Is asked for where what comes next takes long."""


Post: TypeAlias = Send | Count
Reply: TypeAlias = ModelResponse | CountedTokens
Steps: TypeAlias = Generator[Post | Wait, Reply | None, R]
"""What is to be done next.

A `Send` is answered with its response, a `Count` with the count, and a `Wait` with None.
"""


def given(reply: Reply | None, kind: type[ReplyT]) -> ReplyT:
    """Return what a driver has answered a POST with, which is of the kind that was asked for."""
    if isinstance(reply, kind):
        return reply
    raise TypeError(f"A provider returns a {kind.__name__}, not a {type(reply).__name__}.")


Sender: TypeAlias = Callable[[Post], Reply]
AsyncSender: TypeAlias = Callable[[Post], Awaitable[Reply]]


class Abandoned(BaseException):
    """Is thrown into a generator of steps by the driver that gives it up.

    `GeneratorExit` would not do: the garbage collector raises that too, in any thread and at any
    moment, so nothing that takes a lock may be done for it (see `endings.Orphans`).
    """


def abandon(steps: Steps[Any]) -> None:
    """End a generator of steps before its time, and have it settle at once what it holds."""
    try:
        steps.throw(Abandoned())
    except (Abandoned, StopIteration):
        return
    raise RuntimeError("a generator of steps that was given up asks for more")


def pause(wait: Wait) -> None:
    """Let the time of a `Wait` pass, blocking this thread."""
    ended = threading.Event()
    if wait.signal is not None:
        wait.signal.on_set(ended.set)
    ended.wait(wait.seconds)


async def apause(wait: Wait) -> None:
    """Let the time of a `Wait` pass on an event loop."""
    if wait.signal is None:
        await (asyncio.sleep(wait.seconds) if wait.seconds else take_turn())
        return
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def end() -> None:
        if not ended.done():
            ended.set_result(None)

    def wake() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(end)

    wait.signal.on_set(wake)
    late = loop.call_later(wait.seconds, end)
    try:
        await ended
    finally:
        late.cancel()


def perform(
    steps: Steps[R],
    send: Sender,
    tell: Callable[[str], None],
    *,
    wait: Callable[[Wait], None] = pause,
) -> R:
    """Do what a generator of steps asks for, blocking; `tell` is told of each wait beforehand,
    once if it goes on.

    Whatever is raised here and is not the generator's own affair abandons it.
    """
    told = ""
    try:
        step = next(steps)
        while True:
            if isinstance(step, Wait):
                if step.why not in ("", told):
                    tell(told := step.why)
                wait(step)
                step = steps.send(None)
                continue
            try:
                response = send(step)
            except Exception as error:
                step = steps.throw(error)
            else:
                step = steps.send(response)
    except StopIteration as done:
        result: R = done.value
        return result
    except BaseException:
        abandon(steps)
        raise


async def aperform(
    steps: Steps[R],
    send: AsyncSender,
    tell: Callable[[str], None],
    *,
    wait: Callable[[Wait], Awaitable[None]] = apause,
) -> R:
    """Do the same on an event loop; a cancellation abandons the generator too."""
    told = ""
    try:
        step = next(steps)
        while True:
            if isinstance(step, Wait):
                if step.why not in ("", told):
                    tell(told := step.why)
                await wait(step)
                step = steps.send(None)
                continue
            try:
                response = await send(step)
            except Exception as error:
                step = steps.throw(error)
            else:
                step = steps.send(response)
    except StopIteration as done:
        result: R = done.value
        return result
    except GeneratorExit:  # the collector's, perhaps
        steps.close()
        raise
    except BaseException:
        abandon(steps)
        raise
