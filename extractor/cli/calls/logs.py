"""`extractor logs`: calls, one by one."""

from __future__ import annotations

import argparse
from datetime import datetime

from extractor.calls.ledger.attempts import Filter, calendar_of, calls, open_to_read
from extractor.calls.ledger.days import Calendar
from extractor.calls.log import record_line
from extractor.calls.records import MICRO, CallRecord
from extractor.cli.exits import OK
from extractor.cli.settings import store_for
from extractor.cli.streams import Output
from extractor.cli.tables import table

_COLUMNS = (
    *("call", "started", "state", "model", "technique", "try", "error", "user"),
    *("s", "in", "out", "cost"),
)


def run(options: argparse.Namespace, out: Output) -> int:
    """Print the calls that the options ask for, the newest first."""
    with open_to_read(store_for(options)) as ledger:
        calendar = calendar_of(ledger)
        wanted = Filter(
            state=options.state,
            model=options.model,
            user=options.user,
            extraction=options.extraction,
            since=calendar.read(options.since) if options.since else None,
            errors=options.errors,
        )
        records = list(calls(ledger, wanted, newest=options.n))
    if options.json:
        out.write_json({"calls": [record_line(record) for record in records]})
    elif records:
        rows = (_cells(record, calendar) for record in records)
        out.write(table(_COLUMNS, rows, out, texts=8))
    else:
        out.write("No such calls.")
    return OK


def _cells(record: CallRecord, calendar: Calendar) -> tuple[object, ...]:
    started = datetime.fromtimestamp(record.started_at, calendar.zone())
    usage = record.usage
    return (
        record.id,
        f"{started:%m-%d %H:%M:%S}",
        record.state,
        record.target,
        record.technique,
        record.attempt,
        record.error_type,
        record.metadata.get("user"),
        None if record.latency is None else f"{record.latency:.2f}",
        usage and f"{usage.input_tokens:,}",
        usage and f"{usage.output_tokens:,}",
        None if record.cost is None else f"${record.cost / MICRO:,.4f}",
    )
