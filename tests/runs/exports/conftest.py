from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.runs.reader import RunReader
from tests.runs.exports.composed_run import EVERY_OUTCOME, composed_run


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[RunReader]:
    """A run with files of every kind, in a folder `run` of its own."""
    with composed_run(tmp_path / "run", EVERY_OUTCOME) as opened:
        yield opened
