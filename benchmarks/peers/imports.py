"""What it costs to import a system and to start its command line, in a fresh process each."""

from __future__ import annotations

import resource
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.peers.environments import ROOT, folder, python, variables

_IMPORTS: Mapping[str, tuple[str, str]] = {
    "Python alone": ("plain", "pass"),
    "pydantic": ("plain", "import pydantic"),
    "aiohttp": ("plain", "import aiohttp"),
    "openai": ("plain", "import openai; openai.AsyncOpenAI"),
    "openai and a client": (
        "plain",
        "import openai; openai.AsyncOpenAI(api_key='k').chat.completions",
    ),
    "instructor": ("instructor", "import instructor; instructor.from_openai"),
    "pydantic-ai": (
        "pydanticai",
        "from pydantic_ai import Agent; from pydantic_ai.models.openai import OpenAIChatModel",
    ),
    "litellm": ("litellm", "import litellm; litellm.Router"),
    "langextract": ("langextract", "import langextract; langextract.extract"),
    "curator": ("curator", "from bespokelabs import curator; curator.LLM"),
    "baml": ("baml", "from baml_client import b"),
    "ours": ("ours", "import extractor; extractor.Extractor"),
}
_COMMANDS: Mapping[str, tuple[str, str]] = {
    "instructor --help": ("instructor", "instructor"),
    "litellm --help": ("litellm", "litellm"),
    "baml-cli --help": ("baml", "baml-cli"),
    "extractor --help": ("ours", "extractor"),
}


@dataclass(frozen=True, slots=True)
class Start:
    """A process's time in milliseconds, the median of all rounds."""

    what: str
    processor: float
    wall: float


def starts(rounds: int, environments: Sequence[str]) -> list[Start]:
    """Start each process so many times, in turn; one time more before, to warm the disk's cache."""
    jobs = {
        what: (where, [str(python(where)), "-c", statement])
        for what, (where, statement) in _IMPORTS.items()
        if where in environments
    }
    jobs |= {
        what: (where, [str(folder(where) / "bin" / command), "--help"])
        for what, (where, command) in _COMMANDS.items()
        if where in environments
    }
    seen: dict[str, list[tuple[float, float]]] = {what: [] for what in jobs}
    for _ in range(rounds + 1):
        for what, (where, command) in jobs.items():
            seen[what].append(_took(command, where))
    return [
        Start(
            what,
            processor=statistics.median(each[0] for each in times[1:]),
            wall=statistics.median(each[1] for each in times[1:]),
        )
        for what, times in seen.items()
    ]


def table(seen: Sequence[Start]) -> str:
    """Show them in Markdown."""
    lines = ["| started | cpu ms | wall ms |", "|---|---|---|"]
    lines += [f"| {each.what} | {each.processor:.0f} | {each.wall:.0f} |" for each in seen]
    return "\n".join(lines)


def _took(command: Sequence[str], environment: str) -> tuple[float, float]:
    """Return milliseconds of the processor and of the clock."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=variables(environment), capture_output=True, check=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return 1_000 * processor, 1_000 * wall
