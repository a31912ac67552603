"""Score four fields of real NDAs against gold: our extraction beside one plain call.

    uv run --extra local python -m benchmarks.nda_fields DATA --limit 20 --out runs/nda

DATA is a folder with `contracts.jsonl` and `pdf/`; its Kleister NDAs that have a PDF and a length
from `--shortest` to `--longest` are taken, the shortest first. Both sides read the same PDFs and
ask the same model for the same schema. The plain call is what one would write first: the contract,
the schema, one strict structured output, no quotes. Replies are kept in `--out` and not asked for
again, so that a run can be broken off and gone on with, and scored anew when code changes.

F1 is per field over the documents, list items one by one, as the data set's reference scorer counts
them; the hallucination rate is the share of values given for what the contract does not have. With
`--evidence`, `--backend`, `--instructions` and `--prompts` other ways of asking are tried. Exits
with 1 if a found value has no located quote, or, both sides asked, if ours is less than eight
points better or invents more than half as much.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, cast, get_args

from pydantic import BaseModel, Field, ValidationError
from rapidfuzz.distance import Levenshtein

from extractor import CacheMissError, Extractor, ExtractorError, read_document
from extractor.calls.cache import CacheMode, SqliteReplyCache
from extractor.calls.core import CallCore
from extractor.grounding.fields import PROOF
from extractor.normalizers import read_jurisdiction
from extractor.providers import Provider, provider_for, split_model
from extractor.schemas.contract import Contract
from extractor.schemas.fields import EffectiveDate, GoverningLaw, Term
from extractor.schemas.parts import Party
from extractor.types import EvidenceMode, JsonSchemaOutput, Message, ModelRequest

FIELDS = ("parties", "effective_date", "governing_law", "term")
_BETTER = 0.08
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
    parser.add_argument("--shortest", type=int, default=0)
    parser.add_argument("--longest", type=int, default=20_000)
    parser.add_argument("--model", default="local:default")
    parser.add_argument("--base-url")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sides", default="plain,ours")
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--evidence", choices=get_args(EvidenceMode), default="quotes")
    parser.add_argument("--instructions")
    parser.add_argument("--prompts", type=Path)
    parser.add_argument("--score-only", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    sides = options.sides.split(",")
    kind, name = split_model(options.model)
    with ExitStack() as opened:
        provider = opened.enter_context(
            closing(provider_for(kind, name, base_url=options.base_url))
        )
        asks: dict[str, Callable[[Path], Row]] = {"ours": _ours(provider, name, options)}
        asks["plain"] = lambda path: _plain(provider, name, path, options)
        scores = {side: Score() for side in sides}
        for contract in _contracts(options):
            for side in sides:
                row = asks[side](options.data / contract["pdf"])
                scores[side].add(contract, row)
                print(f"{contract['doc_id']} {side}: {row.tokens} tokens, {row.fields}", flush=True)
    for side, score in scores.items():
        print(f"{side}: {score}")
    return 0 if _kept(scores) else 1


class Row(NamedTuple):
    """One side's answer about one document; `found` values, of which some are `located`."""

    fields: dict[str, Any]
    tokens: int = 0
    found: int = 0
    located: int = 0


class Score:
    """One side's answers against the gold."""

    def __init__(self) -> None:
        self._counts: dict[str, list[Counts]] = {field: [] for field in FIELDS}
        self.rows: list[Row] = []

    def add(self, contract: Mapping[str, Any], row: Row) -> None:
        """Count one document."""
        self.rows.append(row)
        for field, counts in self._counts.items():
            counts.append(_counted(contract, field, row.fields.get(field)))

    @property
    def by_field(self) -> dict[str, float]:
        """F1 of each field."""
        return {field: _f1(counts) for field, counts in self._counts.items()}

    @property
    def macro(self) -> float:
        """The mean of the fields' F1."""
        return sum(self.by_field.values()) / len(FIELDS)

    @property
    def absent(self) -> tuple[int, int]:
        """How many fields were invented, of how many that the contracts don't have."""
        every = [count for counts in self._counts.values() for count in counts]
        return sum(count.invented for count in every), sum(count.absent for count in every)

    def __str__(self) -> str:
        """Write the figures on two lines."""
        each = ", ".join(f"{field} {score:.3f}" for field, score in self.by_field.items())
        invented, absent = self.absent
        located, found = (
            sum(getattr(row, name) for row in self.rows) for name in ("located", "found")
        )
        tokens = sum(row.tokens for row in self.rows)
        return (
            f"{len(self.rows)} documents, macro-F1 {self.macro:.3f} ({each})\n"
            f"  invented {invented} of {absent} absent; located {located} of {found} found; "
            f"{tokens} tokens"
        )


