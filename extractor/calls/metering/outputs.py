"""How long answers are, learned from those that came: what a request is expected to take."""

from __future__ import annotations

import threading

from extractor.calls.steps import Target

_START = 1_000
"""Output tokens of a first answer: values and quotes of a usual schema."""

_WEIGHT = 0.2
"""Of each new answer in the running mean: the last ten or so count."""


class OutputLengths:
    """The running mean of output tokens for each target and technique. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._means: dict[tuple[Target, str], float] = {}

    def expected(self, target: Target, technique: str, most: int) -> int:
        """Return the output tokens to expect, where at most `most` may be written."""
        return min(round(self._means.get((target, technique), _START)), most)

    def learn(self, target: Target, technique: str, written: int) -> None:
        """Take note of the output tokens of an answer."""
        with self._lock:
            before = self._means.get((target, technique), float(written))
            self._means[target, technique] = before + _WEIGHT * (written - before)
