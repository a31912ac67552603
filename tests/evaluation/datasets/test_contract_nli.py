"""ContractNLI's release: seventeen statements by their names, with the spans that say so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from extractor.evaluation.datasets import GoldDocument, GoldSpan
from extractor.evaluation.datasets.contract_nli import contract_nli
from extractor.schemas.contract_nli import ContractNLI

STATEMENTS = {
    "nda-1": "Explicit identification",
    "nda-2": "Non-inclusion of non-technical information",
    "nda-3": "Inclusion of verbally conveyed information",
    "nda-4": "Limited use",
    "nda-5": "Sharing with employees",
    "nda-7": "Sharing with third-parties",
    "nda-8": "Notice on compelled disclosure",
    "nda-10": "Confidentiality of Agreement",
    "nda-11": "No reverse engineering",
    "nda-12": "Permissible development of similar information",
    "nda-13": "Permissible acquirement of similar information",
    "nda-15": "No licensing",
    "nda-16": "Return of confidential information",
    "nda-17": "Permissible copy",
    "nda-18": "No solicitation",
    "nda-19": "Survival of obligations",
    "nda-20": "Permissible post-agreement possession",
}
TEXT = "Marked information is confidential. It is returned."


def read(**annotations: dict[str, Any]) -> GoldDocument:
    by_key = {key.replace("_", "-"): said for key, said in annotations.items()}
    release: dict[str, Any] = {
        "documents": [
            {
                "id": 34,
                "file_name": "a.pdf",
                "text": TEXT,
                "spans": [[0, 35], [36, 51]],
                "annotation_sets": [{"annotations": by_key}],
            }
        ],
        "labels": {
            key: {"short_description": name, "hypothesis": f"{name}."}
            for key, name in STATEMENTS.items()
        },
    }
    (found,) = contract_nli(release, Path("data/dev.json"))
    return found


def test_the_statements_are_the_fields_of_the_schema() -> None:
    silent: dict[str, dict[str, Any]] = {
        key.replace("-", "_"): {"choice": "NotMentioned", "spans": []} for key in STATEMENTS
    }
    found = read(**silent)
    assert found.gold.keys() == ContractNLI.model_fields.keys()
    assert found.gold == ContractNLI().model_dump()


@pytest.mark.parametrize(
    ("choice", "gold"),
    [
        ("Entailment", "entailment"),
        ("Contradiction", "contradiction"),
        ("NotMentioned", "not_mentioned"),
    ],
)
def test_a_choice_is_one_of_the_schemas(choice: str, gold: str) -> None:
    found = read(nda_1={"choice": choice, "spans": []})
    assert found.gold == {"explicit_identification": gold}
    assert ContractNLI.model_validate(found.gold).explicit_identification == gold
    assert found.gold_status == {"explicit_identification": "value"}


def test_spans_are_the_words_that_their_numbers_name() -> None:
    found = read(
        nda_1={"choice": "Entailment", "spans": [0, 1]},
        nda_16={"choice": "NotMentioned", "spans": []},
    )
    assert found.evidence == {
        "explicit_identification": [
            GoldSpan(text="Marked information is confidential.", start=0, end=35),
            GoldSpan(text="It is returned.", start=36, end=51),
        ]
    }


def test_a_document_says_where_it_is_from() -> None:
    found = read(nda_1={"choice": "Entailment", "spans": [0]})
    assert (found.doc_id, found.split, found.contract_type) == ("dev-34", "dev", "nda")
    assert (found.source, found.text) == ("contract-nli", TEXT)
