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
from extractor.documents.numbering import Label, between, chain, labels
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
    text = view.text.translate(_SPACES)
    found = _without_contents(text, list(labels(text)))
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
        number = "" if node.label.kind == "heading" else node.label.number
        clauses.append(Clause(number, _title(text, node.label), len(open_nodes), span, parent))
    return tuple(clauses)


def with_clauses(document: Document) -> Document:
    """Return a document with its clauses, and those of the documents attached to it."""
    attachments = tuple(
        replace(each, document=with_clauses(each.document)) if each.document else each
        for each in document.attachments
    )
    return replace(document, clauses=clauses_of(document), attachments=attachments)


def _without_contents(text: str, found: list[Label]) -> list[Label]:
    """Drop the lines of tables of contents: numbers and titles that all come again further on."""
    headings = list(_CONTENTS.finditer(text))
    if not headings:
        return [label for label in found if not label.listed]
    starts = [label.start for label in found]
    entries = [_entry(text, label) for label in found]
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
            dropped.update(label.start for label in found[first:stop] if label.kind == "exhibit")
    return [label for label in found if not label.listed and label.start not in dropped]


def _again(found: Sequence[Label]) -> list[int | None]:
    """Return for each label the place of the next one that says the same."""
    next_of: dict[tuple[str, tuple[int, ...]], int] = {}
    places: list[int | None] = []
    for i in range(len(found) - 1, -1, -1):
        key = (found[i].kind, found[i].value)
        places.append(next_of.get(key))
        next_of[key] = i
    return places[::-1]


def _entry(text: str, label: Label) -> tuple[str, tuple[int, ...], str]:
    if label.kind == "exhibit":
        return label.kind, label.value, ""  # it often has its title in the table only
    letters = "".join(filter(str.isalpha, text[label.rest : label.rest + 40]))
    return f"{label.kind} {label.style}", label.value, letters[:10].casefold()


def _nodes(text: str, found: Sequence[Label]) -> list[_Node]:
    """Sort labels into a tree, part by part: the contract itself, then each exhibit."""
    exhibits = _exhibits(found)
    starts = [0, *(label.start for label in exhibits), len(text)]
    nodes: list[_Node] = []
    for i, (start, end) in enumerate(pairwise(starts)):
        if i:
            nodes.append(_Node(exhibits[i - 1], 1))
        rest = [label for label in between(found, start, end) if label.kind != "exhibit"]
        nodes += _part(text, rest, start, end, level=1 + (i > 0))
    return nodes


def _exhibits(found: Sequence[Label]) -> list[Label]:
    """Return the exhibits that are there: neither a list of them nor a head on each page."""
    every = [label for label in found if label.kind == "exhibit"]
    numbered = [label for label in found if label.kind != "exhibit"]
    first = numbered[0].start if numbered else _FILED
    kept: list[Label] = []
    seen = set[tuple[int, ...]]()
    last = {label.value: i for i, label in enumerate(every)}
    listed = -2  # the place of the last one that was an entry of a list
    for i, label in enumerate(every):
        after = every[i + 1] if i + 1 < len(every) else None
        is_filed = label.start < min(first, _FILED)
        in_list = after is not None and after.start - label.start < _ENTRY // 2
        repeated = in_list and after is not None and after.value == label.value
        later = last[label.value] > i
        ends_list = i == listed + 1 and label.start - every[listed].start < _ENTRY // 2
        if (in_list or ends_list) and not repeated and later:
            listed = i
            continue
        if is_filed or label.value in seen:
            continue
        seen.add(label.value)
        kept.append(label)
    return kept


def _part(
    text: str,
    found: Sequence[Label],
    start: int,
    end: int,
    *,
    level: int,
    capitals: bool = True,
) -> list[_Node]:
    """Sort the labels of one part: articles above sections above decimals above lists."""
    for kind, least in (("article", 1), ("section", 2)):
        run = chain([label for label in found if label.kind == kind])
        if len(run) >= least:
            return _below(text, run, found, start, end, level=level)
    run = _lettered_articles(found)
    if run:
        return _below(text, run, found, start, end, level=level)
    numbers = [label for label in found if label.kind in {"decimal", "section"}]
    run = chain(numbers)
    if len(run) < 2 and not (run and run[0].value[0] == 1):
        run = []
    headings = _headings(
        text, run[0].start if run else end, start, all_of_them=capitals and not run
    )
    nodes = [_Node(label, level) for label in headings]
    base = level + bool(headings and run and headings[0].number not in _OPENINGS)
    depth = min((len(label.value) for label in run), default=1)
    nodes += [_Node(label, base + len(label.value) - depth) for label in run]
    taken = {node.label.start for node in nodes}
    rest = [label for label in found if label.start not in taken and _may_be_listed(label)]
    return _with_lists(sorted(nodes, key=lambda node: node.label.start), rest, level)


