"""Valid replies, corrupted at random: what becomes of them, and whether anything is ever invented.

Replies in JSON and XML to four schemas, with and without quotes, are cut, shuffled, doubled,
wrapped and sprinkled with what breaks parsers. Whatever `parse` then does, it may raise only
`ResponseError`, and whatever it gives must have been in the reply (`Text.inventions` says exactly
in which sense). Exits with 1 on any violation.

    python -m benchmarks.hostile_replies --examples 20000
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, TypeAlias, cast

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, RootModel

from benchmarks.inventions import Text, unrecorded_defaults
from extractor.backends import BACKENDS
from extractor.backends.parse import Parsed, parse
from extractor.errors import ResponseError
from extractor.wire.compile import compile_schema


class Side(BaseModel):
    name: str
    role: str | None = None


class Lease(BaseModel):
    sides: list[Side]
    begins: dt.date | None = None
    rent: Decimal | None = None
    currency: str = "EUR"
    furnished: bool | None = None
    renewal: Literal["automatic", "none"] | None = None


class Level(Enum):
    LOW = "low"
    HIGH = "high"


class Cap(BaseModel):
    kind: Literal["cap"]
    amount: int


class Carve(BaseModel):
    kind: Literal["carve"]
    words: str


class Liability(BaseModel):
    limits: list[Cap | Carve]
    fees: dict[str, float]
    window: tuple[int, str] | None = None
    level: Level


class Step(BaseModel):
    title: str
    steps: list[Step] = []


class Dates(RootModel[list[dt.date]]): ...


Wire: TypeAlias = Any
SCHEMAS: tuple[type[BaseModel], ...] = (Lease, Liability, Step, Dates)


@dataclass(frozen=True, slots=True)
class Hostile:
    """One reply, what it was made to answer, and whether it still is that answer."""

    schema: type[BaseModel]
    technique: str
    quotes: bool
    text: str
    intact: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a reply, and every way in which it broke a promise."""

    kind: Literal["valid", "repaired", "invalid", "unreadable"]
    violations: tuple[str, ...] = ()


# --- valid replies ---------------------------------------------------------------------------

_WORDS_WRITTEN = (
    "Byron & Co|B&B|the \u201cPremises\u201d|a < b|O'Hara|12.10|N\u00e9stor|\u672c\u5951|A\\B"
    "|x > y]]>|a </value> too|{a: 1}|one, two|line\none|null and void|&amp;|30 June 2024"
)
_WORDS = st.sampled_from(_WORDS_WRITTEN.split("|"))
_DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31)).map(str)
_AMOUNTS = st.sampled_from(["1250.00", "0.5", "1000000", "98765432109.87"])


def _answers(schema: type[BaseModel], *, quotes: bool) -> st.SearchStrategy[Wire]:
    """Answers to a schema in the wire's form."""

    def leaf(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Wire]:
        return st.fixed_dictionaries({"quote": _WORDS, "value": values}) if quotes else values

    def item(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Wire]:
        return st.fixed_dictionaries(({"quote": _WORDS} if quotes else {}) | members)

    def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Wire]:
        return st.none() | values

    def some(items: st.SearchStrategy[Any], *, least: int = 0) -> st.SearchStrategy[Wire]:
        return st.lists(items, min_size=least, max_size=3)

    if schema is Lease:
        return st.fixed_dictionaries(
            {
                "sides": some(item(name=_WORDS, role=maybe(_WORDS)), least=1),
                "begins": maybe(leaf(_DAYS)),
                "rent": maybe(leaf(_AMOUNTS)),
                "currency": maybe(leaf(st.sampled_from(["CHF", "GBP"]))),
                "furnished": maybe(leaf(st.booleans())),
                "renewal": maybe(leaf(st.sampled_from(["automatic", "none"]))),
            }
        )
    if schema is Liability:
        cap = item(kind=st.just("cap"), amount=st.integers(-10, 10**7))
        carve = item(kind=st.just("carve"), words=_WORDS)
        window = st.fixed_dictionaries({"item_1": st.integers(1, 90), "item_2": _WORDS})
        return st.fixed_dictionaries(
            {
                "limits": some(cap | carve),
                "fees": some(item(key=_WORDS, value=st.floats(0.25, 1e6)), least=1).filter(
                    lambda pairs: len({pair["key"] for pair in pairs}) == len(pairs)
                ),
                "window": maybe(leaf(window)),
                "level": leaf(st.sampled_from(["low", "high"])),
            }
        )
    if schema is Step:
        inner = item(title=_WORDS, steps=st.builds(list[Wire]))
        middle = item(title=_WORDS, steps=some(inner))
        return st.fixed_dictionaries({"title": leaf(_WORDS), "steps": some(middle)})
    return st.fixed_dictionaries({"items": some(leaf(_DAYS), least=1)})


def _as_json(answer: Wire, indent: int | None) -> str:
    return json.dumps(answer, ensure_ascii=indent is None, indent=indent)


