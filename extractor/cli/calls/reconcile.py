"""`extractor reconcile`: say what calls did cost of which nobody told."""

from __future__ import annotations

import argparse
from contextlib import closing

from extractor.calls.ledger.attempts import calendar_of, reconcile, reconcile_before, require_file
from extractor.calls.ledger.rows import LEDGER
from extractor.calls.log import usd
from extractor.calls.records import MICRO
from extractor.calls.storage.store import Store
from extractor.cli.exits import OK
from extractor.cli.settings import store_for
from extractor.cli.streams import Output
from extractor.plurals import counted


def run(options: argparse.Namespace, out: Output) -> int:
    """Settle the calls that are named, or those before a time, all or none of them."""
    path = store_for(options)
    require_file(path)
    cost = None if options.usd is None else round(options.usd * MICRO)
    with closing(Store(path, LEDGER)) as store:
        if options.ids:
            done = store.run(lambda ledger: reconcile(ledger, options.ids, cost))
        else:
            before = store.run(calendar_of).read(options.unknown_before)
            done = store.run(lambda ledger: reconcile_before(ledger, before, cost))
    if options.json:
        facts = {"reconciled": done.calls, "cost_usd": usd(done.cost), "left": done.left}
        out.write_json(facts)
        return OK
    out.write(f"{counted(done.calls, 'call')} settled at ${done.cost / MICRO:,.4f} in all.")
    if done.left:
        out.write(f"Nothing was set aside for {done.left:,} more: say with --usd what they cost.")
    return OK
