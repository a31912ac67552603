"""What the files of a folder are, one row after the other."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from extractor.documents import Document, ReadOptions, listing
from extractor.documents.isolation import WorkerPool
from extractor.documents.listing import FileSummary, list_files

MakePdf = Callable[..., bytes]

OPTIONS = ReadOptions()


def rows_of(folder: Path) -> dict[str, FileSummary]:
    return {row.path: row for row in list_files(folder, OPTIONS)}


def write(folder: Path, *names: str) -> None:
    """Write files that differ."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"The parties agree on {name}.", encoding="utf-8")


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[Any]]:
    """Return what notes the first argument of each call of a function that the listing uses."""

    def watch(name: str) -> list[Any]:
        given: list[Any] = []
        real = getattr(listing, name)

        def noted(first: Any, *others: Any, **named: Any) -> Any:
            given.append(first)
            return real(first, *others, **named)

        monkeypatch.setattr(listing, name, noted)
        return given

    return watch


def test_a_folders_own_files_come_first_by_name(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a/2.txt", "a.txt", "a/1.txt", "a/a/9.txt", "B.txt", ".git/x", ".y")
    order = ["B.txt", "a.txt", "b.txt", "a/1.txt", "a/2.txt", "a/a/9.txt"]
    assert list(rows_of(tmp_path)) == order


def test_each_sort_of_file_has_its_status(tmp_path: Path, make_pdf: MakePdf) -> None:
    write(tmp_path, "read.txt")
    (tmp_path / "scan.pdf").write_bytes(make_pdf(""))
    (tmp_path / "broken.pdf").write_bytes(make_pdf("x")[:100])
    (tmp_path / "empty.txt").write_bytes(b" ")
    (tmp_path / "photos.zip").write_bytes(b"PK\x03\x04")
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "encrypted.docx").write_bytes(locked)
    (tmp_path / "lost.txt").symlink_to(tmp_path / "nowhere")
    rows = rows_of(tmp_path)
    assert {path: row.status for path, row in rows.items()} == {
        "broken.pdf": "broken",
        "empty.txt": "empty",
        "encrypted.docx": "encrypted",
        "lost.txt": "broken",
        "photos.zip": "unsupported",
        "read.txt": "read",
        "scan.pdf": "scan",
    }
    failure = rows["encrypted.docx"].failure
    assert failure is not None
    assert (failure.type, failure.hint is None) == ("EncryptedDocumentError", False)
    content = rows["read.txt"].content
    assert content is not None
    assert (content.pages, content.characters) == (1, len("The parties agree on read.txt."))
    assert all((row.content is None) != (row.failure is None) for row in rows.values())


def test_each_file_is_loaded_once_and_the_same_bytes_are_read_once(
    tmp_path: Path, make_pdf: MakePdf, called: Callable[[str], list[Any]]
) -> None:
    for name in ("c.pdf", "a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(make_pdf("One."))
    for name in ("d.txt", "e.txt"):
        (tmp_path / name).write_bytes(b"")
    loaded, read = called("load"), called("read_bytes")
    rows = rows_of(tmp_path)
    assert sorted(path.name for path in loaded) == ["a.pdf", "b.pdf", "c.pdf", "d.txt", "e.txt"]
    assert sorted(read) == [b"", b"", make_pdf("One.")]
    assert [row.duplicate_of for row in rows.values()] == [None, "a.pdf", "a.pdf", None, None]
    assert rows["b.pdf"].status == "duplicate"
    assert rows["b.pdf"].sha256 == rows["a.pdf"].sha256


def test_rows_come_while_most_files_are_not_yet_loaded(
    tmp_path: Path, called: Callable[[str], list[Any]]
) -> None:
    write(tmp_path, *(f"{number:02}.txt" for number in range(40)))
    loaded = called("load")
    rows = list_files(tmp_path, OPTIONS)
    assert next(rows).path == "00.txt"
    assert len(loaded) < 20
    assert len([*rows]) == 39


def test_no_document_is_kept(tmp_path: Path) -> None:
    write(tmp_path, "kept nowhere.txt", "z.txt")
    rows = [*list_files(tmp_path, OPTIONS)]
    gc.collect()
    kept = [o for o in gc.get_objects() if isinstance(o, Document) and o.source.startswith("kept")]
    assert (len(rows), kept) == (2, [])


def test_a_folder_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (row,) = list_files(tmp_path / "none", OPTIONS)
    assert (row.path, row.status) == (".", "broken")
    assert row.failure is not None
    assert row.failure.message == ". can't be opened: No such file or directory"


def test_one_below_it_is_told_and_the_others_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a/1.txt", "b/2.txt", "c/3.txt")
    real = os.walk

    def locked(folder: Path, onerror: Callable[[OSError], None]) -> Iterator[Any]:
        for parent, folders, names in real(folder):
            if Path(parent).name == "b":
                onerror(PermissionError(13, "Permission denied", parent))
            else:
                yield parent, folders, names

    monkeypatch.setattr("extractor.documents.listing.os.walk", locked)
    rows = rows_of(tmp_path)
    assert {path: row.status for path, row in rows.items()} == {
        "a/1.txt": "read",
        "b": "broken",
        "c/3.txt": "read",
    }


def test_who_stops_early_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, *(f"{number:02}.txt" for number in range(20)))
    pools: list[WorkerPool] = []

    def noted() -> WorkerPool:
        pools.append(WorkerPool(2))
        return pools[-1]

    monkeypatch.setattr(listing, "WorkerPool", noted)
    rows = list_files(tmp_path, OPTIONS)
    next(rows)
    (pool,) = pools
    assert pool.pids
    rows.close()
    assert not pool.pids
