"""Turns on an event loop: of those whose replies came together, one goes on at a time.

What an extraction does with a reply takes milliseconds, in which the loop stands. Were all who have
one to go on in the same round of the loop, nothing that they send would leave, and nobody else on
the loop would be served, before the last of them is done.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextvars import Context
from weakref import ReferenceType, WeakKeyDictionary, ref


class _Turns:
    """Who waits on one loop, the longest first."""

    def __init__(self) -> None:
        self._is_taken = False
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._context = Context()  # nobody's: that of who comes first would be kept

    async def take(self) -> None:
        loop = asyncio.get_running_loop()
        if self._is_taken:
            turn = loop.create_future()
            self._waiting.append(turn)
            await turn
            return
        loop.call_soon(self._pass_on, context=self._context)
        self._is_taken = True

    def _pass_on(self) -> None:
        """Wake the next one, and come again in the next round, whatever becomes of it."""
        if not self._waiting:
            self._is_taken = False
            return
        try:
            self._wake_next()
        finally:  # also where this is interrupted: nobody else would wake those who still wait
            asyncio.get_running_loop().call_soon(self._pass_on, context=self._context)

    def _wake_next(self) -> None:
        while self._waiting:
            turn = self._waiting[0]
            is_next = not turn.done()  # else its owner was cancelled
            if is_next:
                turn.set_result(None)
            self._waiting.popleft()
            if is_next:
                return


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, ReferenceType[_Turns]] = WeakKeyDictionary()
"""The turns are held by their loop and by who waits: a loop that is dropped takes them along."""


async def take_turn() -> None:
    """Return at once if nobody has gone on in this round of the running loop, else in a later one.

    Nobody has to give a turn back: it lasts until the loop goes round.
    """
    loop = asyncio.get_running_loop()
    known = _turns.get(loop)
    turns = None if known is None else known()
    if turns is None:
        turns = _Turns()
        _turns[loop] = ref(turns)
    await turns.take()
