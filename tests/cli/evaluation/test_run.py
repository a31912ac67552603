"""`extractor eval DATASET`, as somebody uses it who has to choose a model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from benchmarks.fault_server import Plan, Running
from extractor.cli import main
from extractor.evaluation.intervals import Difference, Interval
from extractor.evaluation.reporting.html import html_report
from extractor.evaluation.runs.results import read_results
from tests.cli.evaluation.conftest import COUNT, WRONG, sent

Capture = pytest.CaptureFixture[str]

PRICES = '[prices."compatible:m"]\ninput = 1.0\noutput = 5.0\n'


def told(capsys: Capture, *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_a_data_set_is_extracted_and_scored_and_the_same_command_sends_nothing_more(
    command: list[str], server: Running, capsys: Capture
) -> None:
    first = told(capsys, *command)
    fields = {row["field"]: row for row in first["fields"]}
    assert first["documents"] == COUNT
    assert fields["notice_days"]["right"] == COUNT - 1
    assert fields["supplier"]["f1"] == 1.0
    assert first["intervals"]["macro_f1"][0] <= first["macro_f1"] < 1.0
    assert first["run"]["valid_rate"] == {"before_repair": 1.0, "after_repair": 1.0}
    assert first["run"]["requests"] == sent(server) == COUNT
    assert first["manifest"]["dataset"]["name"] == "ndas"
    again = told(capsys, *command)
    assert sent(server) == COUNT
    assert again == first


def test_each_cell_of_the_matrix_is_a_run_and_is_compared_with_the_first(
    command: list[str], server: Running, capsys: Capture
) -> None:
    found = told(capsys, *command, "--model", "compatible:n")
    assert [cell["name"] for cell in found["cells"]] == [
        "compatible-m.json",
        "compatible-n.json",
    ]
    (comparison,) = found["comparisons"]
    assert comparison["macro_f1"]["difference"] == 0.0
    assert comparison["macro_f1"]["is_significant"] is False
    assert sent(server) == 2 * COUNT


def test_people_read_that_there_is_no_significant_difference(
    command: list[str], capsys: Capture
) -> None:
    assert main([*command, "--model", "compatible:n"]) == 0
    out = capsys.readouterr().out
    assert "no significant difference" in out
    assert "In no field is there a significant difference." in out


def test_a_cell_can_be_added_later_and_costs_nothing_but_itself(
    command: list[str], server: Running, capsys: Capture
) -> None:
    assert main(command) == 0
    more = [*command[: command.index("compatible:m")], "compatible:n", *command[8:]]
    found = told(capsys, *more)
    assert [cell["model"] for cell in found["cells"]] == ["compatible:m", "compatible:n"]
    assert sent(server) == 2 * COUNT


def test_a_failed_document_counts_as_omitted(
    command: list[str], server: Running, capsys: Capture
) -> None:
    server.begin(Plan(script={2: ("400",) * 9}))
    found = told(capsys, *command)
    assert sum(found["run"]["failed"].values()) == 1
    assert found["missing"] == ["c2"]
    assert found["run"]["valid_rate"]["after_repair"] == pytest.approx((COUNT - 1) / COUNT)
    assert next(f for f in found["fields"] if f["field"] == "supplier")["gold"] == COUNT


def test_a_gate_ends_with_code_7_and_says_what_does_not_hold(
    command: list[str], tmp_path: Path, capsys: Capture
) -> None:
    gate = tmp_path / "gate.toml"
    gate.write_text('[min]\n"fields.notice_days.f1" = 0.99\nmacro_f1 = 0.9\n', encoding="utf-8")
    found = told(capsys, *command, "--gate", str(gate), code=7)
    assert [(check["name"], check["is_met"]) for check in found["gate"]] == [
        ("fields.notice_days.f1", False),
        ("macro_f1", True),
    ]
    assert main([*command, "--fail-under", "0.9"]) == 0
    capsys.readouterr()
    assert main([*command, "--fail-under", "0.999"]) == 7
    assert "The gate fails: macro_f1 is" in capsys.readouterr().err


def test_a_slice_takes_some_of_the_documents(command: list[str], capsys: Capture) -> None:
    found = told(capsys, *command, "--slice", "source=odd", "--limit", "2")
    assert found["documents"] == 2
    assert set(found["slices"]["source"]) == {"odd"}


def test_another_question_in_the_same_folder_is_refused(
    command: list[str], capsys: Capture
) -> None:
    assert main(command) == 0
    capsys.readouterr()
    assert main([*command, "--limit", "2"]) == 3
    assert "is of something else: limit." in capsys.readouterr().err
    assert main(["eval", "report", "out", "--new-labels"]) == 0


def test_labels_that_have_changed_are_not_scored_with_what_was_asked_before(
    command: list[str], data: Path, capsys: Capture
) -> None:
    assert main(command) == 0
    with (data / "contracts.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n")
    capsys.readouterr()
    assert main(["eval", "report", "out"]) == 3
    assert "have changed since" in capsys.readouterr().err
    assert told(capsys, "eval", "report", "out", "--new-labels")["documents"] == COUNT


def test_money_is_spent_only_when_somebody_has_agreed(
    command: list[str], server: Running, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "extractor.toml").write_text(PRICES, encoding="utf-8")
    assert main(command) == 3
    assert "Nobody has agreed" in capsys.readouterr().err
    assert sent(server) == 0
    assert main(["eval", "report", "out"]) == 3
    assert "Nothing was asked yet" in capsys.readouterr().err
    found = told(capsys, *command, "--yes")
    assert found["run"]["cost_usd"] > 0
    assert found["run"]["cost_per_correct_usd"] < found["run"]["cost_per_document_usd"]


def test_what_all_cells_may_cost_together_is_kept(
    command: list[str], server: Running, tmp_path: Path, capsys: Capture
) -> None:
    more = PRICES + PRICES.replace(":m", ":n")
    (tmp_path / "extractor.toml").write_text(more, encoding="utf-8")
    first = told(capsys, *command, "--yes")["run"]["cost_usd"]
    assert main([*command, "--model", "compatible:n", "--max-usd", str(first + 0.0001)]) == 5
    assert sent(server) == COUNT


def test_replies_are_recorded_and_replayed_without_a_request(
    command: list[str], server: Running, capsys: Capture
) -> None:
    recorded = ["--cache", "record", "--replies", "replies.sqlite"]
    first = told(capsys, *command, *recorded)
    elsewhere = [*command[:4], "--out", "again", *command[6:]]
    again = told(capsys, *elsewhere, "--cache", "replay", "--replies", "replies.sqlite")
    assert sent(server) == COUNT
    assert again["fields"] == first["fields"]


def test_reasoning_efforts_are_compared_like_techniques(
    command: list[str], server: Running, capsys: Capture
) -> None:
    assert main([*command, "--efforts", "low,high"]) == 0
    assert sent(server) == 2 * COUNT
    assert main(["eval", "report", "out", "-o", "r.json"]) == 0
    cells = json.loads(Path("r.json").read_text(encoding="utf-8"))["cells"]
    assert [cell["reasoning_effort"] for cell in cells] == ["low", "high"]
    capsys.readouterr()
    assert main([*command, "--efforts", "lots"]) == 2
    assert "'lots' is no reasoning effort" in capsys.readouterr().err


def test_a_data_set_can_be_named_in_the_settings(
    command: list[str], tmp_path: Path, capsys: Capture
) -> None:
    settings = '[datasets.accepted]\npath = "ndas"\nversion = "3"\nlicence = "internal"\n'
    (tmp_path / "extractor.toml").write_text(settings, encoding="utf-8")
    found = told(capsys, "eval", "accepted", *command[2:])
    assert found["dataset"]["name"] == "accepted"
    assert found["manifest"]["dataset"]["version"] == "3"
    assert told(capsys, "eval", "report", "out")["macro_f1"] == found["macro_f1"]


def test_mistakes_are_found_in_every_form_of_the_report(command: list[str]) -> None:
    assert main(command) == 0
    for name in ("r.html", "r.json", "r.xml", "r.md"):
        assert main(["eval", "report", "out", "-o", name]) == 0
    page = Path("r.html").read_text(encoding="utf-8")
    record = json.loads(Path("r.json").read_text(encoding="utf-8"))
    (mistake,) = record["cells"][0]["mistakes"]
    assert (mistake["doc_id"], mistake["field"], mistake["outcome"]) == (
        f"c{WRONG}",
        "notice_days",
        "wrong",
    )
    assert mistake["quoted"][0]["is_located"]
    assert f"<code>c{WRONG}</code>" in page
    assert "<script" not in page
    assert "Replies to this document, as they came:" in page
    assert "notice_days: wrong" in Path("r.xml").read_text(encoding="utf-8")
    assert "| notice\\_days |" in Path("r.md").read_text(encoding="utf-8")


def test_a_report_whose_name_says_no_form_is_refused(command: list[str], capsys: Capture) -> None:
    assert main(command) == 0
    capsys.readouterr()
    assert main(["eval", "report", "out", "-o", "report"]) == 3
    assert "says no format" in capsys.readouterr().err


def test_two_cells_are_compared_without_naming_the_data_set(
    command: list[str], capsys: Capture
) -> None:
    assert main([*command, "--model", "compatible:n"]) == 0
    found = told(capsys, "compare", "out/cells/compatible-m.json", "out/cells/compatible-n.json")
    assert found["documents"] == COUNT
    capsys.readouterr()
    assert main(["compare", "out", "out"]) == 3
    assert "has 2 cells" in capsys.readouterr().err


def test_cells_are_compared_on_the_documents_that_they_were_asked_about(
    command: list[str], capsys: Capture
) -> None:
    assert main([*command, "--slice", "source=odd"]) == 0
    cell = "out/cells/compatible-m.json"
    assert told(capsys, "compare", cell, cell)["documents"] == COUNT // 2
    assert told(capsys, "compare", cell, cell, "--limit", "2")["documents"] == 2


def test_a_cell_that_is_asked_again_keeps_its_place(command: list[str], capsys: Capture) -> None:
    assert main([*command, "--model", "compatible:n"]) == 0
    found = told(capsys, *command)
    assert [cell["model"] for cell in found["cells"]] == ["compatible:m", "compatible:n"]


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("[min]\nmacrof1 = 0.5\n", "Did you mean macro_f1"),
        ('[min]\n"fields.notice_day.f1" = 0.5\n', "Did you mean fields.notice_days.f1"),
        ('[max]\n"fields.notice_days.rate" = 0.5\n', "'fields.notice_days.rate', which is no"),
        (
            'baseline = "ndas"\n[max_regression]\n"fields.notice_day.f1" = 0.1\n',
            "Did you mean fields.notice_days.f1",
        ),
    ],
)
def test_a_gate_that_asks_for_what_there_is_not_is_refused_before_anything_is_sent(
    asked: str, hint: str, command: list[str], server: Running, capsys: Capture
) -> None:
    Path("gate.toml").write_text(asked, encoding="utf-8")
    assert main([*command, "--gate", "gate.toml"]) == 3
    assert hint in capsys.readouterr().err
    assert sent(server) == 0


def test_nobodys_files_are_written_over(
    command: list[str], data: Path, server: Running, capsys: Capture
) -> None:
    own = data / "documents" / "c1.txt"
    own.parent.mkdir()
    own.write_text("mine", encoding="utf-8")
    assert main([*command[:4], "--out", str(data), *command[6:]]) == 3
    assert "holds files that are not an evaluation's" in capsys.readouterr().err
    assert own.read_text(encoding="utf-8") == "mine"
    assert sent(server) == 0
    before = (data / "contracts.jsonl").read_bytes()
    assert main(["eval", "copy", str(data), "-o", str(data)]) == 3
    assert (data / "contracts.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("differing", "detectable", "sentence"),
    [
        (1, None, "It comes from 1 document, and so few would not show one."),
        (5, None, "It comes from 5 documents, and so few would not show one."),
        (6, 0.125, "With so many documents a difference of 0.125 would show in 80 of 100 cases."),
        (6, None, None),
        (0, None, None),
    ],
)
def test_a_page_says_of_a_difference_by_chance_what_its_documents_could_show(
    differing: int, detectable: float | None, sentence: str | None, command: list[str]
) -> None:
    assert main([*command, "--model", "compatible:n"]) == 0
    results = read_results(Path("out"), with_mistakes=True)
    (found,) = results.comparisons
    shown = SimpleNamespace(
        interval=Interval(0.1, -0.1, 0.2),
        p_value=0.3,
        is_significant=False,
        detectable=detectable,
        differing=differing,
    )
    wholes = {"macro_f1": cast("Difference", shown)}
    page = html_report(replace(results, comparisons=(replace(found, wholes=wholes),)))
    ending = f"<b>no significant difference</b>.{f' {sentence}' if sentence else ''}</p>"
    assert ending in page


def test_markdown_goes_to_stdout_where_no_file_is_named(
    command: list[str], capsys: Capture
) -> None:
    assert main(command) == 0
    capsys.readouterr()
    assert main(["eval", "report", "out", "--format", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("## Evaluation: ndas")


def test_a_copy_is_a_data_set_with_other_names(data: Path, capsys: Capture) -> None:
    found = told(capsys, "eval", "copy", str(data), "-o", "copy")
    assert found["copied"] == COUNT
    copied = (Path("copy") / "contracts.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["doc_id"] for line in copied] == [f"c{n}" for n in range(1, COUNT + 1)]


@pytest.mark.parametrize(
    ("arguments", "told_on_stderr"),
    [
        (["eval", "nowhere", "--schema", "nda"], "is no data set"),
        (["eval", "report", "nowhere"], "There is no evaluation"),
        (["compare", "a.jsonl", "b.jsonl"], "is of no evaluation"),
        (["compare", "a.jsonl"], "Two predictions are compared"),
        (["eval", "ndas", "--schema", "nda", "--techniques", "jsn"], "'jsn' is no technique"),
        (["eval", "ndas", "--schema", "nda", "--slice", "sauce=x"], "source"),
    ],
)
def test_what_is_not_there_is_told(
    data: Path, arguments: list[str], told_on_stderr: str, capsys: Capture
) -> None:
    assert data.is_dir()
    assert main(arguments) in (2, 3, 4)
    assert told_on_stderr in capsys.readouterr().err
