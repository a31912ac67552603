"""Words that turn a sentence round where one stands for the other: "prior", "subsequent".

No noise makes one of the other, and a similarity score hardly moves. Only a swap is told; a word
that one side has and the other lacks is for other guards.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import permutations

from rapidfuzz.distance import Levenshtein

# Of each row every word excludes every other one.
_ROWS = """
prior subsequent following
preceding following succeeding subsequent
previous next
before after
until from
till from
to from by
earlier later
earliest latest
more less fewer
greater less lesser smaller
gross net
sooner later
first last
initial final
written oral
written verbal
advance arrears
and or
all any
all some
either neither
both neither
both either
each neither
ever never
required permitted prohibited
required allowed forbidden
require permit prohibit
requires permits prohibits
requiring permitting prohibiting
mandatory optional
obligated permitted
commence terminate
commence expire
commences terminates
commences expires
commencement termination
commencement expiration
begin end
begins ends
beginning end
beginning ending
start end
buy sell
buyer seller
landlord tenant
lender borrower
supplier customer
purchaser seller
accept reject
accepts rejects
accepted rejected
approve reject
approved rejected
granted revoked
express implied
expressly impliedly
jointly severally solely
same different other
inside outside
internal external
domestic foreign
over under
upper lower
increase decrease reduce
increases decreases reduces
increased decreased reduced
increasing decreasing reducing
include exclude
includes excludes
included excluded
including excluding
inclusive exclusive
assets liabilities
debit credit
pay receive
paid received
payable receivable
full partial
whole part
fixed variable
"""
PREFIXES = r"non|un|in|im|ir|il|dis"
"""How a word begins that another one negates, for a pattern."""
_NEGATED = re.compile(rf"(?:{PREFIXES})(?P<rest>\w{{4,}})")
_ROLE = re.compile(r"(?P<stem>\w{3,}?)(?P<role>or|er|ee)s?")
_LEAST = 5
"""Letters of a word of which one may be misread."""


def _table() -> dict[str, frozenset[str]]:
    table: defaultdict[str, set[str]] = defaultdict(set)
    for row in _ROWS.split("\n"):
        for one, other in permutations(row.split(), 2):
            table[one].add(other)
    return {word: frozenset(others) for word, others in table.items()}


_OPPOSITES = _table()


def negates(a: str, b: str) -> bool:
    """Whether one of two words is the other with a negating prefix.

    >>> negates("limited", "unlimited"), negates("limited", "limiting")
    (True, False)
    """
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    negated = _NEGATED.fullmatch(longer)
    return negated is not None and negated["rest"] == shorter


def are_opposites(a: str, b: str) -> bool:
    """Whether two words, in small letters, exclude each other; a letter may be misread.

    >>> are_opposites("oral", "written"), are_opposites("oral", "wrilten")
    (True, True)
    >>> are_opposites("oral", "moral"), are_opposites("employer", "employee")
    (False, True)
    """
    return _excludes(a, b) or _excludes(b, a) or _are_roles(a, b)


def _are_roles(a: str, b: str) -> bool:
    """Whether two words are the sides of one deal: "licensor", "licensee"."""
    one, other = _ROLE.fullmatch(a), _ROLE.fullmatch(b)
    if not one or not other or one["stem"] != other["stem"]:
        return False
    return (one["role"] == "ee") != (other["role"] == "ee")  # an adviser is an advisor


def _excludes(word: str, misread: str) -> bool:
    others = _OPPOSITES.get(word)
    if others is None or misread == word:
        return False
    return misread in others or any(
        len(other) >= _LEAST and Levenshtein.distance(other, misread, score_cutoff=1) <= 1
        for other in others
    )
