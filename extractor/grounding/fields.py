"""Every leaf of an answer against the document: the status that a reader may rely on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, cast

from extractor.documents.document import Document
from extractor.grounding.locate import Located, Locator
from extractor.grounding.support import supports
from extractor.types import Evidence, FieldResult, FieldStatus, Path, Span, format_path
from extractor.wire.restore import Leaf
from extractor.wire.shape import Scalar

_PROOF = frozenset({"exact", "normalized", "elided", "fuzzy"})


def field_results(
    leaves: Mapping[Path, Leaf],
    document: Document,
    locator: Locator,
    *,
    evidence: Literal["quotes", "none"],
) -> dict[str, FieldResult]:
    """Locate each leaf's quotes and compare them with its value.

    `found` takes both: a quote that is in the document, and that does not speak against the value.
    Constants of the schema (a discriminator's tag) are no facts and have no result.
    """
    results: dict[str, FieldResult] = {}
    located: dict[str, Located] = {}
    for path, leaf in leaves.items():
        if isinstance(leaf.node, Scalar) and leaf.node.is_constant:
            continue
        for quote in leaf.quotes:
            if quote not in located:
                located[quote] = locator.locate(quote)
        places = {quote: located[quote] for quote in leaf.quotes}
        results[format_path(path)] = _result(leaf, places, document, asked=evidence == "quotes")
    return results


def _evidence(quote: str, found: Located, document: Document) -> Iterable[Evidence]:
    if not found.matches:
        yield Evidence(quote, found.status)
    for match in found.matches:
        span = Span(match.start, match.end)
        same = document.text[match.start : match.end] == quote.strip()
        status = "normalized" if found.status == "exact" and not same else found.status
        yield Evidence(quote, status, span, document.page_at(match.start), match.score)


def _result(
    leaf: Leaf, places: Mapping[str, Located], document: Document, *, asked: bool
) -> FieldResult:
    raw = _plain(leaf.raw)
    if leaf.value is None or leaf.value in ([], {}):
        note = None if raw in (None, "", []) else f"the model wrote {raw!r}"
        return FieldResult("absent", leaf.value, raw, (), note)
    note = _doubt(leaf, places, asked=asked)
    status: FieldStatus = "unverified" if note else "found"
    evidence = (item for quote, at in places.items() for item in _evidence(quote, at, document))
    return FieldResult(status, leaf.value, raw, tuple(evidence), note)


def _doubt(leaf: Leaf, places: Mapping[str, Located], *, asked: bool) -> str | None:
    """Say why a value is not proved, or None if it is."""
    if not asked:
        return "no quotes were asked for"
    if not places:
        return "the model gave no quote"
    proof = [quote for quote, found in places.items() if found.status in _PROOF]
    if not proof:
        notes = (found.note for found in places.values() if found.status == "altered")
        return next(notes, None) or "the quote is not in the document"
    verdicts = [supports(leaf.value, quote) for quote in proof]
    if any(verdict.ok is not False for verdict in verdicts):
        return None
    return verdicts[0].reason


def _plain(raw: Any) -> Any:
    """Readers mark what was unquoted; here only the text matters."""
    if isinstance(raw, str):
        return str(raw)
    if isinstance(raw, list):
        return [_plain(item) for item in cast("Sequence[Any]", raw)]
    if isinstance(raw, Mapping):
        return {key: _plain(value) for key, value in cast("Mapping[str, Any]", raw).items()}
    return raw
