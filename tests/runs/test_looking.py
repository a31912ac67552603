"""A look at a folder: what is read of it, and what is to be asked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from extractor.documents.options import Limits
from extractor.runs import looking
from extractor.runs.base import Contents
from extractor.runs.configuration import Configuration, key_of
from extractor.runs.folder import contents_of
from extractor.runs.looking import Looked, look

ASKED = Configuration({})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"a": "one", "b": "two", "c": "one", "d": "three", "e": "four!!"}.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def looked(folder: Path, **known: Contents) -> Looked:
    paths = sorted(path.name for path in folder.iterdir())
    return look(folder, paths, known, Limits(), tell=lambda _: None)


def test_only_files_of_one_size_are_read(folder: Path) -> None:
    found = looked(folder)
    assert found.paths == ["a", "b", "c", "d", "e"]
    assert sorted(found.contents) == ["a", "b", "c"]


def test_each_content_is_asked_about_once(folder: Path) -> None:
    assert looked(folder).unanswered(ASKED, ()) == ["a", "b", "d", "e"]


def test_what_is_answered_is_not_asked_about_wherever_it_stands_by_now(folder: Path) -> None:
    _, old = contents_of(folder / "e", Limits())
    (folder / "e").rename(folder / "f")
    ended = {key_of(ASKED.digest, old.sha256)}
    assert looked(folder, e=old).unanswered(ASKED, ended) == ["a", "b", "d"]


def test_a_file_that_has_not_changed_is_not_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {name: contents_of(folder / name, Limits())[1] for name in "abcde"}
    monkeypatch.setattr(looking, "contents_of", None)
    assert looked(folder, **known).contents == known


def test_a_file_that_has_changed_is_read_whatever_its_size(folder: Path) -> None:
    known = {name: contents_of(folder / name, Limits())[1] for name in "abcde"}
    (folder / "d").write_text("something of another size", "utf-8")
    found = looked(folder, **known).contents["d"]
    assert found is not None
    assert found.sha256 != known["d"].sha256


def test_what_is_no_file_is_not_asked_about(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "gone").symlink_to(folder / "nowhere")
    found = looked(folder)
    assert (found.contents["pipe"], found.contents["gone"]) == (None, None)
    assert found.unanswered(ASKED, ()) == ["a", "b", "d", "e"]
