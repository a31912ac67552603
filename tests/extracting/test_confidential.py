"""Twenty clauses and a key go through every path, and turn up nowhere but in what was asked for.

`CASES` are the paths: what the server does. `PLACES` are where text may turn up by accident: each
returns all that has been written there. What is asked for is the extraction's own value, and what
an error keeps of a paid answer (`partial`, `problems`).
"""

from __future__ import annotations

import asyncio
import logging
import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pytest
from pydantic import BaseModel

from extractor import Extractor
from extractor.calls.core import CallCore
from extractor.calls.ledger.sqlite import SqliteLedger
from extractor.calls.retry import RetryPolicy
from extractor.documents import read_document
from extractor.errors import (
    APIConnectionError,
    BadRequestError,
    DeadlineError,
    ExtractionError,
    ExtractorError,
    InvalidResponseError,
    RateLimitError,
    RefusalError,
    ServerError,
)
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.openai import OpenAIProvider
from tests.loopback import (
    DRIPPED_BODY,
    REPLY,
    Behaviour,
    Connection,
    Loopback,
    cut,
    reply,
    reset,
    silence,
)
from tests.telemetry_sdk import Recorded, recorded

KEY = "sk-canary-Rk7wq2Lm9xTz4vBn"
NAMES = (  # noqa: SIM905 - a list would take twenty lines
    "Aldermoor Brackwater Corvendale Drumquist Elversham Fennick Galloway-Pryce Hollinsworth "
    "Ickleford Jarrowby Kestering Lumbourne Mossgrave Netherfold Oxcombe Pellworth Quillfeather "
    "Rasterholm Sundrake Thornaby"
).split()
CLAUSES = tuple(
    f"{number}. {name} Ltd shall pay {name} Holdings plc {4_000 + 37 * number} euro within "
    f"{number + 10} days of the closing, in the office of {name}."
    for number, name in enumerate(NAMES, start=1)
)
CONTRACT = "SERVICES AGREEMENT\n\n" + "\n".join(CLAUSES)
ECHO = f"Invalid value for messages[1].content: {CONTRACT!r}"
CANARIES = (KEY, *NAMES)


class Deal(BaseModel):
    """What the clauses are about."""

    payer: str
    amount: int
    law: Literal["Irish", "English"] | None = None


@dataclass
class Run:
    """One path, gone to its end."""

    provider: OpenAIProvider | AnthropicProvider
    extractor: Extractor[Any]
    error: BaseException | None
    caplog: pytest.LogCaptureFixture
    capfd: pytest.CaptureFixture[str]
    telemetry: Recorded
    folder: Path
    told: list[str] = field(default_factory=list[str])


def answer(text: str, **said: Any) -> Behaviour:
    """Answer with a text, as both APIs do."""
    choice = {"finish_reason": said.pop("finish", "stop"), "message": {"content": text} | said}
    return reply(REPLY | {"choices": [choice], "content": [{"type": "text", "text": text}]})


def refused(connection: Connection) -> bool:
    words = f"I can't help with this: {CLAUSES[3]}"
    message = {"content": None, "refusal": words}
    return reply(
        REPLY
        | {"choices": [{"finish_reason": "stop", "message": message}]}
        | {"content": [{"type": "text", "text": words}], "stop_reason": "refusal"}
        | {"stop_details": {"category": "cyber", "explanation": words}}
    )(connection)


def failing(status: int, said: str = ECHO) -> Behaviour:
    error = {"type": "some_error", "message": said, "param": CLAUSES[0], "key": KEY}
    return reply({"type": "error", "error": error, "request": CONTRACT}, status)


@dataclass(frozen=True)
class Case:
    behaviour: Behaviour
    error: type[BaseException] | None
    deadline: float = 60.0


