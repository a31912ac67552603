"""`extractor extract --set`."""

from __future__ import annotations

import pytest

from extractor.cli.arguments import UsageError, parse_arguments
from extractor.outputs.record import set_record
from tests.sets.documents import BASE, FIRST, OF_BASE, OF_FIRST, named, run


def test_several_files_need_the_flag() -> None:
    with pytest.raises(UsageError, match="--set"):
        parse_arguments(["extract", "a.pdf", "b.pdf", "--schema", "nda"])
    options = parse_arguments(["extract", "a.pdf", "b.pdf", "--set", "--schema", "nda"])
    assert (options.file, options.more) == ("a.pdf", ["b.pdf"])


def test_the_record_names_documents_and_what_is_superseded() -> None:
    parts = [(named(BASE, "base.txt"), OF_BASE), (named(FIRST, "one.txt"), OF_FIRST)]
    record = set_record(run([*parts]))
    (old,) = record["superseded"]["law"]
    assert (old["value"], old["why"], old["by"]) == ("Ireland", "amended", "one.txt")
    assert record["fields"]["law"]["evidence"][0]["document"] == "one.txt"
    assert [each["date"] for each in record["documents"]] == ["2020-05-01", "2021-06-03"]
