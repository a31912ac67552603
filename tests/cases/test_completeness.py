from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
CASE = re.compile(r"\b(?:schema|stop|json|xml|val|ground|long)-\d{3}\b")


def cases_of(test: ast.FunctionDef) -> Iterator[str]:
    """The cases that a test names in its docstring or in its parameters' ids."""
    yield from CASE.findall(ast.get_docstring(test) or "")
    for decorator in test.decorator_list:
        for node in ast.walk(decorator):
            if isinstance(node, ast.keyword) and node.arg == "id":
                yield from CASE.findall(ast.unparse(node.value))


def test_every_published_case_has_a_test_and_no_test_names_another() -> None:
    listed = (HERE / "case_ids.txt").read_text().split()
    tests = [
        node
        for path in sorted(HERE.glob("test_*_cases.py"))
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]

    assert len(set(listed)) == len(listed) == 90
    assert {case for test in tests for case in cases_of(test)} == set(listed)
