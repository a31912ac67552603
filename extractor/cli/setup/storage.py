"""Whether the store can be used: looked at without changing or making anything."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote


def store_facts(path: Path) -> dict[str, str]:
    """Return the store's path, its state, and the room on its disk."""
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    return {
        "path": str(path),
        "state": _state(path, folder),
        "free disk": f"{shutil.disk_usage(folder).free / 1e9:.1f} GB",
    }


def _state(path: Path, folder: Path) -> str:
    if not path.exists():
        can_make = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
        return "not there yet" if can_make else f"not there, and {folder} can't be written to"
    try:
        uri = f"file:{quote(str(path.absolute()))}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            found: list[tuple[str]] = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.Error as error:
        return f"can't be read: {error}"
    return "ok" if found == [("ok",)] else f"damaged: {found[0][0]}"
