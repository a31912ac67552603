"""What `extractor` offers, and what it costs to ask for it."""

from __future__ import annotations

import importlib
import inspect
import json
import subprocess
import sys

import pytest

import extractor
import extractor.errors


def modules_after(code: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after some code."""
    listing = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(  # noqa: S603 - this interpreter and our own code
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


HEAVY = {"openai", "anthropic", "pypdf", "lxml", "jinja2", "tenacity", "rapidfuzz", "genai_prices"}


def test_names_are_sorted_and_each_is_there() -> None:
    assert extractor.__all__ == sorted(extractor.__all__)
    assert len(set(extractor.__all__)) == len(extractor.__all__)
    for name in extractor.__all__:
        assert getattr(extractor, name).__name__ == name


def test_names_that_are_not_loaded_yet_are_listed_too() -> None:
    code = "import extractor\nassert set(extractor.__all__) <= set(dir(extractor))"
    assert modules_after(code).isdisjoint(HEAVY)


def test_each_name_is_documented() -> None:
    silent = [name for name in extractor.__all__ if not inspect.getdoc(getattr(extractor, name))]
    assert silent == []


def test_a_star_import_brings_all_of_them() -> None:
    space: dict[str, object] = {}
    exec("from extractor import *", space)  # noqa: S102 - the statement itself is tested
    assert set(extractor.__all__) <= set(space)


def test_every_error_is_public() -> None:
    errors = {
        name
        for name, kind in vars(extractor.errors).items()
        if isinstance(kind, type) and issubclass(kind, extractor.ExtractorError)
    }
    assert errors <= set(extractor.__all__)


def test_a_name_that_is_not_offered_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = extractor.nothing


def test_extract_is_the_function_whatever_was_imported_before() -> None:
    importlib.import_module("extractor.extracting.extractor")
    from extractor import extract

    assert callable(extract)
    assert not inspect.ismodule(extract)


def test_extract_is_the_function_also_in_a_fresh_interpreter() -> None:
    code = "import extractor.extracting.extractor, extractor.cli.extracting.extract\n"
    code += "from extractor import extract\n"
    code += "assert extract.__module__ == 'extractor.extracting.functions'"
    assert "extractor.extracting.extractor" in modules_after(code)


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = modules_after("import extractor")
    assert loaded.isdisjoint(HEAVY | {"pydantic"})


def test_help_loads_no_sdk() -> None:
    code = "import contextlib\nfrom extractor.cli import main\n"
    code += "with contextlib.suppress(SystemExit): main(['--help'])"
    assert modules_after(code).isdisjoint(HEAVY)


def test_a_scripted_extraction_loads_no_sdk() -> None:
    code = (
        "from pydantic import BaseModel\nfrom extractor import ScriptedProvider, extract\n"
        "class Terms(BaseModel):\n    law: str\n"
        """reply = '{"law": {"quote": "laws of Ireland", "value": "Ireland"}}'\n"""
        "extract('The laws of Ireland apply.', Terms, provider=ScriptedProvider([reply]))"
    )
    assert modules_after(code).isdisjoint({"openai", "anthropic", "xllamacpp"})
