"""Where the state of limits is kept: the Protocol, and the store of one process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from extractor.calls.limits.state import State
from extractor.calls.steps import Target

R = TypeVar("R")


class Store(Protocol):
    """Keeps one state for each target.

    One on a server (Redis, an actor) takes part by having the same methods.
    """

    @property
    def shared(self) -> bool:
        """Whether other processes change the state, without anybody here hearing of it."""
        ...

    def update(self, target: Target, change: Callable[[State], R], /) -> R:
        """Change a target's state, alone, and keep it; if `change` raises, nothing is changed.

        `change` depends on nothing but the state, so a store may begin again with it.

        Raises:
            StoreError: the state can't be read or written.
        """
        ...

    def close(self) -> None: ...


class MemoryStore:
    """The store of one limiter, whose queues call it for one target at a time."""

    shared = False

    def __init__(self) -> None:
        self._states: dict[Target, State] = {}

    def update(self, target: Target, change: Callable[[State], R], /) -> R:
        state = self._states.get(target)
        if state is None:
            state = self._states.setdefault(target, State())
        return change(state)

    def close(self) -> None:
        """Nothing is open."""
