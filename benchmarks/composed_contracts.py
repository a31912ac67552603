"""Contracts put together from clauses of our own: any length, the same for the same seed."""

from __future__ import annotations

import random

_PARTIES = (
    ("Harrow & Vane Logistics Ltd", "Carrier"),
    ("Northgate Biologics, Inc.", "Customer"),
    ("Quillfeather Software GmbH", "Licensor"),
    ("The Ostrava Paper Company", "Supplier"),
    ("Bellwether Insurance Partners LLP", "Adviser"),
    ("Meridian Quarry Holdings S.A.", "Owner"),
)
_PLACES = ("the State of Delaware", "England and Wales", "Ontario", "the Republic of Ireland")
_CLAUSES = {
    "Term": """
This Agreement begins on {date} and continues for {count} months, unless it is ended earlier
under Section {section}.

Either party may end it on {days} days' written notice; the {a} may do so at once where the
{b} has committed a material breach and has not cured it within {days} days.
""",
    "Fees": """
The {b} shall pay the {a} a fee of ${money} for each calendar quarter, exclusive of value
added tax, within {days} days of receiving a proper invoice.

Sums that are overdue bear interest at {rate}% a year from the due date until payment, whether
before or after judgment.

No set-off is allowed except for amounts that the {a} has acknowledged in writing.
""",
    "Confidentiality": """
In this Section, "Confidential Information" means all information that one party gives the
other in connection with this Agreement and that is marked confidential or ought reasonably to
be understood as such.

The receiving party shall protect it with the care it uses for its own, shall disclose it to
no one but those of its staff and advisers who need it, and shall return or destroy it within
{days} days of being asked.

These duties last for {count} months after the end of this Agreement.
""",
    "Liability": """
Neither party excludes liability for death or personal injury caused by negligence, for fraud,
or for anything else for which liability cannot lawfully be excluded.

Subject to that, the total liability of the {a} in any contract year is limited to the greater
of ${money} and {rate} times the fees paid in that year.

The {a} is not liable for loss of profit, goodwill or anticipated savings.
""",
    "Insurance": """
The {a} shall keep in force, with an insurer of good standing, cover of at least ${money} for
each claim, and shall produce evidence of it on request.
""",
    "Assignment": """
The {b} may not assign, novate or charge its rights without the prior written consent of the
{a}, which shall not be unreasonably withheld or delayed.

A change of control of either party counts as an assignment for this purpose.
""",
    "Force Majeure": """
Neither party is in breach while an event beyond its reasonable control prevents it from
performing, provided that it gives notice within {days} days and uses all reasonable
endeavours to resume.

If the event lasts longer than {count} weeks, the other party may end this Agreement.
""",
    "Notices": """
A notice must be in writing and delivered by hand, by courier or by e-mail to the address
given on the first page; it is received on the next business day, at {hour}:00 local time at
the latest.
""",
    "Governing Law": """
This Agreement is governed by the law of {place}, whose courts have exclusive jurisdiction
over any dispute arising out of or in connection with it.
""",
}
"""Titles and their sub-clauses, which blank lines part."""


def contract(seed: int, *, sections: int = 30) -> str:
    """Return a contract in the form of fixtures/contracts: `# ` title, `## ` headings, blocks."""
    rng = random.Random(seed)
    (first, a), (second, b) = rng.sample(_PARTIES, 2)
    blocks = [
        f"# {a} and {b} Agreement",
        f'This Agreement is made on {_date(rng)} between {first} ("{a}") and {second} ("{b}").',
    ]
    for number in range(1, sections + 1):
        title, clauses = rng.choice(list(_CLAUSES.items()))
        blocks.append(f"## {number}. {title}")
        for part, clause in enumerate(clauses.strip().split("\n\n"), 1):
            filled = clause.format(a=a, b=b, section=rng.randint(1, sections), **_facts(rng))
            blocks.append(f"{number}.{part} {' '.join(filled.split())}")
    return "\n\n".join(blocks) + "\n"


def _facts(rng: random.Random) -> dict[str, object]:
    return {
        "date": _date(rng),
        "count": rng.randint(6, 60),
        "days": rng.choice((5, 10, 14, 30, 45, 60, 90)),
        "money": f"{rng.randint(10, 9_000) * 500:,}",
        "rate": f"{rng.randint(2, 24) / 2:g}",
        "hour": rng.randint(9, 17),
        "place": rng.choice(_PLACES),
    }


def _date(rng: random.Random) -> str:
    months = ("January", "March", "April", "July", "September", "October", "December")
    return f"{rng.randint(1, 28)} {rng.choice(months)} {rng.randint(2019, 2026)}"
