"""Files that appear whole or not at all, and one moment of a run for all that is read of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from extractor.errors import StoreError
from extractor.runs.reader import RunReader


@contextmanager
def placing(to: Path, *beside: Path) -> Generator[Path]:
    """Yield a folder to write in; what is in it is put in place when the block ends well.

    The folder is a hidden one beside the target, so that putting a file in place is one step of the
    file system's. It goes with all that is left in it, whichever way the block ends.

    Args:
        to: the target; a file of its name has to be written, or a folder.
        beside: targets in the same folder; of which none is written, an older one is removed.

    Raises:
        StoreError: an OSError, from the block or after it; what was there before stays.
    """
    try:
        with TemporaryDirectory(dir=to.parent, prefix=".export-") as folder:
            yield Path(folder)
            for target in (*beside, to):
                made = Path(folder, target.name)
                if made.exists() or target == to:
                    _place(made, target)
                else:
                    target.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"{str(to)!r} can't be written: {error.strerror or error}.",
            hint="Check the rights of its folder and the room on the disk, or name another.",
        ) from error


@contextmanager
def one_moment(reader: RunReader) -> Generator[None]:
    """Have everything that is read in the block be of one moment, whoever works on the run."""
    reader.all("BEGIN")
    try:
        yield
    finally:
        with suppress(StoreError):  # SQLite has ended it where reading failed
            reader.all("ROLLBACK")


def _place(made: Path, target: Path) -> None:
    if made.is_dir():
        made.replace(target)  # which is not there, or empty
        return
    if target.exists():
        shutil.copymode(target, made)  # who has closed a file to others keeps it closed
    with made.open("rb+") as file:
        os.fsync(file.fileno())
    made.replace(target)
