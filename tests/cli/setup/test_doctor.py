"""`extractor doctor`."""

from __future__ import annotations

import json
import socket
import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from extractor.cli import main
from extractor.cli.setup.online import Answer, ask_hosts, clock_skew

Capture = pytest.CaptureFixture[str]


def json_of(capsys: Capture) -> Any:
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    return json.loads(out)


def test_the_doctor_shows_what_is_set_and_where_requests_go(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://proxy.example/v1")
    assert main(["doctor", "--json"]) == 0
    report = json_of(capsys)
    assert report["hosts"]["openai"] == "https://proxy.example/v1"
    assert report["hosts"]["anthropic"] == "https://api.anthropic.com"
    assert report["base_urls"] == {"OPENAI_BASE_URL": "from the environment"}
    assert report["keys"]["OPENAI_API_KEY"] == "not set"
    assert report["model"]["default"].startswith("local:")
    assert set(report["schemas"]) >= {"contract", "nda"}
    assert "tesseract" in report["documents"]["ocr"]
    assert "cut off from the network" in report["documents"]["reading process"]
    assert main(["doctor"]) == 0
    assert "https://proxy.example/v1" in capsys.readouterr().out


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_the_doctor_never_shows_a_key(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, options: list[str]
) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "EXTRACTOR_COMPATIBLE_API_KEY"):
        monkeypatch.setenv(name, "a-secret-key")
    for name in ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "EXTRACTOR_COMPATIBLE_BASE_URL"):
        monkeypatch.setenv(name, "https://user:a-secret-word@proxy.example/v1")
    assert main(["doctor", *options]) == 3
    shown = capsys.readouterr()
    assert "secret" not in shown.out + shown.err
    assert "set" in shown.out
    assert "holds a user name or password" in shown.out


@pytest.mark.parametrize(
    "url",
    ["https://proxy.example/v1?key=secret", "https://[secret", "secret", "http://x:secret/v1"],
)
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_base_url_that_is_none_is_told_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, url: str, options: list[str]
) -> None:
    for name in ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "EXTRACTOR_COMPATIBLE_BASE_URL"):
        monkeypatch.setenv(name, url)
    assert main(["doctor", *options]) == 3
    shown = capsys.readouterr()
    assert "key=secret" not in shown.out + shown.err
    assert "hosts" in shown.out


def test_the_doctor_names_files_profile_and_who_chose_each_host(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "https://gateway.example")
    (folder / "extractor.toml").write_text(
        "[profiles.work]\nmodels = ['openai:m', 'anthropic:n']\n[profiles.work.providers.openai]\n"
        "base_url = 'https://proxy.example/v1'\napi_key_variable = 'TEAM_KEY'",
        encoding="utf-8",
    )
    assert main(["doctor", "--profile", "work", "--json"]) == 0
    report = json_of(capsys)
    place = "./extractor.toml [profiles.work]"
    assert report["config"]["./extractor.toml"] == "read"
    assert report["config"]["profile"] == "work"
    assert "not there" in report["config"].values()
    assert report["model"]["default"] == "openai:m, anthropic:n"
    assert report["model"]["from"] == place
    assert report["hosts"]["openai"] == "https://proxy.example/v1"
    assert report["hosts_from"]["openai"] == f"providers.openai.base_url from {place}"
    assert report["hosts_from"]["anthropic"] == "ANTHROPIC_BASE_URL"
    assert report["hosts_from"]["local"] == "built in"
    assert report["keys"]["TEAM_KEY"] == "not set"
    assert "OPENAI_API_KEY" not in report["keys"]


def test_the_doctor_tells_a_broken_configuration_among_the_rest(
    folder: Path, capsys: Capture
) -> None:
    (folder / "extractor.toml").write_text("modle = 1", encoding="utf-8")
    assert main(["doctor", "--json"]) == 3
    report = json_of(capsys)
    assert "./extractor.toml: there is no key modle." in report["config"]["broken"]
    assert report["versions"]["python"]


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ("", 0),
        ("model = 'compatible:m'", 3),
        ("[providers.compatible]\nbase_url = 'http://vllm.internal:8000/v1'", 3),
        ("[providers.compatible]\nbase_url = 'http://vllm.internal:8000/v1'\nallow_http = true", 0),
        ("[providers.openai]\nbase_url = 'https://user:word@proxy.example/v1'", 3),
        ("[providers.local]\nbase_url = 'https://proxy.example/v1'", 3),
    ],
)
@pytest.mark.parametrize("options", [[], ["--json"], ["--online"]])
def test_a_host_that_no_request_may_go_to_is_a_matter_of_configuration(
    folder: Path, monkeypatch: pytest.MonkeyPatch, config: str, code: int, options: list[str]
) -> None:
    monkeypatch.setattr("extractor.cli.setup.doctor.ask_hosts", dict.fromkeys)
    (folder / "extractor.toml").write_text(config, encoding="utf-8")
    assert main(["doctor", *options]) == code