def _as_xml(tag: str, answer: Wire) -> str:
    if isinstance(answer, dict):
        members = cast("Mapping[str, Wire]", answer).items()
        inside = "".join(_as_xml(name, value) for name, value in members)
    elif isinstance(answer, list):
        inside = "".join(_as_xml("item", value) for value in cast("Sequence[Wire]", answer))
    elif isinstance(answer, bool):
        inside = str(answer).lower()
    else:
        inside = "" if answer is None else str(answer)
    return f"<{tag}>{inside}</{tag}>"


# --- corruptions -----------------------------------------------------------------------------

_JUNK_WRITTEN = (
    '{|}|[|]|"|\'|,|:|\\|\\u12|\\ud800|\\"|//|/*|*/|#|```|```json\n|null|NaN|true|...|\x00|\x07|\x1b[2J|'
    "\ud83d|\ufeff|\u202e|<|>|</|<value>|</value>|<quote>|</quote>|<item>|</item>|<!--|-->|<![CDATA[|"
    "]]>|&|&lt;|&#0;|<?xml|<!DOCTYPE x [|<think>|</think>|7|-|.|e9|%|$|\u20ac|(|)|\n\n|\t|0"
)
_JUNK = st.sampled_from(_JUNK_WRITTEN.split("|"))
_AROUND = st.sampled_from(
    [
        ("Here it is:\n", "\nAnything else?"),
        ("```json\n", "\n```"),
        ("```xml\n", "\n```"),
        ("<thinking>As {asked} in <value>:</thinking>\n", ""),
        ('The contract says {"name": "Mallory", "amount": 5}. ', ""),
        ("<answer>", "</answer>"),
        ("I can't. ", ""),
        ('{"answer": ', "}"),
        ("[", "]"),
    ]
)


@st.composite
def hostile_replies(draw: st.DrawFn) -> Hostile:
    """A reply, corrupted up to four times."""
    schema = draw(st.sampled_from(SCHEMAS))
    technique = draw(st.sampled_from(["json", "xml"]))
    quotes = draw(st.booleans())
    answers = _answers(schema, quotes=quotes)

    def reply() -> str:
        if technique == "json":
            return _as_json(draw(answers), draw(st.sampled_from([None, 2])))
        return _as_xml(schema.__name__, draw(answers))

    text = reply()
    times = draw(st.sampled_from([0, 1, 1, 2, 2, 3, 4]))
    for _ in range(times):
        text = _corrupted(draw, text, reply)
    return Hostile(schema, technique, quotes, text, intact=times == 0)


def _corrupted(draw: st.DrawFn, text: str, another: Callable[[], str]) -> str:
    a, b, c = sorted(draw(st.integers(0, len(text))) for _ in range(3))
    match draw(st.integers(0, 9)):
        case 0:
            return text[:b]
        case 1:
            return text[:a] + text[b:]
        case 2:
            return text[:b] + text[a:b] + text[b:]
        case 3:
            return text[:a] + text[b:c] + text[a:b] + text[c:]
        case 4:
            return text[:b] + draw(_JUNK) + text[b:]
        case 5:
            return text[:a] + draw(st.text(max_size=5)) + text[b:]
        case 6:
            return text[:a] + text[a:c].replace('"', draw(st.sampled_from("'\u201c`"))) + text[c:]
        case 7:
            before, after = draw(_AROUND)
            return before + text + after
        case 8:
            return text + draw(st.sampled_from(["", "\n", ", "])) + another()
        case _:
            return json.dumps(text)


# --- the measurement -------------------------------------------------------------------------


def outcome(reply: Hostile) -> Outcome:
    """Parse a reply and hold the result against it."""
    shape = compile_schema(reply.schema, quotes=reply.quotes)
    try:
        parsed: Parsed[Any] = parse(BACKENDS[reply.technique], reply.schema, shape, reply.text)
    except ResponseError as error:
        lost = (f"an intact reply is unreadable: {error}",) if reply.intact else ()
        return Outcome("unreadable", lost)
    except Exception as error:
        return Outcome("unreadable", (f"{type(error).__name__}: {error}",))
    found = [*Text(reply.text).inventions(parsed), *unrecorded_defaults(parsed)]
    if reply.intact and (parsed.value is None or any(r.lossy for r in parsed.repairs)):
        found.append(f"an intact reply has {parsed.problems} and {parsed.repairs}")
    if parsed.value is None:
        return Outcome("invalid", tuple(found))
    return Outcome("repaired" if parsed.repairs else "valid", tuple(found))


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse so many replies, and print what became of them and how long it took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--examples", type=int, default=2_000, metavar="N")
    examples = parser.parse_args(arguments).examples
    counts: Counter[str] = Counter()
    violations: list[str] = []

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(hostile_replies())
    def measure(reply: Hostile) -> None:
        result = outcome(reply)
        counts[result.kind] += 1
        violations.extend(f"{v}\n    {reply!r}" for v in result.violations)

    began = time.perf_counter()
    measure()
    seconds = time.perf_counter() - began
    print(f"{counts.total():,} replies in {seconds:.0f} s")
    for kind in ("valid", "repaired", "invalid", "unreadable"):
        print(f"  {kind:10} {counts[kind]:>7,}")
    print(f"{len(violations)} violations")
    print("\n".join(violations[:20]))
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
