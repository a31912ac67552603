"""What a nearly matching passage may not differ in: figures, negations, modal verbs, names.

A changed number or a lost "not" moves a similarity score by a hundredth, and the meaning entirely.
So an approximate match is compared word by word, and only noise (typing, OCR) or a plain word may
differ.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from extractor.grounding.folding import DASHES, QUOTES, compatible
from extractor.grounding.opposites import PREFIXES, are_opposites, negates
from extractor.grounding.signs import bound_figures, unlike
from extractor.normalizers.words import NUMBER_WORDS, ORDINALS
from extractor.types import EvidenceStatus

_KINDS = {
    "number": " ".join([*NUMBER_WORDS, *ORDINALS, "half"]),
    "date": "january february march april june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec",
    "unit": "minute hour day week month quarter year minutes hours days weeks months quarters "
    "fortnight fortnights years business calendar annum mensem diem annual annually yearly "
    "quarterly monthly weekly daily",
    "currency": "dollar dollars euro euros pound pounds cents percent",
    "negation": "not no non never none neither nor nothing nobody unless except without cannot "
    "nicht kein keine keinen keinem keiner keines nie niemals ohne ne pas jamais aucun aucune sans "
    "ni nunca sin não nem sem mai senza niet geen nooit zonder",
    "modal verb": "may might shall must will would should can could",
    "comparison": "before after least most more less fewer greater higher lower maximum minimum "
    "increase decrease including excluding include exclude gross net only solely exclusively up "
    "above below plus minus negative",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_ARTICLES = (
    "a an the this that these those each every any all either such said if when where which in on "
    "at by for from of to and or as is are be it its with upon"
)
_NO_NAMES = frozenset(_ARTICLES.split())
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff]")
"""Scripts that write no spaces: what looks like a word is a sentence."""
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1dff\u2e80-\ufdff\uff66-\uffdc]")
"""Scripts of whose words none is known here: any of them may be a negation or a name."""
_CUT_NEGATION = re.compile(rf"\b(?:non[\s{DASHES}]*|{PREFIXES})\Z", re.IGNORECASE)
_LINE_HYPHEN = re.compile(rf"(?<=[^\W\d])[{DASHES}\u00ad\ufffe][ \t\r]*\n\s*(?=[^\W\d])")
_INSIDE_WORD = re.compile(
    rf"(?<=\w)[{QUOTES}](?=\w)|(?<!\w)_+(?=[^\W_])|(?<=[^\W_])_+(?!\w)"
    r"|[\u00ad\u200b-\u200f\u2060\ufeff\ufffe]"
)
_TOKEN = re.compile(r"\w+(?:[.,]\d+)*|[$\u20ac\u00a3\u00a5\u20b9%]")
_LABEL = re.compile(r"\((?P<label>[a-z]|[ivx]{2,5})\)", re.IGNORECASE)
_BROKEN_RANGE = re.compile(r"(?<=\d)[\u00ad\ufffe]\s+(?=\d)")
_DAY = re.compile(
    rf"(?<![\w.,/])(\d{{1,2}}|\d{{4}})([./{DASHES}])(\d{{1,2}})\2(\d{{1,2}}|\d{{4}})(?![\w/])"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_CLAUSE_END = re.compile(r"[,;:.()!?]+")
_SUBORDINATE = re.compile(
    r"\b(?:if|when|where|which|who|that|because|provided|whether|until|while)\b", re.IGNORECASE
)
# "Not less than" and "not only" turn nothing round, and "no" does so in a few phrases only.
_TURNING = re.compile(
    r"\b(?:(?:not|never)(?!\s+(?:less|fewer|more|greater|earlier|sooner|later|longer|only|limited)\b)"
    r"|cannot|neither|nor|no(?=\s+(?:event|time|circumstances|way)\b))\b"
)
PLAIN_NEGATIONS = frozenset({"not", "no", "never", "cannot", "neither", "nor"})
"""Negations of what comes next; the others ("unless", "without") make a condition."""
_SWAPPED = 2  # words with a meaning of their own that stand for others
_LOOKALIKES = {"0": "o", "1": "l", "i": "l", "5": "s", "8": "b", "rn": "m", "vv": "w"}
_LOOKALIKE = re.compile("|".join(_LOOKALIKES))


_EDGES = ("boundaries", "negation_before", "signs")
_WORDS = (*_EDGES, "figures", "negations", "modal_verbs", "comparisons", "names")

GUARDS: Mapping[EvidenceStatus, tuple[str, ...]] = {
    "exact": _EDGES,
    "normalized": _EDGES,
    "fuzzy": _WORDS,
    "elided": (*_WORDS, "ellipsis"),
}
"""What a quote that was found by each means was held against, and passed.