CASES: Mapping[str, Case] = {
    "success": Case(answer(f'{{"payer": "{NAMES[0]} Ltd", "amount": 4037, "law": null}}'), None),
    "400 that echoes the prompt": Case(failing(400), BadRequestError),
    "400 that echoes the key": Case(failing(400, f"Bad key {KEY}."), BadRequestError),
    "429": Case(failing(429), RateLimitError),
    "500": Case(failing(500), ServerError),
    "200 with an error": Case(failing(200), InvalidResponseError),
    "200 with the contract": Case(reply(CONTRACT.encode()), InvalidResponseError),
    "no answer in time": Case(silence, DeadlineError, deadline=1.5),
    "an answer that drips": Case(DRIPPED_BODY, DeadlineError, deadline=1.5),
    "a body that breaks off": Case(
        cut(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n" + CONTRACT.encode()),
        APIConnectionError,
    ),
    "a reset": Case(reset(), APIConnectionError),
    "no HTTP": Case(cut(CONTRACT.encode() + b"\r\n\r\n"), APIConnectionError),
    "broken compression": Case(
        reply(CONTRACT.encode(), headers={"content-encoding": "gzip"}), APIConnectionError
    ),
    "a redirect": Case(reply(b"", 307, {"location": f"http://127.0.0.1:9/{KEY}"}), ExtractorError),
    "a refusal": Case(refused, RefusalError),
    "no structure to the last": Case(answer(f"It says: {CONTRACT}"), ExtractionError),
    "wrong types to the last": Case(
        answer(f'{{"payer": ["{NAMES[1]}"], "amount": "{CLAUSES[2]}", "law": "{NAMES[3]}"}}'),
        ExtractionError,
    ),
    "unknown keys to the last": Case(answer(f'{{"{NAMES[4]}": "{CLAUSES[4]}"}}'), ExtractionError),
    "half an answer": Case(
        answer(f'{{"payer": "{NAMES[5]}", "amount": ', finish="length"), ExtractorError
    ),
    "an empty answer": Case(answer(""), ExtractionError),
}


def logged(run: Run) -> str:
    formatter = logging.Formatter("%(name)s %(message)s %(args)s")
    return "\n".join([*(formatter.format(r) for r in run.caplog.records), *run.told])


def printed(run: Run) -> str:
    out, err = run.capfd.readouterr()
    return out + err


def raised(run: Run) -> str:
    if run.error is None:
        return ""
    chain: list[BaseException] = []
    link: BaseException | None = run.error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    said = [f"{error!s} {error!r} {error.args!r}" for error in chain]
    return "\n".join([*said, *traceback.format_exception(run.error)])


def represented(run: Run) -> str:
    document = read_document(CONTRACT)
    request = run.extractor.first_request(CONTRACT)
    response = run.provider.decode(
        b'{"choices": [{"message": {"content": "%s"}}], "content": '
        b'[{"type": "text", "text": "%s"}]}' % ((NAMES[0].encode(),) * 2)
    )
    things = (run.extractor, run.provider, document, request, request.messages, response)
    return "\n".join(f"{thing!r} {thing}" for thing in things)


def traced(run: Run) -> str:
    return run.telemetry.text()


def stored(run: Run) -> str:
    files = [path for path in run.folder.rglob("*") if path.is_file()]
    assert files, "there is no ledger to look into"
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)


Place: TypeAlias = Callable[[Run], str]
PLACES: Mapping[str, Place] = {
    "log": logged,
    "standard output and error": printed,
    "exception": raised,
    "repr": represented,
    "traces and metrics": traced,
    "ledger": stored,
}


NOWHERE: Mapping[str, list[str]] = {place: [] for place in PLACES}


