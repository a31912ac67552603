"""Hostile texts: the worst time of each reader, normalizer and prover, and how it grows.

    python -m benchmarks.hostile_speed

Each is given the same texts at two sizes, one four times the other. A promise is broken by
anything raised but `ParseError`, by more seconds than the limit, and by growth beyond that of
n log n. Seconds are those of the processor.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from benchmarks.hostile_replies import Lease
from benchmarks.sections import document
from extractor import normalizers
from extractor.backends.json_reader import read_json
from extractor.backends.xml_reader import read_xml
from extractor.documents.chunking import chunks
from extractor.documents.structure.clauses import clauses_of
from extractor.documents.structure.definitions import definitions_of
from extractor.documents.structure.furniture import body_view
from extractor.errors import ParseError
from extractor.grounding import Locator, supports
from extractor.wire.compile import compile_schema

_FACTOR = 4
_GROWTH = 7.0
"""Largest growth that passes for linear at four times the size; quadratic growth is sixteen."""
_NOTABLE = 0.2
"""Seconds below which growth can't be told from noise."""

CONTRACT = 300 * (
    "This Agreement is made on the 14th day of March, 2024 between Acme Corp. and Beta LLC. The "
    "Supplier shall not deliver the goods within thirty (30) days, unless USD 1,500.00 is paid.\n"
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of any size: a beginning, one piece over and over, an end."""

    start: str
    piece: str
    end: str = ""

    def of(self, size: int) -> str:
        return self.start + self.piece * (size // len(self.piece)) + self.end

    def __str__(self) -> str:
        start = self.start if len(self.start) <= 20 else f"{self.start[:17]}..."
        return f"{start!r} + n * {self.piece!r}" + (f" + {self.end!r}" if self.end else "")


@dataclass(frozen=True, slots=True)
class Target:
    """What is timed, its texts, the larger size, and the seconds that may take."""

    name: str
    call: Callable[[str], Any]
    texts: Sequence[Text]
    size: int
    limit: float


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds for one text at both sizes, and the promise that was broken, if one was."""

    text: Text
    small: float
    large: float
    broken: str = ""


# --- the texts -------------------------------------------------------------------------------

_JSON_WRITTEN = (
    '{ [ ( " \\ } ] , : 1 - $ ` # \' {{} [{ {} [] [[] {"a": {"a":1, {"a":1} {"a":1}{ [1, [1,000, '
    '{"a":" {a: {a:b, {\'a\':\' "a": "a": "," /**/ [{"a":[ {"a":1,} {"a":x {\\"a\\":1} \\u12 '
    '\\" \u201c (1,000) <think> </think> <think>{} ...'
)
_JSON_SPACED = (
    '\n;\t;a ;a b: ;"a" ;{"a" x ;{"//" ;"\n//;```\n;```json\n{;"\\;# x\n;{"a":1}\n;\n/'
    ';{"x":[1]} text {"y":2} '
)
_JSON_PIECES = (*_JSON_WRITTEN.split(), *_JSON_SPACED.split(";"))
_JSON_STARTS = ("", '{"a":"', "[" * 97 + "{")
_JSON_OTHERS = (
    Text('["', '"'), Text('["', '", '), Text("<think>", "{}"), Text("<think>", "<think>"),
    Text('{"a":x ', '"'), Text('{"a":x ', '"\\', '"" z'), Text('{"a":x ', ","),
    Text('["a', '"\n//', "\nz"), Text("[", "[]"), Text("[", '{"a":1}'), Text("[", "1,"),
)  # fmt: skip
_XML_WRITTEN = (
    "< </ > <a> </a> <a/> <![CDATA[ <![CDATA[x]]> <!-- --> <!----> <?x?> <!DOCTYPE & &amp; &#1; "
    "&zz; ]]> <think> </think> <think></think> <a:b-c> <Lease> </Lease> <Lease></Lease> <sides> "
    "</sides> <sides><item> <item> </item> <name> </name> <rent> </rent> <rent/> <rent></rent> "
    "<value> </value> <quote> </quote> <quote></value> <rent></sides> <rent>x</rent>"
)
_XML_SPACED = '<a b="c";<a b=";<rent a="b">;\n; ;x ;```xml\n<Lease>;\n```\n'
_XML_PIECES = (*_XML_WRITTEN.split(), *_XML_SPACED.split(";"))
_XML_STARTS = ("", "<Lease>", "<Lease><sides><item><name>")
_PASSAGE_WRITTEN = (
    "1 1, 1. 1/ 1- 1: 1,000, 000 $ ( ) - _ ___ . ... \u2026 % ' 0 \u0661 \u00bd \u4e00 \ufb01 "
    "\u0301 \u0301\u0316 \u05b0\u05b7 \u200b \u2014 a A non-"
)
_PASSAGE_SPACED = (
    "1 ;1 000 ;$1 ;$1m ;1k ;US$ ;USD ;one ;one hundred and ;hundred ;million ;one million ;point "
    ";one point ;half ;first ;twenty-first ;one first ;twenty ;two (2) ;(2) ;January ;may ; ;\n"
    ";January 1 ;1 January ;14 March 2024 ;1/1/ ;2024-03-14 ;day of ;in the year of ;\u00a0"
    ";two thousand ;per cent ;30 days ;1 business ;month to month ;each year ;annual ;each ;united "
    ";not ;- ;_ ;a... ;the ... ;. . ;[...] ;Page 1 of 2\n;a-\n;\n "
)
_PASSAGE_PIECES = (*_PASSAGE_WRITTEN.split(), *_PASSAGE_SPACED.split(";"))
_PASSAGE_STARTS = ("", "January 1")
_PASSAGE_OTHERS = (
    Text("January 1, 2024 12:30", "."), Text("January 1, 2024 12:30", " "), Text("P", "1"),
    Text("1 year", " ", "x 1 day"), Text("x", " "), Text("x", "\n"), Text("1 ", "million "),
    Text("1", " and "), Text("one", " "), Text("one", "-"), Text("twenty", "\t"),
    Text("$1", ",000"), Text("$", "9"),
)  # fmt: skip


_CONTRACT_WRITTEN = '1. 1.1 (a) A. \u00a7 a- a\u00ad "a" (the"a") .... IN By: ARTICLE'
_CONTRACT_SPACED = (
    "CONTENTS\n;CONTENTS\n1. Term\n;1. Term\n;1. Term .... 1\n;Exhibit A\n;ARTICLE I\n;(a) x\n"
    "(i) y\n;\f;\n1\n;- 1 -\n;SALE AGREEMENT\n;SALE AGREEMENT\n1. Term\n;First: It\n; ;\n"
    ';\u00ad ;-\n;A. It\n1. It\n;"a" means ;(the "a") ;IN WITNESS\n;Is.\nTerm\n'
)
_CONTRACT_PIECES = (*_CONTRACT_WRITTEN.split(), *_CONTRACT_SPACED.split(";"))
_CONTRACT_STARTS = ("", "CONTENTS\n1. Term\n2. Law\n", "a\u00ad")


def _texts(pieces: Sequence[str], starts: Sequence[str], end: str = "") -> tuple[Text, ...]:
    return tuple(Text(start, piece, end) for start in starts for piece in pieces)


# --- what is timed ---------------------------------------------------------------------------


def targets() -> Iterator[Target]:
    """Yield every reader of a reply, and every function that is given words of one."""
    shape = compile_schema(Lease, quotes=True)
    json_texts = (*_texts(_JSON_PIECES, _JSON_STARTS), *_JSON_OTHERS)
    yield Target("read_json", read_json, json_texts, 400_000, 5.0)
    xml_texts = _texts(_XML_PIECES, _XML_STARTS)
    yield Target("read_xml", lambda text: read_xml(text, shape), xml_texts, 400_000, 5.0)

    contract = Locator(CONTRACT)
    normalizing = {name: getattr(normalizers, name) for name in normalizers.__all__}
    calls: dict[str, Callable[[str], Any]] = {
        **{n: call for n, call in normalizing.items() if callable(call) and n[0].islower()},
        "Locator.locate": contract.locate,
        "Locator(text)": lambda text: Locator(text).locate("upon thirty (30) days ... of notice"),
        "supports a number": lambda text: supports(30, text),
        "supports a date": lambda text: supports(date(2024, 3, 14), text),
        "supports a length": lambda text: supports(timedelta(days=30), text),
        "supports a name": lambda text: supports("Acme Holdings Inc.", text),
        "supports an amount": lambda text: supports("USD 500", text),
        "supports a text": lambda text: supports(f"x {text}", text),
    }
    passages = (*_texts(_PASSAGE_PIECES, _PASSAGE_STARTS, "!"), *_PASSAGE_OTHERS)
    for name, call in calls.items():
        yield Target(name, call, passages, 32_000, 1.5)

    reading: dict[str, Callable[[str], Any]] = {
        "body_view": lambda text: body_view(document(text)),
        "clauses_of": lambda text: clauses_of(document(text)),
        "definitions_of": lambda text: definitions_of(document(text)),
        "chunks": lambda text: chunks(document(text), budget=500, count=len),
    }
    texts = _texts(_CONTRACT_PIECES, _CONTRACT_STARTS, "1. Term\n")
    for name, call in reading.items():
        yield Target(name, call, texts, 200_000, 5.0)


# --- the measurement -------------------------------------------------------------------------


def seconds(call: Callable[[str], Any], text: str) -> float:
    """Return what a call takes, whether it reads the text or refuses it."""
    began = time.process_time()
    with suppress(ParseError):
        call(text)
    return time.process_time() - began


def timing(target: Target, text: Text) -> Timing:
    """Time one text at both sizes; the larger is left out where the smaller takes too long."""
    try:
        small = seconds(target.call, text.of(target.size // _FACTOR))
        if small > target.limit:
            return Timing(text, small, small, f"takes {small:.1f} s at a quarter of the size")
        large = seconds(target.call, text.of(target.size))
    except Exception as error:
        return Timing(text, 0.0, 0.0, f"raises {type(error).__name__}: {str(error)[:60]}")
    if large > target.limit:
        return Timing(text, small, large, f"takes {large:.1f} s")
    if large > _NOTABLE and large > _GROWTH * small:
        return Timing(text, small, large, f"takes {large / small:.0f} times as long")
    return Timing(text, small, large)


def main() -> int:
    """Print a line for each target, its worst text, and every promise that was broken."""
    failures: list[str] = []
    print(f"{'':20}{'characters':>12}{'seconds':>10}{'a quarter':>10}  worst text")
    for target in targets():
        timings = [timing(target, text) for text in target.texts]
        worst = max(timings, key=lambda one: one.large)
        row = f"{target.name:20}{target.size:>12,}{worst.large:>10.2f}{worst.small:>10.2f}"
        print(f"{row}  {worst.text}", flush=True)
        failures += [f"{target.name} {one.broken}: {one.text}" for one in timings if one.broken]
    print(f"{len(failures)} violations")
    print("\n".join(failures[:20]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