`boundaries`: it cuts no word or number in two; `negation_before`: it leaves out no "not" right
before it; `signs`: no minus or brackets of a figure; `ellipsis`: its gaps hide no negation. The
others: none of these words differs from the document's.
"""


@dataclass(frozen=True, slots=True)
class _Token:
    form: str
    kind: str | None
    binding: str = ""  # a figure's sign, or what joins it to the figure before
    start: int = 0
    end: int = 0


def difference(quote: str, passage: str, frequency: Mapping[str, int]) -> str | None:
    """Say which word that matters differs between a quote and its passage; None if none does.

    `frequency` counts the words of the document: a variant that the document uses elsewhere is
    another word ("Employer", "Employee"), one that it does not may be noise ("Ernployer").
    """
    swapped: tuple[list[_Token], list[_Token]] = ([], [])
    for ours, theirs, is_equal in _blocks(_tokens(quote), _tokens(passage)):
        if is_equal:
            found = _binding_difference(ours, theirs)
        else:
            found = _block_difference(ours, theirs, frequency)
            _note_swapped(swapped, (ours, theirs), frequency)
        if found:
            return found
    if len(swapped[0]) < _SWAPPED:
        return None
    return f"words: the quote has {_shown(swapped[0])} where the document has {_shown(swapped[1])}"


def own_words(quote: str, passage: str, frequency: Mapping[str, int]) -> str | None:
    """Return what a passage says in other words than its quote; None if only noise differs.

    Words that noise sets apart are given as the quote has them, so that the passage can be judged
    like any other.
    """
    quote, passage = plain(quote), plain(passage)
    parts: list[str] = []
    at, differs = 0, False
    for ours, theirs, is_equal in _blocks(_tokens(quote), _tokens(passage)):
        if is_equal:
            continue
        if _same_letters(ours, theirs):
            alike = [(ours[0].start, ours[-1].end, theirs[0].start, theirs[-1].end)]
        else:
            twins = [(ours[i], theirs[j]) for i, j in _twins(ours, theirs, frequency)]
            alike = [(one.start, one.end, other.start, other.end) for one, other in twins]
            differs |= len(twins) < max(len(ours), len(theirs))
        for start, end, place, place_end in alike:
            parts += [passage[at:place], quote[start:end]]
            at = place_end
    return "".join((*parts, passage[at:])) if differs else None


def _blocks(
    ours: list[_Token], theirs: list[_Token]
) -> Iterator[tuple[list[_Token], list[_Token], bool]]:
    """Yield the stretches in which two rows of words differ, and those in which they agree."""
    block: tuple[list[_Token], list[_Token]] = ([], [])
    for code in Levenshtein.opcodes([t.form for t in ours], [t.form for t in theirs]):
        one = ours[code.src_start : code.src_end]
        other = theirs[code.dest_start : code.dest_end]
        if code.tag != "equal":
            block[0].extend(one)
            block[1].extend(other)
            continue
        if any(block):
            yield *block, False
            block = ([], [])
        yield one, other, True
    if any(block):
        yield *block, False


def _binding_difference(ours: Sequence[_Token], theirs: Sequence[_Token]) -> str | None:
    """Compare what binds the same figures."""
    for one, other in zip(ours, theirs, strict=True):
        if unlike(one.binding, other.binding):
            return f"number: the sign or the mark before {one.form!r} differs"
    return None


def _note_swapped(
    swapped: tuple[list[_Token], list[_Token]],
    block: tuple[list[_Token], list[_Token]],
    frequency: Mapping[str, int],
) -> None:
    """Note the words of a block that stand for others, all of them the document's own.

    One such word may be a slip; with several it is another sentence of the same form.
    """
    ours, theirs = (
        [t for t in side if len(t.form) > 3 and t.form not in _NO_NAMES and frequency.get(t.form)]
        for side in _without_twins(*block, frequency)
    )
    if theirs:
        swapped[0].extend(ours[: len(theirs)])
        swapped[1].extend(theirs[: len(ours)])


def critical_words(text: str, kinds: Collection[str] | None = None) -> list[str]:
    """List the words that can't be left out of a quote unmarked, or only those of some kinds."""
    wanted = {*_KINDS, "name"} if kinds is None else kinds
    return [t.form for t in _tokens(text) if t.kind in wanted]


def negations_at_ends(gap: str) -> list[str]:
    """List what negates the words after a long gap: "not, during the term, | disclose".

    It stands in the gap's last clause, or opens it alone. One behind an "if" or "which" belongs to
    a clause of its own, and one with its verb inside the gap is left out together with that.
    """
    clauses = [clause.strip() for clause in _CLAUSE_END.split(gap.casefold())]
    opening = [clauses[0]] if _TURNING.fullmatch(clauses[0]) else []
    return opening + _TURNING.findall(_SUBORDINATE.split(clauses[-1])[0])


def cuts_negation(before: str) -> bool:
    """Whether a text ends within a word that it turns round: the "un" of "un|limited"."""
    return _CUT_NEGATION.search(before) is not None


def plain(text: str) -> str:
    """Join what lines and pages have cut, and write days and letters in one way each."""
    joined = _BROKEN_RANGE.sub("-", _LINE_HYPHEN.sub("", text))
    return _DAY.sub(r"\g<1>/\g<3>/\g<4>", compatible(_INSIDE_WORD.sub("", joined)))


