"""Where in a reply the answer may stand, and which of several values is the likeliest.

The order is only a proposal: whoever knows the schema takes the first that satisfies it. A value
on lines of its own or in a fence comes before one quoted within a sentence, and among equals the
later one comes first, since models quote before they answer. What a model thought aloud counts
only if there is nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, cast

from extractor.backends.json_scanner import Scanned, scan
from extractor.backends.json_strict import NotCleanError, read_container_at
from extractor.backends.json_syntax import member_follows
from extractor.backends.reading import (
    FENCE_BEFORE,
    FENCE_LINES,
    MAX_READINGS,
    REASONING_TAGS,
    TooDeepError,
)
from extractor.paths import Path
from extractor.types import Repair
from extractor.wire.reading import Reading

_WORK = 4
"""Characters read, for each character of the reply, before nothing is read twice any more."""

_STEPS = 400_000
"""Steps of the scanner before nothing is read twice any more: what a second or two allow.

The densest honest reply, half a megabyte of short members, takes three quarters of that.
"""

_STEPS_TO_START = 10
"""Steps that take as long as noting where a value may stand."""

_OPENER = re.compile(
    r"""\{(?=\s*+(?://|/\*|["'\u201c{}]|[\w$][\w$ .-]{0,60}+\s*+:|\Z))"""
    r"""|\[(?=\s*+(?://|/\*|["'\u201c{\[\]$\u20ac\u00a3\u00a5]|-?[0-9]|\Z"""
    r"""|(?:true|false|null|True|False|None|NaN|-?Infinity)\b))"""
)
_BARE_MEMBERS = re.compile(r"""\s*+"[\w .$-]{1,60}+"\s*+:\s*+["{\[0-9tfn-]""")
_LINE_END = re.compile(r"[ \t]*+[,;]?[ \t]*+(?:\n|\Z|`{2,}|~{3,}|[{\[])")
_THOUGHT = re.compile(rf"<({'|'.join(sorted(REASONING_TAGS))})>", re.IGNORECASE)


class _Candidate(NamedTuple):
    """A value and how it stands in the reply.

    A record is an object with members, or a list with such an object in it.
    """

    scanned: Scanned
    start: int
    is_record: bool
    is_fenced: bool
    is_alone: bool
    is_thought: bool
    follows_directly: bool

    @property
    def order(self) -> tuple[bool, bool, bool, bool, int]:
        is_empty = not self.scanned.value
        return (
            self.scanned.is_doubtful,
            is_empty,
            not self.is_alone,
            not self.is_record,
            -self.start,
        )

    @property
    def is_answer(self) -> bool:
        """Not so if all that it held had to be dropped."""
        scanned = self.scanned
        return bool(scanned.value or scanned.cut) or not any(r.lossy for r in scanned.repairs)


def find_json(text: str) -> list[Reading]:
    """Return what may be the answer, likeliest first; an empty list if there is no structure.

    Raises:
        TooDeepError: all there is is nested too deeply.
    """
    search = _Search(text)
    search.run()
    return search.readings()


class _Search:
    def __init__(self, text: str) -> None:
        self._text = text
        self._found: list[_Candidate] = []
        self._outside: list[str] = []
        self._read_until = 0
        self._thought_until = 0

    def run(self) -> None:
        text, pos, work, steps = self._text, 0, 0, 0
        if _BARE_MEMBERS.match(text):
            pos = self._add(0, 0, scan(text, 0, opened=False))
        while opener := _OPENER.search(text, pos):
            start = opener.start()
            try:
                scanned = _read_at(text, start)
            except TooDeepError:
                if not self._found:
                    raise
                break
            work += scanned.end - start
            steps += _STEPS_TO_START + scanned.steps
            pos = self._add(pos, start, scanned)
            if work > _WORK * len(text) or steps > _STEPS:
                pos = max(pos, self._read_until)
        self._outside.append(text[max(pos, self._read_until) :])

    def _add(self, searched_from: int, start: int, scanned: Scanned) -> int:
        """Note a candidate, and return from where to search on."""
        gap = self._text[searched_from:start]
        self._outside.append(self._text[max(searched_from, self._read_until) : start])
        self._read_until = max(self._read_until, scanned.end)
        previous = self._found[-1] if self._found else None
        is_fenced = bool(gap) and FENCE_BEFORE.search(gap[-80:]) is not None
        self._found.append(
            _Candidate(
                scanned=scanned,
                start=start,
                is_record=_is_record(scanned.value),
                is_fenced=is_fenced,
                is_alone=is_fenced or self._is_alone(gap, scanned, previous),
                is_thought=self._is_thought(gap, start),
                follows_directly=previous is not None
                and not FENCE_LINES.sub("", gap).strip(" \t\r\n,;"),
            )
        )
        return start + 1 if scanned.is_doubtful else scanned.end

    def _is_alone(self, gap: str, scanned: Scanned, previous: _Candidate | None) -> bool:
        """Whether a value has its lines for itself."""
        _, newline, line = gap.rpartition("\n")
        begins_line = newline != "" or previous is None or previous.is_alone
        if not begins_line or line.strip(" \t,;"):
            return False
        return _LINE_END.match(self._text, scanned.end) is not None

    def _is_thought(self, gap: str, start: int) -> bool:
        opened = list(_THOUGHT.finditer(gap)) if "<" in gap else []
        if opened and start >= self._thought_until:
            tag = opened[-1]
            closed = self._text.find(f"</{tag[1]}>", start - len(gap) + tag.end())
            self._thought_until = len(self._text) if closed < 0 else closed
        return start < self._thought_until

    # --- what was found ----------------------------------------------------------------------

    def readings(self) -> list[Reading]:
        answers = [one for one in self._found if one.is_answer]
        spoken = [one for one in answers if not one.is_thought]
        candidates = sorted(spoken or answers, key=lambda one: one.order)
        joined = self._joined(spoken)
        around = self._around(candidates)
        singles = candidates[: MAX_READINGS - len(joined)]
        records = sum(one.is_record and not one.scanned.is_doubtful for one in candidates)
        return [_single(one, records, around) for one in singles] + joined

    def _around(self, candidates: list[_Candidate]) -> list[Repair]:
        prose = FENCE_LINES.sub("", "\n".join(self._outside)).strip(" \t\r\n,;`")
        around = [Repair("surrounding_text")] if prose else []
        if any(one.is_thought for one in candidates):
            around.append(Repair("only_thought", lossy=True))
        return around

    def _joined(self, candidates: list[_Candidate]) -> list[Reading]:
        """Return objects that follow one another directly as one list: the longest such run.

        If no two have a key in common they may be parts of one object, too.
        """
        runs: list[list[_Candidate]] = [[]]
        for one in candidates:
            is_object = isinstance(one.scanned.value, dict) and not one.scanned.is_doubtful
            if not is_object or not one.follows_directly:
                runs.append([])
            if is_object:
                runs[-1].append(one)
        parts = [one.scanned for one in max(runs, key=len)]
        if len(parts) < 2:
            return []
        items = Reading([part.value for part in parts], *_marks(parts, in_list=True))
        keys = [key for part in parts for key in part.value]
        if len(set(keys)) < len(keys):
            return [items]
        whole = {key: value for part in parts for key, value in part.value.items()}
        return [items, Reading(whole, *_marks(parts, in_list=False))]


def _marks(
    parts: Sequence[Scanned], *, in_list: bool
) -> tuple[tuple[Repair, ...], tuple[Path, ...]]:
    """Return the repairs of objects that are joined, and what the reply's end has cut off."""
    places: list[Path] = [(number,) if in_list else () for number in range(len(parts))]
    both = [*zip(places, parts, strict=True)]
    repairs = (replace(r, path=(*place, *r.path)) for place, part in both for r in part.repairs)
    cut: list[Path] = [(*place, *path) for place, part in both for path in part.cut]
    whole: list[Path] = [()] if cut and in_list else []
    return (Repair("joined_objects"), *repairs), (*cut, *whole)


def _is_record(value: Any) -> bool:
    if not isinstance(value, list):
        return isinstance(value, dict) and value != {}
    return any(isinstance(item, dict) and item != {} for item in cast("Iterable[Any]", value))


def _single(one: _Candidate, records: int, around: list[Repair]) -> Reading:
    fence = [Repair("code_fence")] if one.is_fenced else []
    others = records - (one.is_record and not one.scanned.is_doubtful)
    detail = f"{others} more in the reply"
    beside = [Repair("other_structure", lossy=True, detail=detail)] if others else []
    return Reading(
        one.scanned.value,
        (*fence, *around, *beside, *one.scanned.repairs),
        one.scanned.cut,
        is_alone=one.is_alone,
    )


def _read_at(text: str, start: int) -> Scanned:
    try:
        read = Scanned(*read_container_at(text, start))
    except NotCleanError:
        return scan(text, start)
    return scan(text, start) if member_follows(text, read.end) else read
