"""The report as JUnit's XML, for whoever shows test results: a gate's checks, and each document.

The form is that of the JUnit XML schema of Jenkins' xUnit plugin, which CI systems read.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from extractor.documents.readers.elements import Element
from extractor.evaluation.gate import Check
from extractor.evaluation.runs.results import CellResult, Results
from extractor.outputs.texts import visible


def junit_report(results: Results, checks: Sequence[Check] = ()) -> str:
    """Return a suite of the gate's checks, and one of each cell: an error for a document without a
    result. What a document has wrong is no failure, but told in its output.
    """
    root = etree.Element("testsuites", name=visible(results.dataset.name))
    if checks:
        suite = _suite(root, "gate", len(checks), failures=sum(not c.is_met for c in checks))
        for check in checks:
            case = etree.SubElement(suite, "testcase", classname="gate", name=visible(check.name))
            if not check.is_met:
                etree.SubElement(case, "failure", message=visible(check.told))
            etree.SubElement(case, "system-out").text = visible(check.told)
    for cell in results.cells:
        _documents(root, cell)
    text: str = etree.tostring(root, encoding="unicode", pretty_print=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'


def _documents(root: Element, cell: CellResult) -> None:
    outcomes = cell.scored.outcomes
    missing = set(cell.scored.missing)
    suite = _suite(root, cell.cell.name, len(outcomes), errors=len(missing))
    for doc_id, fields in outcomes.items():
        case = etree.SubElement(
            suite, "testcase", classname=visible(cell.cell.name), name=visible(doc_id)
        )
        if doc_id in missing:
            etree.SubElement(case, "error", message="no result: all of it counts as omitted")
        wrong = [f"{name}: {o}" for name, o in fields.items() if o not in ("correct", "true_null")]
        if wrong:
            etree.SubElement(case, "system-out").text = visible("\n".join(wrong))


def _suite(root: Element, name: str, tests: int, *, failures: int = 0, errors: int = 0) -> Element:
    counts = {"tests": tests, "failures": failures, "errors": errors}
    attributes = {"name": visible(name), **{key: str(n) for key, n in counts.items()}}
    return etree.SubElement(root, "testsuite", attributes)
