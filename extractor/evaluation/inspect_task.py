"""The one door to inspect_ai, an extra: a data set as its task, which our extraction answers.

Its own model is not asked: what is sent goes through our call core, with its limits and prices.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Collection, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from extractor import errors
from extractor.documents import Document
from extractor.documents.plain import from_text
from extractor.documents.structure.clauses import with_clauses_later
from extractor.evaluation.asked import Asked
from extractor.evaluation.counting import count, outcomes
from extractor.evaluation.datasets import Dataset, GoldDocument
from extractor.evaluation.runs.inputs import Form, taken
from extractor.extracting.extractor import Extractor
from extractor.extracting.outcomes import unexpected
from extractor.outputs.record import extraction_record
from extractor.runs.documents import ends_a_run
from extractor.types import JsonObject


def contract_extraction(dataset: Dataset, extractor: Extractor[Any], *, form: Form = "auto") -> Any:
    """Return an `inspect_ai.Task`: a sample for each document, a score for each labelled field.

    A field scores 1 if it is right, or rightly empty, else 0; how it is compared the schema says. A
    document that fails has omitted everything.

    Args:
        dataset: the labels.
        extractor: who answers, by which model; it stays open for its user.
        form: what is sent: "auto" a document's file if there is one, else its text; "text" always
            the text; "pdf" leaves out documents without a file.

    Raises:
        ConfigurationError: inspect_ai is not installed.
        DocumentError: the data set is broken or empty, or a document lacks what is to be sent.
    """
    try:
        inspect_ai: Any = import_module("inspect_ai")
    except ImportError as error:
        raise errors.ConfigurationError(
            "inspect_ai is not installed.", hint="pip install 'contract-extractor[inspect]'."
        ) from error
    asked = Asked.by(extractor.plan.schema)
    samples, names = list[Any](), dict[str, None]()
    for document in taken(dataset, form).documents():
        samples.append(inspect_ai.dataset.Sample(**_sample(document, dataset.folder, form)))
        names |= dict.fromkeys(outcomes(count(document, {}, asked)))
    if not samples:
        raise errors.DocumentError(f"The data set {dataset.name!r} has no such documents")
    return inspect_ai.Task(
        name=dataset.name,
        version=dataset.version or 0,
        dataset=inspect_ai.dataset.MemoryDataset(samples, name=dataset.name),
        solver=_solver(inspect_ai, extractor),
        scorer=_scorer(inspect_ai.scorer, names, asked),
        metadata={"labels_sha256": dataset.sha256, "form": form, **extractor.configuration},
    )


def _sample(document: GoldDocument, folder: Path, form: Form) -> JsonObject:
    is_file = document.file is not None and form != "text"
    given = str((folder / str(document.file)).resolve()) if is_file else document.text
    if given is None:
        raise errors.DocumentError(f"The document {document.doc_id!r} has no text to extract")
    labels = document.model_dump(mode="json", include={"doc_id", "gold", "gold_status"})
    about = {"source": document.source, "type": document.contract_type, "is_file": is_file}
    target = json.dumps(labels["gold"], ensure_ascii=False)
    return {"id": document.doc_id, "input": given, "target": target, "metadata": labels | about}


def _solver(inspect_ai: Any, extractor: Extractor[Any]) -> Any:
    output = inspect_ai.model.ModelOutput

    async def solve(state: Any, _generate: Any) -> Any:
        try:
            document = await asyncio.to_thread(_document, state)
            record = extraction_record(await extractor.aextract(document))
            answer = json.dumps(record["value"], ensure_ascii=False)
            state.output = output.from_content(record["model"], answer)
        except Exception as error:  # a schema's own code may raise anything
            failure = error if isinstance(error, errors.ExtractorError) else unexpected(error)
            if ends_a_run(failure):  # zeros would say that the model is bad
                raise failure from error
            record = failure.facts()
            state.output = output.from_content(
                extractor.model, "", error=f"{record['type']}: {failure}"
            )
        state.store.set("extraction", record)
        return state

    return inspect_ai.solver.solver("contract_extraction")(lambda: solve)()


def _document(state: Any) -> Document | Path:
    """Return what is to be extracted; a text is never taken for a path, whatever it looks like."""
    if state.metadata["is_file"]:
        return Path(state.input_text)
    return with_clauses_later(from_text(state.input_text, state.metadata["doc_id"]))


def _scorer(scoring: Any, names: Collection[str], asked: Asked) -> Any:
    mean, stderr = scoring.mean(), scoring.stderr(cluster="doc_id")

    def overall(scores: list[Any]) -> dict[str, float]:
        """Take all values together; those of one document are not independent."""
        values = [
            each.model_copy(update={"score": scoring.Score(value=value)})
            for each in scores
            for value in each.score.value.values()
            if not math.isnan(value)
        ]
        return {"mean": mean(values), "stderr": stderr(values)}

    async def score(state: Any, _target: Any) -> Any:
        record = state.store.get("extraction")
        value = record.get("value")  # none of a failure; no object where the schema is a list
        fields = cast("Mapping[str, Any]", value if isinstance(value, dict) else {})
        found = outcomes(count(GoldDocument.model_validate(state.metadata), fields, asked))
        right = {name: each in ("correct", "true_null") for name, each in found.items()}
        wrong = (f"{name}: {each}" for name, each in found.items() if not right[name])
        return scoring.Score(
            # every score has to have the same fields: what is not scored in this one is NaN
            value={name: float(right[name]) if name in right else math.nan for name in names},
            answer=state.output.completion,
            explanation="\n".join(filter(None, [state.output.error, *wrong])) or None,
            metadata={
                "outcomes": found,
                "error": state.output.error,
                "cost_usd": record.get("cost_usd"),
                "tokens": record["usage"],
                "attempts": record["attempts"],
            },
        )

    metrics = [{"*": [mean, stderr]}, scoring.metric("overall")(lambda: overall)()]
    return scoring.scorer(metrics, name="fields_right")(lambda: score)()
