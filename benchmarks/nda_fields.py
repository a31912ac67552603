"""Score four fields of real NDAs against gold: our extraction beside one plain call.

    uv run --extra local python -m benchmarks.nda_fields DATA --limit 8 --out runs/nda

DATA is a folder with `contracts.jsonl` and `pdf/`; its Kleister NDAs of at most 20,000 characters
that have a PDF are taken, the shortest first. Both sides read the same PDFs and ask the same model
for the same schema. The plain call is what one would write first: the contract, the schema, one
strict structured output, no quotes. Answers are kept in `--out`, a line for each document and side,
and are not asked for again, so that a run can be broken off and gone on with, and scored anew.

F1 is per field over the documents, list items one by one, as the data set's reference scorer counts
them; the hallucination rate is the share of values given for what the contract does not have. With
`--instructions` and `--prompts` other words are tried.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, cast, get_args

from pydantic import BaseModel, Field, ValidationError
from rapidfuzz.distance import Levenshtein

from extractor import Extractor, ExtractorError, read_document
from extractor.normalizers import read_jurisdiction
from extractor.providers import Provider, provider_for, split_model
from extractor.schemas.contract import Contract
from extractor.schemas.fields import EffectiveDate, GoverningLaw, Term
from extractor.schemas.parts import Party
from extractor.types import EvidenceMode, JsonSchemaOutput, Message, ModelRequest

FIELDS = ("parties", "effective_date", "governing_law", "term")
_LONGEST = 20_000
_ALIKE = 0.85
_FORMS = re.compile(
    r"\b(incorporated|inc|corporation|corp|company|co|limited|ltd|llc|l l c|lp|l p|llp|plc|gmbh|ag"
    r"|sa|s a|nv|n v|bv|b v|na|n a|pte|spa|the)\b"
)
_DURATION = re.compile(r"P(\d+)([DWMY])")


class Terms(BaseModel):
    """The main terms of a non-disclosure agreement."""

    vital: ClassVar[tuple[str, ...]] = FIELDS

    parties: list[Party] = Field(description=Contract.model_fields["parties"].description)
    effective_date: EffectiveDate
    governing_law: GoverningLaw
    term: Term


class Counts(NamedTuple):
    """Right, given and gold values of one field in one document; and of what it does not have."""

    right: int = 0
    given: int = 0
    gold: int = 0
    absent: int = 0
    invented: int = 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--limit", type=int, default=8)
    parser.add_argument("--model", default="local:default")
    parser.add_argument("--base-url")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sides", default="plain,ours")
    parser.add_argument("--evidence", choices=get_args(EvidenceMode), default="quotes")
    parser.add_argument("--instructions")
    parser.add_argument("--prompts", type=Path)
    parser.add_argument("--score-only", action="store_true")
    options = parser.parse_args()
    contracts = _contracts(options.data)[: options.limit]
    sides = options.sides.split(",")
    if not options.score_only:
        with ExitStack() as opened:
            kind, name = split_model(options.model)
            provider = opened.enter_context(
                closing(provider_for(kind, name, base_url=options.base_url))
            )
            asks: dict[str, Callable[[Path], Any]] = {
                "plain": lambda path: _plain(provider, name, path),
                "ours": lambda path: _ours(provider, name, path, options),
            }
            for contract in contracts:
                for side in sides:
                    _answer(contract, side, asks.get(side, asks["ours"]), options)
    return _report(contracts, sides, options)


def _contracts(data: Path) -> list[dict[str, Any]]:
    with (data / "contracts.jsonl").open(encoding="utf-8") as lines:
        every = [json.loads(line) for line in lines]
    fitting = (
        c for c in every if c["source"] == "kleister-nda" and c["pdf"] and c["n_chars"] <= _LONGEST
    )
    return sorted(fitting, key=lambda c: int(c["n_chars"]))


def _answers(out: Path, side: str) -> dict[str, dict[str, Any]]:
    path = out / f"{side}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {row["doc_id"]: row for row in map(json.loads, lines)}


def _answer(
    contract: Mapping[str, Any], side: str, ask: Callable[[Path], Any], options: argparse.Namespace
) -> None:
    if contract["doc_id"] in _answers(options.out, side):
        return
    began = time.monotonic()
    answer: dict[str, Any] = ask(options.data / contract["pdf"])
    seconds = round(time.monotonic() - began, 1)
    options.out.mkdir(parents=True, exist_ok=True)
    with (options.out / f"{side}.jsonl").open("a", encoding="utf-8") as out:
        row = {"doc_id": contract["doc_id"], **answer, "seconds": seconds}
        out.write(json.dumps(row) + "\n")
    print(f"{contract['doc_id']} {side}: {seconds} s, {answer['fields']}", flush=True)


def _plain(provider: Provider, name: str, path: Path) -> dict[str, Any]:
    """Ask once, without quotes; what is no valid answer counts as none."""
    schema = Terms.model_json_schema()
    for part in (schema, *schema["$defs"].values()):
        part |= {"additionalProperties": False, "required": [*part["properties"]]}
        for inner in part["properties"].values():
            for ours in ("default", "x-wording"):
                inner.pop(ours, None)
    asked = (
        "Extract the following fields from the contract below. Answer with one JSON object that "
        f"fits this JSON Schema:\n{json.dumps(schema)}\n\nContract:\n{read_document(path).text}"
    )
    request = ModelRequest(
        name, (Message("user", asked),), JsonSchemaOutput("terms", schema), 1_000, 0.0
    )
    response = provider.send(request)
    try:
        fields = Terms.model_validate_json(response.text).model_dump(mode="json")
    except ValidationError as error:
        return {"fields": {}, "error": f"{error.error_count()} errors"}
    return {"fields": _named(fields), "usage": response.usage and response.usage.total_tokens}


def _ours(provider: Provider, name: str, path: Path, options: argparse.Namespace) -> dict[str, Any]:
    extractor = Extractor(
        Terms,
        model=name,
        provider=provider,
        deadline=None,
        evidence=options.evidence,
        instructions=options.instructions,
        prompts=options.prompts,
    )
    try:
        done = extractor.extract(path)
    except ExtractorError as error:
        return {"fields": {}, "error": type(error).__name__}
    located = {
        place: any(e.status in ("exact", "normalized", "elided", "fuzzy") for e in field.evidence)
        for place, field in done.fields.items()
        if field.status == "found"
    }
    fields = {place: [f.status, f.value, f.note] for place, f in done.fields.items()}
    return {
        "fields": _named(done.value.model_dump(mode="json")),
        "found": len(located),
        "located": sum(located.values()),
        "attempts": done.attempts,
        "usage": done.usage.total_tokens,
        "statuses": fields,
    }


def _named(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {**fields, "parties": [party["name"] for party in fields["parties"]]}


def _report(
    contracts: Sequence[Mapping[str, Any]], sides: Sequence[str], options: argparse.Namespace
) -> int:
    lies = 0
    for side in sides:
        answers = _answers(options.out, side)
        done = [c for c in contracts if c["doc_id"] in answers]
        counts = {
            field: [_counts(c, field, answers[c["doc_id"]]["fields"].get(field)) for c in done]
            for field in FIELDS
        }
        scores = {field: _f1(rows) for field, rows in counts.items()}
        absent = sum(row.absent for rows in counts.values() for row in rows)
        invented = sum(row.invented for rows in counts.values() for row in rows)
        found = sum(answers[c["doc_id"]].get("found", 0) for c in done)
        located = sum(answers[c["doc_id"]].get("located", 0) for c in done)
        lies += found - located
        each = ", ".join(f"{field} {score:.3f}" for field, score in scores.items())
        print(f"{side}: {len(done)} documents, macro-F1 {sum(scores.values()) / 4:.3f} ({each})")
        print(
            f"  invented {invented} of {absent} absent; located {located} of {found} found; "
            f"{sum(answers[c['doc_id']]['seconds'] for c in done):.0f} s"
        )
    return 1 if lies else 0


def _counts(contract: Mapping[str, Any], field: str, given: Any) -> Counts:
    """Compare one field; `partial` gold names not all parties, so that others are no mistake."""
    status, gold = contract["gold_status"].get(field), contract["gold"].get(field)
    said = _listed(given)
    if status == "absent":
        return Counts(given=len(said), absent=1, invented=bool(said))
    if status not in ("value", "partial"):
        return Counts()
    wanted = _listed(gold)
    right = _matched(said, wanted, _SAME[field])
    most = len(wanted) if status == "partial" else len(said)
    return Counts(right, min(len(said), most), len(wanted))


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return list(cast("Sequence[Any]", value))
    return [] if value is None else [value]


def _f1(rows: Sequence[Counts]) -> float:
    right, given = sum(row.right for row in rows), sum(row.given for row in rows)
    gold = sum(row.gold for row in rows)
    return 2 * right / (given + gold) if given + gold else 0.0


def _matched(given: Sequence[Any], gold: Sequence[Any], same: Callable[[Any, Any], bool]) -> int:
    """Return the size of a maximum bipartite matching, by augmenting paths."""
    mate: dict[int, int] = {}

    def grows(i: int, seen: set[int]) -> bool:
        for j in range(len(gold)):
            if j in seen or not same(given[i], gold[j]):
                continue
            seen.add(j)
            if j not in mate or grows(mate[j], seen):
                mate[j] = i
                return True
        return False

    return sum(grows(i, set()) for i in range(len(given)))


def _stem(name: str) -> str:
    plain = re.sub(r"\([^()]*\)", " ", name).lower().replace("&", " and ")
    plain = " ".join(re.sub(r"[^\w ]", " ", plain).split())
    return " ".join(_FORMS.sub(" ", plain).split()) or plain


def _same_party(name: str, gold: Mapping[str, Any]) -> bool:
    known = Levenshtein.normalized_similarity(_stem(name), _stem(gold["name"]))
    return known >= _ALIKE


def _same_law(name: str, gold: Mapping[str, Any]) -> bool:
    reading = read_jurisdiction(name)
    return reading is not None and reading.code == gold["code"]


def _length(duration: str) -> tuple[str, int] | None:
    match = _DURATION.fullmatch(duration)
    if match is None:
        return None
    number, unit = int(match[1]), match[2]
    per = {"Y": ("M", 12), "M": ("M", 1), "W": ("D", 7), "D": ("D", 1)}[unit]
    return per[0], number * per[1]


_SAME: Mapping[str, Callable[[Any, Any], bool]] = {
    "parties": _same_party,
    "effective_date": lambda given, gold: given == gold,
    "governing_law": _same_law,
    "term": lambda given, gold: _length(given) is not None and _length(given) == _length(gold),
}


if __name__ == "__main__":
    sys.exit(main())
