"""Schemas by entry-point name, `module:Class` or `file.py:Class`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from extractor import ConfigurationError
from extractor.plugins import load_schema, schema_names
from extractor.schemas import NDA, Contract

LEASE = '''
from __future__ import annotations
from pydantic import BaseModel

class Rent(BaseModel):
    amount: int

class Lease(BaseModel):
    """A lease."""
    tenant: str
    rents: list[Rent]

not_a_schema = 3

def function(): ...
'''


@pytest.fixture
def lease(tmp_path: Path) -> Path:
    path = tmp_path / "lease.py"
    path.write_text(LEASE, encoding="utf-8")
    return path


def test_our_own_schemas_are_found_by_name() -> None:
    assert {"contract", "nda", "lease", "cuad"} <= {*schema_names()}
    assert load_schema("contract") is Contract
    assert load_schema("nda") is NDA


def test_a_class_is_found_in_its_module() -> None:
    assert load_schema("extractor.schemas.nda:NDA") is NDA


def test_a_class_is_found_in_a_file_with_the_classes_that_it_uses(lease: Path) -> None:
    schema = load_schema(f"{lease}:Lease")
    found = schema.model_validate({"tenant": "Brightwater", "rents": [{"amount": 3}]})
    assert found.model_dump() == {"tenant": "Brightwater", "rents": [{"amount": 3}]}


def test_a_file_can_import_what_stands_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "rent_parts.py").write_text("Rent = int\n", encoding="utf-8")
    source = "from pydantic import BaseModel\nfrom rent_parts import Rent\n\n\n"
    source += "class Lease(BaseModel):\n    rent: Rent\n"
    (tmp_path / "lease_of_parts.py").write_text(source, encoding="utf-8")
    schema = load_schema(f"{tmp_path / 'lease_of_parts.py'}:Lease")
    assert schema.model_fields["rent"].annotation is int


def test_a_file_does_not_take_the_place_of_a_module_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "json.py"
    path.write_text(LEASE, encoding="utf-8")
    ours = sys.modules["json"]
    assert load_schema(f"{path}:Lease").__name__ == "Lease"
    assert sys.modules["json"] is ours


def test_two_files_of_one_name_keep_their_own_classes(tmp_path: Path) -> None:
    for folder, field in (("a", "tenant"), ("b", "landlord")):
        (tmp_path / folder).mkdir()
        text = LEASE.replace("tenant", field)
        (tmp_path / folder / "lease.py").write_text(text, encoding="utf-8")
    one, other = (load_schema(f"{tmp_path / folder / 'lease.py'}:Lease") for folder in "ab")
    assert [*one.model_fields] == ["tenant", "rents"]
    assert [*other.model_fields] == ["landlord", "rents"]


def test_a_file_in_the_current_folder_needs_no_path(
    lease: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(lease.parent)
    assert load_schema("lease.py:Lease").__name__ == "Lease"


def test_an_unknown_name_is_refused_and_the_known_ones_listed() -> None:
    with pytest.raises(ConfigurationError, match="'ndaa'") as caught:
        load_schema("ndaa")
    assert caught.value.hint is not None
    assert "contract, contract_nli" in caught.value.hint


@pytest.mark.parametrize(
    ("suffix", "message", "hint"),
    [
        ("", "lease.py is named without a class.", "It has Rent, Lease."),
        (":", "lease.py is named without a class.", "It has Rent, Lease."),
        (":Leese", "lease.py has no class Leese.", "Did you mean Lease? It has Rent, Lease."),
        (":lease", "lease.py has no class lease.", "Did you mean Lease? It has Rent, Lease."),
    ],
)
def test_a_class_that_is_not_named_rightly_is_answered_with_those_that_there_are(
    lease: Path, suffix: str, message: str, hint: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_schema(f"{lease}{suffix}")
    assert caught.value.message.endswith(message)
    assert caught.value.hint == f"{hint} Write {lease}:Class."


def test_a_module_that_only_passes_classes_on_names_those(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_schema("extractor.schemas:Contrat")
    assert str(caught.value.hint).startswith("Did you mean Contract")
    (tmp_path / "none.py").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_schema(f"{tmp_path / 'none.py'}:X")
    assert "no Pydantic model at all" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no_such_module:Lease", "No module named 'no_such_module'"),
        ("extractor.schemas.nda:Lease", "has no class Lease"),
        ("none.py:Lease", "No such file: none.py"),
        ("extractor.config:DEFAULT_MODEL", "not a Pydantic model class"),
        ("builtins:dict", "not a Pydantic model class"),
        (":Lease", "can't be imported"),
        ("", "No schema is called ''"),
        ("extractor.schemas.nda:", "named without a class"),
    ],
)
def test_what_is_no_schema_is_refused_with_the_reason(name: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_schema(name)
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("class Lease(", "SyntaxError"),
        ("raise RuntimeError('broken')", "RuntimeError: broken"),
        ("import no_such_module", "no_such_module"),
        ("Lease = 3", "not a Pydantic model class"),
        ("import sys; sys.exit(3)", "SystemExit"),
        ("\0", "can't be imported"),
    ],
)
def test_a_file_that_does_not_work_is_refused_with_the_reason(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "broken.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_schema(f"{path}:Lease")
    assert said in caught.value.message


def test_a_file_that_does_not_work_leaves_no_half_made_module_behind(tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text("import no_such_module", encoding="utf-8")
    before = set(sys.modules)
    with pytest.raises(ConfigurationError):
        load_schema(f"{path}:Lease")
    assert set(sys.modules) == before
