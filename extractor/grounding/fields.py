"""Every leaf of an answer against the document: the status that a reader may rely on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, cast

from pydantic import TypeAdapter, ValidationError

from extractor.documents.document import Document
from extractor.documents.structure.sentences import REACH, part_of_sentence, parts
from extractor.grounding.locate import Located, Locator, Match
from extractor.grounding.names import is_name
from extractor.grounding.parties import Roles
from extractor.grounding.sense import may_deny, negation
from extractor.grounding.support import supports
from extractor.grounding.verdict import Support
from extractor.grounding.wording import off_topic
from extractor.normalizers import read_iso_duration
from extractor.paths import Path
from extractor.types import (
    Evidence,
    EvidenceMode,
    FieldResult,
    FieldStatus,
    Span,
)
from extractor.wire.restored import Leaf
from extractor.wire.shape import Node, Nullable, Scalar

_EMPTY: Final[tuple[Any, ...]] = (None, [], {}, "")
_NOTHING = frozenset({"absent", "not_searched", "unreadable"})
_TAKEN_OUT = "a validator of the schema took it out"
BY_VALIDATOR = "a validator of the schema made this of what was read"
_NOT_ALL = "the passages that were read don't state it"
_DOUBTS: Mapping[str, FieldStatus] = {
    "taken_back": "conflict",
    "ambiguous_date": "ambiguous",
    "ambiguous_number": "ambiguous",
    "ambiguous_length": "ambiguous",
    "conflict": "conflict",
    "conflict_number": "conflict",
    "conflict_length": "conflict",
}
_LENGTH = TypeAdapter(timedelta)
_FIGURE = re.compile(r"\W*\d{1,2}\W*")
_LINE = 80
"""Characters of a line that are looked at on either side of a figure."""
_RANK: Sequence[FieldStatus] = ("found", "derived", "ambiguous", "conflict", "unverified")
PROOF = frozenset({"exact", "normalized", "elided", "fuzzy"})


def field_results(
    leaves: Mapping[Path, Leaf],
    changed: Mapping[Path, Any],
    document: Document,
    locator: Locator,
    *,
    evidence: EvidenceMode,
) -> dict[Path, FieldResult]:
    """Locate each leaf's quotes and compare them with its value.

    `found` takes both: a quote that is in the document, and that does not speak against the value.
    Where validation made another value of what was read (`changed`), that is compared with the
    document, and the value is `derived` at best. Constants of the schema (a discriminator's tag)
    are no facts and have no result.
    """
    results: dict[Path, FieldResult] = {}
    located: dict[str, Located] = {}
    roles = Roles(document)
    for path, leaf in leaves.items():
        if isinstance(leaf.node, Scalar) and leaf.node.is_constant:
            continue
        for quote in leaf.quotes:
            if quote not in located:
                located[quote] = locator.locate(quote)
        places = {quote: located[quote] for quote in leaf.quotes}
        result = _result(leaf, places, document, roles, asked=evidence != "none")
        if path in changed and result.status not in _NOTHING:
            result = _changed(result, changed[path])
        results[path] = result
    for path, value in changed.items():
        if path not in leaves:
            results[path] = FieldResult("derived", value, None, (), BY_VALIDATOR)
    return results


def unsearched(results: Mapping[str, FieldResult]) -> dict[str, FieldResult]:
    """Take back that something is absent, where not all of the document was read."""
    return {
        path: replace(result, status="not_searched", note=_NOT_ALL)
        if result.status == "absent"
        else result
        for path, result in results.items()
    }


def is_proved(leaf: Leaf, locator: Locator, document: Document) -> bool:
    """Say whether a value would be `found`."""
    places = {quote: locator.locate(quote) for quote in leaf.quotes}
    return _verdict(leaf, places, document, Roles(document), asked=True)[0] == "found"


def _changed(result: FieldResult, value: Any) -> FieldResult:
    if value is None:
        return replace(result, status="invalid", value=None, note=_TAKEN_OUT)
    status = "derived" if result.status == "found" else result.status
    note = "; ".join(filter(None, (BY_VALIDATOR, result.note)))
    return replace(result, status=status, value=value, note=note)


def _evidence(quote: str, found: Located, document: Document) -> Iterable[Evidence]:
    if not found.matches:
        yield Evidence(quote, found.status)
    for match in found.matches:
        span = Span(match.start, match.end)
        text = document.text[match.start : match.end]
        is_same = text == quote.strip()
        status = "normalized" if found.status == "exact" and not is_same else found.status
        yield Evidence(quote, status, span, document.page_at(match.start), match.score, text)


def _result(
    leaf: Leaf, places: Mapping[str, Located], document: Document, roles: Roles, *, asked: bool
) -> FieldResult:
    raw = _plain(leaf.raw)
    if leaf.value in _EMPTY:
        status, note = _nothing(leaf, raw, document)
        return FieldResult(status, leaf.value, raw, (), note)
    status, note = _verdict(leaf, places, document, roles, asked=asked)
    evidence = (item for quote, at in places.items() for item in _evidence(quote, at, document))
    return FieldResult(status, leaf.value, raw, tuple(evidence), note)


def _nothing(leaf: Leaf, raw: Any, document: Document) -> tuple[FieldStatus, str | None]:
    """Tell an answer of nothing from no answer, and from one that was taken back.

    Only a document of which all could be read can be said to lack something.
    """
    if leaf.doubt is not None:
        return _DOUBTS.get(leaf.doubt.kind, "invalid"), leaf.doubt.message
    if not leaf.given:
        return "not_searched", "the reply leaves it out"
    unread = [str(page.number) for page in document.pages if page.kind == "unreadable"]
    if unread:
        return "unreadable", f"pages that could not be read: {', '.join(unread)}"
    return "absent", None if raw in _EMPTY else f"the model wrote {raw!r}"


def _verdict(
    leaf: Leaf, places: Mapping[str, Located], document: Document, roles: Roles, *, asked: bool
) -> tuple[FieldStatus, str | None]:
    """Say how far a value is proved, and what is missing."""
    if not asked:
        return "unverified", "no quotes were asked for"
    if not places:
        return "unverified", "the model gave no quote"
    proof = {quote: found for quote, found in places.items() if found.status in PROOF}
    if not proof:
        notes = (found.note for found in places.values() if found.status == "altered")
        return "unverified", next(notes, None) or "the quote is not in the document"
    scalar = scalar_of(leaf.node)
    if scalar.format == "party-name" and (denied := roles.denial(str(leaf.value))):
        return denied.status, denied.reason
    value = _as_python(leaf.value, scalar)
    verdicts = [
        _off_topic(value, scalar, found, document)
        or _denied_around(value, found, document)
        or _borne(value, scalar, quote, found, document)
        for quote, found in proof.items()
    ]
    best = min(verdicts, key=_rank)
    return best.status, best.reason


def _as_python(value: Any, scalar: Scalar) -> Any:
    """Return what a value means, where JSON has it as a text: "4:00:00" is four hours long."""
    if scalar.format == "decimal":
        return Decimal(value)
    if scalar.format == "duration" and read_iso_duration(str(value)) is None:
        with suppress(ValidationError):  # the format may be a text's own
            return _LENGTH.validate_python(value)
    return value


def _borne(value: Any, scalar: Scalar, quote: str, found: Located, document: Document) -> Support:
    """Judge a value by its quote, and by what the document says in that place.

    A quote that was found nearly may have a word that the document does not, and a bare figure may
    be the number of a clause: the worse verdict counts, at the best of the quote's places.
    """
    verdict = supports(value, quote, scalar.values)
    places: list[str | None]
    if _FIGURE.fullmatch(quote):
        places = [_line_at(document.text, match) for match in found.matches]
    else:
        places = [match.says for match in found.matches]
    if verdict.status != "found" or None in places:
        return verdict
    said = [supports(value, words, scalar.values) for words in dict.fromkeys(places) if words]
    return max(verdict, min(said, key=_rank), key=_rank)


def _line_at(text: str, match: Match) -> str:
    """Return the line that a match stands in, or what is near it."""
    start = max(text.rfind("\n", 0, match.start) + 1, match.start - _LINE)
    end = text.find("\n", match.end, match.end + _LINE)
    return text[start : end if end >= 0 else match.end + _LINE]


def _rank(verdict: Support) -> tuple[int, bool]:
    return _RANK.index(verdict.status), verdict.ok is None


def _off_topic(value: Any, scalar: Scalar, found: Located, document: Document) -> Support | None:
    """Say why none of a quote's places speaks of its field; None where one does.

    Of a quote of several sentences those count that bear the value.
    """
    if scalar.wording is None:
        return None
    denied: Support | None = None
    for match in found.matches:
        spans = [*parts(document.text, Span(match.start, match.end))]
        bearing = [span for span in spans if supports(value, _words_at(document, span)).ok]
        for span in bearing or spans:
            denied = off_topic(scalar.wording, document.text, span)
            if denied is None:
                return None
    return denied


def _denied_around(value: Any, found: Located, document: Document) -> Support | None:
    """Look for what denies a text in its sentence, and was left out of the quote at both ends.

    Of "shall not be governed by the laws of Ohio" the last five words are in the document, too.
    """
    if not isinstance(value, str):
        return None
    denied: Support | None = None
    for match in found.matches:
        if not may_deny(document.text[max(0, match.start - REACH) : match.end + REACH]):
            return None
        sentence = part_of_sentence(document.text, Span(match.start, match.end))
        denied = negation(value, sentence, name=is_name(value))
        if denied is None:
            return None
    return denied


def _words_at(document: Document, span: Span) -> str:
    return document.text[span.start : span.end]


def scalar_of(node: Node | None) -> Scalar:
    """Return what a schema says of a single value: of any, if it is none."""
    while isinstance(node, Nullable):
        node = node.item
    return node if isinstance(node, Scalar) else Scalar("any")


def _plain(raw: Any) -> Any:
    """Readers mark what was unquoted; here only the text matters."""
    if isinstance(raw, str):
        return str(raw)
    if isinstance(raw, list):
        return [_plain(item) for item in cast("Sequence[Any]", raw)]
    if isinstance(raw, Mapping):
        return {key: _plain(value) for key, value in cast("Mapping[str, Any]", raw).items()}
    return raw
