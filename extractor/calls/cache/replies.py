"""Replies used again, and kept, by the mode that a caller chose."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from pydantic import ValidationError

from extractor.calls.base import Clock, Recorded
from extractor.calls.cache.entry import StoredReply
from extractor.calls.cache.file import CacheFile, DamagedError
from extractor.calls.cache.keys import cache_key, package_version
from extractor.calls.steps import Target
from extractor.errors import CacheMissError, ConfigurationError, StoreError
from extractor.types import ModelRequest, StopReason

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
                StoredReply.of(recorded).model_dump_json().encode(),
                model=str(target),
                version=package_version(),
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
        return None if stored is None else StoredReply.model_validate_json(stored).recorded()
