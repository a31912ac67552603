"""The clauses of a contract: numbered parts, exhibits and schedules, as a tree."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extractor.documents.document import Clause, Document
from extractor.documents.furniture import body_view
from extractor.documents.lists import Nested, nested
from extractor.documents.numbering import Mark, between, chain, marks
from extractor.types import Span

_FILED = 600  # characters into which a filing's own "Exhibit 10.3" is stamped
_TITLE_WORDS = 14
_BODY = 60  # characters before a heading in capitals that is not the contract's own title
_CONTENTS = re.compile(r"^[ \t]*(?:TABLE OF )?CONTENTS:?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_ENTRY = 250  # characters that one line of a table of contents may take
_SIGNED = re.compile(
    r"^[ \t]*(?:IN WITNESS WHEREOF|IN WITNESS OF WHICH|\[?Signature pages? follows?"
    r"|\[?Remainder of (?:this )?page|AS WITNESS)\b",
    re.IGNORECASE | re.MULTILINE,
)
_CAPITALS = re.compile(r"^[ \t]*(?P<title>[A-Z][A-Z &,/'\u2019\-]{3,69}):?[ \t]*$", re.MULTILINE)
_OPENINGS = frozenset({"RECITALS", "BACKGROUND", "WITNESSETH", "W I T N E S S E T H", "PREAMBLE"})
_INLINE_TITLE = re.compile(r"(?P<title>[^.:;\n]{2,110})(?:[.:](?=\s|$)|[ \t]+[-\u2013\u2014][ \t])")
_SENTENCE = re.compile(r"\b(?:means?|shall|will|has|have|is|are|agrees?)\b|\A[\"\u201c]")
_SMALL = re.compile(
    "a|an|and|as|at|by|for|from|in|into|of|on|or|per|the|to|"
    "upon|via|with|within|not|no|non|its|under|between|during|after|before|other|than|etc"
)


_SPACES = dict.fromkeys((0xA0, 0x202F, *range(0x2000, 0x200B)), " ")
"""Other spaces than the usual one, which indent clauses as well; offsets stay as they are."""


@dataclass(frozen=True, slots=True)
class _Node:
    mark: Mark
    level: int


def clauses_of(document: Document) -> tuple[Clause, ...]:
    """Find the clauses of a document, each before those within it.

    Candidates at the beginnings of lines are sorted into families (articles, sections, decimals,
    letters), and of each family the longest run that counts on is taken; so neither "1.5 million"
    nor a reference that begins a line is a clause. Tables of contents are left out. A clause ends
    where the next of its level or above begins, the last one before the signatures.
    """
    view = body_view(document)
    text = view.text.translate(_SPACES)
    found = _without_contents(text, list(marks(text)))
    nodes = _nodes(text, found)
    ends = _ends(text, nodes)
    clauses: list[Clause] = []
    open_nodes: list[int] = []
    for i, (node, end) in enumerate(zip(nodes, ends, strict=True)):
        while open_nodes and nodes[open_nodes[-1]].level >= node.level:
            open_nodes.pop()
        parent = open_nodes[-1] if open_nodes else None
        open_nodes.append(i)
        span = view.to_raw(Span(node.mark.start, end))
        number = "" if node.mark.kind == "heading" else node.mark.number
        clauses.append(Clause(number, _title(text, node.mark), len(open_nodes), span, parent))
    return tuple(clauses)


def with_clauses(document: Document) -> Document:
    """Return a document with its clauses, and those of the documents attached to it."""
    attachments = tuple(
        replace(each, document=with_clauses(each.document)) if each.document else each
        for each in document.attachments
    )
    return replace(document, clauses=clauses_of(document), attachments=attachments)


def _without_contents(text: str, found: list[Mark]) -> list[Mark]:
    """Drop the lines of tables of contents: numbers and titles that all come again further on."""
    headings = list(_CONTENTS.finditer(text))
    if not headings:
        return [mark for mark in found if not mark.listed]
    starts = [mark.start for mark in found]
    entries = [_entry(text, mark) for mark in found]
    last = {entry: i for i, entry in enumerate(entries)}
    again = _again(found)
    dropped: set[int] = set()
    for heading in headings:
        first = bisect_left(starts, heading.end())
        stop = again[first] if first < len(found) else None
        if stop is None or starts[stop] - heading.end() > _ENTRY * (stop - first + 1):
            continue
        listed = next((i for i in range(stop - 1, first - 1, -1) if last[entries[i]] >= stop), None)
        if listed is not None:
            dropped.update(starts[first : listed + 1])
            dropped.update(mark.start for mark in found[first:stop] if mark.kind == "exhibit")
    return [mark for mark in found if not mark.listed and mark.start not in dropped]


def _again(found: Sequence[Mark]) -> list[int | None]:
    """Return for each mark the place of the next one that says the same."""
    next_of: dict[tuple[str, tuple[int, ...]], int] = {}
    places: list[int | None] = []
    for i in range(len(found) - 1, -1, -1):
        key = (found[i].kind, found[i].value)
        places.append(next_of.get(key))
        next_of[key] = i
    return places[::-1]


def _entry(text: str, mark: Mark) -> tuple[str, tuple[int, ...], str]:
    if mark.kind == "exhibit":
        return mark.kind, mark.value, ""  # it often has its title in the table only
    letters = "".join(filter(str.isalpha, text[mark.rest : mark.rest + 40]))
    return f"{mark.kind} {mark.style}", mark.value, letters[:10].casefold()


def _nodes(text: str, found: Sequence[Mark]) -> list[_Node]:
    """Sort marks into a tree, part by part: the contract itself, then each exhibit."""
    exhibits = _exhibits(found)
    starts = [0, *(mark.start for mark in exhibits), len(text)]
    nodes: list[_Node] = []
    for i, (start, end) in enumerate(pairwise(starts)):
        if i:
            nodes.append(_Node(exhibits[i - 1], 1))
        rest = [mark for mark in between(found, start, end) if mark.kind != "exhibit"]
        nodes += _part(text, rest, start, end, level=1 + (i > 0))
    return nodes


def _exhibits(found: Sequence[Mark]) -> list[Mark]:
    """Return the exhibits that are there: neither a list of them nor a head on each page."""
    every = [mark for mark in found if mark.kind == "exhibit"]
    numbered = [mark for mark in found if mark.kind != "exhibit"]
    first = numbered[0].start if numbered else _FILED
    kept: list[Mark] = []
    seen = set[tuple[int, ...]]()
    last = {mark.value: i for i, mark in enumerate(every)}
    listed = -2  # the place of the last one that was an entry of a list
    for i, mark in enumerate(every):
        after = every[i + 1] if i + 1 < len(every) else None
        is_filed = mark.start < min(first, _FILED)
        in_list = after is not None and after.start - mark.start < _ENTRY // 2
        repeated = in_list and after is not None and after.value == mark.value
        later = last[mark.value] > i
        ends_list = i == listed + 1 and mark.start - every[listed].start < _ENTRY // 2
        if (in_list or ends_list) and not repeated and later:
            listed = i
            continue
        if is_filed or mark.value in seen:
            continue
        seen.add(mark.value)
        kept.append(mark)
    return kept


def _part(
    text: str,
    found: Sequence[Mark],
    start: int,
    end: int,
    *,
    level: int,
    capitals: bool = True,
) -> list[_Node]:
    """Sort the marks of one part: articles above sections above decimals above lists."""
    for kind, least in (("article", 1), ("section", 2)):
        run = chain([mark for mark in found if mark.kind == kind])
        if len(run) >= least:
            return _below(text, run, found, start, end, level=level)
    run = _lettered_articles(found)
    if run:
        return _below(text, run, found, start, end, level=level)
    numbers = [mark for mark in found if mark.kind in {"decimal", "section"}]
    run = chain(numbers)
    if len(run) < 2 and not (run and run[0].value[0] == 1):
        run = []
    headings = _headings(
        text, run[0].start if run else end, start, all_of_them=capitals and not run
    )
    nodes = [_Node(mark, level) for mark in headings]
    base = level + bool(headings and run and headings[0].number not in _OPENINGS)
    depth = min((len(mark.value) for mark in run), default=1)
    nodes += [_Node(mark, base + len(mark.value) - depth) for mark in run]
    taken = {node.mark.start for node in nodes}
    rest = [mark for mark in found if mark.start not in taken and _may_be_listed(mark)]
    return _with_lists(sorted(nodes, key=lambda node: node.mark.start), rest, level)


def _may_be_listed(mark: Mark) -> bool:
    return mark.kind == "listed" or (mark.kind == "decimal" and len(mark.value) == 1)


def _below(
    text: str, run: Sequence[Mark], found: Sequence[Mark], start: int, end: int, *, level: int
) -> list[_Node]:
    """Put what stands under each mark of a run below it; what stands before them stays above."""
    kind, style = run[0].kind, run[0].style
    starts = {mark.start for mark in run}
    rest = [m for m in found if m.start not in starts and (kind, style) != (m.kind, m.style)]
    first = run[0].start
    before = between(rest, start, first)
    nodes = _part(text, before, start, first, level=level, capitals=False)
    for mark, stop in zip(run, [*(mark.start for mark in run[1:]), end], strict=True):
        nodes.append(_Node(mark, level))
        inside = between(rest, mark.start, stop)
        nodes += _numbered(inside, level + 1, mark.value)
    return nodes


def _numbered(found: Sequence[Mark], level: int, above: tuple[int, ...]) -> list[_Node]:
    """Sort the marks within one article or section, whose own number is `above`."""
    sections = chain([mark for mark in found if mark.kind == "section"])
    if len(sections) > 1:
        nodes = [_Node(mark, level) for mark in sections]
    else:
        numbers = [m for m in found if m.kind in {"decimal", "section"}]
        own = [m for m in numbers if len(m.value) > 1 and m.value[: len(above)] == above]
        numbers = chain(own or numbers, after=above)  # beside "8.01", a "1)" counts within it
        depth = min((len(mark.value) for mark in numbers), default=1)
        nodes = [_Node(mark, level + len(mark.value) - depth) for mark in numbers]
    taken = {node.mark.start for node in nodes}
    rest = [mark for mark in found if mark.start not in taken and _may_be_listed(mark)]
    return _with_lists(nodes, rest, level)


def _lettered_articles(found: Sequence[Mark]) -> list[Mark]:
    """Return headings "I.", "II." or "A.", "B." that stand above a numbering which begins anew."""
    for style in ("A.",):
        run: list[Mark] = []
        tokens = [mark for mark in found if mark.kind == "listed" and mark.style == style]
        for which in (1, 0):
            run = []
            for mark in tokens:
                if mark.value[which] == len(run) + 1:
                    run.append(mark)
            inside = [mark for mark in found if mark.kind == "decimal" and mark.value == (1,)]
            restarts = sum(1 for mark in inside if run and mark.start > run[0].start)
            if len(run) >= 3 and (restarts >= 2 or (which and not inside)):
                return run
    return []


def _with_lists(nodes: Sequence[_Node], rest: Sequence[Mark], level: int) -> list[_Node]:
    """Add to each numbered clause the lists within it, and those before the first."""
    found: list[_Node] = []
    stops = [*(node.mark.start for node in nodes), 1 << 62]
    found += [_Node(m.mark, level + m.depth) for m in _lists(rest, -1, stops[0])]
    for node, stop in zip(nodes, stops[1:], strict=True):
        found.append(node)
        lists = _lists(rest, node.mark.start, stop)
        found += [_Node(m.mark, node.level + 1 + m.depth) for m in lists]
    return found


def _lists(rest: Sequence[Mark], start: int, stop: int) -> list[Nested]:
    return nested(between(rest, start + 1, stop))


def _headings(text: str, stop: int, start: int, *, all_of_them: bool) -> list[Mark]:
    """Return headings in capitals before the first number, or all where there are no numbers."""
    found: list[Mark] = []
    for match in _CAPITALS.finditer(text, start, stop):
        title = " ".join(match["title"].split())
        if title in _OPENINGS or (all_of_them and _stands_alone(text, match, start)):
            at = match.start("title")
            found.append(Mark("heading", at, title, (), at, "heading"))
    often = {title for title, times in Counter(m.number for m in found).items() if times > 1}
    found = [mark for mark in found if mark.number not in often]
    return found if any(m.number in _OPENINGS for m in found) or len(found) > 1 else []


def _stands_alone(text: str, match: re.Match[str], start: int) -> bool:
    """Whether a line in capitals is a heading: not the title, not part of a block of them."""
    before = text[max(start, match.start() - 400) : match.start()].strip()
    after = text[match.end() : match.end() + 200].strip().partition("\n")[0]
    previous = before.rpartition("\n")[2]
    return (
        len(before) > _BODY and not previous.isupper() and not after.isupper() and len(after) > 40
    )


def _ends(text: str, nodes: Sequence[_Node]) -> list[int]:
    """Return where each clause ends, white space left out."""
    parts = [node.mark.start for node in nodes if node.mark.kind == "exhibit"]
    signed = [match.start() for match in _SIGNED.finditer(text)]
    starts = [node.mark.start for node in nodes]
    ends = [0] * len(nodes)
    following: list[int] = []  # the starts of later nodes, their levels growing towards the end
    levels: list[int] = []
    for i in range(len(nodes) - 1, -1, -1):
        node = nodes[i]
        while levels and levels[-1] > node.level:
            levels.pop()
            following.pop()
        end = following[-1] if following else len(text)
        start = node.mark.start
        if node.mark.kind != "exhibit":
            end = min(end, _next(parts, start, len(text)))
            last = starts[bisect_left(starts, end) - 1]  # the signatures follow all that is in it
            end = min(end, _next(signed, last, end))
        ends[i] = node.mark.start + len(text[node.mark.start : end].rstrip())
        levels.append(node.level)
        following.append(node.mark.start)
    return ends


def _next(offsets: Sequence[int], start: int, end: int) -> int:
    """Return the first offset after a start, the end if there is none."""
    at = bisect_right(offsets, start)
    return offsets[at] if at < len(offsets) else end


def _title(text: str, mark: Mark) -> str:
    """Return the heading after a number: words that are capitalised, up to a stop or the line."""
    if mark.kind == "heading":
        return mark.number
    stop = text.find("\n", mark.rest)
    line = text[mark.rest : stop if stop >= 0 else len(text)].lstrip(" \t.:)-\u2013\u2014")
    if not line.strip() and mark.kind in {"article", "section", "exhibit", "decimal"}:
        line = text[stop + 1 : stop + 200].lstrip().partition("\n")[0]
        return line.strip(" .:") if _is_title(line, whole=True) else ""
    found = _INLINE_TITLE.match(line)
    if found and _is_title(found["title"], whole=False):
        return " ".join(found["title"].split())
    return " ".join(line.strip(" .:").split()) if _is_title(line, whole=True) else ""


def _is_title(words: str, *, whole: bool) -> bool:
    """Whether words are a heading: few, and capitalised but for the small ones."""
    found = re.findall(r"[^\W\d_][\w'\u2019]*", words)
    if not 0 < len(found) <= _TITLE_WORDS or words.rstrip()[-1:] in ",;":
        return False
    if not found[0][0].isupper() or _SENTENCE.search(words):
        return False
    plain = [word for word in found if not _SMALL.fullmatch(word.lower())]
    capitals = sum(word[0].isupper() for word in plain)
    if whole and words.rstrip().endswith(".") and len(found) > 8:
        return False
    return capitals >= 0.7 * len(plain) if len(plain) > 2 or whole else bool(plain)