def _tokens(text: str) -> list[_Token]:
    text = plain(text)
    labels = {match.start("label") for match in _LABEL.finditer(text)}
    marks = {bound.unit: bound.mark for bound in bound_figures(text)}
    return [
        _token(match, marks.get(match.start(), ""), is_label=match.start() in labels)
        for match in _TOKEN.finditer(text)
    ]


def _token(match: re.Match[str], binding: str, *, is_label: bool) -> _Token:
    written = match.group()
    form = written.casefold()
    kind = _KIND_OF.get(form)
    if is_label:
        kind, binding = "label", ""
    elif any(character.isdigit() for character in form):
        form, kind = _THOUSANDS.sub("", form), "number"
    elif not form[0].isalpha():
        kind = "currency"
    elif kind is None and written[0].isupper() and form not in _NO_NAMES:
        kind = "name"
    return _Token(form, kind, binding, *match.span())


def _block_difference(
    ours: list[_Token], theirs: list[_Token], frequency: Mapping[str, int]
) -> str | None:
    """Compare the words between two places at which quote and passage agree."""
    if _same_letters(ours, theirs):
        return None
    is_unspaced = any(_UNSPACED.search(token.form) for token in (*ours, *theirs))
    if not is_unspaced:
        ours, theirs = _without_twins(ours, theirs, frequency)
    changed = next((t for t in (*ours, *theirs) if t.kind and t.kind != "label"), None)
    kind = changed.kind if changed else None
    if kind is None and all(any(t.kind == "label" for t in side) for side in (ours, theirs)):
        kind = "label"
    pairs = [(a.form, b.form) for a in ours for b in theirs] if kind is None else []
    if any(negates(*pair) for pair in pairs):
        kind = "negation"
    elif any(are_opposites(*pair) for pair in pairs):
        kind = "opposite"
    elif is_unspaced or any(_OTHER_SCRIPT.search(token.form) for token in (*ours, *theirs)):
        kind = kind or "words"
    if kind is None:
        return None
    return f"{kind}: the quote has {_shown(ours)} where the document has {_shown(theirs)}"


def _same_letters(ours: Sequence[_Token], theirs: Sequence[_Token]) -> bool:
    """Whether two rows of words are the same letters, split differently."""
    left, right = ("".join(token.form for token in side) for side in (ours, theirs))
    return left == right and _digits(ours) == _digits(theirs)


def _digits(tokens: Sequence[_Token]) -> list[str]:
    return re.findall(r"\d+", " ".join(token.form for token in tokens))


def _shown(tokens: Sequence[_Token]) -> str:
    return repr(" ".join(token.form for token in tokens)) if tokens else "nothing"


def _without_twins(
    ours: list[_Token], theirs: list[_Token], frequency: Mapping[str, int]
) -> tuple[list[_Token], list[_Token]]:
    """Drop the pairs that stand in the same order on both sides and differ by noise only."""
    twins = _twins(ours, theirs, frequency)
    left, right = {one for one, _ in twins}, {other for _, other in twins}
    return (
        [token for i, token in enumerate(ours) if i not in left],
        [token for j, token in enumerate(theirs) if j not in right],
    )


def _twins(
    ours: list[_Token], theirs: list[_Token], frequency: Mapping[str, int]
) -> list[tuple[int, int]]:
    """Pair the places of words that stand in the same order and differ by noise only."""
    pairs: list[tuple[int, int]] = []
    after = 0
    for i, one in enumerate(ours):
        for j in range(after, len(theirs)):
            if _same(one, theirs[j], frequency):
                pairs.append((i, j))
                after = j + 1
                break
    return pairs


def _same(one: _Token, other: _Token, frequency: Mapping[str, int]) -> bool:
    """Whether two words are the same but for noise."""
    a, b = one.form, other.form
    if a == b:
        return True
    if not (a.isalpha() and b.isalpha()) or one.kind == other.kind == "label":
        return _lookalike(a) == _lookalike(b)
    if _are_words(one, other, frequency):
        return False
    if negates(a, b) or are_opposites(a, b):
        return False
    shorter = min(len(a), len(b))
    if a in _KIND_OF or b in _KIND_OF:
        allowed = 0 if shorter < 5 else 1
    elif a in _NO_NAMES or b in _NO_NAMES:
        allowed = 1
    else:
        allowed = 0 if shorter < 4 else 1 if shorter < 8 else 2
    return Levenshtein.distance(_lookalike(a), _lookalike(b), score_cutoff=allowed) <= allowed


def _are_words(one: _Token, other: _Token, frequency: Mapping[str, int]) -> bool:
    """Whether both are words of their own: known ones, or used ones."""
    a, b = one.form, other.form
    if a in _KIND_OF and b in _KIND_OF:
        return True
    return frequency.get(a, 0) > 0 and frequency.get(b, 0) > 1


def _lookalike(word: str) -> str:
    return _LOOKALIKE.sub(lambda match: _LOOKALIKES[match.group()], word)
