"""Approximate matching with exact ends: where in a text a pattern stands with the fewest edits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from rapidfuzz import fuzz

_GRAM = 8
_RARE = 48
_WINDOWS = 4
_SCANNED = 80  # characters of a pattern up to which the whole text is scanned as a last resort
_MARGIN = 0.1  # by which the quick ratio may fall below the exact one


@dataclass(frozen=True, slots=True)
class Alignment:
    """`text[start:end]` matches the pattern; `score` is 1 less the share of edits."""

    start: int
    end: int
    score: float


class GramIndex:
    """Finds the neighbourhoods of a long text that share rare character runs with a pattern.

    Every eighth position is indexed, so any fifteen characters in a row that are the same in text
    and pattern are noticed; runs that occur all over the text are ignored.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for at in range(0, len(text) - _GRAM + 1, _GRAM):
            self._places[text[at : at + _GRAM]].append(at)

    def windows(self, pattern: str) -> list[tuple[int, int]]:
        """Return ranges of the text that may hold the pattern, the most promising first."""
        begins: list[int] = []
        for offset in range(len(pattern) - _GRAM + 1):
            places = self._places.get(pattern[offset : offset + _GRAM], ())
            if len(places) <= _RARE:
                begins += [place - offset for place in places]
        slack = _slack(pattern)
        groups: list[list[int]] = []
        for begin in sorted(begins):
            if groups and begin - groups[-1][0] <= slack:
                groups[-1].append(begin)
            else:
                groups.append([begin])
        groups.sort(key=len, reverse=True)
        return [
            (max(0, group[0] - slack), group[-1] + len(pattern) + slack)
            for group in groups[:_WINDOWS]
        ]

    def search(self, pattern: str, *, threshold: float) -> list[Alignment]:
        """Return the alignments that reach the threshold, best first.

        A short pattern may have no fifteen characters intact; then the whole text is scanned.
        """
        windows = self.windows(pattern)
        if not windows and len(pattern) <= _SCANNED:
            near = fuzz.partial_ratio_alignment(
                pattern, self._text, score_cutoff=100 * (threshold - _MARGIN)
            )
            if near is not None and near.dest_end > near.dest_start:
                slack = _slack(pattern)
                windows = [(max(0, near.dest_start - slack), near.dest_end + slack)]
        found = {
            align(pattern, self._text, start, end)
            for start, end in windows
            if fuzz.partial_ratio(
                pattern, self._text[start:end], score_cutoff=100 * (threshold - _MARGIN)
            )
        }
        near_enough = [alignment for alignment in found if alignment.score >= threshold]
        return sorted(near_enough, key=lambda alignment: -alignment.score)


def _slack(pattern: str) -> int:
    return len(pattern) // 5 + _GRAM


def align(pattern: str, text: str, start: int, end: int) -> Alignment:
    """Return the part of `text[start:end]` closest to the pattern, the shortest of equals."""
    window = text[start:end]
    distances = _edit_distances(pattern, window, anchored=False)
    least = min(distances)
    stop = distances.index(least)
    backwards = _edit_distances(pattern[::-1], window[:stop][::-1], anchored=True)
    length = backwards.index(min(backwards))
    score = 1 - least / max(len(pattern), length)
    return Alignment(start + stop - length, start + stop, score)


def _edit_distances(pattern: str, text: str, *, anchored: bool) -> list[int]:
    """Return for every j the edit distance of the pattern and the best text[i:j].

    Anchored, i is 0. The bit-parallel algorithm of Myers (1999) in Hyyro's form (2003): one big
    integer holds a column of the dynamic programming table.
    """
    mask, top = (1 << len(pattern)) - 1, 1 << (len(pattern) - 1)
    positions: dict[str, int] = {}
    for i, character in enumerate(pattern):
        positions[character] = positions.get(character, 0) | 1 << i
    rising, falling, distance = mask, 0, len(pattern)
    distances = [distance]
    for character in text:
        equal = positions.get(character, 0)
        vertical = equal | falling
        horizontal = (((equal & rising) + rising) ^ rising) | equal
        up = falling | (~(horizontal | rising) & mask)
        down = rising & horizontal
        if up & top:
            distance += 1
        elif down & top:
            distance -= 1
        distances.append(distance)
        up = (up << 1 | anchored) & mask
        rising = ((down << 1) | ~(vertical | up)) & mask
        falling = up & vertical
    return distances
