"""`extractor schema docs` and `extractor schema diff`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor.cli import main
from extractor.cli.schemas.fields import field_rows
from extractor.plugins import load_schema, schema_names

Capture = pytest.CaptureFixture[str]

OLD = '''
from pydantic import BaseModel, Field

class Rent(BaseModel):
    """Rent of one month."""
    amount: int
    currency: str | None = None

class Lease(BaseModel):
    """A lease."""
    tenant: str = Field(description="Who takes the premises.")
    landlord: str = Field(description="Who lets | the premises.")
    rents: list[Rent]
    deposits: dict[str, Rent] = {}
    fax: str | None = None
'''
NEW = (
    OLD.replace("    fax: str | None = None\n", "    email: str | None = None\n")
    .replace("Who takes the premises.", "Who takes the premises. Not a subtenant.")
    .replace("currency: str | None = None", "currency: str | None = None\n    due: str = ''")
)


@pytest.fixture
def leases(tmp_path: Path) -> tuple[str, str]:
    for name, text in (("old.py", OLD), ("new.py", NEW)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return f"{tmp_path / 'old.py'}:Lease", f"{tmp_path / 'new.py'}:Lease"


@pytest.fixture
def undescribed(tmp_path: Path) -> str:
    path = tmp_path / "bare.py"
    path.write_text(OLD.replace('    """A lease."""\n', ""), encoding="utf-8")
    return f"{path}:Lease"


@pytest.mark.parametrize("name", schema_names())
def test_every_shipped_schema_is_described_field_by_field(name: str, capsys: Capture) -> None:
    assert main(["schema", "docs", name]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"# {name}"
    table = [line for line in lines if line.startswith("| `")]
    assert len(table) == len(field_rows(load_schema(name)))
    assert {line.replace("\\|", "").count("|") for line in table} == {7}


def test_a_schema_is_described_by_its_own_docstring(
    leases: tuple[str, str], capsys: Capture
) -> None:
    assert main(["schema", "docs", leases[0], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["description"] == "A lease."
    assert main(["schema", "docs", leases[0]]) == 0
    assert capsys.readouterr().out.splitlines()[1:4] == ["", "A lease.", ""]


def test_a_schema_without_a_docstring_has_no_description_of_pydantic_s(
    undescribed: str, capsys: Capture
) -> None:
    assert main(["schema", "docs", undescribed, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["description"] == ""
    assert main(["schema", "docs", undescribed]) == 0
    head, blank, table, *_ = capsys.readouterr().out.splitlines()
    assert (head, blank) == (f"# {undescribed}", "")
    assert table.startswith("| field ")


def test_a_schema_without_a_docstring_is_listed_without_a_sentence(
    undescribed: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extractor.cli.schemas.schema.schema_names", lambda: [undescribed, "nda"])
    assert main(["schema", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed[undescribed] == ""
    assert listed["nda"]


def test_a_row_has_type_description_example_scorer_and_identifiers(capsys: Capture) -> None:
    assert main(["schema", "docs", "nda"]) == 0
    row = next(r for r in capsys.readouterr().out.splitlines() if r.startswith("| `governing_law`"))
    assert "name of a country or state in full or null" in row
    assert "whose law governs" in row
    assert '| `"England and Wales"` | jurisdiction | CUAD: Governing Law |' in row


def test_fields_inside_objects_lists_and_tables_have_paths(leases: tuple[str, str]) -> None:
    rows = {row.path: row for row in field_rows(load_schema(leases[0]))}
    inside = "rents rents[].amount rents[].currency deposits deposits{}.amount deposits{}.currency"
    assert [*rows] == ["tenant", "landlord", *inside.split(), "fax"]
    assert rows["rents"].type == "list of Rent"
    assert rows["rents"].description == "Rent of one month."
    assert rows["tenant"].required
    assert not rows["fax"].required


def test_a_pipe_in_a_description_does_not_break_the_table(
    leases: tuple[str, str], capsys: Capture
) -> None:
    assert main(["schema", "docs", leases[0]]) == 0
    assert "Who lets \\| the premises." in capsys.readouterr().out


def test_a_change_is_told_field_by_field_with_what_to_ask_again(
    leases: tuple[str, str], capsys: Capture
) -> None:
    assert main(["schema", "diff", *leases, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["added"] == ["rents[].due", "deposits{}.due", "email"]
    assert record["removed"] == ["fax"]
    assert [*record["changed"]] == ["tenant"]
    assert record["changed"]["tenant"]["description"][1].endswith("Not a subtenant.")
    assert record["ask_again"] == ["tenant", "rents", "deposits", "email"]
    assert record["keep"] == ["landlord"]
    assert main(["schema", "diff", *leases]) == 0
    text = capsys.readouterr().out
    assert "+ email (string or null)" in text
    assert "- fax" in text
    assert "~ tenant: description" in text
    assert "To ask again: tenant, rents, deposits, email. Answers that can stay: 1" in text


def test_what_no_model_is_told_need_not_be_asked_again(tmp_path: Path, capsys: Capture) -> None:
    assert main(["schema", "docs", "nda", "--json"]) == 0
    saved = json.loads(capsys.readouterr().out)
    saved["fields"][0]["example"] = "another"
    path = tmp_path / "nda.json"
    path.write_text(json.dumps(saved), encoding="utf-8")
    assert main(["schema", "diff", str(path), "nda", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert [*record["changed"]] == ["document_name"]
    assert record["ask_again"] == []


def test_a_schema_does_not_differ_from_itself(capsys: Capture) -> None:
    assert main(["schema", "diff", "lease", "lease"]) == 0
    assert capsys.readouterr().out == "No field differs.\n"


@pytest.mark.parametrize("text", [None, "{}", "not json"])
def test_a_file_that_docs_did_not_write_is_a_configuration_error(
    tmp_path: Path, capsys: Capture, text: str | None
) -> None:
    path = tmp_path / "saved.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert main(["schema", "diff", str(path), "nda"]) == 3
    assert "saved.json" in capsys.readouterr().err
