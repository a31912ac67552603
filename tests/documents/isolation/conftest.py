from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from extractor.documents.isolation import WorkerPool
from extractor.documents.options import Limits, ReadOptions

Run: TypeAlias = Callable[..., bytes]


def running(pool: WorkerPool) -> Run:
    """Return what has a task done by a pool."""

    def run(task: str, data: bytes = b"", *, limits: Limits | None = None, **given: Any) -> bytes:
        options = ReadOptions(limits=limits or Limits())
        return pool.run(
            task, data, lambda body: body, source="deal.pdf", options=options, arguments=given
        )

    return run


@pytest.fixture
def pool_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., WorkerPool]]:
    """Return what makes pools of processes that run a module of this folder."""
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parent), *sys.path])
    made: list[WorkerPool] = []

    def make(module: str = "misbehaving", size: int = 1) -> WorkerPool:
        made.append(WorkerPool(size, module=module))
        return made[-1]

    yield make
    for pool in made:
        pool.close()


@pytest.fixture
def run(pool_of: Callable[..., WorkerPool]) -> Run:
    """Have a task done by the one process of a pool."""
    return running(pool_of())
