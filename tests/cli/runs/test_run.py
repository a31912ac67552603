"""`extractor run`, `status`, `show` and `retry`, as somebody with a folder uses them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from benchmarks.fault_server import Running, contract, right_answer
from extractor.cli import main
from tests.cli.runs.conftest import COUNT, PRICES, sent, told


def test_a_folder_is_extracted_and_the_same_command_finds_nothing_left(
    command: list[str], server: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert f"{COUNT} files: {COUNT} done" in out
    assert "extractor export out" in out
    assert f"{COUNT} files to extract with compatible:m; they go to http://127.0.0.1" in err
    assert main(command) == 0
    assert "to extract" not in capsys.readouterr().err
    assert sent(server) == COUNT


def test_one_broken_file_is_exit_code_4_and_is_named(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    (folder / "empty.txt").touch()
    assert main(command) == 4
    out, err = capsys.readouterr()
    assert f"{COUNT + 2} files: {COUNT} done, 2 failed" in out
    assert "1 failed with UnreadableDocumentError." in out
    assert "What to do about broken.pdf: Open it in a PDF reader" in out
    assert "`extractor retry out` tries again what failed." in out
    assert "`extractor export out -o FILE.xlsx` writes the results." in out
    assert "broken.pdf" in err


def test_what_has_failed_is_tried_again_by_retry(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "late.txt").symlink_to(folder / "not-there-yet")
    assert main(command) == 4
    (folder / "not-there-yet").write_text(contract(99), encoding="utf-8")
    (folder / "late.txt").unlink()
    (folder / "not-there-yet").rename(folder / "late.txt")
    assert main(["retry", "out", "--failed"]) == 0
    assert f"{COUNT + 1} files: {COUNT + 1} done" in capsys.readouterr().out


def test_a_file_that_was_changed_is_extracted_again(
    command: list[str], folder: Path, server: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 0
    (folder / "001.txt").write_text(contract(500), encoding="utf-8")
    assert main(command) == 0
    assert server.truth().of(500).posts == 1
    record = told(capsys, "show", "out", "001.txt")
    assert record["value"] == right_answer(500).model_dump(mode="json")


def test_another_schema_asks_anew_and_the_first_one_costs_nothing_again(
    command: list[str], server: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 0
    capsys.readouterr()
    assert main([*command, "--evidence", "none"]) == 0
    assert "Not as before: evidence. What was found then is kept." in capsys.readouterr().err
    assert main(command) == 0
    assert sent(server) == 2 * COUNT


def test_a_refresh_asks_everything_again(command: list[str], server: Running) -> None:
    assert main(command) == 0
    assert main([*command, "--refresh"]) == 0
    assert main(command) == 0
    assert sent(server) == 2 * COUNT


def test_what_another_run_has_finished_is_not_sent_again(
    command: list[str], folder: Path, server: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 0
    other = folder.with_name("more")
    folder.rename(other)
    (other / "new.txt").write_text(contract(70), encoding="utf-8")
    elsewhere = ["run", str(other), *command[2:4], "--out", "out2", *command[6:]]
    assert main(elsewhere) == 0
    out = capsys.readouterr().out
    assert f"{COUNT + 1} files: {COUNT + 1} done" in out
    assert f"{COUNT} were finished in other runs" in out
    assert sent(server) == COUNT + 1


def test_a_limit_and_a_sample_leave_the_rest(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--limit", "2"]) == 0
    assert "2 done, 10 planned" in capsys.readouterr().out
    assert main([*command, "--sample", "5"]) == 0
    assert "7 done, 5 planned" in capsys.readouterr().out
    assert told(capsys, "status", "out")["files"] == {"total": 12, "done": 7, "planned": 5}


def test_status_says_what_it_cost_and_show_what_was_found(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 0
    status = told(capsys, "status", "out")
    assert status["attempts"] == COUNT
    assert status["usage"]["input_tokens"] > 100 * COUNT
    assert status["configuration"]["models"] == ["compatible:m"]
    assert status["under_way"] == []
    assert main(["show", "out", "003.txt", "law"]) == 0
    shown = capsys.readouterr().out
    assert str(right_answer(3).law) in shown
    assert "customer" not in shown
    assert main(["show", "out", "nowhere.txt"]) == 3
    assert main(["show", "out", "003.txt", "lav"]) == 3
    assert "law" in capsys.readouterr().err


def test_money_is_spent_only_when_somebody_has_agreed(
    command: list[str], tmp_path: Path, server: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = '[prices."compatible:m"]\ninput = 1.0\noutput = 5.0\n'
    (tmp_path / "extractor.toml").write_text(prices, encoding="utf-8")
    assert main(command) == 3
    assert "agreed" in capsys.readouterr().err
    assert server.truth().documents == {}
    assert main([*command, "--max-usd", "0.015", "--concurrency", "1"]) == 5
    err = capsys.readouterr().err
    assert "expected $0.0" in err
    assert "The same command goes on" in err
    assert main([*command, "--yes"]) == 0


def test_a_run_inside_its_folder_does_not_read_itself(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = [*command[:4], "--out", str(folder / "out"), *command[6:]]
    assert main(inside) == 0
    assert main(["export", str(folder / "out"), "-o", str(folder / "out" / "all.csv")]) == 0
    (folder / "extractor.toml").write_text("max_attempts = 2", encoding="utf-8")
    assert main(inside) == 0
    assert main([*command[:4], "--out", str(folder.with_name("other")), *command[6:]]) == 0
    assert f"{COUNT} files: {COUNT} done" in capsys.readouterr().out


def test_what_another_server_answered_is_not_taken_over(
    command: list[str], folder: Path, server: Running
) -> None:
    assert main(command) == 0
    other = folder.with_name("more")
    folder.rename(other)
    address = server.openai_url.replace("127.0.0.1", "localhost")
    elsewhere = ["run", str(other), *command[2:4], "--out", "out2", *command[6:]]
    elsewhere[elsewhere.index(server.openai_url)] = address
    assert main(elsewhere) == 0
    assert sent(server) == 2 * COUNT


def test_a_refresh_takes_nothing_over_from_other_runs(
    command: list[str], folder: Path, server: Running
) -> None:
    assert main([*command, "--refresh"]) == 0
    other = folder.with_name("more")
    folder.rename(other)
    elsewhere = ["run", str(other), *command[2:4], "--out", "out2", *command[6:]]
    assert main([*elsewhere, "--refresh"]) == 0
    assert sent(server) == 2 * COUNT


def test_an_unknown_cost_is_no_zero_and_failures_are_named(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7")
    assert main(command) == 4
    out = capsys.readouterr().out
    assert f"what {COUNT} of them cost is not known" in out
    assert "bad.pdf: bad.pdf is a broken PDF" in out
    status = told(capsys, "status", "out")
    assert status["cost_usd"] is None
    assert status["failed"][0]["path"] == "bad.pdf"


def test_what_is_no_folder_or_no_run_is_told(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "nowhere", *command[2:]]) == 4
    assert main(["status", "nowhere"]) == 3
    assert main(["retry", "nowhere"]) == 3
    assert "extractor run" in capsys.readouterr().err


def test_names_of_files_never_steer_the_terminal(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a\x1b[31m\u202eb.pdf").write_bytes(b"%PDF-1.7")
    assert main(command) == 4
    out, err = capsys.readouterr()
    assert not {"\x1b", "\u202e"} & set(out + err)


def test_a_refresh_or_retry_that_nobody_agreed_to_changes_nothing(
    command: list[str],
    folder: Path,
    tmp_path: Path,
    server: Running,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "extractor.toml").write_text(PRICES, encoding="utf-8")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7")
    assert main([*command, "--yes"]) == 4
    before = told(capsys, "status", "out")
    assert main([*command, "--refresh"]) == 3
    assert told(capsys, "status", "out")["files"] == before["files"]
    assert told(capsys, "show", "out", "bad.pdf")["error"]["type"] == "UnreadableDocumentError"
    assert sent(server) == COUNT


def test_a_refresh_goes_on_with_the_same_command(command: list[str], server: Running) -> None:
    assert main(command) == 0
    assert main([*command, "--refresh", "--limit", "5"]) == 0
    assert main([*command, "--refresh", "--limit", "5"]) == 0
    assert sent(server) == COUNT + 10
    assert main([*command, "--refresh"]) == 0
    assert sent(server) == 2 * COUNT


def test_a_sample_that_cannot_be_read_is_no_estimate_of_nothing(
    command: list[str], folder: Path, tmp_path: Path, server: Running
) -> None:
    (tmp_path / "extractor.toml").write_text(PRICES, encoding="utf-8")
    for number in range(1, COUNT + 1):
        (folder / f"{number:03}.txt").rename(folder / f"{number:03}b.txt")
        (folder / f"{number:03}.pdf").write_bytes(b"%PDF-1.7 " + bytes([number]))
    assert main(command) == 3
    assert server.truth().documents == {}


def test_what_a_day_may_cost_is_told_by_the_run_too(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = f"[budget]\nmax_usd_per_day = 10\n{PRICES}"
    (tmp_path / "extractor.toml").write_text(settings, encoding="utf-8")
    assert main([*command, "--yes"]) == 0
    assert told(capsys, "status", "out")["cost_usd"] > 0.01


def test_retry_asks_as_the_run_was_begun_whatever_the_settings_say_now(
    command: list[str],
    folder: Path,
    tmp_path: Path,
    server: Running,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7")
    assert main(command) == 4
    (folder / "bad.pdf").write_text(contract(70), encoding="utf-8")
    (tmp_path / "extractor.toml").write_text('evidence = "none"\n', encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert main(["retry", "../out"]) == 0
    assert sent(server) == COUNT + 1


def test_a_run_in_the_folder_itself_takes_its_own_file_for_none(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = [*command[:4], "--out", str(folder), *command[6:]]
    assert main(inside) == 0
    assert main(inside) == 0
    assert f"{COUNT} files: {COUNT} done" in capsys.readouterr().out


def test_names_without_an_encoding_are_files_too(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = os.fsencode(folder) + b"/caf\xe9.txt"
    Path(os.fsdecode(name)).write_text(contract(71), encoding="utf-8")
    assert main(command) == 0
    assert f"{COUNT + 1} files: {COUNT + 1} done" in capsys.readouterr().out
    assert main(["show", "out", os.fsdecode(b"caf\xe9.txt")]) == 0


def test_a_pipe_in_the_folder_is_a_failure_and_no_wait(
    command: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(folder / "a.txt")
    assert main(command) == 4
    assert told(capsys, "show", "out", "a.txt")["error"]["type"] == "DocumentError"


def test_show_has_the_page_of_a_quote(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fixtures = Path(__file__).parents[3] / "fixtures"
    reply = (fixtures / "replies" / "mutual-nda.txt").read_text(encoding="utf-8")
    (tmp_path / "r.json").write_text(json.dumps([reply]), encoding="utf-8")
    for file in folder.iterdir():
        file.unlink()
    nda = (fixtures / "contracts" / "mutual-nda.pdf").read_bytes()
    (folder / "mutual-nda.pdf").write_bytes(nda)
    asked = ["run", str(folder), "--schema", "nda", "--model", "scripted:r.json", "--out", "out"]
    assert main(asked) == 0
    capsys.readouterr()
    assert main(["show", "out", "mutual-nda.pdf", "governing_law"]) == 0
    row = next(r for r in capsys.readouterr().out.splitlines() if r.startswith("governing_law"))
    assert row.split()[1:4] == ["Ireland", "found", "3"]
