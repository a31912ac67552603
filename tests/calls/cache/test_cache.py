"""The reply cache: what decides a reply, the modes, and what is kept."""

from __future__ import annotations

import logging
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.reply_cache import measured
from extractor.calls.base import Recorded, ReplyCache
from extractor.calls.cache import keys
from extractor.calls.cache.file import CacheFile
from extractor.calls.cache.keys import cache_key
from extractor.calls.cache.replies import CacheMode, SqliteReplyCache
from extractor.calls.steps import Target
from extractor.errors import CacheMissError, ConfigurationError, StoreError
from extractor.types import (
    JsonObject,
    JsonObjectOutput,
    JsonSchemaOutput,
    Message,
    ModelRequest,
    ModelResponse,
    RateLimitStatus,
    StopReason,
    TextOutput,
    ToolOutput,
    Usage,
)

Opened: TypeAlias = Callable[..., SqliteReplyCache]

LAW, START = {"type": "string"}, {"type": "null"}
SCHEMA: JsonObject = {"type": "object", "properties": {"law": LAW, "start": START}}
TURNED: JsonObject = {"type": "object", "properties": {"start": START, "law": LAW}}
REQUEST = ModelRequest(
    "gpt-x",
    (Message("system", "You read."), Message("user", "CANARY CLAUSE of the contract")),
    JsonSchemaOutput("Terms", SCHEMA),
    1000,
    0.0,
)
TARGET = Target("openai", "gpt-x", "account", "endpoint")
REPLY = Recorded(
    ModelResponse(
        '{"law": "Irland → “quoted”"}',
        Usage(1000, 50, 900, 0, 10),
        StopReason.END,
        "gpt-x-2026",
        "resp_1",
        "req_1",
    ),
    attempts=3,
    usage=Usage(1010, 50, 900, 0, 10),
    cost_usd=Decimal("0.00123450"),
    unreported=1,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "replies.sqlite"


@pytest.fixture
def opened(path: Path) -> Iterator[Opened]:
    """Open the cache in a mode, and close whatever was opened."""
    made: list[SqliteReplyCache] = []

    def open_one(mode: CacheMode = "record") -> SqliteReplyCache:
        made.append(SqliteReplyCache(path, mode=mode))
        return made[-1]

    yield open_one
    for one in made:
        one.close()


# --- the modes ------------------------------------------------------------------------------------


def test_a_recorded_reply_comes_back_as_it_was_with_what_it_took(opened: Opened) -> None:
    replies: ReplyCache = opened()
    assert replies.get(REQUEST, TARGET) is None
    replies.put(REQUEST, TARGET, REPLY)
    assert replies.get(REQUEST, TARGET) == REPLY
    assert opened("replay").get(REQUEST, TARGET) == REPLY


def test_a_replay_sends_nothing_what_is_not_recorded_is_an_error(opened: Opened) -> None:
    opened().put(REQUEST, TARGET, REPLY)
    with pytest.raises(CacheMissError, match="No reply of openai:gpt-x") as caught:
        opened("replay").get(replace(REQUEST, turn=2), TARGET)
    assert caught.value.hint == CacheMissError.default_hint
    assert "CANARY" not in repr(caught.value.facts())


def test_a_replay_makes_no_file(path: Path, opened: Opened) -> None:
    with pytest.raises(ConfigurationError, match="There is no reply cache"):
        opened("replay")
    assert not path.exists()


def test_a_refresh_asks_always_and_stores_over_what_is_there(opened: Opened) -> None:
    opened().put(REQUEST, TARGET, REPLY)
    refreshing = opened("refresh")
    assert refreshing.get(REQUEST, TARGET) is None
    newer = replace(REPLY, response=replace(REPLY.response, text="newer"))
    refreshing.put(REQUEST, TARGET, newer)
    assert opened().get(REQUEST, TARGET) == newer


def test_a_mode_that_there_is_not_is_an_error_that_names_those_there_are(path: Path) -> None:
    with pytest.raises(ConfigurationError, match="record, replay, refresh"):
        SqliteReplyCache(path, mode=cast("CacheMode", "replya"))


# --- what decides a reply -------------------------------------------------------------------------

OTHERS: dict[str, tuple[ModelRequest, Target]] = {
    "document": (
        replace(REQUEST, messages=(REQUEST.messages[0], Message("user", "x"))),
        TARGET,
    ),
    "system prompt": (
        replace(REQUEST, messages=(Message("system", ""), REQUEST.messages[1])),
        TARGET,
    ),
    "role": (
        replace(REQUEST, messages=(Message("user", "You read."), REQUEST.messages[1])),
        TARGET,
    ),
    "fewer messages": (replace(REQUEST, messages=REQUEST.messages[1:]), TARGET),
    "cut elsewhere": (
        replace(
            REQUEST,
            messages=(
                Message("system", "You read.CANARY "),
                Message("user", "CLAUSE of the contract"),
            ),
        ),
        TARGET,
    ),
    "schema": (replace(REQUEST, output=JsonSchemaOutput("Terms", {"type": "object"})), TARGET),
    "order of the schema": (replace(REQUEST, output=JsonSchemaOutput("Terms", TURNED)), TARGET),
    "not strict": (
        replace(REQUEST, output=JsonSchemaOutput("Terms", SCHEMA, strict=False)),
        TARGET,
    ),
    "tool": (replace(REQUEST, output=ToolOutput("Terms", "", SCHEMA)), TARGET),
    "JSON mode": (replace(REQUEST, output=JsonObjectOutput()), TARGET),
    "text": (replace(REQUEST, output=TextOutput()), TARGET),
    "room": (replace(REQUEST, max_tokens=2000), TARGET),
    "temperature": (replace(REQUEST, temperature=0.5), TARGET),
    "reasoning effort": (replace(REQUEST, reasoning_effort="low"), TARGET),
    "another reasoning effort": (replace(REQUEST, reasoning_effort="high"), TARGET),
    "no temperature": (replace(REQUEST, temperature=None), TARGET),
    "turn": (replace(REQUEST, turn=2), TARGET),
    "model": (replace(REQUEST, model="gpt-y"), TARGET),
    "target's model": (REQUEST, replace(TARGET, model="gpt-y")),
    "provider": (REQUEST, replace(TARGET, provider="compatible")),
    "endpoint": (REQUEST, replace(TARGET, endpoint="another")),
}


@pytest.mark.parametrize("what", OTHERS)
def test_another_question_has_another_key(what: str) -> None:
    assert cache_key(*OTHERS[what]) != cache_key(REQUEST, TARGET)


def test_all_these_keys_differ_from_each_other() -> None:
    assert len({cache_key(*other) for other in OTHERS.values()}) == len(OTHERS)


def test_another_version_of_ours_has_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    now = cache_key(REQUEST, TARGET)
    monkeypatch.setattr(keys, "package_version", lambda: "0.0.0")
    assert cache_key(REQUEST, TARGET) != now


def test_an_api_key_decides_nothing(opened: Opened) -> None:
    opened().put(REQUEST, TARGET, REPLY)
    assert opened().get(REQUEST, replace(TARGET, account="another key")) == REPLY


def test_a_schema_that_can_not_be_sent_is_told_as_such() -> None:
    output = JsonSchemaOutput("Terms", {"description": "\ud800"})
    with pytest.raises(ConfigurationError, match="half a character"):
        cache_key(replace(REQUEST, output=output), TARGET)


# --- what is kept ---------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", StopReason)
def test_what_is_no_complete_reply_is_replayed_but_else_asked_again(
    reason: StopReason, opened: Opened
) -> None:
    replies = opened()
    ended = replace(REPLY.response, stop_reason=reason, refusal="I can't do that.")
    replies.put(REQUEST, TARGET, replace(REPLY, response=ended))
    kept = replace(REPLY, response=ended)
    is_complete = reason in {StopReason.END, StopReason.TOOL_USE, StopReason.LENGTH}
    assert replies.get(REQUEST, TARGET) == (kept if is_complete else None)
    assert opened("replay").get(REQUEST, TARGET) == kept


def test_what_headers_said_of_limits_then_is_not_said_again(opened: Opened) -> None:
    replies = opened()
    limits = (RateLimitStatus("requests", 50, 3),)
    replies.put(
        REQUEST, TARGET, replace(REPLY, response=replace(REPLY.response, rate_limits=limits))
    )
    assert replies.get(REQUEST, TARGET) == REPLY


@settings(deadline=None)
@given(
    text=st.text(),
    usage=st.none() | st.builds(Usage, *[st.integers(0, 2**40)] * 5),
    cost=st.none() | st.decimals(0, 10**6, allow_nan=False, allow_infinity=False),
    ids=st.tuples(st.text(), st.none() | st.text(), st.none() | st.text()),
)
def test_any_reply_comes_back_as_it_was(
    text: str,
    usage: Usage | None,
    cost: Decimal | None,
    ids: tuple[str, str | None, str | None],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    replies = SqliteReplyCache(tmp_path_factory.getbasetemp() / "any.sqlite")
    reply = Recorded(ModelResponse(text, usage, StopReason.END, *ids), 1, usage or Usage(), cost)
    replies.put(REQUEST, TARGET, reply)
    found = replies.get(REQUEST, TARGET)
    replies.close()
    assert found is not None
    assert found == reply
    assert str(found.cost_usd) == str(cost)


def test_the_request_is_not_in_the_file_nor_the_account(path: Path, opened: Opened) -> None:
    opened().put(REQUEST, TARGET, REPLY)
    held = b"".join(part.read_bytes() for part in path.parent.iterdir())
    assert b"quoted" in held
    assert not [word for word in (b"CANARY", b"You read", b"account") if word in held]


def test_only_its_owner_may_read_the_file_and_its_log(path: Path, opened: Opened) -> None:
    opened().put(REQUEST, TARGET, REPLY)
    modes = {part.name: stat.S_IMODE(part.stat().st_mode) for part in path.parent.iterdir()}
    assert modes == dict.fromkeys(
        ["replies.sqlite", "replies.sqlite-shm", "replies.sqlite-wal"], 0o600
    )
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


# --- what can go wrong ----------------------------------------------------------------------------


def test_a_reply_that_can_not_be_written_is_logged_and_not_lost(
    opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    replies = opened()
    replies.close()
    replies.put(REQUEST, TARGET, REPLY)
    assert "A reply of openai:gpt-x is used, but not recorded: The reply cache" in caplog.text


def test_half_a_character_is_no_reason_to_lose_a_reply(
    opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    replies = opened()
    broken = replace(REPLY, response=replace(REPLY.response, text="CANARY \ud800"))
    replies.put(REQUEST, TARGET, broken)
    assert replies.get(REQUEST, TARGET) is None
    assert "half a character" in caplog.text
    assert "CANARY" not in caplog.text


def test_a_cache_that_can_not_be_read_is_told_before_anything_is_spent(opened: Opened) -> None:
    replies = opened()
    replies.close()
    with pytest.raises(StoreError, match="is closed"):
        replies.get(REQUEST, TARGET)


DAMAGE = {
    "no JSON": "UPDATE replies SET reply = x'7b'",
    "another text": "UPDATE replies SET reply = "
    "CAST(replace(CAST(reply AS TEXT), 'Irland', 'Island') AS BLOB)",
    "no text": "UPDATE replies SET reply = x'fffe'",
    "another type": "UPDATE replies SET reply = 7",
    "another digest": "UPDATE replies SET digest = x'00'",
    "nothing": "UPDATE replies SET reply = x''",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_entry_is_asked_again_and_mended(
    damage: str, path: Path, opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    replies = opened()
    replies.put(REQUEST, TARGET, REPLY)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(DAMAGE[damage])
    with pytest.raises(CacheMissError, match="is damaged"):
        opened("replay").get(REQUEST, TARGET)
    assert replies.get(REQUEST, TARGET) is None
    assert "is damaged" in caplog.text
    assert "Irland" not in caplog.text
    replies.put(REQUEST, TARGET, REPLY)
    assert replies.get(REQUEST, TARGET) == REPLY


def test_an_entry_of_another_shape_is_damaged_though_its_digest_is_right(
    path: Path, opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    replies = opened()
    with closing(CacheFile(path)) as file:
        key = cache_key(REQUEST, TARGET)
        file.write(key, b'{"text": "CANARY"}', model="m", version="v", now=0.0)
    assert replies.get(REQUEST, TARGET) is None
    with pytest.raises(CacheMissError) as caught:
        opened("replay").get(REQUEST, TARGET)
    assert caught.value.__context__ is None
    assert "CANARY" not in caplog.text


def test_nothing_is_logged_for_a_hit_or_a_miss(
    opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    replies = opened()
    replies.get(REQUEST, TARGET)
    replies.put(REQUEST, TARGET, REPLY)
    replies.get(REQUEST, TARGET)
    assert caplog.text == ""


def test_what_a_hit_costs_is_measured() -> None:
    cost = measured(20_000, times=20)
    assert all(0 < part < 10_000 for part in (cost.hit, cost.hashing, cost.miss, cost.write))
