"""The options of the commands that look into what calls leave behind."""

from __future__ import annotations

import argparse
from typing import Any

from extractor.cli.options import add_settings_options, count, dollars
from extractor.cli.parser import command, group


def add_calls(commands: Any) -> None:
    """Add `cache`, `stats`, `logs` and `reconcile`."""
    cache = group(commands, "cache", "look into the reply cache, or empty it")
    stats = command(cache, "stats", "calls.cache", "count the recorded replies", do="stats")
    clear = command(cache, "clear", "calls.cache", "delete recorded replies", do="clear")
    clear.add_argument(
        "--older-than", type=count, metavar="DAYS", help="only those recorded longer ago"
    )
    for one in (stats, clear):
        one.add_argument(
            "--path", dest="cache_path", metavar="FILE", help="the cache, if not the configured one"
        )
        add_settings_options(one)

    stats = command(commands, "stats", "calls.stats", "add up what calls took and cost")
    stats.add_argument("--by", choices=("model", "user", "day", "endpoint", "technique"))
    _add_store_options(stats)

    logs = command(commands, "logs", "calls.logs", "list calls, the newest first")
    logs.add_argument("-n", type=count, default=20, metavar="N", help="how many; default: 20")
    logs.add_argument("--state", choices=("sent", "settled", "unknown", "unsent"))
    logs.add_argument("--model", metavar="[PROVIDER:]NAME")
    logs.add_argument("--user", metavar="NAME")
    logs.add_argument("--extraction", metavar="ID")
    logs.add_argument("--errors", action="store_true", help="failed calls only")
    _add_store_options(logs)

    reconcile = command(
        commands, "reconcile", "calls.reconcile", "say what calls of unknown cost did cost"
    )
    which = reconcile.add_mutually_exclusive_group(required=True)
    which.add_argument("ids", nargs="*", default=[], metavar="ID", help="as `extractor logs` shows")
    which.add_argument("--unknown-before", metavar="TIME", help="all that began before it")
    cost = reconcile.add_mutually_exclusive_group(required=True)
    cost.add_argument("--usd", type=dollars, metavar="X", help="what each of them cost")
    cost.add_argument("--usd-as-reserved", action="store_true", help="what was set aside for each")
    _add_store_options(reconcile, since=False)


def _add_store_options(parser: argparse.ArgumentParser, *, since: bool = True) -> None:
    if since:
        parser.add_argument(
            "--since", metavar="TIME", help="2026-11-01 or 2026-11-01T09:30, in the ledger's zone"
        )
    parser.add_argument("--store", metavar="FILE", help="the ledger, if not the configured one")
    add_settings_options(parser)
