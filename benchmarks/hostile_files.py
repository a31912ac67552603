"""Files that are broken or made to do harm: what becomes of whoever reads them.

    python -m benchmarks.hostile_files [--only TEXT] [--keep FOLDER]

Each is made here and read by `read_document` in another process, which stands for an application:
the parent. Allowed are a typed error, a document with a warning, and, where nothing is lost, one
without. Forbidden are any other exception; a parent that dies, hangs or grows by more than 20 MB; a
reading past its limits of time; text cut short without a word; a path in an attachment's name; the
content of another file; and processes that outlive the parent. Linux only (/proc).
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import hostile_packages, hostile_pdfs
from benchmarks.watching import Watch
from extractor.documents import Document, read_document
from extractor.documents.options import Limits
from extractor.errors import DocumentError

ROOT = Path(__file__).parent.parent
GROWTH = 20.0
"""Megabytes by which a file may leave the parent larger."""

GRACE = 15.0
"""Seconds beside a reading's own limit for a loaded machine to start and end a process."""

KEPT = 0.99
"""The share of a file's text that a document without a warning has at least."""

COMMAND = (sys.executable, "-m", "benchmarks.hostile_files", "--read")
"""What starts the parent."""

_SECRET = "root:x:0:0"  # noqa: S105  how /etc/passwd begins
_ENDED = 5.0


@dataclass(frozen=True, slots=True)
class HostileFile:
    """A file, how to make it, and how many characters are read of it where nothing is lost."""

    name: str
    make: Callable[[], bytes]
    is_quick: bool
    characters: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one file: `typed`, `flagged`, `fine`, or a violation."""

    name: str
    outcome: str
    what: str = ""
    seconds: float = 0.0
    growth: float = 0.0
    """Megabytes of the parent."""

    violations: tuple[str, ...] = ()


def hostile_files() -> Iterator[HostileFile]:
    """Name all files; each is made when it is asked for."""
    for source in (hostile_pdfs.cases, hostile_packages.documents, hostile_packages.others):
        for case in source():
            yield HostileFile(*case)


def readings(files: Iterable[HostileFile], folder: Path) -> Iterator[Reading]:
    """Read the files one after another in a parent that is replaced where it dies."""
    parent = _Parent()
    try:
        for file in files:
            path = folder / file.name
            path.write_bytes(file.make())
            reading = parent.read(file, path)
            yield reading
            if reading.outcome in ("dead", "hung"):
                parent.close()
                parent = _Parent()
    finally:
        left = parent.close()
    if left:
        yield Reading("(at the end)", "left", violations=(f"processes left: {left}",))


class _Parent:
    """The process that reads; it answers each path with a line of JSON."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        self._children: set[int] = set()

    def read(self, file: HostileFile, path: Path) -> Reading:
        assert self._process.stdin is not None  # noqa: S101  both are pipes
        assert self._process.stdout is not None  # noqa: S101
        limits = Limits()
        self._process.stdin.write(f"{path}\n".encode())
        self._process.stdin.flush()
        most = limits.seconds + limits.seconds_per_page * limits.pages + GRACE
        if not select.select([self._process.stdout], [], [], min(most, 180.0))[0]:
            return Reading(file.name, "hung", violations=("the parent does not answer",))
        line = self._process.stdout.readline()
        if not line:
            return Reading(file.name, "dead", violations=("the parent is dead",))
        answer = json.loads(line)
        self._children.update(answer["children"])
        reading = Reading(
            file.name, answer["outcome"], answer["what"], answer["seconds"], answer["growth"]
        )
        return replace(reading, violations=tuple(_violations(file, reading, answer)))

    def close(self) -> list[int]:
        """End the process; return the ids of its children that are there after it."""
        assert self._process.stdin is not None  # noqa: S101
        assert self._process.stdout is not None  # noqa: S101
        self._process.stdin.close()
        try:
            self._process.wait(_ENDED)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        until = time.monotonic() + _ENDED
        while (left := _alive(self._children)) and time.monotonic() < until:
            time.sleep(0.1)
        return left


