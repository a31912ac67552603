"""Replies in XML tags that broke other tools, read by the schema's own tags."""

from __future__ import annotations

import io
import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, create_model

from extractor.backends import BACKENDS
from extractor.backends.parse import Parsed, parse
from extractor.cli import main
from extractor.errors import ParseError
from extractor.types import T
from extractor.wire.compile import compile_schema


class Lease(BaseModel):
    quote: str | None = None
    page: int | None = None


class Names(BaseModel):
    first: str
    last: str | None = None


class Tenant(BaseModel):
    name: str


class Household(BaseModel):
    tenants: list[Tenant]


class Law(BaseModel):
    law: str


class Period(BaseModel):
    period: str


class Term(BaseModel):
    period: Period


def read(schema: type[T], reply: str) -> Parsed[T]:
    return parse(BACKENDS["xml"], schema, compile_schema(schema), reply)


def value(schema: type[T], reply: str) -> T:
    parsed = read(schema, reply)
    assert parsed.value is not None, parsed.problems
    return parsed.value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param(
            "Byron & Co, B&B, Q&A; rent", "Byron & Co, B&B, Q&A; rent", id="xml-001, raw &"
        ),
        pytest.param("if n < 7 and m > 2 then", "if n < 7 and m > 2 then", id="xml-002, raw <"),
        pytest.param(
            "A&nbsp;B &sect; 7 &ndash; y", "A\u00a0B \u00a7 7 \u2013 y", id="xml-004, entities"
        ),
        pytest.param("<![CDATA[B&B <y> rent]]>", "B&B <y> rent", id="xml-011, CDATA"),
        pytest.param("a list ]]> of rooms", "a list ]]> of rooms", id="xml-013, a CDATA's end"),
        pytest.param(
            "What </quote> means is shown", "What </quote> means is shown", id="xml-020, a tag"
        ),
    ],
)
def test_what_is_no_tag_of_the_schema_is_text(written: str, meant: str) -> None:
    """In the fourth case a no-break space stays what it is; folding is for comparing quotes."""
    reply = f"<Lease><quote>{written}</quote><page>2</page></Lease>"
    assert value(Lease, reply) == Lease(quote=meant, page=2)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("<Names><first>Ada<last>Byron</last></Names>", id="xml-005, not closed"),
        pytest.param(
            "<Names><first>Ada</last><last>Byron</last></Names>", id="xml-007, closed wrongly"
        ),
    ],
)
def test_a_value_without_its_own_closing_tag_loses_nothing(reply: str) -> None:
    assert value(Names, reply) == Names(first="Ada", last="Byron")


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("Here it is:\n<Law><law>7</law></Law>\nThat is all.", id="xml-008, prose"),
        pytest.param(
            "<thinking>The <law> goes here</thinking><Law><law>7</law></Law>", id="xml-010, thought"
        ),
        pytest.param("<answer><law>7</law></answer>", id="xml-014, another root"),
        pytest.param("<LAW><Law>7</Law></LAW>", id="xml-023, other letters"),
    ],
)
def test_what_stands_around_the_answer_does_not_matter(reply: str) -> None:
    assert value(Law, reply) == Law(law="7")


def test_one_item_is_a_list_of_one_whatever_its_tag() -> None:
    """xml-016."""
    for tag in ("tenant", "item", "Tenant"):
        reply = f"<Household><tenants><{tag}><name>Ada</name></{tag}></tenants></Household>"
        assert value(Household, reply) == Household(tenants=[Tenant(name="Ada")])


def test_a_tag_that_comes_twice_with_two_values_is_a_conflict_with_both_kept() -> None:
    """xml-017."""
    parsed = read(Law, "<Law><law>Maine</law><law>Vermont</law></Law>")

    assert parsed.value is None
    assert [(problem.kind, problem.path) for problem in parsed.problems] == [("conflict", ("law",))]
    assert parsed.restored.leaves["law",].raw == ["Maine", "Vermont"]


@pytest.mark.parametrize(
    "reply",
    [
        "<Term><period><period>Initial</period></period></Term>",
        "<period><period>Initial</period></period>",
    ],
)
def test_an_element_inside_another_of_the_same_name_is_read_by_the_schema(reply: str) -> None:
    """xml-019: with the root and without it."""
    assert value(Term, reply) == Term(period=Period(period="Initial"))


@pytest.mark.parametrize(
    "declared",
    [
        "<!ENTITY pin SYSTEM 'file:///etc/hostname'>",
        "<!ENTITY pin SYSTEM 'http://192.0.2.1/pin'>",
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY pin "&b;&b;">',
    ],
)
def test_a_document_type_is_refused_and_opens_nothing(
    declared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """xml-022."""

    def refuse(*_: Any) -> Any:
        raise AssertionError("a reply opened something")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr("builtins.open", refuse)

    with pytest.raises(ParseError, match="document type"):
        read(Law, f"<!DOCTYPE Law [{declared}]><Law><law>&pin;</law></Law>")


def test_a_document_type_that_a_contract_speaks_of_is_text() -> None:
    """xml-022, the other side."""
    reply = "<Law><law>pages begin with <!DOCTYPE html></law></Law>"
    assert value(Law, reply).law == "pages begin with <!DOCTYPE html>"


@pytest.mark.parametrize(
    ("reply", "code", "law"),
    [
        ("Here:\n<answer><law>B&B</law></answer>", 0, "B&B"),
        ("<Law><law>Maine</law><law>Vermont</law></Law>", 4, None),
    ],
)
def test_the_command_line_reads_the_same(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    *,
    reply: str,
    code: int,
    law: str | None,
) -> None:
    """xml-001, xml-014 and xml-017 by `extractor parse`."""
    schema = tmp_path / "law.py"
    schema.write_text("from pydantic import BaseModel\nclass Law(BaseModel):\n    law: str\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(reply.encode())))

    assert main(["parse", "--backend", "xml", "--schema", f"{schema}:Law", "--json"]) == code

    record = json.loads(capsys.readouterr().out)
    assert record["value"] == (None if law is None else {"law": law})
    assert [error["kind"] for error in record["errors"]] == ([] if law else ["conflict"])


def test_every_value_of_a_nested_answer_survives_without_any_escaping() -> None:
    """xml-001 and xml-002 throughout a nested answer, with quotes."""
    schema = create_model("Flat", tenants=(list[Tenant], ...), law=(str, ...))
    reply = (
        "<Flat><tenants><item><quote>B&B < Co</quote><name>B&B <Ltd></name></item></tenants>"
        "<law><quote>the law of R&D & <x></quote><value>R&D & <x></value></law></Flat>"
    )
    parsed = parse(BACKENDS["xml"], schema, compile_schema(schema, quotes=True), reply)

    assert parsed.value is not None
    assert parsed.value.model_dump() == {"tenants": [{"name": "B&B <Ltd>"}], "law": "R&D & <x>"}
    assert {leaf.quotes for leaf in parsed.restored.leaves.values()} == {
        ("B&B < Co",),
        ("the law of R&D & <x>",),
    }