def test_the_doctor_dates_the_prices(capsys: Capture) -> None:
    assert main(["doctor", "--json"]) == 0
    prices = json_of(capsys)["prices"]
    assert prices["list"].startswith("genai-prices 0.")
    assert time.strptime(prices["date"], "%Y-%m-%d")
    assert prices["age in days"] >= 0


def store_of(capsys: Capture) -> Any:
    assert main(["doctor", "--json"]) == 0
    return json_of(capsys)["store"]


def test_the_doctor_looks_at_the_store_and_makes_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    path = folder / "state" / "calls.sqlite"
    monkeypatch.setenv("EXTRACTOR_STORE", str(path))
    store = store_of(capsys)
    assert (store["path"], store["state"]) == (str(path), "not there yet")
    assert store["free disk"].endswith(" GB")
    assert not path.parent.exists()
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (x TEXT)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 100)
        connection.commit()
    before = path.read_bytes()
    assert store_of(capsys)["state"] == "ok"
    assert path.read_bytes() == before
    path.write_bytes(before[:9_000] + b"\xff" * 2_000 + before[11_000:])
    assert store_of(capsys)["state"].startswith(("damaged: ", "can't be read: "))
    path.write_bytes(b"no database at all" * 100)
    assert store_of(capsys)["state"].startswith("can't be read: ")
    path.unlink()
    path.mkdir()
    assert store_of(capsys)["state"].startswith("can't be read: ")


class Host(ThreadingHTTPServer):
    """Answers with one date, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self, date: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.date = date
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        assert isinstance(self.server, Host)
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        self.send_response_only(307)
        self.send_header("location", "http://192.0.2.1/")
        self.send_header("date", self.server.date)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        return


@contextmanager
def running(date: str) -> Generator[Host]:
    with Host(date) as host:
        thread = Thread(target=host.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield host
        finally:
            host.shutdown()
            thread.join()


def test_online_each_host_is_asked_once_without_a_key_for_its_clock(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-0123456789")
    with running(formatdate(time.time() - 3_600, usegmt=True)) as host:
        monkeypatch.setenv("OPENAI_BASE_URL", host.url)
        monkeypatch.setenv("EXTRACTOR_COMPATIBLE_BASE_URL", host.url)
        assert main(["doctor", "--online", "--json"]) == 0
        online = json_of(capsys)["online"]
        assert main(["doctor", "--online"]) == 0
        assert "HTTP 307" in capsys.readouterr().out
    assert set(online) == {host.url}
    assert (online[host.url]["status"], online[host.url]["error"]) == (307, None)
    assert online[host.url]["clock_skew"] == pytest.approx(3_600, abs=2)
    assert len(host.asked) == 2
    for command, path, headers in host.asked:
        assert (command, path) == ("HEAD", "/v1")
        assert "secret" not in str(headers)


def test_offline_no_host_is_asked(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    with running("") as host:
        monkeypatch.setenv("OPENAI_BASE_URL", host.url)
        assert main(["doctor", "--json"]) == 0
        assert "online" not in json_of(capsys)
    assert host.asked == []


def test_a_host_that_is_not_there_or_never_answers_is_told_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hanging = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with socket.create_server(("127.0.0.1", 0)) as gone:
            closed = f"http://127.0.0.1:{gone.getsockname()[1]}"
        monkeypatch.setattr("extractor.cli.setup.online.TIMEOUT", 1.0)
        began = time.monotonic()
        answers = ask_hosts([closed, hanging, closed])
        assert time.monotonic() - began < 2.5
    assert list(answers) == [closed, hanging]
    assert "ConnectError" in str(answers[closed])
    assert "no answer" in str(answers[hanging])
    assert answers[hanging].status is None


@pytest.mark.parametrize("date", [None, "", "yesterday", "Thu, 99 Jan 1970 00:16:40 GMT"])
def test_a_date_that_is_none_says_nothing_of_the_clock(date: str | None) -> None:
    assert clock_skew(date, 0.0, 1.0) is None


def test_what_a_host_said_is_told_in_words() -> None:
    assert str(Answer(200, 0.1, None)) == "HTTP 200 in 0.1 s; no clock told"
    assert str(Answer(200, 0.1, -2.0)) == "HTTP 200 in 0.1 s; our clock is ahead by -2.0 s"
