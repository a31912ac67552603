"""Which of several documents' words for one place hold: by date, and by the text's own words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from extractor.sets.changes import Change, changes, concerns
from extractor.sets.model import DocumentSet, Member, Superseded, Why
from extractor.sets.ordering import is_before
from extractor.sets.wording import Precedence, mention, precedences
from extractor.types import Evidence, FieldResult

_SAID = frozenset({"found", "derived", "ambiguous", "conflict"})
_PROOF = frozenset({"exact", "normalized", "fuzzy", "elided"})
_CHAIN = frozenset({"base", "amendment", "restatement"})


@dataclass(frozen=True, slots=True)
class Word:
    """What one document says at a place; its evidence names the document."""

    member: Member
    result: FieldResult


@dataclass(frozen=True, slots=True)
class Settled:
    """The operative result of a place, and what does not hold there."""

    result: FieldResult
    superseded: tuple[Superseded, ...] = ()


class Settler:
    """Settles places of one set of documents."""

    def __init__(self, documents: DocumentSet) -> None:
        self._members = documents.members
        self._changes = [
            (member, change)
            for member in documents.members
            if member.role == "amendment"
            for change in changes(member)
        ]
        self._precedences = [
            each
            for member in documents.members
            if member.role in {"base", "restatement", "order_form"}
            for each in precedences(member)
        ]

    def settle(self, words: Sequence[Word]) -> Settled:
        """Decide what holds at a place. `words` are in the order of the set.

        Nothing is guessed: where neither dates nor words decide, all values are a `conflict`.
        """
        out: list[Superseded] = []
        said = [word for word in words if is_said(word.result)]
        if not said:
            return Settled(nothing(words))
        said = _without(said, _unproved(said), out)
        said = _without(said, self._mentioned(said), out)
        said = _without(said, self._restated(said), out)
        said = _without(said, deleted := self._deleted(said), out)
        said = _without(said, _amended(said), out)
        result, yielding = self._decided(said, out, has_deleted=bool(deleted))
        return Settled(result, tuple(each for each in yielding if not _same(each.result, result)))

    def _mentioned(self, said: Sequence[Word]) -> list[tuple[Word, Superseded]]:
        has_whole = any(each.role in {"base", "restatement"} for each in self._members)
        found: list[tuple[Word, Superseded]] = []
        for word in said:
            notes = [mention(word.member, each) for each in _proof(word.result)]
            note = notes[0] if has_whole and notes and None not in notes else None
            if note is not None:
                result = noted(word.result, note)
                found.append((word, _superseded(word, "mentioned", None, result=result)))
        return found

    def _restated(self, said: Sequence[Word]) -> list[tuple[Word, Superseded]]:
        restatements = [each for each in self._members if each.role == "restatement"]
        found: list[tuple[Word, Superseded]] = []
        for word in said:
            later = [each for each in restatements if is_before(word.member, each)]
            if later:
                found.append(
                    (word, _superseded(word, "restated", later[-1], later[-1].citations[:1]))
                )
        return found

    def _deleted(self, said: Sequence[Word]) -> list[tuple[Word, Superseded]]:
        found: list[tuple[Word, Superseded]] = []
        for word in said:
            made = self._changes_of(word, is_deletion=True)
            if made:
                member, change = made[0]
                found.append((word, _superseded(word, "deleted", member, (change.citation,))))
        return found

    def _changes_of(self, word: Word, *, is_deletion: bool) -> list[tuple[Member, Change]]:
        """Return the later changes of the clauses that have all proof of a value."""
        places = [each.span for each in _proof(word.result) if each.span]
        own = [change for member, change in self._changes if member is word.member]
        return [
            (member, change)
            for member, change in self._changes
            if change.is_deletion == is_deletion
            and places
            and is_before(word.member, member)
            and all(concerns(change, word.member.document, at, own) for at in places)
        ]

    def _decided(
        self, said: Sequence[Word], out: list[Superseded], *, has_deleted: bool
    ) -> tuple[FieldResult, list[Superseded]]:
        if not said:
            return _gone(out), out
        first, *others = said
        if all(_same(first.result, other.result) for other in others):
            return self._confirmed(said, out if has_deleted else ()), out
        verdict = self._prevailing(said)
        winners = [word for word in said if verdict and _side(word) == verdict.winner]
        losers = [word for word in said if word not in winners]
        if verdict and winners and all(_same(winners[0].result, w.result) for w in winners):
            out += [
                _superseded(word, "prevails", winners[0].member, (verdict.citation,))
                for word in losers
            ]
            return winners[0].result, out
        return _conflict(said), out

    def _confirmed(self, said: Sequence[Word], deleted: Sequence[Superseded]) -> FieldResult:
        """Return what all words say; as ambiguous if a later document changes where they stand."""
        first = said[0].result
        if deleted:
            by = next(each.by for each in deleted if each.why == "deleted")
            return _doubted(first, f"{by} deletes a clause that states it too")
        changed = [self._changes_of(word, is_deletion=False) for word in said]
        if not all(changed):
            return first
        member, change = changed[-1][-1]
        told = f"{member.name} changes clause {change.number}, which states it, and gives no other"
        return _doubted(first, told, change.citation)

    def _prevailing(self, said: Sequence[Word]) -> Precedence | None:
        """Return the words that decide between the agreement and its order forms."""
        if {_side(word) for word in said} != {"base", "order_form"} or len(
            {id(word.member) for word in said if _side(word) == "order_form"}
        ) > 1:
            return None
        firm = [each for each in self._precedences if not each.is_limited]
        return firm[0] if len({each.winner for each in firm}) == 1 else None


def is_said(result: FieldResult) -> bool:
    """Whether a result says anything of a place, be it two things at once."""
    return result.status == "conflict" or result.value not in (None, [], {}, "")


def noted(result: FieldResult, note: str) -> FieldResult:
    """Return a result with a further note, behind what its own document had to say of it."""
    return replace(result, note=f"{result.note}; {note}" if result.note else note)


def nothing(words: Sequence[Word]) -> FieldResult:
    """Return what is known of a place that no document has: one that was not searched counts."""
    results = [word.result for word in words]
    order = ("not_searched", "unreadable", "invalid")
    worst = (each for status in order for each in results if each.status == status)
    return next(worst, results[0] if results else FieldResult("not_searched"))


def _unproved(said: Sequence[Word]) -> list[tuple[Word, Superseded]]:
    if not any(word.result.status in _SAID for word in said):
        return []
    return [
        (word, _superseded(word, "unproved", None))
        for word in said
        if word.result.status not in _SAID
    ]


def _amended(said: Sequence[Word]) -> list[tuple[Word, Superseded]]:
    found: list[tuple[Word, Superseded]] = []
    for word in said:
        later = [
            other
            for other in said
            if is_before(word.member, other.member) and not _same(word.result, other.result)
        ]
        if later:
            by = later[0]
            found.append((word, _superseded(word, "amended", by.member, by.result.evidence[:1])))
    return found


def _without(
    said: Sequence[Word], found: Iterable[tuple[Word, Superseded]], out: list[Superseded]
) -> list[Word]:
    gone: list[Word] = []
    for word, told in found:
        gone.append(word)
        out.append(told)
    return [word for word in said if not any(word is other for other in gone)]


def _gone(out: Sequence[Superseded]) -> FieldResult:
    last = out[-1]
    told = {
        "deleted": f"{last.by} deletes it",
        "restated": f"{last.by} restates the agreement without it",
        "mentioned": f"{last.document} only mentions it",
    }
    return FieldResult("absent", None, None, last.citations, told.get(last.why))


def _doubted(result: FieldResult, note: str, *more: Evidence) -> FieldResult:
    doubted = replace(result, status="ambiguous", evidence=(*result.evidence, *more))
    return noted(doubted, note)


def _conflict(said: Sequence[Word]) -> FieldResult:
    distinct: list[Word] = []
    for word in said:
        if not any(_same(word.result, other.result) for other in distinct):
            distinct.append(word)
    names = ", ".join(word.member.name for word in distinct)
    evidence = tuple(each for word in said for each in word.result.evidence)
    values: list[Any] = [
        word.result.raw if word.result.value is None else word.result.value for word in distinct
    ]
    note = f"neither dates nor the text's own words decide between {names}"
    return FieldResult("conflict", None, values, evidence, note)


def _superseded(
    word: Word,
    why: Why,
    by: Member | None,
    citations: tuple[Evidence, ...] = (),
    *,
    result: FieldResult | None = None,
) -> Superseded:
    name = None if by is None else by.name
    return Superseded(word.member.name, result or word.result, why, name, citations)


def _side(word: Word) -> str:
    return "base" if word.member.role in _CHAIN else word.member.role


def _proof(result: FieldResult) -> list[Evidence]:
    return [each for each in result.evidence if each.status in _PROOF]


def _same(a: FieldResult, b: FieldResult) -> bool:
    return a.value is not None and folded(a.value) == folded(b.value)


def folded(value: Any) -> str:
    """Return what values have in common that say the same: case and white space don't count."""
    return " ".join(str(value).split()).casefold().rstrip(".")
