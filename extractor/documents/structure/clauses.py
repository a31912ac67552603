"""The clauses of a contract: numbered parts, exhibits and schedules, as a tree."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, cast, overload

from extractor.documents.document import Clause, Document
from extractor.documents.structure.chains import between, chain
from extractor.documents.structure.contents import without_contents, without_detached
from extractor.documents.structure.furniture import body_view
from extractor.documents.structure.headings import headings, openings, title_of
from extractor.documents.structure.lists import is_in_list, nested
from extractor.documents.structure.numbering import Label, labels
from extractor.documents.structure.parts import parts_of
from extractor.types import Span

_SIGNED = re.compile(
    r"^[ \t]*(?:IN WITNESS WHEREOF|IN WITNESS OF WHICH|\[?Signature pages? follows?"
    r"|\[?Remainder of (?:this )?page|AS WITNESS)\b",
    re.IGNORECASE | re.MULTILINE,
)
_UNNUMBERED = frozenset({"heading", "agreement"})
_PARTS = frozenset({"exhibit", "agreement"})
_SPACE = re.compile("[\u00a0\u2000-\u200a\u202f]")
"""Other spaces than the usual one, which indent clauses as well; offsets stay as they are."""


@dataclass(frozen=True, slots=True)
class _Node:
    label: Label
    level: int


def clauses_of(document: Document) -> tuple[Clause, ...]:
    """Find the clauses of a document, each before those within it.

    Candidates at the beginnings of lines are sorted into families (articles, sections, decimals,
    letters), and of each family the longest run that counts on is taken; so neither "1.5 million"
    nor a reference that begins a line is a clause. Tables of contents are left out. A clause ends
    where the next of its level or above begins, the last one before the signatures.
    """
    view = body_view(document)
    text = _SPACE.sub(" ", view.text.replace("\f", "\n"))
    found = without_contents(text, without_detached(text, [*labels(text)]))
    nodes = _nodes(text, found)
    ends = _ends(text, nodes)
    clauses: list[Clause] = []
    open_nodes: list[int] = []
    for i, (node, end) in enumerate(zip(nodes, ends, strict=True)):
        while open_nodes and nodes[open_nodes[-1]].level >= node.level:
            open_nodes.pop()
        parent = open_nodes[-1] if open_nodes else None
        open_nodes.append(i)
        span = view.to_raw(Span(node.label.start, end))
        number = "" if node.label.kind in _UNNUMBERED else node.label.number
        clauses.append(Clause(number, title_of(text, node.label), len(open_nodes), span, parent))
    return tuple(clauses)


def with_clauses(document: Document) -> Document:
    """Return a document with its clauses, and those of the documents attached to it."""
    attachments = tuple(
        replace(each, document=with_clauses(each.document)) if each.document else each
        for each in document.attachments
    )
    return replace(document, clauses=clauses_of(document), attachments=attachments)


def with_clauses_later(document: Document) -> Document:
    """Return a document whose clauses are found when somebody asks for them.

    That takes longer than all else that is done for a text, and an extraction of a whole document
    never asks.
    """
    clauses = cast("tuple[Clause, ...]", _Found(document))  # it reads as a tuple, and is none
    return replace(document, clauses=clauses)


class _Found(Sequence[Clause]):
    """A document's clauses, found at the first look; equal to the same ones in a tuple."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def _clauses(self) -> tuple[Clause, ...]:
        return clauses_of(self._document)

    @overload
    def __getitem__(self, at: int) -> Clause: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Clause, ...]: ...
    def __getitem__(self, at: int | slice) -> Clause | tuple[Clause, ...]:
        return self._clauses[at]

    def __len__(self) -> int:
        return len(self._clauses)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._clauses == tuple(cast("Any", other))

    def __hash__(self) -> int:
        return hash(self._clauses)

    def __repr__(self) -> str:
        return repr(self._clauses)


def _nodes(text: str, found: Sequence[Label]) -> list[_Node]:
    """Sort labels into a tree, part by part: the contract itself, then each exhibit."""
    parts = parts_of(text, found)
    starts = [0, *(label.start for label in parts), len(text)]
    nodes: list[_Node] = []
    for i, (start, end) in enumerate(pairwise(starts)):
        if i:
            nodes.append(_Node(parts[i - 1], 1))
        rest = [label for label in between(found, start, end) if label.kind != "exhibit"]
        nodes += _part(text, rest, start, end, level=1 + (i > 0))
    return nodes


def _part(text: str, found: Sequence[Label], start: int, end: int, *, level: int) -> list[_Node]:
    """Sort the labels of one part: articles above sections above decimals above lists."""
    run = _upper(found)
    if run:
        before = between(found, start, run[0].start)
        nodes = _flat(text, before, start, run[0].start, level=level, is_whole=False)
        return nodes + _below(run, found, end, level=level)
    return _flat(text, found, start, end, level=level, is_whole=True)


def _upper(found: Sequence[Label]) -> list[Label]:
    """Return the numbers above all others, each of which may have numbers of its own below it."""
    for kind, least in (("article", 1), ("section", 2), ("ordinal", 2)):
        run = chain([label for label in found if label.kind == kind])
        if len(run) >= least:
            return run
    return _lettered_articles(found)


