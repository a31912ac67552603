"""Systems for structured extraction, this project among them, on the same contracts and faults.

    python -m benchmarks.side_by_side cpu --systems openai,ours,ours_no_evidence,baml

Each system runs as its documentation shows, in a process and an environment of its own (made with
`uv` on first use), against one stand-in for OpenAI's API on this machine. Rounds go through the
systems in turn, forwards and backwards. A table of medians comes out, with ratios to the plain SDK;
`--out` appends every run as a line of JSON. Processor time holds up on a busy machine within about
30 %, time by the clock does not: compare within one table only. `over_minimum` holds the time
against the least that the tokens billed allow, and says something only where all are right. `ours`
asks for quotes, and so for more tokens than `ours_no_evidence` and the others. Linux.

It fails if one of ours reports a wrong document, loses one, or fails one that met no fault.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.peers import imports
from benchmarks.peers.environments import OURS
from benchmarks.peers.measures import MEASURES
from benchmarks.peers.runs import run
from benchmarks.peers.systems import SYSTEMS
from benchmarks.peers.tables import table
from extractor.types import JsonObject

_IMPORTS = "imports"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table of a measure; return 1 if one of ours broke its promise."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("measure", choices=[*MEASURES, _IMPORTS])
    parser.add_argument("--systems", type=_systems, default=list(SYSTEMS), metavar="A,B")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--documents", type=int)
    parser.add_argument("--out", type=Path, metavar="FILE.jsonl")
    options = parser.parse_args(arguments)
    if options.measure == _IMPORTS:
        where = {SYSTEMS[name].environment for name in options.systems}
        starts = imports.starts(options.rounds, sorted(where))
        _keep(options.out, [asdict(start) for start in starts])
        print(imports.table(starts))
        return 0
    rows: list[JsonObject] = []
    for row in _rows(options.measure, options.systems, options.rounds, options.documents):
        _keep(options.out, [row])
        rows.append(row)
        if said := row.get("error") or row.get("errors"):
            print(f"{row['system']}: {said}", file=sys.stderr)
    print(table(options.measure, rows))
    return int(any(map(_is_broken, rows)))


def _rows(
    measure: str, systems: Sequence[str], rounds: int, documents: int | None
) -> Iterator[JsonObject]:
    for count in range(rounds):
        for system in systems[:: -1 if count % 2 else 1]:
            yield run(measure, system, documents)


def _is_broken(row: JsonObject) -> bool:
    if SYSTEMS[row["system"]].environment != OURS:
        return False
    if "error" in row or row["wrong"] or row["lost"]:
        return True
    return bool(row["failed"]) and not MEASURES[row["measure"]].knobs.faults


def _keep(out: Path | None, rows: Sequence[JsonObject]) -> None:
    if out is not None:
        with out.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)


def _systems(names: str) -> list[str]:
    wanted = names.split(",")
    if unknown := [name for name in wanted if name not in SYSTEMS]:
        raise argparse.ArgumentTypeError(
            f"no such systems: {', '.join(unknown)}; there are {', '.join(SYSTEMS)}"
        )
    return wanted


if __name__ == "__main__":
    sys.exit(main())
