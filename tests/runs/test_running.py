"""Working through a run: every file has an end, and nothing is asked twice."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import aclosing, closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from benchmarks.fault_server import Terms, contract, right_answer
from benchmarks.fault_server.contracts import answer, number_in, quotes
from extractor import (
    AuthenticationError,
    CallCore,
    CostLimitError,
    Extractor,
    ExtractorError,
    ModelRequest,
    Price,
    Pricing,
    ScriptedProvider,
    SpendingLimits,
    SqliteLedger,
)
from extractor.documents.options import ReadOptions
from extractor.runs.configuration import Configuration
from extractor.runs.documents import Documents, FileOutcome
from extractor.runs.folder import files_below
from extractor.runs.journal import SqliteJournal
from extractor.runs.ledger import JournalLedger
from extractor.runs.reader import RunReader, RunRow
from extractor.runs.replies import JournalReplies
from extractor.runs.running import Runner
from extractor.runs.tables import FILE_NAME


def right(request: ModelRequest) -> str:
    """Answer what the contract in a request says."""
    number = max(number_in(message.content) for message in request.messages)
    values = answer(number)
    return json.dumps(
        {name: {"quote": q, "value": values[name]} for name, q in quotes(number).items()}
    )


class Scene:
    """A folder of contracts, and a run on it that can be opened again and again."""

    def __init__(self, place: Path, *, numbers: range) -> None:
        self.folder, self.out = place / "docs", place / "out"
        self.folder.mkdir()
        for number in numbers:
            self.write(f"{number:03}.txt", contract(number))

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    @contextmanager
    def opened(
        self, provider: ScriptedProvider, *, concurrency: int = 4, **options: Any
    ) -> Generator[Runner[Terms]]:
        limit = options.pop("limit", None)
        with closing(SqliteJournal(self.out / FILE_NAME)) as journal:
            ledger = SqliteLedger(journal.path)
            with closing(ledger), closing(JournalReplies(journal)) as replies:
                core = CallCore(
                    ledger=JournalLedger(ledger, journal),
                    cache=replies,
                    pricing=Pricing({"scripted:m": Price(Decimal(5), Decimal(1))}),
                )
                with Extractor(Terms, provider=provider, model="m", core=core, **options) as asks:
                    journal.put_into_force(Configuration(asks.configuration))
                    journal.register(self.folder, files_below(self.folder))
                    documents = Documents(
                        journal, asks, folder=self.folder, schema="terms", options=ReadOptions()
                    )
                    yield Runner(documents, concurrency=concurrency, limit=limit)

    def work(self, provider: ScriptedProvider, **options: Any) -> list[FileOutcome]:
        async def all_of(runner: Runner[Terms]) -> list[FileOutcome]:
            return [outcome async for outcome in runner.outcomes()]

        with self.opened(provider, **options) as runner:
            return asyncio.run(all_of(runner))

    def rows(self) -> list[RunRow]:
        with closing(RunReader(self.out / FILE_NAME)) as reader:
            return list(reader.rows())

    def states(self) -> Counter[str]:
        return Counter(row.state for row in self.rows())


@pytest.fixture
def scene(tmp_path: Path) -> Callable[[int], Scene]:
    return lambda count: Scene(tmp_path, numbers=range(1, count + 1))


def always(reply: Any = right) -> ScriptedProvider:
    def replies() -> Iterator[Any]:
        while True:
            yield reply

    return ScriptedProvider(replies())


def test_each_file_has_its_result_in_the_order_of_the_input(scene: Callable[[int], Scene]) -> None:
    here = scene(20)
    assert len(here.work(always())) == 20
    rows = here.rows()
    assert [row.path for row in rows] == [f"{n:03}.txt" for n in range(1, 21)]
    for number, row in enumerate(rows, start=1):
        assert row.result is not None
        assert row.result["value"] == right_answer(number).model_dump(mode="json")
        assert row.result["document"]["source"] == row.path
        assert row.attempts == 1
        assert row.cost_usd


def test_what_is_finished_is_not_asked_again(scene: Callable[[int], Scene]) -> None:
    here = scene(5)
    here.work(always())
    again = always()
    assert here.work(again) == []
    assert again.requests == []


def test_files_that_come_later_are_taken_in(scene: Callable[[int], Scene]) -> None:
    here = scene(3)
    here.work(always())
    here.write("004.txt", contract(4))
    provider = always()
    assert [outcome.path for outcome in here.work(provider)] == ["004.txt"]
    assert len(provider.requests) == 1


def test_the_same_content_is_asked_about_once(scene: Callable[[int], Scene]) -> None:
    here = scene(3)
    for name in ("a.txt", "b.txt", "c.txt"):
        here.write(name, contract(1))
    provider = always()
    here.work(provider)
    assert len(provider.requests) == 3
    assert here.states() == {"done": 6}
    assert [row.duplicate_of for row in here.rows()] == [None, None, None, *["001.txt"] * 3]


def test_a_bad_file_stops_nobody(scene: Callable[[int], Scene]) -> None:
    here = scene(4)
    (here.folder / "bad.pdf").write_bytes(b"%PDF-1.7 and no more")
    (here.folder / "gone.txt").symlink_to(here.folder / "nowhere")
    (here.folder / "empty.txt").write_bytes(b"")
    here.work(always())
    assert here.states() == {"done": 4, "failed": 3}
    errors = {row.path: row.error for row in here.rows() if row.error}
    assert {path: error["type"] for path, error in errors.items()} == {
        "bad.pdf": "UnreadableDocumentError",
        "empty.txt": "EmptyDocumentError",
        "gone.txt": "DocumentError",
    }
    assert all(error["attempts"] == 0 for error in errors.values())


def test_an_answer_that_stays_wrong_fails_its_file_with_the_bill(
    scene: Callable[[int], Scene],
) -> None:
    here = scene(2)
    here.work(always("no idea"), max_attempts=2)
    for row in here.rows():
        assert row.state == "failed"
        assert row.error is not None
        assert row.error["type"] == "ExtractionError"
        assert row.attempts == 2
        assert row.cost_usd


def test_a_fault_of_somebodys_code_fails_its_file(scene: Callable[[int], Scene]) -> None:
    def faulty(request: ModelRequest) -> str:
        if number_in(request.messages[-1].content) == 2:
            raise ZeroDivisionError
        return right(request)

    here = scene(3)
    here.work(always(faulty))
    assert here.states() == {"done": 2, "failed": 1}


def test_what_would_meet_every_document_ends_the_run_and_fails_none(
    scene: Callable[[int], Scene],
) -> None:
    def locked(_: ModelRequest) -> str:
        raise AuthenticationError("no such key", status=401)

    here = scene(6)
    with pytest.raises(AuthenticationError):
        here.work(always(locked), concurrency=2)
    assert "failed" not in here.states()
    here.work(always())
    assert here.states() == {"done": 6}


def test_a_budget_that_is_used_up_ends_the_run_and_more_money_goes_on(
    scene: Callable[[int], Scene],
) -> None:
    here = scene(30)
    little = SpendingLimits(per_run="0.045", run="r")
    with pytest.raises(CostLimitError):
        here.work(always(), concurrency=1, spending=little)
    done = here.states()["done"]
    assert 0 < done < 30
    assert "failed" not in here.states()
    provider = always()
    here.work(provider, spending=SpendingLimits(per_run=9, run="r"))
    assert here.states() == {"done": 30}
    assert len(provider.requests) == 30 - done


def test_a_limit_takes_the_first_so_many(scene: Callable[[int], Scene]) -> None:
    here = scene(6)
    assert len(here.work(always(), limit=2)) == 2
    assert here.states() == {"done": 2, "planned": 4}
    assert len(here.work(always(), limit=2)) == 2


def test_a_run_that_is_stopped_ends_what_is_under_way(scene: Callable[[int], Scene]) -> None:
    async def some(runner: Runner[Terms]) -> None:
        async for _ in runner.outcomes():
            runner.stop()

    here = scene(30)
    with here.opened(always(), concurrency=3) as runner:
        asyncio.run(some(runner))
    states = here.states()
    assert 1 <= states["done"] <= 6
    assert set(states) == {"done", "planned"}


def test_a_run_that_is_closed_leaves_its_documents_to_be_done(
    scene: Callable[[int], Scene],
) -> None:
    async def one(runner: Runner[Terms]) -> None:
        async with aclosing(runner.outcomes()) as outcomes:
            await anext(outcomes)

    here = scene(10)
    with here.opened(always(), concurrency=3) as runner:
        asyncio.run(one(runner))
    here.work(always())
    assert here.states() == {"done": 10}


def test_replies_of_a_document_that_was_not_finished_are_not_paid_again(
    scene: Callable[[int], Scene],
) -> None:
    class Killed(BaseException):
        pass

    asked: list[str] = []

    def half(request: ModelRequest) -> str:
        asked.append(request.messages[-1].content)
        if len(asked) == 2:
            raise Killed
        return "no idea"

    here = scene(1)
    with pytest.raises(Killed):
        here.work(always(half), concurrency=1)
    provider = always()
    here.work(provider)
    assert len(provider.requests) == 1  # the second turn; the first one's reply was kept
    (row,) = here.rows()
    assert row.state == "done"
    assert row.attempts == 2


def test_calls_are_in_the_runs_own_ledger_with_their_document(
    scene: Callable[[int], Scene],
) -> None:
    here = scene(2)
    here.work(always())
    with closing(RunReader(here.out / FILE_NAME)) as reader:
        calls = reader.all(
            "SELECT state, metadata ->> '$.document' = lower(hex(document)), cost > 0 "
            "FROM calls JOIN files ON metadata ->> '$.document' = lower(hex(document))"
        )
        assert calls == [("settled", 1, 1)] * 2
        spent = reader.spent()
    assert spent.cost > 0
    assert (spent.requests, spent.set_aside, spent.unpriced) == (2, 0, 0)


def test_an_error_of_the_run_is_raised_after_the_others_have_ended(
    scene: Callable[[int], Scene],
) -> None:
    def locked(request: ModelRequest) -> str:
        if number_in(request.messages[-1].content) == 3:
            raise AuthenticationError("no such key", status=401)
        return right(request)

    here = scene(3)
    with pytest.raises(ExtractorError):
        here.work(always(locked), concurrency=3)
    assert here.states() == {"done": 2, "planned": 1}
