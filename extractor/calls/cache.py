"""The reply cache: what a model answered once is not asked, and not paid, again.

An entry is found by a hash of everything that decides a reply: who is asked (provider, endpoint,
model), with what (messages, output format and its schema, limits), for which turn of an extraction,
and by which version of this package. Not by the API key, and the request itself is not kept.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import asdict, fields
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveInt, ValidationError
from pydantic_core import to_json

from extractor.calls.base import Clock, Recorded
from extractor.calls.cache_file import FORMAT, CacheFile, DamagedError
from extractor.calls.steps import Target
from extractor.errors import CacheMissError, ConfigurationError, StoreError
from extractor.types import ModelRequest, ModelResponse, StopReason, Usage

_log = logging.getLogger("extractor.calls")

CacheMode: TypeAlias = Literal["record", "replay", "refresh"]
"""record: what is not there is asked and stored. replay: what is not there is an error, and nothing
is ever sent. refresh: everything is asked, and stored in place of what is there."""

_COMPLETE = frozenset({StopReason.END, StopReason.TOOL_USE, StopReason.LENGTH})


class SqliteReplyCache:
    """A `ReplyCache` in one SQLite file; threads and processes may share it.

    Complete replies are used again, and those that ran out of room: the next turn builds on them. A
    refusal is only used by a replay, which repeats what happened. It ends an extraction without an
    answer, as an error does, and in `record` it would do so for ever.

    Args:
        path: the file; made where there is none, except for a replay.
        mode: see `CacheMode`.
        clock: tells when an entry is stored.

    Raises:
        ConfigurationError: there is no such mode, or nothing to replay from.
        StoreError: the file can't be opened.
    """

    def __init__(
        self, path: Path | str, *, mode: CacheMode = "record", clock: Clock | None = None
    ) -> None:
        if mode not in get_args(CacheMode):
            known = ", ".join(get_args(CacheMode))
            raise ConfigurationError(f"There is no cache mode {mode!r}; it is one of {known}.")
        self._mode = mode
        self._clock = clock or Clock()
        self._file = CacheFile(Path(path), create=mode != "replay")

    @property
    def nonce_key(self) -> bytes:
        return self._file.nonce_key

    def get(self, request: ModelRequest, target: Target, /) -> Recorded | None:
        """Return the recorded reply; None if the request is to be sent.

        Raises:
            CacheMissError: in a replay, that there is none, or only a damaged one.
            StoreError: the file can't be read.
        """
        if self._mode == "refresh":
            return None
        key = cache_key(request, target)
        name = f"reply of {target} for the request {key.hex()[:12]}"
        missing = f"No {name} is recorded."
        try:
            recorded = self._recorded(key)
        except (DamagedError, ValidationError):
            recorded, missing = None, f"The recorded {name} is damaged."
            _log.warning("%s", missing)
        if self._mode == "replay":
            if recorded is None:  # raised here, where no error that shows the reply is its context
                raise CacheMissError(missing)
            return recorded
        is_complete = recorded is not None and recorded.response.stop_reason in _COMPLETE
        return recorded if is_complete else None

    def put(self, request: ModelRequest, target: Target, recorded: Recorded, /) -> None:
        """Keep a reply; what can't be written is logged, and costs no reply."""
        reason = None
        try:
            self._file.write(
                cache_key(request, target),
                Entry.of(recorded).model_dump_json().encode(),
                model=str(target),
                version=_version(),
                now=self._clock.time(),
            )
        except StoreError as error:
            reason = error.message
        except ValueError:  # Pydantic's, whose message would show it
            reason = "it holds half a character, or impossible counts"
        if reason is not None:
            _log.error("A reply of %s is used, but not recorded: %s", target, reason)

    def close(self) -> None:
        self._file.close()

    def _recorded(self, key: bytes) -> Recorded | None:
        stored = self._file.read(key)
        return None if stored is None else Entry.model_validate_json(stored).recorded()


def cache_key(request: ModelRequest, target: Target) -> bytes:
    """Hash everything that decides a reply.

    The order of a schema's keys counts, since models answer in it. Texts go in as they are, behind
    a head that has their lengths: quicker than as JSON, and just as unambiguous.

    Raises:
        ConfigurationError: the schema has text without an encoding.
    """
    texts = [message.content.encode("utf-8", "surrogatepass") for message in request.messages]
    output = request.output
    head = {
        "format": FORMAT,
        "version": _version(),
        "target": [target.provider, target.endpoint, target.model],
        "model": request.model,
        "output": [type(output).__name__, *(getattr(output, f.name) for f in fields(output))],
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        **({"effort": request.reasoning_effort} if request.reasoning_effort else {}),
        "turn": request.turn,
        "messages": [
            (message.role, len(text)) for message, text in zip(request.messages, texts, strict=True)
        ],
    }
    try:
        digest = hashlib.sha256(to_json(head))  # several times as quick as json.dumps
    except ValueError as error:
        raise ConfigurationError(
            "The schema holds half a character (a lone surrogate), which no API takes.",
            hint="Look at its descriptions and the names of its fields and choices.",
        ) from error
    for text in texts:
        digest.update(text)
    return digest.digest()


@cache
def _version() -> str:
    return version("contract-extractor")


class _Counts(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    input_tokens: NonNegativeInt
    output_tokens: NonNegativeInt
    cache_read_input_tokens: NonNegativeInt
    cache_creation_input_tokens: NonNegativeInt
    reasoning_tokens: NonNegativeInt

    @classmethod
    def of(cls, usage: Usage) -> _Counts:
        return cls(**asdict(usage))

    def usage(self) -> Usage:
        return Usage(**dict(self))


class Entry(BaseModel):
    """A reply as it is stored, and checked when it is read back."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str
    reply_usage: _Counts | None
    stop_reason: StopReason
    model: str
    response_id: str | None
    request_id: str | None
    refusal: str | None
    attempts: PositiveInt
    usage: _Counts
    cost_usd: Decimal | None
    unreported: NonNegativeInt

    @classmethod
    def of(cls, recorded: Recorded) -> Entry:
        response = recorded.response
        return cls(
            text=response.text,
            reply_usage=None if response.usage is None else _Counts.of(response.usage),
            stop_reason=response.stop_reason,
            model=response.model,
            response_id=response.response_id,
            request_id=response.request_id,
            refusal=response.refusal,
            attempts=recorded.attempts,
            usage=_Counts.of(recorded.usage),
            cost_usd=recorded.cost_usd,
            unreported=recorded.unreported,
        )

    def recorded(self) -> Recorded:
        response = ModelResponse(
            self.text,
            None if self.reply_usage is None else self.reply_usage.usage(),
            self.stop_reason,
            self.model,
            self.response_id,
            self.request_id,
            self.refusal,
        )
        return Recorded(response, self.attempts, self.usage.usage(), self.cost_usd, self.unreported)
