"""A services agreement of nine pages and two amendments, both of which change law and notice."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from extractor import ScriptedProvider, SetExtraction, extract_set

FOLDER = Path(__file__).parent.parent.parent / "fixtures" / "sets" / "services"
GOLD: dict[str, Any] = json.loads((FOLDER / "gold.json").read_text(encoding="utf-8"))


class Terms(BaseModel):
    document_name: str | None
    governing_law: str | None
    termination_notice: str | None
    renewal: str | None
    effective_date: date | None


def answers(*, recited: bool = False) -> list[dict[str, Any]]:
    """What a careful model says of each document; or one that takes recitals for terms."""
    found: list[dict[str, Any]] = [
        {name: said[n] for name, said in GOLD["stated"].items()} for n in range(3)
    ]
    if recited:
        found[2] |= GOLD["recited"]
    return [
        {name: pair and {"value": pair[0], "quote": pair[1]} for name, pair in each.items()}
        for each in found
    ]


def extracted(replies: list[dict[str, Any]], order: tuple[int, ...] = (0, 1, 2)) -> Any:
    files = [FOLDER / GOLD["documents"][n]["file"] for n in order]
    told = {"Amendment No. 2 is made": 2, "Amendment No. 1 is made": 1}

    def reply(request: Any) -> str:
        shown = request.messages[1].content
        which = next((n for words, n in told.items() if words in shown), 0)
        return json.dumps(replies[which])

    return extract_set(files, Terms, provider=ScriptedProvider([reply] * 3))


def superseded(result: SetExtraction[Terms], name: str) -> list[list[Any]]:
    told = [[str(each.result.value), each.why] for each in result.superseded.get(name, ())]
    return sorted(told)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_what_holds_and_what_does_not_is_as_a_lawyer_has_it(order: tuple[int, ...]) -> None:
    result = extracted(answers(), order)
    assert result.value.model_dump(mode="json") == GOLD["operative"]
    for name, wanted in GOLD["superseded"].items():
        assert superseded(result, name) == sorted(wanted), name
    for name in ("governing_law", "termination_notice"):
        assert result.fields[name].status in {"found", "derived"}
        assert {each.document for each in result.fields[name].evidence} == {"amendment-2.md"}


def test_each_document_s_role_and_date_are_read() -> None:
    read = [(each.role, str(each.date)) for each in extracted(answers()).documents]
    assert read == [(each["role"], each["date"]) for each in GOLD["documents"]]


def test_recitals_taken_for_terms_change_nothing_silently() -> None:
    result = extracted(answers(recited=True))
    for name in ("governing_law", "termination_notice"):
        assert result.fields[name].status == "ambiguous", name
