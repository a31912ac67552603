"""Files that are used only if their SHA-256 is the published one.

Hashing a gigabyte takes a second or more, so a small record says of which file (path, size, time of
change, inode) the SHA-256 is already known. A file that changed in any of these is hashed again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

_ABANDONED = 3600.0
"""Seconds after which a temporary file that nobody wrote to is taken for a killed process's."""


class MismatchError(Exception):
    """The bytes are not the published file; the message says whose bytes they were."""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_published(
    path: Path, sha256: str, *, records: Path, progress: Callable[[str], None]
) -> bool:
    """Say whether a file has this SHA-256, hashing it unless the folder `records` knows it."""
    if _recorded(_record_of(path, records)) == _facts(path, sha256):
        return True
    progress(f"Checking {path}")
    if sha256_of(path) != sha256:
        return False
    note_verified(path, sha256, records=records, progress=progress)
    return True


def note_verified(
    path: Path, sha256: str, *, records: Path, progress: Callable[[str], None]
) -> None:
    """Record that a file has this SHA-256.

    A folder that can't be written (a read-only image) is no reason to fail: the file is only hashed
    again at the next start, and `progress` is told so.
    """
    try:
        records.mkdir(parents=True, exist_ok=True)
        _replace(_record_of(path, records), [_facts(path, sha256)])
    except OSError as error:
        progress(f"{records} can't be written ({error.strerror}): {path} is checked at each start")


def store(chunks: Iterable[bytes], target: Path, *, sha256: str) -> None:
    """Write a file whole or not at all; safe when several processes do so at once.

    Raises:
        MismatchError: the chunks have another SHA-256; nothing is left.
        OSError: the folder can't be written or is full; nothing is left.
    """
    digest = hashlib.sha256()

    def digested() -> Iterable[bytes]:
        for chunk in chunks:
            digest.update(chunk)
            yield chunk
        if digest.hexdigest() != sha256:
            raise MismatchError(f"the SHA-256 is {digest.hexdigest()}, not the published {sha256}")

    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target.parent)
    _replace(target, digested())


def _replace(target: Path, chunks: Iterable[bytes]) -> None:
    handle, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(chunks)
        Path(name).chmod(0o644)  # a cache may be filled by one user and used by others
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _sweep(folder: Path) -> None:
    """Remove what killed processes left; a living one's temporary file is younger."""
    for file in folder.glob("*.gguf.*.tmp"):
        with suppress(FileNotFoundError):  # another process sweeps too
            if time.time() - file.stat().st_mtime > _ABANDONED:
                file.unlink()


def _record_of(path: Path, records: Path) -> Path:
    key = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:16]
    return records / f"verified-{key}.json"


def _recorded(record: Path) -> bytes:
    """Return what a record says; one that can't be read says nothing."""
    try:
        return record.read_bytes()
    except OSError:
        return b""


def _facts(path: Path, sha256: str) -> bytes:
    stat = path.stat()
    facts = {
        "path": str(path.resolve()),
        "size": stat.st_size,
        "mtime_ns": stat.st_mtime_ns,
        "inode": stat.st_ino,
        "sha256": sha256,
    }
    return json.dumps(facts).encode()