def _flat(
    text: str, found: Sequence[Label], start: int, end: int, *, level: int, is_whole: bool
) -> list[_Node]:
    """Sort decimals that count through, and the lists below them; or headings without a number."""
    run = chain([label for label in found if label.kind in {"decimal", "section"}])
    if len(run) < 2 and not (run and run[0].value[0] == 1):
        run = []
    if is_whole and not run:
        heads = headings(text, start, end)
    else:
        heads = openings(text, start, run[0].start if run else end)
    depth = min((len(label.value) for label in run), default=1)
    nodes = [_Node(label, level) for label in heads]
    nodes += [_Node(label, level + len(label.value) - depth) for label in run]
    return _with_lists(sorted(nodes, key=lambda node: node.label.start), found, level)


def _below(run: Sequence[Label], found: Sequence[Label], end: int, *, level: int) -> list[_Node]:
    """Put what stands under each label of a run below it."""
    kind, style = run[0].kind, run[0].style
    starts = {label.start for label in run}
    rest = [m for m in found if m.start not in starts and (kind, style) != (m.kind, m.style)]
    nodes: list[_Node] = []
    for label, stop in zip(run, [*(label.start for label in run[1:]), end], strict=True):
        nodes.append(_Node(label, level))
        nodes += _numbered(between(rest, label.start, stop), level + 1, label.value)
    return nodes


def _numbered(found: Sequence[Label], level: int, above: tuple[int, ...]) -> list[_Node]:
    """Sort the labels within one article or section, whose own number is `above`."""
    sections = chain([label for label in found if label.kind == "section"])
    if len(sections) > 1:
        return _with_lists([_Node(label, level) for label in sections], found, level)
    numbers = [m for m in found if m.kind in {"decimal", "section"}]
    own = [m for m in numbers if len(m.value) > 1 and m.value[: len(above)] == above]
    run = chain(own or numbers, after=above)  # beside "8.01", a "1)" counts within it
    if run and is_in_list(run, filter(_may_be_listed, found)):
        run = []
    depth = min((len(label.value) for label in run), default=1)
    nodes = [_Node(label, level + len(label.value) - depth) for label in run]
    return _with_lists(nodes, found, level)


def _lettered_articles(found: Sequence[Label]) -> list[Label]:
    """Return headings "I.", "II." or "A.", "B." that stand above a numbering which begins anew."""
    tokens = [label for label in found if label.kind == "listed" and label.style == "A."]
    ones = [label.start for label in found if label.kind == "decimal" and label.value == (1,)]
    for reading in (1, 0):  # as Roman numbers, as letters
        run: list[Label] = []
        for label in tokens:
            if label.value[reading] == len(run) + 1:
                run.append(label)
        restarts = sum(start > run[0].start for start in ones) if run else 0
        if len(run) >= 3 and (restarts >= 2 or (reading and not ones)):
            return run
    return []


def _with_lists(nodes: Sequence[_Node], found: Sequence[Label], level: int) -> list[_Node]:
    """Add to each numbered clause the lists within it, and those before the first."""
    taken = {node.label.start for node in nodes}
    rest = [label for label in found if label.start not in taken and _may_be_listed(label)]
    stops = [*(node.label.start for node in nodes), 1 << 62]
    every = [_Node(m.label, level + m.depth) for m in nested(between(rest, 0, stops[0]))]
    for node, stop in zip(nodes, stops[1:], strict=True):
        every.append(node)
        lists = nested(between(rest, node.label.start, stop))
        every += [_Node(m.label, node.level + 1 + m.depth) for m in lists]
    return every


def _may_be_listed(label: Label) -> bool:
    return label.kind == "listed" or (label.kind == "decimal" and len(label.value) == 1)


def _ends(text: str, nodes: Sequence[_Node]) -> list[int]:
    """Return where each clause ends, white space left out."""
    parts = [node.label.start for node in nodes if node.label.kind in _PARTS]
    signed = [match.start() for match in _SIGNED.finditer(text)]
    starts = [node.label.start for node in nodes]
    ends = [0] * len(nodes)
    following: list[int] = []  # the starts of later nodes, their levels growing towards the end
    levels: list[int] = []
    for i in range(len(nodes) - 1, -1, -1):
        node = nodes[i]
        while levels and levels[-1] > node.level:
            levels.pop()
            following.pop()
        end = following[-1] if following else len(text)
        start = node.label.start
        if node.label.kind not in _PARTS:
            end = min(end, _next(parts, start, len(text)))
            last = starts[bisect_left(starts, end) - 1]  # the signatures follow all that is in it
            end = min(end, _next(signed, last, end))
        ends[i] = node.label.start + len(text[node.label.start : end].rstrip())
        levels.append(node.level)
        following.append(node.label.start)
    return ends


def _next(offsets: Sequence[int], start: int, end: int) -> int:
    """Return the first offset after a start, the end if there is none."""
    at = bisect_right(offsets, start)
    return offsets[at] if at < len(offsets) else end