def hits(text: str) -> list[str]:
    folded = text.casefold()
    return [canary for canary in CANARIES if canary.casefold() in folded]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [n for n in os.environ if n.startswith(("OPENAI_", "ANTHROPIC_", "EXTRACTOR_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ANTHROPIC_CONFIG_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(params=[OpenAIProvider, AnthropicProvider], ids=["openai", "anthropic"])
def kind(request: pytest.FixtureRequest) -> type[OpenAIProvider | AnthropicProvider]:
    either: type[OpenAIProvider | AnthropicProvider] = request.param
    return either


Go: TypeAlias = Callable[..., Run]


@pytest.fixture
def go(
    kind: type[OpenAIProvider | AnthropicProvider],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Iterator[Go]:
    """Let the contract go a way through an `Extractor`, with everything logged that can be."""
    caplog.set_level(logging.DEBUG)
    for name in ("openai", "anthropic", "httpx2", "httpcore2", "asyncio", "extractor"):
        caplog.set_level(logging.DEBUG, name)
    telemetry = recorded()
    telemetry.forget()
    folder = tmp_path / "stored"
    folder.mkdir()
    ledger = SqliteLedger(folder / "calls.sqlite")
    model = "gpt-5.4-mini" if kind is OpenAIProvider else "claude-sonnet-4-6"

    def run(server: Loopback, drive: Callable[[Extractor[Any]], object], deadline: float) -> Run:
        base = server.url if kind is OpenAIProvider else server.url.removesuffix("/v1")
        provider = kind(api_key=KEY, base_url=base)
        told: list[str] = []
        with Extractor(
            Deal,
            model=model,
            provider=provider,
            evidence="none",
            max_attempts=2,
            deadline=deadline,
            retry=RetryPolicy(attempts=2, initial=0.01, longest=0.02, outage=0.0),
            core=CallCore(ledger=ledger),
            progress=told.append,
        ) as extractor:
            error: BaseException | None = None
            try:
                drive(extractor)
            except BaseException as caught:
                error = caught
            provider.close()
            return Run(provider, extractor, error, caplog, capfd, telemetry, folder, told)

    yield run
    ledger.close()


def extracting(how: str) -> Callable[[Extractor[Any]], object]:
    if how == "extract":
        return lambda extractor: extractor.extract(CONTRACT)
    return lambda extractor: asyncio.run(extractor.aextract(CONTRACT), debug=True)


@pytest.mark.parametrize("how", ["extract", "aextract"])
@pytest.mark.parametrize("name", CASES)
def test_nothing_of_a_contract_or_a_key_turns_up_by_accident(go: Go, name: str, how: str) -> None:
    case = CASES[name]
    with Loopback(case.behaviour) as server:
        run = go(server, extracting(how), case.deadline)
        assert server.requests
        assert all(NAMES[7].encode() in body for body in server.requests)
    if case.error is None:
        assert run.error is None
    else:
        assert isinstance(run.error, case.error)
    found = {place: hits(look(run)) for place, look in PLACES.items()}
    assert found == NOWHERE


def test_nothing_turns_up_when_a_call_is_cancelled(go: Go) -> None:
    async def cancelled(extractor: Extractor[Any], server: Loopback) -> None:
        task = asyncio.create_task(extractor.aextract(CONTRACT))
        assert await asyncio.to_thread(server.was_asked, 1)
        task.cancel()
        await task

    with Loopback(silence) as server:

        def drive(extractor: Extractor[Any]) -> None:
            asyncio.run(cancelled(extractor, server), debug=True)

        run = go(server, drive, 60.0)
    assert isinstance(run.error, asyncio.CancelledError)
    found = {place: hits(look(run)) for place, look in PLACES.items()}
    assert found == NOWHERE


def test_the_places_are_really_looked_into(go: Go) -> None:
    with Loopback(answer(f'{{"payer": "{NAMES[0]} Ltd", "amount": 4037}}')) as server:

        def careless(extractor: Extractor[Any]) -> None:
            extractor.extract(CONTRACT)
            logging.getLogger("openai").debug("sent %s", CLAUSES[0])
            print(CLAUSES[1])  # noqa: T201 - the careless program of this test
            raise ValueError(CLAUSES[2])

        run = go(server, careless, 60.0)
    (run.folder / "dump").write_text(CLAUSES[3])
    looks = {name: PLACES[name] for name in PLACES if name not in {"repr", "traces and metrics"}}
    found = {place: hits(look(run)) for place, look in looks.items()}
    assert found == {
        "log": [NAMES[0]],
        "standard output and error": [NAMES[1]],
        "exception": [NAMES[2]],
        "ledger": [NAMES[3]],
    }
