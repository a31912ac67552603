"""Durable runs: folders of contracts, extracted by a program that may be killed at any moment.

All that a run knows is in one SQLite file in its folder: what is to be done, what was sent, what
was answered, what it cost, and the results. It is a call ledger with further tables, so that
whatever reads ledgers reads runs too.
"""

from __future__ import annotations
