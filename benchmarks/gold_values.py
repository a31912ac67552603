"""Does every gold value of a folder of labelled contracts go through its type and back?

    python -m benchmarks.gold_values FOLDER

FOLDER holds `contracts.jsonl`: an object a line with `doc_id`, `source`, `gold`, `gold_status` and
`gold_raw`. Two things are tried with each value that can be scored (status `value` or `partial`):

- through: the schema of its source takes it, and gives the same value back; of a law, the ISO code
  that is worked out from the name is that of the gold; a party's name
  reads as that of the same party in capitals, and a blank as no name.
- read: the reader of its kind takes the label as published (`3/27/17`, `successive 1 year`) to the
  gold value; ambiguous, if that is one of several that it can mean.

The exit code is 1 if a value does not go through.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, cast

from pydantic import BaseModel, TypeAdapter, ValidationError

from extractor.about import about
from extractor.normalizers import (
    read_duration,
    read_jurisdictions,
    read_partial_date,
    read_party,
    same_party,
)
from extractor.schemas import NDA, ContractNLI, CreditAgreement, Cuad
from extractor.schemas.parts import jurisdiction_code

SCHEMAS: Mapping[str, type[BaseModel]] = {
    "cuad-v1": Cuad,
    "kleister-nda": NDA,
    "contract-nli": ContractNLI,
    "extract-bench": CreditAgreement,
}
SCORED = frozenset({"value", "partial", "free_text"})

Outcome: TypeAlias = Literal["read", "ambiguous", "failed"]


def round_trips(schema: type[BaseModel], field: str, gold: Any) -> bool:
    """Whether a field of a schema takes a gold value and gives it back."""
    if field == "governing_law":
        names = [place["name"] for place in gold]
        codes = [jurisdiction_code(name) for name in names]
        return codes == [place["code"] for place in gold] and all(
            _same(schema, field, one) for one in ([names] if schema is Cuad else names)
        )
    if field == "parties":
        given = [(party["in_text"], party["name"]) for party in gold]
        written = [found if isinstance(found, str) else name for found, name in given]
        parties = [{"name": name, "role": None} for name in written]
        return _same(schema, field, parties) and all(map(_is_party, written))
    return _same(schema, field, gold)


def _same(schema: type[BaseModel], field: str, value: Any) -> bool:
    info = schema.model_fields[field]
    kind: TypeAdapter[Any] = TypeAdapter(cast("Any", Annotated)[info.annotation, info])
    try:
        again = kind.dump_python(kind.validate_json(json.dumps(value)), mode="json")
    except ValidationError:
        return False
    return bool(again == value)


def _is_party(written: str) -> bool:
    """Whether a name reads as itself in other dress; a blank must read as no name."""
    if not any(map(str.isalpha, written)):
        return read_party(written) is None
    return same_party(written, written.upper())


def _read_dates(raw: str) -> Sequence[str]:
    reading = read_partial_date(raw)
    return reading.candidates if reading else [raw] if raw.lower() == "perpetual" else []


def _read_lengths(raw: str) -> Sequence[str]:
    reading = read_duration(raw)
    return reading.candidates if reading else ()


def _read_laws(raw: str) -> Sequence[str]:
    readings = read_jurisdictions(raw) or []
    return ["; ".join(" ".join(reading.candidates) for reading in readings)]


_READERS: Mapping[str, Callable[[str], Sequence[str]]] = {
    "partial_date": _read_dates,
    "duration": _read_lengths,
    "jurisdiction": _read_laws,
}


def read_raw(scorer: str, gold: Any, raw: Any) -> Outcome | None:
    """Read a label as published; None where it is none of a reader's kinds."""
    reader = _READERS.get(scorer)
    labels = cast("Sequence[object]", raw) if isinstance(raw, list) else [cast("object", raw)]
    label = labels[0] if labels else None
    if reader is None or not isinstance(label, str):
        return None
    wanted = "; ".join(p["code"] for p in gold) if scorer == "jurisdiction" else str(gold)
    found = [one.lower() for one in reader(label)]
    if wanted.lower() not in found:
        return "failed"
    return "read" if len(found) == 1 else "ambiguous"


def values(folder: Path) -> Iterator[tuple[str, type[BaseModel], str, Any, Any]]:
    """Yield each value to try: document, schema, field, gold, label as published."""
    with (folder / "contracts.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            for field, gold in row["gold"].items():
                if gold is not None and row["gold_status"][field] in SCORED:
                    raw = row["gold_raw"].get(field)
                    yield row["doc_id"], SCHEMAS[row["source"]], field, gold, raw


def main() -> int:
    """Try every value, print the counts and what fails, by document and field."""
    parser = argparse.ArgumentParser(description="Gold values through their types and back.")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    through: dict[str, Counter[str]] = defaultdict(Counter)
    failures: list[str] = []
    for document, schema, field, gold, raw in values(parser.parse_args().folder):
        info = about(schema.model_fields[field])
        kind: str = info.scorer if info else "by its fields"
        passed = round_trips(schema, field, gold)
        through[kind]["values"] += 1
        through[kind]["through"] += passed
        if not passed:
            failures.append(f"not through: {document} {field}")
        outcome = read_raw(kind, gold, raw)
        if outcome:
            through[kind][outcome] += 1
        if outcome == "failed":
            failures.append(f"not read: {document} {field}")
    columns = ("values", "through", "read", "ambiguous", "failed")
    total = Counter[str]()
    for counts in through.values():
        total.update(counts)
    print(f"{'kind':14}" + "".join(f"{name:>11}" for name in columns))
    for kind, counts in [*sorted(through.items()), ("all", total)]:
        print(f"{kind:14}" + "".join(f"{counts[name]:>11}" for name in columns))
    print(*failures, sep="\n")
    return int(total["through"] < total["values"])


if __name__ == "__main__":
    raise SystemExit(main())
