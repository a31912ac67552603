from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from extractor.grounding.align import GramIndex, align

LETTERS = st.text(alphabet="abc", max_size=14)


@given(LETTERS.filter(bool), LETTERS)
def test_the_alignment_has_the_fewest_edits_of_any_part_of_the_text(
    pattern: str, text: str
) -> None:
    found = align(pattern, text, 0, len(text))
    parts = {text[i:j] for i in range(len(text) + 1) for j in range(i, len(text) + 1)}
    least = min(Levenshtein.distance(pattern, part) for part in parts)
    assert Levenshtein.distance(pattern, text[found.start : found.end]) == least


@given(LETTERS.filter(bool), LETTERS, LETTERS)
def test_a_pattern_that_is_there_is_found_with_exact_ends(
    pattern: str, before: str, after: str
) -> None:
    text = before + pattern + after
    found = align(pattern, text, 0, len(text))
    assert (text[found.start : found.end], found.score) == (pattern, 1.0)


def test_a_long_text_is_searched_only_where_rare_runs_agree() -> None:
    filler = "".join(f"clause{i}saysthatthepartiesagree" for i in range(3000))
    pattern = "thelighthousekeepershallpolishthelensatdawn"
    noisy = pattern.replace("polish", "pollsh")
    text = filler[:40_000] + noisy + filler[40_000:]
    index = GramIndex(text)
    (found,) = index.search(pattern, threshold=0.8)
    assert text[found.start : found.end] == noisy
    assert all(end - start < 200 for start, end in index.windows(pattern))


def test_a_short_pattern_without_an_intact_run_is_still_found() -> None:
    text = "x" * 5_000 + "thirtydaxsnoxice" + "y" * 5_000
    (found,) = GramIndex(text).search("thirtydaysnotice", threshold=0.8)
    assert text[found.start : found.end] == "thirtydaxsnoxice"


def test_what_is_nowhere_near_is_not_found() -> None:
    text = "".join(f"clause{i}saysthatthepartiesagree" for i in range(500))
    assert GramIndex(text).search("penguinsstandonicebergs", threshold=0.8) == []
