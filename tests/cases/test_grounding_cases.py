"""Quotes that other tools certify although they differ from the contract, or miss although true."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel, create_model

from extractor import Extraction, FieldResult, ScriptedProvider, extract
from extractor.grounding import Locator, supports

LEASE = """LEASE OF PREMISES

Recital. Lessee is a company incorporated in Vermont and doing business in Maine.

4. Either party may ter-
minate this lease upon not less than ninety (90) days' written notice to the other.

5. The Lessor's liability under this lease shall not exceed EUR 250,000 in any year.

6. The Lessee shall keep the premises in good repair.

7. This lease ends on February 28, 2027.

8. The \u201coffice\u00a0floors\u201d are those de\ufb01ned in the plan.

9. This lease is governed by the laws of Maine.

10. The Lessee shall keep the premises in good repair.

11. \u672c\u5951\u7d04\u306f\u65e5\u672c\u6cd5\u306b\u6e96\u62e0\u3059\u308b\u3002
"""


class Claim(BaseModel):
    claim: str


def extracted(value: Any, quote: str, kind: Any = str) -> FieldResult:
    """Extract one field `x` whose reply has this value and quote."""
    schema: Any = create_model("Lease", x=(kind, ...))
    reply = json.dumps({"x": {"quote": quote, "value": value}})
    found: Extraction[Any] = extract(LEASE, schema, provider=ScriptedProvider([reply]))
    return found.fields["x"]


@pytest.mark.parametrize(
    ("true", "claimed", "kind"),
    [
        pytest.param(
            "not less than ninety (90) days' written notice to the other",
            "not less than sixty (60) days' written notice to the other",
            "number",
            id="ground-001",
        ),
        pytest.param(
            "under this lease shall not exceed EUR 250,000 in any year",
            "under this lease shall not exceed EUR 950,000 in any year",
            "number",
            id="ground-002",
        ),
        pytest.param(
            "The Lessor's liability under this lease shall not exceed EUR 250,000",
            "The Lessee's liability under this lease shall not exceed EUR 250,000",
            "name",
            id="ground-004",
        ),
        pytest.param(
            "The Lessee shall keep the premises in good repair.",
            "The Lessee may keep the premises in good repair.",
            "modal verb",
            id="ground-005",
        ),
    ],
)
def test_a_quote_that_differs_in_a_word_that_matters_is_altered_and_proves_nothing(
    true: str, claimed: str, kind: str
) -> None:
    assert Locator(LEASE).locate(true).status in {"exact", "normalized"}

    located = Locator(LEASE).locate(claimed)
    assert located.status == "altered"
    assert located.note is not None
    assert located.note.startswith(kind)

    field = extracted(claimed, claimed)
    assert field.status == "unverified"
    assert field.note is not None
    assert "where the document has" in field.note
    assert [item.quote for item in field.evidence] == [claimed] * len(field.evidence)
    assert {item.status for item in field.evidence} == {"altered"}


def test_a_value_that_its_true_quote_does_not_say_is_not_proved_by_it() -> None:
    """ground-001 the other way: the quote is right and the number is not."""
    field = extracted(60, "ninety (90) days' written notice", int)

    assert (field.status, field.note) == ("unverified", "the quote does not say 60")
    assert [item.status for item in field.evidence] == ["exact"]


def test_a_quote_is_found_across_a_hyphen_at_a_line_s_end() -> None:
    """ground-007: `normalized` is the tier for hyphenation as for all of typography."""
    located = Locator(LEASE).locate("Either party may terminate this lease")

    assert located.status == "normalized"
    (match,) = located.matches
    assert LEASE[match.start : match.end] == "Either party may ter-\nminate this lease"


def test_a_quote_is_found_through_other_quotation_marks_spaces_and_ligatures() -> None:
    """ground-008: the offsets are those of the document's own characters."""
    located = Locator(LEASE).locate('The "office floors" are those defined')

    assert located.status == "normalized"
    (match,) = located.matches
    assert LEASE[match.start : match.end] == (
        "The \u201coffice\u00a0floors\u201d are those de\ufb01ned"
    )


def test_a_sentence_that_occurs_twice_has_both_places_reported() -> None:
    """ground-010: both are equally good, and both are there; the first is only the first listed."""
    sentence = "The Lessee shall keep the premises in good repair."

    field = extracted(sentence, sentence)

    assert field.status == "found"
    starts = [item.span.start for item in field.evidence if item.span]
    first = LEASE.index(sentence)
    assert starts == [first, LEASE.index(sentence, first + 1)]


def test_a_quote_without_spaces_between_its_words_is_found() -> None:
    """ground-011: Japanese, the governing law of the eleventh clause."""
    field = extracted("\u65e5\u672c\u6cd5", "\u672c\u5951\u7d04\u306f\u65e5\u672c\u6cd5\u306b")

    assert field.status == "found"
    assert field.evidence[0].status == "exact"


def test_a_value_quoted_from_the_wrong_clause_shows_which_clause_it_is_from() -> None:
    """ground-013: the quote is true and bears the word, so it is `found`, with the recital shown.

    The case asks for a flag that the passage is about something else. What a clause is about is no
    matter of the words of a value, and a guess by headings would flag true quotes too. The engine
    says only what it has proved: that these words stand there. The place is part of the answer.
    """
    quote = "a company incorporated in Vermont"

    field = extracted("Vermont", quote)

    assert supports("Vermont", quote).ok is True
    assert field.status == "found"
    (item,) = field.evidence
    assert item.span is not None
    recital = LEASE.index("Recital."), LEASE.index("4. Either")
    assert recital[0] < item.span.start < item.span.end < recital[1]
