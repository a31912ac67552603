"""A folder of contracts, a run on it, and a server with both Batch APIs."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks.batch_server import BatchPlan, BatchTruth, RunningBatches, batch_server
from benchmarks.fault_server import Terms, contract, right_answer
from benchmarks.fault_server.asked import Api
from extractor import Extractor
from extractor.config import load_settings
from extractor.documents.options import ReadOptions
from extractor.runs.batches.polling import Polling
from extractor.runs.batches.records import Batches
from extractor.runs.batches.running import BatchRunner
from extractor.runs.documents import Documents, FileOutcome
from extractor.runs.folder import files_below
from extractor.runs.opening import OpenRun, open_run
from extractor.runs.reader import RunReader, RunRow
from extractor.runs.running import Runner
from extractor.runs.tables import FILE_NAME

MODELS = {"openai": "openai:gpt-5.4-mini", "anthropic": "anthropic:claude-haiku-4-5"}
QUICK = Polling(first=0.02, longest=0.1, outage=0.5, grace=0.3)


@pytest.fixture(scope="module")
def server() -> Generator[RunningBatches]:
    with batch_server() as started:
        yield started


@pytest.fixture(params=["openai", "anthropic"])
def api(request: pytest.FixtureRequest) -> Api:
    name: Api = request.param
    return name


class Scene:
    """A folder of contracts, and a run on it that is gone on with again and again."""

    def __init__(self, place: Path, server: RunningBatches, api: Api) -> None:
        self.folder, self.out, self.server = place / "docs", place / "out", server
        self.api: Api = api
        self.said: list[str] = []
        self.folder.mkdir()

    def write(self, count: int, plan: BatchPlan | None = None) -> None:
        """Write so many contracts, and have the server follow a plan."""
        for number in range(1, count + 1):
            (self.folder / f"{number:03}.txt").write_text(contract(number), encoding="utf-8")
        self.server.begin(plan or BatchPlan())

    def work(self, **options: Any) -> list[FileOutcome]:
        """Work until nothing is left."""
        settings: dict[str, Any] = options.pop("settings", {})

        async def all_of(runner: Runner[Terms]) -> list[FileOutcome]:
            return [outcome async for outcome in runner.outcomes()]

        with self.opened(**settings) as opened:
            return asyncio.run(all_of(self.runner(opened, **options)))

    def opened(self, *, by_batches: bool = True, **settings: Any) -> Any:
        told = {"model": MODELS[self.api], "base_url": self.server.url_for(self.api)} | settings
        loaded = load_settings(arguments=told)
        return open_run(loaded, Terms, self.out, reading={}, by_batches=by_batches)

    def runner(
        self, opened: OpenRun[Terms], *, live_repairs: bool = False, **options: Any
    ) -> BatchRunner[Terms]:
        opened.journal.put_into_force(opened.asked())
        opened.journal.register(self.folder, files_below(self.folder))
        alike: dict[str, Any] = {
            "concurrency": 4,
            **{name: options.pop(name) for name in ("limit", "only") if name in options},
        }

        def documents(extractor: Extractor[Terms]) -> Documents[Terms]:
            told: dict[str, Any] = {"schema": "terms", "options": ReadOptions()}
            return Documents(opened.journal, extractor, folder=self.folder, **told)

        assert opened.batching is not None
        repairs = Runner(documents(opened.extractor), **alike) if live_repairs else None
        return BatchRunner(
            documents(opened.batching.extractor),
            opened.batching,
            polling=options.pop("polling", QUICK),
            repairs=repairs,
            tell=self.said.append,
            **alike,
            **options,
        )

    def killed(self, arm: Callable[[], None], **options: Any) -> None:
        """Work in a process that is killed where `arm` says."""
        child = os.fork()
        if not child:
            try:
                arm()
                self.work(**options)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "it was not killed"

    @property
    def truth(self) -> BatchTruth:
        return self.server.truth()

    def rows(self) -> list[RunRow]:
        with closing(RunReader(self.out / FILE_NAME)) as reader:
            return list(reader.rows())

    def all(self, query: str) -> list[tuple[Any, ...]]:
        with closing(RunReader(self.out / FILE_NAME)) as reader:
            return reader.all(query)

    def errors(self) -> dict[str, str]:
        return {row.path: row.error["type"] for row in self.rows() if row.error}

    def is_right(self) -> bool:
        """Say whether every contract has its right answer."""
        return all(
            row.result is not None
            and row.result["value"] == right_answer(int(row.path[:3])).model_dump(mode="json")
            for row in self.rows()
        )

    def is_settled(self) -> bool:
        """Say whether nothing is under way, and what is set aside is that of unknown calls."""
        under_way = self.all(
            "SELECT (SELECT count(*) FROM calls WHERE state = 'sent'), "
            "(SELECT count(*) FROM batch_items WHERE state = 'waiting')"
        )
        held = self.all("SELECT coalesce(sum(reserved), 0) FROM calls WHERE state = 'unknown'")
        totals = self.all("SELECT coalesce(sum(reserved), 0) FROM totals WHERE scope = 'day'")
        return under_way == [(0, 0)] and held == totals


@pytest.fixture
def scene(
    tmp_path: Path, server: RunningBatches, api: Api, monkeypatch: pytest.MonkeyPatch
) -> Scene:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0000")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0000")
    return Scene(tmp_path, server, api)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying_before(name: str) -> Callable[[], None]:
    """Return what kills a process before it writes something about a batch."""

    def dies(*_: Any, **__: Any) -> None:
        die()

    def arm() -> None:
        setattr(Batches, name, dies)

    return arm


def dying_after_submitting() -> None:
    """Kill a process when it has written down that it hands in, and has not."""
    real = Batches.submitting

    def then_dies(*args: Any, **options: Any) -> None:
        real(*args, **options)
        die()

    Batches.submitting = then_dies  # type: ignore[method-assign]
