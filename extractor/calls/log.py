"""A record as one flat JSON object: on the logger `extractor.calls`, and for `extractor logs`."""

from __future__ import annotations

import json
import logging

from extractor.calls.records import MICRO, CallRecord
from extractor.types import JsonObject, Usage

_log = logging.getLogger("extractor.calls")


def log_record(record: CallRecord) -> None:
    """Log one line at INFO; never a word of the contract."""
    if _log.isEnabledFor(logging.INFO):
        _log.info("%s", json.dumps(record_line(record)))


def record_line(record: CallRecord) -> JsonObject:
    """Return what is known of an attempt; null where nothing is, and US dollars for money."""
    usage = record.usage
    return {
        "id": record.id,
        "extraction": record.extraction,
        "provider": record.target.provider,
        "model": record.target.model,
        "account": record.target.account,
        "technique": record.technique,
        "attempt": record.attempt,
        "started_at": record.started_at,
        "state": record.state,
        "latency": record.latency,
        **{name: getattr(usage, name, None) for name in Usage.__dataclass_fields__},
        "response_model": record.response_model,
        "stop_reason": record.stop_reason,
        "error_type": record.error_type,
        "status": record.status,
        "request_id": record.request_id,
        "response_id": record.response_id,
        "retry_cause": record.retry_cause,
        "reserved_usd": usd(record.reserved),
        "cost_usd": usd(record.cost),
        "metadata": dict(record.metadata),
    }


def usd(micro: int | None) -> float | None:
    """Return micro-dollars as US dollars for people and JSON; never to calculate with."""
    return None if micro is None else micro / MICRO