def _may_be_listed(label: Label) -> bool:
    return label.kind == "listed" or (label.kind == "decimal" and len(label.value) == 1)


def _below(
    text: str, run: Sequence[Label], found: Sequence[Label], start: int, end: int, *, level: int
) -> list[_Node]:
    """Put what stands under each label of a run below it; what stands before them stays above."""
    kind, style = run[0].kind, run[0].style
    starts = {label.start for label in run}
    rest = [m for m in found if m.start not in starts and (kind, style) != (m.kind, m.style)]
    first = run[0].start
    before = between(rest, start, first)
    nodes = _part(text, before, start, first, level=level, capitals=False)
    for label, stop in zip(run, [*(label.start for label in run[1:]), end], strict=True):
        nodes.append(_Node(label, level))
        inside = between(rest, label.start, stop)
        nodes += _numbered(inside, level + 1, label.value)
    return nodes


def _numbered(found: Sequence[Label], level: int, above: tuple[int, ...]) -> list[_Node]:
    """Sort the labels within one article or section, whose own number is `above`."""
    sections = chain([label for label in found if label.kind == "section"])
    if len(sections) > 1:
        nodes = [_Node(label, level) for label in sections]
    else:
        numbers = [m for m in found if m.kind in {"decimal", "section"}]
        own = [m for m in numbers if len(m.value) > 1 and m.value[: len(above)] == above]
        numbers = chain(own or numbers, after=above)  # beside "8.01", a "1)" counts within it
        depth = min((len(label.value) for label in numbers), default=1)
        nodes = [_Node(label, level + len(label.value) - depth) for label in numbers]
    taken = {node.label.start for node in nodes}
    rest = [label for label in found if label.start not in taken and _may_be_listed(label)]
    return _with_lists(nodes, rest, level)


def _lettered_articles(found: Sequence[Label]) -> list[Label]:
    """Return headings "I.", "II." or "A.", "B." that stand above a numbering which begins anew."""
    for style in ("A.",):
        run: list[Label] = []
        tokens = [label for label in found if label.kind == "listed" and label.style == style]
        for which in (1, 0):
            run = []
            for label in tokens:
                if label.value[which] == len(run) + 1:
                    run.append(label)
            inside = [label for label in found if label.kind == "decimal" and label.value == (1,)]
            restarts = sum(1 for label in inside if run and label.start > run[0].start)
            if len(run) >= 3 and (restarts >= 2 or (which and not inside)):
                return run
    return []


def _with_lists(nodes: Sequence[_Node], rest: Sequence[Label], level: int) -> list[_Node]:
    """Add to each numbered clause the lists within it, and those before the first."""
    found: list[_Node] = []
    stops = [*(node.label.start for node in nodes), 1 << 62]
    found += [_Node(m.label, level + m.depth) for m in _lists(rest, -1, stops[0])]
    for node, stop in zip(nodes, stops[1:], strict=True):
        found.append(node)
        lists = _lists(rest, node.label.start, stop)
        found += [_Node(m.label, node.level + 1 + m.depth) for m in lists]
    return found


def _lists(rest: Sequence[Label], start: int, stop: int) -> list[Nested]:
    return nested(between(rest, start + 1, stop))


def _headings(text: str, stop: int, start: int, *, all_of_them: bool) -> list[Label]:
    """Return headings in capitals before the first number, or all where there are no numbers."""
    found: list[Label] = []
    for match in _CAPITALS.finditer(text, start, stop):
        title = " ".join(match["title"].split())
        if title in _OPENINGS or (all_of_them and _stands_alone(text, match, start)):
            at = match.start("title")
            found.append(Label("heading", at, title, (), at, "heading"))
    often = {title for title, times in Counter(m.number for m in found).items() if times > 1}
    found = [label for label in found if label.number not in often]
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
    parts = [node.label.start for node in nodes if node.label.kind == "exhibit"]
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
        if node.label.kind != "exhibit":
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


def _title(text: str, label: Label) -> str:
    """Return the heading after a number: words that are capitalised, up to a stop or the line."""
    if label.kind == "heading":
        return label.number
    stop = text.find("\n", label.rest)
    line = text[label.rest : stop if stop >= 0 else len(text)].lstrip(" \t.:)-\u2013\u2014")
    if not line.strip() and label.kind in {"article", "section", "exhibit", "decimal"}:
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
