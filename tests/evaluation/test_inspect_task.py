"""A data set as a task of inspect_ai: real runs of it, and what their logs say."""

from __future__ import annotations

import gc
import json
import math
import sys
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field

from extractor import (
    AuthenticationError,
    ConfigurationError,
    DocumentError,
    Extractor,
    ModelRequest,
    ScriptedProvider,
)
from extractor.evaluation.datasets import Dataset, load_dataset
from extractor.evaluation.inspect_task import contract_extraction

pytestmark = pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning")


class Lease(BaseModel):
    tenant: str = Field(description="Full legal name of the tenant")
    deposit: int | None = Field(default=None, description="Deposit in dollars")
    guarantor: str | None = Field(default=None, description="Who guarantees the rent")


DOCUMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "brook": (
        "Oak Row lets Unit 4 to Brook Inc. for a deposit of $500.",
        {"tenant": "Brook Inc.", "deposit": 500, "guarantor": None},
    ),
    "fern": (
        "Oak Row lets Unit 5 to Fern Ltd. for a deposit of $600.",
        {"tenant": "Fern Ltd.", "deposit": None},
    ),
    "moss": (
        "Oak Row lets Unit 6 to Moss LLC for a deposit of $700.",
        {"tenant": "Moss LLC", "deposit": 700},
    ),
}

