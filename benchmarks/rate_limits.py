"""The peers' benchmark of rate limits, run with this project as one more system.

    python -m benchmarks.rate_limits --bench ../shared/bench

Its mock enforces 3,000 requests and 2,000,000 tokens a minute with 5 s of burst; 600 documents
come 64 at a time. `limit` lets a 429 cost one request, `limit_soft` does not. Each is run with the
limits told and not told. A run fails unless all 600 are right, no 429 comes after the first second,
and the time is at most 1.05 times the least that the tokens billed can take. The mock can't answer
with quotes, so none are asked for. Its environment is made once, in the user's cache folder.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peer_system import MARK, TOLD, UNTOLD
from extractor.types import JsonObject

RPM, TPM, BURST, LATENCY = 3_000, 2_000_000, 5.0, 0.2
MOST = 1.05
"""Times the theoretical minimum."""
STEADY = 1.0
"""Seconds after which no 429 is to come."""

_MEASURES = {"limit": True, "limit_soft": False}  # whether a 429 costs one request


@dataclass(frozen=True, slots=True)
class Row:
    """What one run came to."""

    measure: str
    system: str
    documents: int
    right: int
    limited: int
    limited_later: tuple[float, ...]
    seconds: float
    minimum: float
    errors: JsonObject

    @property
    def is_good(self) -> bool:
        over = self.seconds / self.minimum
        return self.right == self.documents and not self.limited_later and over <= MOST

    def __str__(self) -> str:
        told = "told" if self.system == TOLD else "not told"
        return (
            f"{self.measure:<10} {told:<8} {self.right} of {self.documents} right, "
            f"{self.limited} 429s ({len(self.limited_later)} after {STEADY:g} s), "
            f"{self.seconds:.1f} s, {self.seconds / self.minimum:.3f} of the minimum"
            + (f", late ones at {self.limited_later[:5]} s" if self.limited_later else "")
            + (f", {self.errors}" if self.errors else "")
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, required=True, help="the folder that holds peerbench")
    parser.add_argument("--measures", nargs="+", choices=_MEASURES, default=list(_MEASURES))
    parser.add_argument("--systems", nargs="+", choices=[TOLD, UNTOLD], default=[TOLD, UNTOLD])
    parser.add_argument("--requests", type=int, default=600)
    options = parser.parse_args()
    bench, python = options.bench.resolve(), _environment()
    rows: list[Row] = []
    for measure in options.measures:
        for system in options.systems:
            row = _run(bench, python, measure, system, options.requests)
            rows.append(row)
            print(row, flush=True)
    return 0 if all(row.is_good for row in rows) else 1


def _run(bench: Path, python: Path, measure: str, system: str, documents: int) -> Row:
    with _mock(bench, python) as url:
        knobs = {"rpm": RPM, "tpm": TPM, "burst_s": BURST, "latency_s": LATENCY}
        _call(f"{url}/config", knobs | {"charge_rejected": _MEASURES[measure]})
        result, limited = _work(bench, url, system, documents)
        stats = _call(f"{url}/stats")
    minimum = (stats["tokens_billed"] - TPM / 60 * BURST) / (TPM / 60)
    return Row(
        measure=measure,
        system=system,
        documents=documents,
        right=result["right"],
        limited=stats["rate_limited"],
        limited_later=tuple(seconds for seconds in limited if seconds > STEADY),
        seconds=result["wall_s"],
        minimum=max(minimum, 0.01),
        errors=result["errors"],
    )


def _work(bench: Path, url: str, system: str, documents: int) -> tuple[JsonObject, list[float]]:
    """Run the benchmark's worker in this environment; return its row, and when 429s came."""
    told = {"--url": url, "--system": system, "--n": documents, "--concurrency": 64}
    told |= {"--tokens": 2_000, "--warm": 0, "--rpm": RPM, "--tpm": TPM}
    command = [sys.executable, "-m", "benchmarks.peer_system"]
    command += [str(word) for option in told.items() for word in option]
    path = os.pathsep.join([str(bench), str(Path.cwd())])
    here = os.environ | {"PYTHONPATH": path, "OPENAI_API_KEY": "k", "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(
        command, env=here, capture_output=True, text=True, timeout=600, check=False
    )
    lines = {line.partition(" ")[0]: line.partition(" ")[2] for line in done.stdout.splitlines()}
    if "RESULT" not in lines:
        raise RuntimeError(f"The worker failed:\n{done.stderr[-2_000:]}")
    return json.loads(lines["RESULT"]), json.loads(lines[MARK.strip()])


@contextmanager
def _mock(bench: Path, python: Path) -> Generator[str]:
    """Start the benchmark's mock in its own process; the kernel picks the port."""
    command = [str(python), "-B", "-m", "peerbench.mockllm"]
    with subprocess.Popen(command, cwd=bench, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if "http://" not in line:
                raise RuntimeError("The benchmark's mock did not start.")
            yield line.split()[-1]
        finally:
            process.terminate()


def _environment() -> Path:
    """Return the interpreter that the mock runs on, made on first use."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "contract-extractor" / "peerbench"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run(["uv", "venv", "--quiet", folder], check=True)  # noqa: S607 - the tool in use
        needs = ["httptools", "orjson", "uvloop"]
        install = ["uv", "pip", "install", "--quiet", "--python", str(python), *needs]
        subprocess.run(install, check=True)
    return python


def _call(url: str, knobs: JsonObject | None = None) -> JsonObject:
    body = None if knobs is None else json.dumps(knobs).encode()
    with urllib.request.urlopen(url, body, timeout=30) as answer:  # noqa: S310 - the mock's own
        told: JsonObject = json.loads(answer.read())
        return told


if __name__ == "__main__":
    sys.exit(main())
