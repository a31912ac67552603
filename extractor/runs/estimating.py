"""What the files of a folder will take, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from extractor.asking.estimating import Amount, Estimate
from extractor.documents.options import ReadOptions
from extractor.documents.read import read_bytes
from extractor.errors import ExtractorError
from extractor.extracting.extractor import Extractor
from extractor.runs.documents import ends_a_run
from extractor.runs.folder import contents_of


@dataclass(frozen=True, slots=True)
class FileEstimate:
    """What one file will take; `error` says why nobody knows, where there is no estimate."""

    path: str
    sha256: str | None = None
    pages: int = 0
    estimate: Estimate | None = None
    error: ExtractorError | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """The least, the expected and the most that some files take together."""

    low: Amount
    expected: Amount
    maximum: Amount


def estimate_files(
    extractor: Extractor[Any], folder: Path, paths: Iterable[str], options: ReadOptions
) -> Iterator[FileEstimate]:
    """Yield what each file will take; each is read, and nothing is sent.

    Raises:
        ExtractorError: what would meet every file, such as a broken template.
    """
    for path in paths:
        digest: str | None = None
        try:
            data, contents = contents_of(folder / path, options.limits)
            digest = contents.sha256
            document = read_bytes(data, Path(path).name, options)
            told = extractor.estimate(document)
        except ExtractorError as error:
            if ends_a_run(error):
                raise
            yield FileEstimate(path, digest, error=error)
        else:
            yield FileEstimate(path, digest, len(document.pages), told)


def total(files: Iterable[FileEstimate], *, times: Decimal = Decimal(1)) -> Total:
    """Add estimates up, `times` as much: for all files, where these are a sample of them."""
    known = [file.estimate for file in files if file.estimate is not None]
    return Total(
        _sum([each.low for each in known], times),
        _sum([each.expected for each in known], times),
        _sum([each.maximum for each in known], times),
    )


def seconds_needed(told: Total, requests: int, limits: Mapping[str, int | None]) -> float | None:
    """Return how long the expected tokens take under limits a minute; None where there is none.

    Args:
        told: what all files take.
        requests: how many requests that is.
        limits: the most a minute, by the names of `extractor.calls.limits.RateLimits`.
    """
    amount = told.expected
    taken = {
        "requests_per_minute": requests,
        "tokens_per_minute": amount.total_tokens,
        "input_tokens_per_minute": amount.input_tokens,
        "output_tokens_per_minute": amount.output_tokens,
    }
    times = [60.0 * count / most for name, count in taken.items() if (most := limits.get(name))]
    return max(times, default=None)


def _sum(amounts: list[Amount], times: Decimal) -> Amount:
    costs = [amount.cost_usd for amount in amounts if amount.cost_usd is not None]
    return Amount(
        round(times * sum(amount.input_tokens for amount in amounts)),
        round(times * sum(amount.output_tokens for amount in amounts)),
        round(times * sum(amount.total_tokens for amount in amounts)),
        times * sum(costs, Decimal(0)) if len(costs) == len(amounts) else None,
    )