def _violations(file: HostileFile, reading: Reading, answer: dict[str, object]) -> Iterator[str]:
    if reading.outcome == "untyped":
        yield f"an exception that is not ours: {reading.what}"
    if answer["leaks"]:
        yield "the content of another file, or a path in an attachment's name"
    if reading.growth > GROWTH:
        yield f"the parent grew by {reading.growth:.0f} MB"
    limits, pages = Limits(), answer["pages"]
    assert isinstance(pages, int)  # noqa: S101  of our own line
    if reading.seconds > limits.seconds + limits.seconds_per_page * pages + GRACE:
        yield f"it took {reading.seconds:.0f} seconds"
    characters = answer["characters"]
    assert isinstance(characters, int)  # noqa: S101
    if reading.outcome == "fine" and characters < KEPT * file.characters:
        yield f"{characters} of {file.characters} characters, and no warning"


def read_on_demand() -> None:
    """Be the parent: read each path that stands on a line of stdin, and say what became of it."""
    read_document(hostile_pdfs.plain_pdf())  # whatever is loaded once is loaded
    watch = Watch()
    watch.note_memory()
    for line in sys.stdin:
        answer = _read(Path(line.rstrip("\n")))
        watch.note_memory()
        answer["growth"] = watch.resident[-1] - watch.resident[-2]
        answer["children"] = _children(os.getpid())
        print(json.dumps(answer), flush=True)


def _read(path: Path) -> dict[str, object]:
    begun = time.perf_counter()
    document: Document | None = None
    try:
        document = read_document(path)
        outcome = "flagged" if document.warnings else "fine"
        what = "; ".join(document.warnings)
    except DocumentError as error:
        outcome, what = "typed", f"{type(error).__name__}: {error.message}"
    except Exception as error:
        outcome, what = "untyped", f"{type(error).__name__}: {error}"
    seconds = time.perf_counter() - begun
    facts: dict[str, object] = {
        "outcome": outcome,
        "what": what[:300],
        "seconds": seconds,
        "pages": len(document.pages) if document else 0,
        "characters": len(document.text) if document else 0,
        "leaks": _leaks(document) if document else False,
    }
    del document
    gc.collect()
    return facts


def _leaks(document: Document) -> bool:
    """Whether a file of this machine was read, or an attachment's name leads out of a folder."""
    for attachment in document.attachments:
        if set("/\\\x00") & set(attachment.name) or attachment.name in ("", ".", ".."):
            return True
        if attachment.document and _leaks(attachment.document):
            return True
    return _SECRET in document.text or any(_SECRET in hidden.text for hidden in document.hidden)


def _children(pid: int) -> list[int]:
    """Return the processes below one, at any depth, from /proc."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_children(child)]
    return found


def _alive(pids: Iterable[int]) -> list[int]:
    return sorted(pid for pid in pids if Path(f"/proc/{pid}").exists())


def main(arguments: list[str]) -> int:
    """Print a table; 1 if anything forbidden happened."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--only", default="", metavar="TEXT", help="files with it in their name")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the files there")
    parser.add_argument("--read", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.read:
        read_on_demand()
        return 0
    files = [file for file in hostile_files() if options.only in file.name]
    with tempfile.TemporaryDirectory() as temporary:
        folder: Path = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        broken = 0
        for reading in readings(files, folder):
            shown = "; ".join(reading.violations) or reading.what
            mark = "VIOLATION" if reading.violations else reading.outcome
            broken += bool(reading.violations)
            cost = f"{reading.seconds:6.2f} s {reading.growth:6.1f} MB"
            print(f"{mark:9} {cost}  {reading.name:34} {shown[:90]}", flush=True)
    print(f"{len(files)} files, {broken} violations")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
