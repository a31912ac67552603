"""Whether a predicted value is the gold one, by the kind of field: never more than code can judge.

The kinds are those that a schema declares (see `asked`); for labels without a schema `scorer_of`
tells them from the label's own form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias, cast

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from extractor.about import Scorer
from extractor.evaluation.matching import matched
from extractor.normalizers import read_iso_duration, read_jurisdiction

Same: TypeAlias = Callable[[Any, Any], bool]
"""Whether a prediction (first) is the gold value (second)."""

_ALIKE = 0.85
"""Names are the same from this similarity on: what annotators' typing and title case leave over."""

_FORMS = re.compile(
    r"\b(incorporated|inc|corporation|corp|company|co|limited|ltd|llc|l l c|lp|l p|llp|plc|gmbh|ag"
    r"|sa|s a|nv|n v|bv|b v|na|n a|pte|spa|the)\b"
)
_CENT = Decimal("0.005")
_COUNTED = re.compile(
    r"\d+|\b(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})\b|\b(?:one|two|three|four|five|six|seven|eight|nine)\b"
)
_NUMBERED = re.compile(r"\bno \d+")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")


def same_party(given: Any, gold: Any) -> bool:
    """Compare names without case, legal forms and what is in brackets, in either spelling."""
    known = [_name(gold)]
    if isinstance(gold, Mapping):
        stated = cast("Mapping[str, Any]", gold).get("in_text")
        known += [stated] if isinstance(stated, str) else []
    return any(_alike(_name(given), other) for other in known)


def same_jurisdiction(given: Any, gold: Any) -> bool:
    """Compare ISO 3166 codes; names are read, and where one can't be read they are compared."""
    ours, theirs = _code(given), _code(gold)
    if ours is not None and theirs is not None:
        return ours == theirs
    return bool(_name(given) and _name(gold)) and _alike(_name(given), _name(gold))


def same_date(given: Any, gold: Any, *, tolerance: int = 0) -> bool:
    """Compare dates; of a redacted one the known digits, of others so many days may differ."""
    if given == gold:
        return True
    if not isinstance(given, str) or not isinstance(gold, str):
        return False
    if "X" in gold:
        return len(given) == len(gold) and all(
            g in ("X", p) for p, g in zip(given, gold, strict=True)
        )
    try:
        apart = date.fromisoformat(given) - date.fromisoformat(gold)
    except ValueError:
        return False
    return abs(apart.days) <= tolerance


def same_duration(given: Any, gold: Any) -> bool:
    """Compare lengths: twelve months are a year, thirty days no month."""
    ours = read_iso_duration(str(given))
    return ours is not None and ours == read_iso_duration(str(gold))


def same_renewal(given: Any, gold: Any) -> bool:
    """Compare the kind of a renewal and its length."""
    if not isinstance(given, Mapping) or not isinstance(gold, Mapping):
        return bool(given == gold)
    ours, theirs = cast("Mapping[str, Any]", given), cast("Mapping[str, Any]", gold)
    lengths = [each.get("duration") for each in (ours, theirs)]
    same = lengths == [None, None] or same_duration(*lengths)
    return ours.get("kind") == theirs.get("kind") and same


def same_money(given: Any, gold: Any) -> bool:
    """Compare currency and amount, to the cent."""
    if not isinstance(given, Mapping) or not isinstance(gold, Mapping):
        return bool(given == gold)
    ours, theirs = cast("Mapping[str, Any]", given), cast("Mapping[str, Any]", gold)
    if ours.get("currency") != theirs.get("currency"):
        return False
    amounts = [each.get("amount") for each in (ours, theirs)]
    if None in amounts:
        return amounts == [None, None]
    try:
        one, other = (Decimal(str(amount)) for amount in amounts)
        return abs(one - other) < _CENT
    except ArithmeticError:  # no number, or one that is too large for any sum
        return False


def same_number(given: Any, gold: Any) -> bool:
    """Compare numbers by their value."""
    try:
        return Decimal(str(given)) == Decimal(str(gold))
    except ArithmeticError:
        return False


def same_text(given: Any, gold: Any) -> bool:
    """Compare texts as names are; only for labels that are short, such as a title."""
    return _alike(str(given), str(gold))


def same_prose(given: Any, gold: Any) -> bool:
    """Compare prose by its words: the smaller text's, in any order, have to be nearly the same.

    The measure is the ratio of token sets, which does not know a "not" from none: it says that the
    passage is the right one, and no more.
    """
    return fuzz.token_set_ratio(_plain(str(given)), _plain(str(gold))) >= 100 * _ALIKE


