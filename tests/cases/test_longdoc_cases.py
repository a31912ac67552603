"""Long and amended documents: nothing is left out, and nothing is resolved by us.

The model is told which term counts, and an answer that gives two is a conflict.
"""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import repeat
from typing import Any

import pytest
from pydantic import BaseModel, Field, create_model

from extractor import (
    Extractor,
    ModelProfile,
    ModelRequest,
    ScriptedProvider,
    TokenLimitError,
    extract,
)
from extractor.backends import BACKENDS
from extractor.backends.parse import parse
from extractor.planning.plan import plan
from extractor.providers.profiles import OPENAI_RULES, profile_for
from extractor.wire.compile import compile_schema
from extractor.wire.groups import asked_values

LEASE = """LEASE. 3. This lease is governed by the laws of Vermont. 4. Notice is ninety (90) days.
Schedule A. The deposit is EUR 10,000. Schedule B. The deposit is EUR 20,000.

AMENDMENT NO. 1. Clause 3 is replaced: This lease is governed by the laws of Scotland. Clause 4 is
amended: notice is sixty (60) days."""


class Lease(BaseModel):
    law: str | None = Field(None, description="Whose law governs the lease")
    notice_days: int | None = Field(None, description="Days of notice")
    deposit: Decimal | None = Field(None, description="The deposit")


def cited(value: Any, quote: str) -> dict[str, Any]:
    return {"quote": quote, "value": value}


OPERATIVE = {
    "law": cited("Scotland", "governed by the laws of Scotland"),
    "notice_days": cited(60, "notice is sixty (60) days"),
    "deposit": None,
}


@pytest.mark.parametrize("backend", ["strict", "native", "tools", "json", "xml"])
def test_every_prompt_asks_for_the_term_as_amended(backend: str) -> None:
    """long-001, what is asked. History with both citations is not asked for yet."""
    with Extractor(Lease, provider=ScriptedProvider([]), backend=backend) as extractor:
        request = extractor.first_request(LEASE)

    said = request.messages[-1].content
    assert (
        "Where an amendment in this document changes a term, answer with the term as amended"
        in said
    )
    assert said.index("laws of Vermont") < said.index("laws of Scotland") < said.index("amendment")


def test_an_amended_term_is_proved_by_the_amendment() -> None:
    """long-001, what comes of it: the evidence is where the operative term stands."""
    found = extract(LEASE, Lease, provider=ScriptedProvider([json.dumps(OPERATIVE)]))

    assert (found.value.law, found.value.notice_days) == ("Scotland", 60)
    for path in ("law", "notice_days"):
        field = found.fields[path]
        assert field.status == "found"
        spans = [item.span for item in field.evidence]
        assert all(span and span.start > LEASE.index("AMENDMENT NO. 1") for span in spans)


@pytest.mark.parametrize("quotes", [False, True])
def test_an_answer_of_two_values_is_a_conflict_with_both_kept(*, quotes: bool) -> None:
    """long-002: neither the last one wins, nor the first, nor a mean."""
    one, other = cited("10000", "is EUR 10,000"), cited("20000", "is EUR 20,000")
    both = [one, other] if quotes else ["10000", "20000"]
    shape = compile_schema(Lease, quotes=quotes)

    for reply in (
        json.dumps({"deposit": both}),
        f'{{"deposit": {json.dumps(both[0])}, "deposit": {json.dumps(both[1])}}}',
    ):
        parsed = parse(BACKENDS["json"], Lease, shape, reply)

        assert parsed.value is None
        (problem,) = parsed.problems
        assert (problem.kind, problem.path) == ("conflict", ("deposit",))
        assert "10000" in problem.message
        assert "20000" in problem.message
        assert len(parsed.restored.leaves["deposit",].raw) == 2


def test_a_conflict_is_asked_about_with_its_passages_and_never_settled_by_us() -> None:
    """long-002 in a whole extraction: the model may settle it, and if it does not, nobody does."""
    two = json.dumps(
        OPERATIVE | {"deposit": [cited("10000", "is EUR 10,000"), cited("20000", "is EUR 20,000")]}
    )
    settled = json.dumps({"deposit": cited("20000", "The deposit is EUR 20,000")})
    provider = ScriptedProvider([two, settled])

    found = extract(LEASE, Lease, provider=provider)
    assert found.value.deposit == Decimal(20000)
    assert found.attempts == 2
    assert "several different values were given" in provider.requests[1].messages[-1].content

    open_still = extract(LEASE, Lease, provider=ScriptedProvider([two] * 4))
    deposit = open_still.fields["deposit"]
    assert (open_still.value.deposit, deposit.status) == (None, "conflict")
    assert [given["value"] for given in deposit.raw] == ["10000", "20000"]
    assert "given_up" in {repair.kind for repair in open_still.repairs}


def test_a_document_that_is_too_long_for_one_request_is_read_in_windows() -> None:
    """long-004: nothing of it is left out, and what its parts say is one answer."""
    clause = "The Lessee shall keep the premises in good repair. "
    long = clause * (230_000 // len(clause)) + LEASE
    small = ModelProfile(8_000, 4_000, ("json",), OPENAI_RULES)

    def answer(request: ModelRequest) -> str:
        has_terms = "Clause 4 is\namended" in request.messages[-1].content
        return json.dumps(OPERATIVE if has_terms else dict.fromkeys(OPERATIVE))

    provider = ScriptedProvider(repeat(answer), profile=small)
    found = extract(long, Lease, provider=provider)
    assert (found.value.law, found.value.notice_days, found.coverage) == ("Scotland", 60, 1.0)
    assert found.attempts == len(provider.requests) > 10
    assert found.fields["deposit"].status == "absent"
    assert f"read in {found.attempts} windows" in found.warnings[-1]


def test_a_document_that_costs_too_much_is_refused_before_anything_is_spent() -> None:
    """long-004: never shortened, and never sent in vain."""
    provider = ScriptedProvider([json.dumps(OPERATIVE)])
    with pytest.raises(TokenLimitError) as caught:
        extract(LEASE * 2_000, Lease, provider=provider, max_tokens=50_000)
    assert provider.requests == []
    assert (caught.value.attempts, caught.value.usage.total_tokens) == (0, 0)


def test_many_kinds_of_findings_get_room_for_all_of_them() -> None:
    """long-004: the limit on output is planned from what is asked, not a fixed number."""
    kinds: dict[str, Any] = {f"kind_{i}": (list[Lease], ...) for i in range(22)}
    profile = profile_for("openai", "gpt-4o")

    many = plan(create_model("Many", **kinds), model="gpt-4o", profile=profile)
    one = plan(Lease, model="gpt-4o", profile=profile)

    assert one.room < many.room <= profile.max_output_tokens
    assert [asked_values(group) for group in many.groups] == [99, 99]
