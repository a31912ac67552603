"""The measures: what the mock does in each, what the systems are told, and what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from benchmarks.peers.mock import Knobs


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure.

    Attributes:
        about: what it is, in a line.
        documents: how many there are.
        tokens: how long each is.
        concurrency: how many may be worked on at once.
        timeout: seconds after which a call is to be given up.
        knobs: what the mock does.
        warm: documents before the clock runs.
        drains: whether results are handed over one by one, where a system can.
        compared: the column that is compared with the plain SDK's.
        columns: what is shown, by its name in the rows.
        fewer: documents of the systems that are too slow for all.
        patience: seconds after which a run is given up.
    """

    about: str
    documents: int
    tokens: int = 2_000
    concurrency: int = 64
    timeout: float = 60.0
    knobs: Knobs = field(default_factory=Knobs)
    warm: int = 5
    drains: bool = False
    compared: str
    columns: tuple[str, ...]
    fewer: Mapping[str, int] = field(default_factory=dict[str, int])
    patience: float = 600.0

    @property
    def tells_limits(self) -> bool:
        return bool(self.knobs.rpm or self.knobs.tpm)


def _slow(documents: int) -> Mapping[str, int]:
    return {"langextract": documents, "langextract_batch": documents}


_CPU = Measure(
    about="the processor's time of an extraction of 2,000 tokens, one at a time, no latency",
    documents=300,
    concurrency=1,
    compared="cpu_ms_per_doc",
    columns=("cpu_ms_per_doc", "docs_per_s", "right", "failed", "lost", "wrong"),
    fewer=_slow(40),
)
_LIMIT = Measure(
    about="3,000 requests and 2,000,000 tokens a minute, 5 s of burst; a 429 costs a request",
    documents=600,
    timeout=20.0,
    knobs=Knobs(rpm=3_000, tpm=2_000_000, burst=5.0, latency=0.2),
    warm=0,
    compared="wall_s",
    columns=(
        "wall_s",
        "over_minimum",
        "rate_limited",
        "right",
        "failed",
        "lost",
        "tokens_billed",
    ),
)
_FAULTS = {
    "truncated": 0.03,
    "truncated_silent": 0.03,
    "bad_date": 0.04,
    "bad_type": 0.02,
    "missing_field": 0.03,
    "fenced": 0.03,
    "preamble": 0.02,
    "http_500": 0.03,
    "http_529": 0.04,
    "reset": 0.02,
    "timeout": 0.01,
}

MEASURES: Mapping[str, Measure] = {
    "cpu": _CPU,
    "cpu50k": replace(
        _CPU,
        about="the same of 50,000 tokens",
        documents=40,
        tokens=50_000,
        fewer=_slow(4),
    ),
    "wall": Measure(
        about="64 documents at a time, 200 ms of latency; 6.25 s at best for 2,000 of them",
        documents=2_000,
        knobs=Knobs(latency=0.2),
        compared="wall_s",
        columns=("wall_s", "docs_per_s", "cpu_ms_per_doc", "memory_mb", "right", "failed", "lost"),
        fewer=_slow(300),
    ),
    "tail": Measure(
        about="the same, but a median of 200 ms with a heavy tail: one in a hundred takes 2 s",
        documents=2_000,
        knobs=Knobs(latency=0.2, tail=1.0),
        compared="wall_s",
        columns=("wall_s", "over_minimum", "docs_per_s", "cpu_ms_per_doc", "right", "failed"),
        fewer=_slow(300),
    ),
    "memory": Measure(
        about="tiny documents, 64 at a time; peers give all results at once, ours one by one",
        documents=10_000,
        tokens=60,
        drains=True,
        compared="memory_mb",
        columns=("memory_mb", "memory_second_half_mb", "wall_s", "cpu_ms_per_doc", "right", "lost"),
        fewer=_slow(1_500),
    ),
    "limit": _LIMIT,
    "limit_soft": replace(
        _LIMIT,
        about="the same, but a 429 costs nothing",
        knobs=_LIMIT.knobs.model_copy(update={"charges_refused": False}),
    ),
    "faults": Measure(
        about="of all attempts 20 % are answered badly and 10 % fail on the way; 3 s of patience",
        documents=400,
        concurrency=32,
        timeout=3.0,
        knobs=Knobs(latency=0.02, hang=6.0, faults=_FAULTS),
        compared="tokens_per_right",
        columns=(
            "right",
            "failed",
            "lost",
            "wrong",
            "requests",
            "tokens_per_right",
            "wall_s",
        ),
    ),
}
