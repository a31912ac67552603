"""What was remarked on while reading, put in words a person reads."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Generator, Iterable, Sequence
from contextlib import contextmanager
from itertools import pairwise

from extractor.documents.plain import clean

_REMARK_CHARS = 200


def by_page(remarks: Iterable[tuple[int, str]]) -> list[str]:
    """Say each remark once, with the pages it is about.

    >>> by_page([(1, "no text"), (2, "damaged"), (3, "no text"), (4, "no text")])
    ['pages 1, 3-4: no text', 'page 2: damaged']
    """
    pages: dict[str, list[int]] = {}
    for number, remark in remarks:
        pages.setdefault(remark, []).append(number)
    return [f"{_page_names(numbers)}: {remark}" for remark, numbers in pages.items()]


def _page_names(numbers: Sequence[int]) -> str:
    """Name pages as people do.

    >>> _page_names([3]), _page_names([1, 3, 4, 5])
    ('page 3', 'pages 1, 3-5')
    """
    if len(numbers) == 1:
        return f"page {numbers[0]}"
    gaps = [i for i, (a, b) in enumerate(pairwise(numbers), 1) if b != a + 1]
    runs = [numbers[a:b] for a, b in pairwise([0, *gaps, len(numbers)])]
    shown = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return f"pages {', '.join(shown)}"


def summed_up(remarks: Collection[str]) -> list[str]:
    """Make one warning of what pypdf remarked."""
    if not remarks:
        return []
    more = f" (and {len(remarks) - 1} more)" if len(remarks) > 1 else ""
    return [f"the PDF reader remarked: {next(iter(remarks))}{more}"]


class _Collector(logging.Handler):
    """Keeps the messages of the thread it was made in, each once."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.thread = threading.get_ident()
        self.messages: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.messages[clean(record.getMessage())[:_REMARK_CHARS]] = None


@contextmanager
def pypdf_remarks() -> Generator[dict[str, None]]:
    """Collect what pypdf logs, so that it reaches the document's warnings and not stderr.

    Nothing of the application's logging is changed: its own handlers still get the records, and
    this one is gone afterwards.
    """
    logger, collector = logging.getLogger("pypdf"), _Collector()
    logger.addHandler(collector)
    try:
        yield collector.messages
    finally:
        logger.removeHandler(collector)
