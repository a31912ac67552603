"""Turns on an event loop: of those whose replies came together, one goes on at a time.

What an extraction does with a reply takes milliseconds, in which the loop stands. Were all who have
one to go on in the same round of the loop, nothing that they send would leave, and nobody else on
the loop would be served, before the last of them is done.
"""

from __future__ import annotations

import asyncio
from collections import deque
from weakref import WeakKeyDictionary


class _Turns:
    """Who waits on one loop, the longest first."""

    def __init__(self) -> None:
        self._is_taken = False
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self) -> None:
        loop = asyncio.get_running_loop()
        if self._is_taken:
            turn = loop.create_future()
            self._waiting.append(turn)
            await turn
            return
        self._is_taken = True
        loop.call_soon(self._pass_on)

    def _pass_on(self) -> None:
        """Wake the next one, and come again in the next round, whatever becomes of it."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # else its owner was cancelled
                turn.set_result(None)
                asyncio.get_running_loop().call_soon(self._pass_on)
                return
        self._is_taken = False


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, _Turns] = WeakKeyDictionary()


async def take_turn() -> None:
    """Return at once if nobody has gone on in this round of the running loop, else in a later one.

    Nobody has to give a turn back: it lasts until the loop goes round.
    """
    loop = asyncio.get_running_loop()
    turns = _turns.get(loop)
    if turns is None:
        # Whoever waits keeps its loop alive: weak keys alone do not forget one that was abandoned.
        for other in filter(None, (known() for known in _turns.keyrefs())):
            if other.is_closed():
                _turns.pop(other, None)
        turns = _turns[loop] = _Turns()
    await turns.take()
