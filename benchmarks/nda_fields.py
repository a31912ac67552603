"""Score four fields of real NDAs against gold: our extraction beside one plain call.

    uv run --extra local python -m benchmarks.nda_fields DATA --limit 20 --out runs/nda

DATA is a folder with `contracts.jsonl` and `pdf/`; its Kleister NDAs that have a PDF and a length
from `--shortest` to `--longest` are taken, the shortest first. Both sides read the same PDFs and
ask the same model for the same schema. The plain call is what one would write first: the contract,
the schema, one strict structured output, no quotes. Replies are kept in `--out` and not asked for
again, so that a run can be broken off and gone on with, and scored anew when code changes.

F1 is that of `extractor.evaluation`: per field over the documents, list items one by one; the
hallucination rate is the share of values given for what the contract does not have. With
`--evidence`, `--backend`, `--instructions` and `--prompts` other ways of asking are tried. Exits
with 1 if a found value has no located quote, or, both sides asked, if ours is less than eight
points better or invents more than half as much.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, get_args

from pydantic import BaseModel, Field, ValidationError

from extractor import CacheMissError, Extractor, ExtractorError, read_document
from extractor.calls.cache.replies import CacheMode, SqliteReplyCache
from extractor.calls.core import CallCore
from extractor.evaluation.counting import Counts, Row, count
from extractor.evaluation.datasets import GoldDocument
from extractor.evaluation.scores import Table, field_scores, summary
from extractor.grounding.fields import PROOF
from extractor.providers import Provider, provider_for, split_model
from extractor.schemas.contract import Contract
from extractor.schemas.fields import EffectiveDate, GoverningLaw, Term
from extractor.schemas.parts import Party
from extractor.types import EvidenceMode, JsonSchemaOutput, Message, ModelRequest

FIELDS = ("parties", "effective_date", "governing_law", "term")
_BETTER = 0.08


class Terms(BaseModel):
    """The main terms of a non-disclosure agreement."""

    vital: ClassVar[tuple[str, ...]] = FIELDS

    parties: list[Party] = Field(description=Contract.model_fields["parties"].description)
    effective_date: EffectiveDate
    governing_law: GoverningLaw
    term: Term


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
        asks: dict[str, Callable[[Path], Reply]] = {"ours": _ours(provider, name, options)}
        asks["plain"] = lambda path: _plain(provider, name, path, options)
        scores = {side: Side() for side in sides}
        for contract in _contracts(options):
            for side in sides:
                row = asks[side](options.data / contract["pdf"])
                scores[side].add(GoldDocument.model_validate(contract), row)
                print(f"{contract['doc_id']} {side}: {row.tokens} tokens, {row.fields}", flush=True)
    for side, score in scores.items():
        print(f"{side}: {score}")
    return 0 if _kept(scores) else 1


class Reply(NamedTuple):
    """One side's answer about one document; `found` values, of which some are `located`."""

    fields: dict[str, Any]
    tokens: int = 0
    found: int = 0
    located: int = 0


class Side:
    """One side's answers against the gold, by the scores of `extractor.evaluation`."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[Row, Counts]] = {}
        self.rows: list[Reply] = []

    def add(self, contract: GoldDocument, row: Reply) -> None:
        """Count one document."""
        self.rows.append(row)
        counts = count(contract, row.fields)
        self._counts[contract.doc_id] = {r: each for r, each in counts.items() if r.field in FIELDS}

    @property
    def table(self) -> Table:
        """The counts of all documents."""
        return Table.of(self._counts)

    @property
    def macro(self) -> float:
        """The mean of the fields' F1."""
        return summary(self.table).macro_f1 or 0.0

    @property
    def absent(self) -> tuple[int, int]:
        """How many fields were invented, of how many that the contracts don't have."""
        every = [each for counts in self._counts.values() for each in counts.values()]
        return sum(each.invented for each in every), sum(each.absent for each in every)

    def __str__(self) -> str:
        """Write the figures on two lines."""
        by_field = {score.field: score.f1 for score in field_scores(self.table)}
        each = ", ".join(f"{field} {by_field.get(field, 0.0):.3f}" for field in FIELDS)
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


def _kept(scores: Mapping[str, Side]) -> bool:
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


def _plain(provider: Provider, name: str, path: Path, options: argparse.Namespace) -> Reply:
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
        return Reply({}, said["tokens"])
    return Reply(_named(fields), said["tokens"])


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


def _ours(provider: Provider, name: str, options: argparse.Namespace) -> Callable[[Path], Reply]:
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

    def ask(path: Path) -> Reply:
        try:
            done = extractor.extract(path)
        except CacheMissError:
            raise
        except ExtractorError as error:
            return Reply({}, error.usage.total_tokens)
        found = [field for field in done.fields.values() if field.status == "found"]
        located = [f for f in found if any(e.status in PROOF for e in f.evidence)]
        fields = _named(done.value.model_dump(mode="json"))
        return Reply(fields, done.usage.total_tokens, len(found), len(located))

    return ask


def _named(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {**fields, "parties": [party["name"] for party in fields["parties"]]}


if __name__ == "__main__":
    sys.exit(main())