def _kept(scores: Mapping[str, Score]) -> bool:
    """Say whether what is promised holds."""
    if any(row.located < row.found for score in scores.values() for row in score.rows):
        return False
    if {"plain", "ours"} - scores.keys():
        return True
    ours, plain = scores["ours"], scores["plain"]
    return ours.macro - plain.macro >= _BETTER and ours.absent[0] <= plain.absent[0] / 2


def _contracts(options: argparse.Namespace) -> list[dict[str, Any]]:
    with (options.data / "contracts.jsonl").open(encoding="utf-8") as lines:
        every = [json.loads(line) for line in lines]
    ndas = [c for c in every if c["source"] == "kleister-nda" and c["pdf"]]
    fitting = (c for c in ndas if options.shortest <= c["n_chars"] <= options.longest)
    return sorted(fitting, key=lambda c: int(c["n_chars"]))[: options.limit]


def _plain(provider: Provider, name: str, path: Path, options: argparse.Namespace) -> Row:
    """Ask once, without quotes; what is no valid answer counts as none. The reply is kept."""
    kept = options.out / f"plain-{path.stem}.json"
    if not kept.exists():
        if options.score_only:
            raise FileNotFoundError(kept)
        response = provider.send(_plain_request(name, read_document(path).text))
        tokens = response.usage.total_tokens if response.usage else 0
        kept.write_text(json.dumps({"reply": response.text, "tokens": tokens}), encoding="utf-8")
    said = json.loads(kept.read_text(encoding="utf-8"))
    try:
        fields = Terms.model_validate_json(said["reply"]).model_dump(mode="json")
    except ValidationError:
        return Row({}, said["tokens"])
    return Row(_named(fields), said["tokens"])


def _plain_request(name: str, text: str) -> ModelRequest:
    schema = Terms.model_json_schema()
    for part in (schema, *schema["$defs"].values()):
        part |= {"additionalProperties": False, "required": [*part["properties"]]}
        for inner in part["properties"].values():
            for ours in ("default", "x-wording"):
                inner.pop(ours, None)
    asked = (
        "Extract the following fields from the contract below. Answer with one JSON object that "
        f"fits this JSON Schema:\n{json.dumps(schema)}\n\nContract:\n{text}"
    )
    return ModelRequest(
        name, (Message("user", asked),), JsonSchemaOutput("terms", schema), 1_000, 0.0
    )


def _ours(provider: Provider, name: str, options: argparse.Namespace) -> Callable[[Path], Row]:
    mode: CacheMode = "replay" if options.score_only else "record"
    extractor = Extractor(
        Terms,
        model=name,
        provider=provider,
        deadline=None,
        backend=options.backend,
        evidence=options.evidence,
        instructions=options.instructions,
        prompts=options.prompts,
        core=CallCore(cache=SqliteReplyCache(options.out / "replies.sqlite", mode=mode)),
    )

    def ask(path: Path) -> Row:
        try:
            done = extractor.extract(path)
        except CacheMissError:
            raise
        except ExtractorError as error:
            return Row({}, error.usage.total_tokens)
        found = [field for field in done.fields.values() if field.status == "found"]
        located = [f for f in found if any(e.status in PROOF for e in f.evidence)]
        fields = _named(done.value.model_dump(mode="json"))
        return Row(fields, done.usage.total_tokens, len(found), len(located))

    return ask


def _named(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {**fields, "parties": [party["name"] for party in fields["parties"]]}


def _counted(contract: Mapping[str, Any], field: str, given: Any) -> Counts:
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
