"""Documents into a set: what each is, and which comes before which, as far as that is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from extractor.documents.document import Document
from extractor.documents.sniff import EML
from extractor.errors import DocumentError
from extractor.sets.model import DocumentSet, Member, Stated
from extractor.sets.roles import member_of

_CHAIN = frozenset({"base", "amendment", "restatement"})


def document_set(documents: Sequence[tuple[Document, Stated]]) -> DocumentSet:
    """Work out what each document is and put them in order; what is not clear is a warning.

    An e-mail stands for the files attached to it.

    Raises:
        DocumentError: there are no documents.
    """
    given, warnings = _opened(documents)
    if not given:
        raise DocumentError("There is no document in the set.")
    times: Counter[str] = Counter()
    members: list[Member] = []
    for document, stated in given:
        times[document.source] += 1
        again = times[document.source]
        name = document.source if again == 1 else f"{document.source} ({again})"
        member, remarks = member_of(document, name, stated)
        members.append(member)
        warnings += remarks
    warnings += _doubts(members)
    return DocumentSet(tuple(sorted(members, key=_key)), tuple(warnings))


def is_before(a: Member, b: Member) -> bool:
    """Whether `b` is known to come after `a` and to change it: an amendment or restatement.

    Numbers and dates decide; where they contradict each other, or say nothing, neither is before
    the other.
    """
    if b.role not in {"amendment", "restatement"} or a.role not in _CHAIN:
        return False
    if a.role == "base":
        return not (a.date and b.date and b.date < a.date)
    signs: set[bool] = set()
    if a.date and b.date:
        if a.date == b.date and (a.number is None or b.number is None):
            return False
        if a.date != b.date:
            signs.add(a.date < b.date)
    if a.number is not None and b.number is not None and a.number != b.number:
        signs.add(a.number < b.number)
    return signs == {True}


def _opened(
    documents: Sequence[tuple[Document, Stated]],
) -> tuple[list[tuple[Document, Stated]], list[str]]:
    given: list[tuple[Document, Stated]] = []
    warnings: list[str] = []
    for document, stated in documents:
        inside = [each.document for each in document.attachments if each.document]
        if document.media_type != EML or not inside:
            given.append((document, stated))
            continue
        given += [(each, Stated()) for each in inside]
        warnings.append(f"{document.source}: only the files attached to it are extracted")
        warnings += [
            f"{each.name}: {each.problem}" for each in document.attachments if each.problem
        ]
    return given, warnings


def _doubts(members: Sequence[Member]) -> list[str]:
    """Say what is not clear about roles and order."""
    told = [
        f"{each.name}: what it is among the documents is not known"
        for each in members
        if each.role == "unknown"
    ]
    bases = [each.name for each in members if each.role == "base"]
    restated = any(each.role == "restatement" for each in members)
    if len(bases) > 1:
        told.append(f"Several documents may be the base: {', '.join(bases)}")
    if not bases and not restated:
        told.append("The base agreement is not among the documents")
    changing = [each for each in members if each.role in {"amendment", "restatement"}]
    for i, a in enumerate(changing):
        told += [
            f"Which is later is not known: {a.name}, {b.name}"
            for b in changing[i + 1 :]
            if not is_before(a, b) and not is_before(b, a)
        ]
    told += [
        f"{each.name} is dated before the agreement that it changes"
        for each in changing
        for base in members
        if base.role == "base" and not is_before(base, each)
    ]
    return told


def _key(member: Member) -> tuple[bool, str, int]:
    """Sort for reading only: `is_before` decides what holds."""
    is_later = member.role not in {"base", "unknown"}
    return is_later, member.date.isoformat() if member.date else "9", member.number or 0