BROOK = {
    "tenant": {"quote": "to Brook Inc.", "value": "Brook Inc."},
    "deposit": {"quote": "a deposit of $500", "value": 500},
    "guarantor": None,
}
FERN = {
    "tenant": {"quote": "to Fern Ltd.", "value": "Fern Ltd."},
    "deposit": {"quote": "a deposit of $600", "value": 600},
    "guarantor": None,
}


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    lines = [
        {
            "doc_id": name,
            "text": text,
            "gold": gold,
            "gold_status": {n: "absent" if v is None else "value" for n, v in gold.items()},
            "source": "made up",
            "contract_type": "lease",
        }
        for name, (text, gold) in DOCUMENTS.items()
    ]
    folder = tmp_path / "leases"
    folder.mkdir()
    (folder / "contracts.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return load_dataset(folder)


@pytest.fixture
def inspect_ai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return the framework, with its own files in the test's folder; skip where it is not there."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    yield pytest.importorskip("inspect_ai")
    gc.collect()  # what it leaves open warns here, and not in the middle of another test


def asker(**options: Any) -> Extractor[Lease]:
    return Extractor(Lease, **options)


def answered(request: ModelRequest) -> str:
    """Be right about one contract, invent a value in another, say nothing of the third."""
    asked = "".join(message.content for message in request.messages)
    if "Unit 4" in asked:
        return json.dumps(BROOK)
    return json.dumps(FERN) if "Unit 5" in asked else "That I can't say."


def run(inspect_ai: Any, task: Any, tmp_path: Path) -> Any:
    """Evaluate, and return the log as it was written."""
    (log,) = inspect_ai.eval(
        task, model="mockllm/model", log_dir=str(tmp_path / "logs"), display="none"
    )
    return inspect_ai.log.read_eval_log(log.location)


def scores_of(log: Any) -> dict[str, Any]:
    return {sample.id: sample.scores["fields_right"] for sample in log.samples}


def metrics_of(log: Any) -> dict[str, dict[str, float]]:
    return {
        score.name: {name: metric.value for name, metric in score.metrics.items()}
        for score in log.results.scores
    }


def test_each_field_of_each_document_is_scored(
    inspect_ai: Any, dataset: Dataset, tmp_path: Path
) -> None:
    provider = ScriptedProvider(repeat(answered))
    task = contract_extraction(dataset, asker(model="any", provider=provider, max_attempts=2))
    log = run(inspect_ai, task, tmp_path)
    assert log.status == "success"
    scores = scores_of(log)
    assert scores["brook"].value == {"tenant": 1.0, "deposit": 1.0, "guarantor": 1.0}
    assert scores["brook"].metadata["outcomes"] == {
        "tenant": "correct",
        "deposit": "correct",
        "guarantor": "true_null",
    }
    assert scores["brook"].metadata["attempts"] == 1
    assert scores["brook"].metadata["cost_usd"] == 0
    assert scores["brook"].metadata["tokens"]["output_tokens"] > 0
    assert scores["brook"].metadata["error"] is None
    assert math.isnan(scores["fern"].value.pop("guarantor"))
    assert scores["fern"].value == {"tenant": 1.0, "deposit": 0.0}
    assert scores["fern"].explanation == "deposit: hallucinated"


def test_a_document_that_fails_has_omitted_everything(
    inspect_ai: Any, dataset: Dataset, tmp_path: Path
) -> None:
    provider = ScriptedProvider(repeat(answered))
    task = contract_extraction(dataset, asker(model="any", provider=provider, max_attempts=2))
    log = run(inspect_ai, task, tmp_path)
    score = scores_of(log)["moss"]
    assert math.isnan(score.value.pop("guarantor"))
    assert score.value == {"tenant": 0.0, "deposit": 0.0}
    assert set(score.metadata["outcomes"].values()) == {"omitted"}
    assert score.metadata["error"].startswith("ExtractionError: No valid answer within 2 attempts")
    assert score.metadata["attempts"] == 2
    (sample,) = (sample for sample in log.samples if sample.id == "moss")
    assert sample.store["extraction"]["type"] == "ExtractionError"


def test_errors_of_means_take_a_document_as_one_draw(
    inspect_ai: Any, dataset: Dataset, tmp_path: Path
) -> None:
    provider = ScriptedProvider(repeat(answered))
    task = contract_extraction(dataset, asker(model="any", provider=provider, max_attempts=2))
    metrics = metrics_of(run(inspect_ai, task, tmp_path))
    assert metrics["tenant"] == pytest.approx({"mean": 2 / 3, "stderr": 1 / 3})
    assert metrics["deposit"] == pytest.approx({"mean": 1 / 3, "stderr": 1 / 3})
    assert metrics["guarantor"] == {"mean": 1, "stderr": 0}  # scored in one document only
    mean = 4 / 7
    apart = [3 - 3 * mean, 1 - 2 * mean, -2 * mean]  # of the documents' sums
    error = math.sqrt(sum(each**2 for each in apart) * 3 / 2) / 7
    assert metrics["fields_right"] == pytest.approx({"mean": mean, "stderr": error})


def test_samples_are_the_documents_and_the_task_says_what_was_asked(
    inspect_ai: Any, dataset: Dataset, tmp_path: Path
) -> None:
    script = tmp_path / "script.json"
    script.write_text(json.dumps([BROOK] * 3), encoding="utf-8")
    task = contract_extraction(
        dataset, asker(model=f"scripted:{script}", second_look=False, max_attempts=1)
    )
    log = run(inspect_ai, task, tmp_path)
    assert [sample.id for sample in log.samples] == [*DOCUMENTS]
    first = log.samples[0]
    text, gold = DOCUMENTS["brook"]
    assert first.input == text
    assert first.metadata["source"] == "made up"
    assert first.metadata["type"] == "lease"
    assert first.metadata["gold"] == json.loads(first.target) == gold
    assert first.store["extraction"]["fields"]["tenant"]["status"] == "found"
    assert log.eval.metadata["labels_sha256"] == dataset.sha256
    assert log.eval.metadata["schema"] == "Lease"
    assert log.eval.metadata["second_look"] is False
    assert scores_of(log)["brook"].value == {"tenant": 1.0, "deposit": 1.0, "guarantor": 1.0}
    assert metrics_of(log)["tenant"]["mean"] == pytest.approx(1 / 3)


def test_files_are_sent_where_there_are_any(inspect_ai: Any, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    text, gold = DOCUMENTS["brook"]
    (folder / "brook.txt").write_text(text, encoding="utf-8")
    (folder / "gold.jsonl").write_text(json.dumps({"file": "brook.txt", "gold": gold}))
    provider = ScriptedProvider(repeat(answered))
    dataset = load_dataset(folder)
    log = run(
        inspect_ai, contract_extraction(dataset, asker(model="any", provider=provider)), tmp_path
    )
    assert log.samples[0].input == str(folder / "brook.txt")
    assert scores_of(log)["brook"].value == {"tenant": 1.0, "deposit": 1.0, "guarantor": 1.0}
    with pytest.raises(DocumentError, match="no text"):
        contract_extraction(dataset, asker(model="any", provider=provider), form="text")


def test_a_text_is_no_path_though_it_looks_like_one(inspect_ai: Any, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Unit 4", encoding="utf-8")
    line = {"doc_id": "a", "text": "secret.txt", "gold": {"tenant": "A"}}
    path = tmp_path / "contracts.jsonl"
    path.write_text(json.dumps(line | {"gold_status": {"tenant": "value"}}), encoding="utf-8")
    provider = ScriptedProvider(repeat(answered))
    task = contract_extraction(load_dataset(path), asker(model="any", provider=provider))
    run(inspect_ai, task, tmp_path)
    assert "Unit 4" not in str([request.messages for request in provider.requests])
    assert "secret.txt" in provider.requests[0].messages[-1].content


def test_what_would_meet_every_document_is_no_score(
    inspect_ai: Any, dataset: Dataset, tmp_path: Path
) -> None:
    provider = ScriptedProvider(repeat(AuthenticationError("No such key.", provider="scripted")))
    log = run(
        inspect_ai, contract_extraction(dataset, asker(model="any", provider=provider)), tmp_path
    )
    assert log.status == "error"
    assert "No such key." in log.error.message


def test_logs_can_be_scored_again(inspect_ai: Any, dataset: Dataset, tmp_path: Path) -> None:
    provider = ScriptedProvider(repeat(answered))
    task = contract_extraction(dataset, asker(model="any", provider=provider, max_attempts=2))
    log = run(inspect_ai, task, tmp_path)
    asked = len(provider.requests)
    again = inspect_ai.score(log, task.scorer, action="overwrite", display="none")
    assert metrics_of(again) == metrics_of(log)
    assert len(provider.requests) == asked


@pytest.mark.usefixtures("inspect_ai")
def test_what_can_not_be_asked_is_refused_before_anything_runs(dataset: Dataset) -> None:
    with pytest.raises(ConfigurationError, match="bogus"):
        contract_extraction(
            dataset, asker(model="any", provider=ScriptedProvider([]), backend="bogus")
        )
    with pytest.raises(DocumentError, match="no such documents"):
        contract_extraction(dataset, asker(model="any", provider=ScriptedProvider([])), form="pdf")


def test_without_the_extra_the_error_names_it(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "inspect_ai", None)
    with pytest.raises(ConfigurationError) as caught:
        contract_extraction(dataset, asker(model="any", provider=ScriptedProvider([])))
    assert "contract-extractor[inspect]" in str(caught.value.hint)
