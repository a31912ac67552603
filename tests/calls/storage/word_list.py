"""A small kind of file to try the store with: a list of words."""

from __future__ import annotations

import sqlite3
import sys
import textwrap
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from extractor.calls.storage.database import Schema


def make_words(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE words (word TEXT PRIMARY KEY)")


WORDS = Schema("word list", 0x574F5244, (make_words,))


def write(word: str) -> Callable[[sqlite3.Connection], object]:
    def work(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO words (word) VALUES (?)", (word,))

    return work


def words(connection: sqlite3.Connection) -> list[str]:
    return [word for (word,) in connection.execute("SELECT word FROM words ORDER BY word")]


def in_file(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return words(connection)


def script(code: str, *arguments: str) -> list[str]:
    head = (
        "import os, signal, sys, threading, time\nfrom pathlib import Path\n"
        "from extractor.calls.storage.database import Schema\n"
        "from extractor.calls.storage.store import Store, StoreError\n"
        "def make(c): c.execute('CREATE TABLE words (word TEXT PRIMARY KEY)')\n"
        "def write(word):\n"
        "    return lambda c: c.execute('INSERT INTO words (word) VALUES (?)', (word,))\n"
        "store = Store(Path(sys.argv[1]), Schema('word list', 0x574F5244, (make,)))\n"
    )
    return [sys.executable, "-c", head + textwrap.dedent(code), *arguments]
