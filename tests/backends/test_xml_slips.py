"""What models write into XML that no schema asks for, and what it must come to all the same."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import BaseModel

from extractor.backends.parse import Parsed, parse
from extractor.backends.techniques import XmlBackend
from extractor.types import T
from extractor.wire.compile import compile_schema


class Terms(BaseModel):
    law: str | None = None
    cap: Decimal | None = None


def read(schema: type[T], reply: str, *, quotes: bool = False) -> Parsed[T]:
    return parse(XmlBackend(), schema, compile_schema(schema, quotes=quotes), reply)


def terms(content: str) -> Parsed[Terms]:
    return read(Terms, f"<Terms>{content}</Terms>")


def kinds_of(parsed: Parsed[T]) -> set[str]:
    return {repair.kind for repair in parsed.repairs}


def lossy(parsed: Parsed[T]) -> set[str]:
    return {repair.kind for repair in parsed.repairs if repair.lossy}


# --- comments and processing instructions --------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "law"),
    [
        ("<law><!-- not specified --></law>", None),
        ("<law> <!-- not --> <!-- specified --> </law>", None),
        ("<law>New York <!-- section 12 --></law>", "New York"),
        ("<law><!-- section 12 -->New York</law>", "New York"),
        ("<law>New <!-- section 12 --> York</law>", "New York"),
        ("<law>New<!-- section 12 --> York</law>", "New York"),
        ("<law>New<!-- section 12 -->ark</law>", "Newark"),
        ("<law>New <!-- a --> <!-- b -->York</law>", "New York"),
    ],
)
def test_a_comment_is_no_part_of_a_text(content: str, law: str | None) -> None:
    parsed = terms(content)
    assert parsed.value == Terms(law=law)
    assert kinds_of(parsed) == {"comment"}
    assert not lossy(parsed)


def test_a_comment_tells_its_place() -> None:
    assert [r.path for r in terms("<law>NY <!-- x --></law>").repairs] == [("law",)]


def test_a_comment_in_place_of_a_number_is_none() -> None:
    assert terms("<cap><!-- none --></cap>").value == Terms()


def test_a_comment_in_place_of_a_quoted_value_is_none() -> None:
    content = "<law><quote>q</quote><value><!-- x --></value></law>"
    assert read(Terms, f"<Terms>{content}</Terms>", quotes=True).value == Terms()


def test_a_comment_does_not_part_a_value_from_the_quote_beside_it() -> None:
    content = "<law><quote>q</quote>New <!-- section 12 --> York</law>"
    parsed = read(Terms, f"<Terms>{content}</Terms>", quotes=True)
    assert parsed.value == Terms(law="New York")
    assert kinds_of(parsed) == {"comment", "untagged_value"}


def test_a_processing_instruction_is_no_part_of_a_text() -> None:
    parsed = terms("<law>New <?page 12?> York</law>")
    assert parsed.value == Terms(law="New York")
    assert kinds_of(parsed) == {"instruction"}


def test_a_comment_that_never_ends_takes_no_element_along() -> None:
    parsed = terms("<law>NY <!-- section 12</law><cap>5</cap><!-- done -->")
    assert parsed.value == Terms(law="NY <!-- section 12", cap=Decimal(5))
    assert kinds_of(parsed) == {"raw_markup", "comment"}


def test_an_element_in_a_comment_is_told_to_be_lost() -> None:
    parsed = terms("<law>NY</law><!-- <cap>5</cap> -->")
    assert parsed.value == Terms(law="NY")
    assert lossy(parsed) == {"comment"}


def test_a_comment_in_a_cdata_section_is_words() -> None:
    assert terms("<law><![CDATA[<!-- x -->]]></law>").restored.data == {"law": "<!-- x -->"}
