"""A long contract with page furniture, and quotes changed in every way that models and OCR do."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import pytest

from extractor.grounding import Located, Locator
from extractor.grounding.guards import critical_words

ACCEPTED = {"exact", "normalized", "elided", "fuzzy"}
SENTENCES = 1000
SAMPLE = 120

_PARTIES = "Supplier Customer Lender Borrower Guarantor Carrier Agent Distributor"
_PLACES = "Rotterdam Lagos Osaka Denver Tallinn Valparaiso Perth Leipzig Bergen Porto"
_VERBS = "deliver inspect repair insure store publish translate archive replace certify"
_THINGS = """
turbines/software modules/cargo manifests/laboratory samples/audit records/spare parts/test reports/
training manuals/network equipment/pension files/medical devices/steel beams
"""
_TERMS = """
in accordance with good industry practice/free of any lien or encumbrance/at the cost of the party/
under the supervision of a qualified surveyor/using personnel with suitable experience/
subject to the approval of the steering committee/as described in the technical annex/
together with the documents of title/in the order of their arrival
"""
_CAUSES = """
following a written request/once the goods have cleared customs/upon completion of the audit/
where the warehouse is closed/during the handover period/as soon as practicable
"""
_NUMBERS = {7: "seven", 10: "ten", 15: "fifteen", 30: "thirty", 45: "forty-five", 60: "sixty"}


@dataclass(frozen=True)
class Contract:
    text: str
    sentences: tuple[tuple[str, int, int], ...]
    """Each sentence as one line, and where it stands in the text."""


def dice(seed: int | str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same contract in every run, and no secret


@cache
def contract() -> Contract:
    """Write a contract of some 325,000 characters on pages with a running head and a number."""
    rng = dice(20)
    words = [word for n in range(SENTENCES) for word in (*_sentence(rng, n).split(), "")]
    parts: list[str] = []
    spans: list[tuple[str, int, int]] = []
    current: list[str] = []
    at = column = line = start = 0
    for word in words:
        if not word:
            spans.append((" ".join(current), start, at - 1))
            current = []
            continue
        broken = len(word) > 8 and word.isalpha() and rng.random() < 0.06
        piece = f"{word[:4]}-\n{word[4:]} " if broken else f"{word} "
        if column + len(word) > 84:
            piece, line = f"\n{piece}", line + 1
            if line % 44 == 0:
                number = line // 44
                foot = f"\nNorthwind Framework Contract\nPage {number} of 300\n\f"
                piece = f"{foot}CONFIDENTIAL DRAFT - FOR DISCUSSION ONLY{piece}"
        column = len(piece.rpartition("\n")[2]) + (0 if "\n" in piece else column)
        if not current:
            start = at + len(piece.rstrip(" ")) - len(word) - 2 * broken
        current.append(word)
        parts.append(piece)
        at += len(piece)
    return Contract("".join(parts), tuple(spans))


def _sentence(rng: random.Random, n: int) -> str:
    def some(words: str) -> str:
        return rng.choice(words.strip().replace("\n", "").split("/" if "/" in words else " "))

    one, other = rng.sample(_PARTIES.split(), 2)
    days = rng.choice(list(_NUMBERS))
    duty = rng.choice(["shall", "may", "shall not", "may not"])
    number = f"{n // 20 + 1}.{n % 20 + 1} " if rng.random() < 0.5 else ""
    return (
        f"{number}{some(_CAUSES).capitalize()}, the {one} {duty} {some(_VERBS)} the "
        f"{some(_THINGS)} and {some(_VERBS)} the {some(_THINGS)} for the {other} at "
        f"{some(_PLACES)}, {some(_TERMS)}, within {_NUMBERS[days]} ({days}) days and for a fee of "
        f"USD {rng.randrange(1000, 99000):,}, unless the \u201c{some(_THINGS).title()} "
        f"Protocol\u201d provides {some(_TERMS)}."
    )


@cache
def locator() -> Locator:
    return Locator(contract().text)


def overlap(found: Located, start: int, end: int) -> float:
    """Return the best share that a match has in common with the true place."""
    return max(
        (
            max(0, min(m.end, end) - max(m.start, start)) / (max(m.end, end) - min(m.start, start))
            for m in found.matches
        ),
        default=0.0,
    )


Change: TypeAlias = Callable[[str, random.Random], str]


def typography(sentence: str, _: random.Random) -> str:
    return sentence.replace("\u201c", '"').replace("\u201d", '"').replace(" and ", "  AND ")


def noise(sentence: str, rng: random.Random) -> str:
    """Change about six letters in a hundred, in words that no guard watches."""
    words = sentence.split(" ")
    for i, word in enumerate(words):
        changed = "".join(
            rng.choice("aceilnostu") if letter.isalpha() and rng.random() < 0.06 else letter
            for letter in word
        )
        if not critical_words(word) and not critical_words(changed):
            words[i] = changed
    return " ".join(words)


def lost_words(sentence: str, rng: random.Random) -> str:
    words = sentence.split(" ")
    plain = [i for i, word in enumerate(words) if not critical_words(word)]
    for i in sorted(rng.sample(plain, 2), reverse=True):
        del words[i]
    return " ".join(words)


def elision(sentence: str, rng: random.Random) -> str:
    words = sentence.split(" ")
    start, end = rng.randrange(6, 12), rng.randrange(words.index("fee") - 5, words.index("fee"))
    return " ".join([*words[:start], rng.choice(["...", "\u2026", "[...]"]), *words[end:]])


def verbatim(sentence: str, _: random.Random) -> str:
    return sentence


@pytest.mark.parametrize("change", [verbatim, typography, noise, lost_words, elision])
def test_a_quote_is_located_where_it_stands_however_it_was_copied(change: Change) -> None:
    rng = dice(4)
    hits = flagged = 0
    for sentence, start, end in rng.sample(contract().sentences, SAMPLE):
        found = locator().locate(change(sentence, rng))
        hits += overlap(found, start, end) >= 0.9
        flagged += found.status == "altered"
    assert hits >= 0.97 * SAMPLE
    assert flagged <= 0.03 * SAMPLE


@pytest.mark.parametrize("change", [verbatim, typography, noise])
def test_a_sentence_that_crosses_a_page_is_located(change: Change) -> None:
    rng = dice(6)
    crossing = [item for item in contract().sentences if "\f" in contract().text[item[1] : item[2]]]
    assert len(crossing) > 40
    hits = 0
    for sentence, start, end in crossing:
        found = locator().locate(change(sentence, rng))
        hits += found.status in ACCEPTED and overlap(found, start, end) >= 0.9
    assert hits >= 0.97 * len(crossing)


def test_a_few_words_are_located() -> None:
    rng = dice(5)
    hits = 0
    for sentence, start, end in rng.sample(contract().sentences, SAMPLE):
        words = sentence.split()
        first = rng.randrange(len(words) - 6)
        found = locator().locate(" ".join(words[first : first + 6]))
        hits += any(start <= m.start and m.end <= end for m in found.matches)
    assert hits >= 0.97 * SAMPLE


ALTERATIONS: list[tuple[str, Sequence[str]]] = [
    (r"(?<=USD )\d", "123456789"),
    (rf"\b(?:{'|'.join(_NUMBERS.values())})\b", ["ninety", "eleven"]),
    (r"(?<=\()\d+(?=\))", ["90", "11"]),
    (r" not\b", [""]),
    (r"\b(?:shall|may)\b(?! not)", ["shall not", "may not"]),
    (r"\b(?:shall|may)\b", ["must", "will"]),
    (rf"\b(?:{_PARTIES.replace(' ', '|')})\b", _PARTIES.split()),
    (rf"\b(?:{_PLACES.replace(' ', '|')})\b", _PLACES.split()),
    (r"\bunless\b", ["where", "if"]),
    (r"\bdays\b", ["months", "weeks"]),
    (r"\bUSD\b", ["EUR"]),
]


def alter(sentence: str, rng: random.Random) -> str:
    """Change one thing that counts."""
    while True:
        pattern, replacements = rng.choice(ALTERATIONS)
        found = list(re.finditer(pattern, sentence))
        new = rng.choice(replacements)
        if found and new != (match := rng.choice(found)).group():
            return sentence[: match.start()] + new + sentence[match.end() :]


@pytest.mark.parametrize("also", [verbatim, noise])
def test_every_altered_quote_is_flagged(also: Change) -> None:
    rng = dice(9)
    for sentence, _, _ in rng.sample(contract().sentences, 2 * SAMPLE):
        quote = alter(also(sentence, rng), rng)
        found = locator().locate(quote)
        assert found.status == "altered", (quote, found)
        assert found.note


def test_sentences_of_another_contract_are_not_accepted() -> None:
    rng = dice(77)
    absent = [_sentence(rng, n) for n in range(SAMPLE)]
    absent += [
        "The Tenant shall keep the premises in good repair and permit inspection on notice.",
        "No failure to exercise a right under this Agreement operates as a waiver of that right.",
        "The Licensee acknowledges that the marks are the sole property of the Licensor.",
    ]
    accepted = [quote for quote in absent if locator().locate(quote).status in ACCEPTED]
    assert len(accepted) <= 0.02 * len(absent)
