"""What models answered to a run, kept in its file: a program that is killed asks for none twice."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from contextlib import closing
from contextvars import ContextVar

from pydantic import ValidationError

from extractor.calls.base import Recorded, ReplyCache
from extractor.calls.cache.entry import StoredReply
from extractor.calls.cache.keys import cache_key
from extractor.calls.ledger.rows import LEDGER
from extractor.calls.steps import Target
from extractor.calls.storage.database import connect
from extractor.errors import StoreError
from extractor.runs.base import Claim
from extractor.runs.journal import SqliteJournal
from extractor.types import ModelRequest

CLAIM: ContextVar[Claim | None] = ContextVar("claim", default=None)
"""The document that is worked on."""

_log = logging.getLogger("extractor.runs")


class JournalReplies:
    """A `ReplyCache` in a run's file.

    A reply is queued before the end of its attempt is, and both are written by one thread in that
    order: an attempt that is settled has its reply in the file, whenever the program was killed.

    Args:
        journal: the run. A document that is asked anew has other fences, and so other questions.
    """

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal
        self._reading = connect(journal.path, LEDGER)

    @property
    def nonce_key(self) -> bytes:
        """The secret of the fences around the document that is being worked on."""
        claim = CLAIM.get()
        return self._journal.nonce_key(claim.turn if claim else 0)

    def get(self, request: ModelRequest, target: Target, /) -> Recorded | None:
        """Return the recorded reply; None if the request is to be sent."""
        key = self.key(request, target)
        try:
            with closing(
                self._reading.execute("SELECT reply FROM replies WHERE key = ?", (key,))
            ) as rows:
                found: tuple[bytes] | None = rows.fetchone()
            return None if found is None else StoredReply.model_validate_json(found[0]).recorded()
        except (sqlite3.Error, ValidationError) as error:
            _log.warning("A kept reply can't be read and is asked for again: %s", type(error))
            return None

    def put(self, request: ModelRequest, target: Target, recorded: Recorded, /) -> None:
        """Queue a reply to be written; a failure to do so is logged."""
        key, claim = self.key(request, target), CLAIM.get()
        try:
            entry = StoredReply.of(recorded).model_dump_json().encode()
            row = (key, entry, claim and claim.key)
            self._journal.store.submit(
                lambda connection: connection.execute(
                    "INSERT OR REPLACE INTO replies (key, reply, document) VALUES (?, ?, ?)", row
                )
            )
        except (StoreError, ValueError) as error:
            _log.error("A reply of %s is used, but not kept: %s", target, type(error).__name__)

    def close(self) -> None:
        self._reading.close()

    def key(self, request: ModelRequest, target: Target) -> bytes:
        """Return what a reply is found by."""
        return hashlib.sha256(cache_key(request, target)).digest()


class NotedReplies:
    """A `ReplyCache` of somebody else's, whose replies a run's file has too, for who looks into it.

    Args:
        cache: what decides which replies are used again.
        noted: the run's own.
    """

    def __init__(self, cache: ReplyCache, noted: JournalReplies) -> None:
        self._cache, self._noted = cache, noted

    @property
    def nonce_key(self) -> bytes:
        """The secret of the other cache, by which its replies are found."""
        return self._cache.nonce_key

    def get(self, request: ModelRequest, target: Target, /) -> Recorded | None:
        """Return the recorded reply; None if the request is to be sent."""
        recorded = self._cache.get(request, target)
        if recorded is not None:
            self._noted.put(request, target, recorded)
        return recorded

    def put(self, request: ModelRequest, target: Target, recorded: Recorded, /) -> None:
        """Keep a reply in both."""
        self._cache.put(request, target, recorded)
        self._noted.put(request, target, recorded)

    def close(self) -> None:
        """Leave both open: they are others'."""
