"""What is shipped, and how large it may grow."""

from __future__ import annotations

import tomllib
from importlib.metadata import entry_points, metadata
from importlib.resources import files
from pathlib import Path

import pytest

import extractor

PACKAGE = Path(extractor.__file__).parent
ROOT = PACKAGE.parent


def sources() -> list[Path]:
    """Every module of the package, each once, though folders are linked."""
    return sorted({path.resolve() for path in PACKAGE.rglob("*.py")})


@pytest.mark.parametrize("name", ["schemas", "prompts"])
def test_both_links_lead_to_the_folders_at_the_top(name: str) -> None:
    link = PACKAGE / name
    assert link.is_dir()
    assert link.resolve() == (ROOT / name).resolve()
    assert not (link.is_symlink() and link.readlink().is_absolute())


def test_schemas_and_prompts_are_inside_the_package() -> None:
    shipped = files("extractor")
    assert (shipped / "schemas" / "nda.py").is_file()
    assert (shipped / "prompts" / "system.jinja").is_file()
    assert (shipped / "py.typed").is_file()


def test_there_is_a_template_for_every_technique_and_every_turn() -> None:
    names = {path.stem for path in (PACKAGE / "prompts").glob("*.jinja")}
    assert names >= {"system", "document", "rules", "passages", "reask"}
    assert names >= {"strict", "json", "xml", "native", "tools"}


def test_our_schemas_and_the_command_come_by_entry_points() -> None:
    installed = {point.name: point.value for point in entry_points(group="extractor.schemas")}
    assert installed["nda"] == "extractor.schemas.nda:NDA"
    (command,) = entry_points(group="console_scripts", name="extractor")
    assert command.load() is not None


def test_the_distribution_says_what_it_is() -> None:
    facts = metadata("contract-extractor")
    assert facts["License-Expression"] == "MIT"
    assert "local" in facts.get_all("Provides-Extra", [])
    assert "Typing :: Typed" in facts.get_all("Classifier", [])


def test_weights_are_asked_for_only_by_the_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert not any("model" in name or "xllama" in name for name in project["dependencies"])
    assert len(project["optional-dependencies"]["local"]) == 23


def test_no_module_is_longer_than_can_be_kept_in_mind() -> None:
    modules = [*sources(), *ROOT.glob("tests/**/*.py"), *ROOT.glob("benchmarks/**/*.py")]
    long = {
        str(path.relative_to(ROOT)): count
        for path in modules
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
    assert len(modules) > 200


def test_the_readme_is_read_in_one_sitting() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


def test_every_public_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in sources()
        if not path.read_text(encoding="utf-8").lstrip().startswith(('"""', 'r"""'))
    ]
    assert silent == []