def same_value(given: Any, gold: Any) -> bool:
    """Compare as they are: a choice, a yes or no; a number also with its text."""
    if isinstance(gold, str) and isinstance(given, int | float) and not isinstance(given, bool):
        return same_number(given, gold)
    return type(given) is type(gold) and bool(given == gold)


def same_object(given: Any, gold: Any, scorers: Mapping[str, Same] | None = None) -> bool:
    """Compare objects part by part: all that the label speaks of, null too.

    Args:
        given: a prediction.
        gold: the label.
        scorers: how the parts are compared, by their names; by default as their labels do.
    """
    if not isinstance(given, Mapping) or not isinstance(gold, Mapping):
        return bool(given == gold)
    ours, theirs = cast("Mapping[str, Any]", given), cast("Mapping[str, Any]", gold)
    return all(
        _same_part(ours.get(name), part, (scorers or {}).get(name) or scorer_of(name, part))
        for name, part in theirs.items()
    )


def _same_part(given: Any, gold: Any, same: Same) -> bool:
    nothing = [value is None or value in ("", []) for value in (given, gold)]
    if any(nothing):
        return all(nothing)
    if isinstance(gold, list):
        items = cast("Sequence[Any]", gold)
        said = cast("Sequence[Any]", given) if isinstance(given, list) else [given]
        return matched(said, items, same) == len(said) == len(items)
    return same(given, gold)


def scorer_of(name: str, gold: Any) -> Same:
    """Return how a field is compared whose schema nobody knows, from its name and label.

    >>> scorer_of("term", "P2Y")("P24M", "P2Y")
    True
    """
    if isinstance(gold, list):
        items = cast("Sequence[Any]", gold)
        return scorer_of(name, items[0]) if items else same_value
    if isinstance(gold, Mapping):
        keys = cast("Mapping[str, Any]", gold).keys()
        return next((same for own, same in _SHAPES if own[0] in keys <= {*own}), same_object)
    if isinstance(gold, bool) or not isinstance(gold, str):
        return same_value if isinstance(gold, bool) else same_number
    if name.endswith("_date") or _ISO_DATE.fullmatch(gold):
        return same_end if name.startswith(ENDS) else same_date
    if name in _LAWS:
        return same_jurisdiction
    if _NUMBER.fullmatch(gold):
        return same_number
    return same_duration if read_iso_duration(gold) else same_text


ENDS = ("expiration", "maturity")
_LAWS = frozenset({"governing_law", "jurisdiction"})
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def same_end(given: Any, gold: Any) -> bool:
    """Compare ends of terms, which readers count to the anniversary or to the day before."""
    return same_date(given, gold, tolerance=1)


def _name(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(cast("Mapping[str, Any]", value).get("name") or "")
    return str(value)


def _alike(given: str, gold: str) -> bool:
    """Whether two names are the same but for slips: of letters, never of their numbers."""
    ours, theirs = _stem(given), _stem(gold)
    if _numbers(given, ours) != _numbers(gold, theirs):
        return False
    return Levenshtein.normalized_similarity(ours, theirs) >= _ALIKE


def _numbers(name: str, stem: str) -> list[str]:
    """Return the numbers of a name; of what is in brackets those alone that are called so."""
    return [*_COUNTED.findall(stem), *_NUMBERED.findall(_plain(name))]


def _stem(name: str) -> str:
    plain = _plain(re.sub(r"\([^()]*\)", " ", name))
    return " ".join(_FORMS.sub(" ", plain).split()) or plain


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text).lower().replace("&", " and ")
    return " ".join(re.sub(r"[^\w ]", " ", text).split())


def _code(value: Any) -> str | None:
    code = cast("Mapping[str, Any]", value).get("code") if isinstance(value, Mapping) else None
    if code is not None:
        return str(code)
    reading = read_jurisdiction(_name(value))
    return None if reading is None else reading.code


_SHAPES: tuple[tuple[tuple[str, ...], Same], ...] = (
    (("code", "name"), same_jurisdiction),
    (("kind", "duration", "count", "successive"), same_renewal),
    (("amount", "currency"), same_money),
    (("name", "in_text", "aliases"), same_party),
)
"""Objects of labels that are compared as a whole, by their keys; the first of them has to be there.
An object that says more is compared part by part."""

BY_NAME: dict[Scorer, Same] = {
    "party_set": same_party,
    "partial_date": same_date,
    "duration": same_duration,
    "money": same_money,
    "jurisdiction": same_jurisdiction,
    "enum": same_value,
    "boolean": same_value,
    "number": same_number,
    "percent": same_number,
    "text": same_text,
    "free_text": same_prose,
}
