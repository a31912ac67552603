"""Long contracts out of a stock of clauses, laid out on pages, every word's place known."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

from extractor.documents.document import Document, Page
from extractor.types import Span


def _paragraphs(text: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


STOCK = _paragraphs("""
The {party} {duty} {verb} the {thing} to the {other} at {place} within {number} days {cause},
{way}.

If the {party} fails to {verb} the {thing} {cause}, the {other} {duty} terminate this Agreement
by giving {number} days' written notice, {way}.

All {thing} delivered under this Agreement {duty} remain the property of the {party} until
{money} has been paid in full {way}.

The {party} {duty} keep the {thing} insured against loss {way} for a sum of at least {money},
and {duty} show the policy to the {other} {cause}.

The fees for the {thing} amount to {money} a month, payable on the {ordinal} day of each month
{cause}, {way}.

Neither the {party} nor the {other} is liable for a delay in the supply of {thing} that is
caused by flood, strike or war, {way}.

The {other} {duty} inspect the {thing} at {place} {cause} and {duty} reject those which do not
conform to Schedule {figure}.

"{term}" means the {thing} that the {party} has agreed to {verb} for the {other} {cause}, and
includes the {thing2} listed in Annex {figure}.

This Agreement begins on {date} and continues for {number} years, unless either party ends it
{cause} {way}.

{name} {duty} {verb} the {thing} on behalf of the {party} and {duty} report to {name2} {cause}.

The {party} grants the {other} a licence to use the {thing} in {place}, which {duty} be
transferred only {way}.

Interest on overdue sums accrues at {percent} per cent a year from the date on which the {thing}
were due {cause}.

The {other} {duty} hold the {thing2} in confidence for {number} years after {date} and {duty}
disclose them only {way}.

Any dispute about the {thing} {duty} be referred to {name}, sitting in {place}, {cause}, whose
decision binds the {party} and the {other}.

The {party} warrants that the {thing} are free of defects {cause} and that no person other than
{name} has a claim to the {thing2}.

Upon termination the {party} {duty} return the {thing} to {place} {way} and delete every copy of
the {thing2}.

The liability of the {party} for the {thing} {duty} exceed {money} in any period of {number}
months {way}.

The {other} {duty} appoint {name} as its contact for the {thing}, and {duty} replace that person
only {way}.

Notices about the {thing} {duty} be sent to {name} at {place} and take effect {number} hours
after posting {way}.

The {party} {duty} train the staff of the {other} in handling the {thing} {cause}, at a rate of
{money} a day.

Records of the {thing2} {duty} be kept at {place} for {number} years {way} and be open to {name}
{cause}.

Where the price of {thing} rises by more than {percent} per cent, the {other} {duty} demand a
review {cause}.

The {party} {duty} assign its rights in the {thing} to {name} {cause}, provided that the {other}
is told {number} days before.

Risk in the {thing} passes to the {other} at {place} {cause}, whether or not {money} has been
paid {way}.
""")
UNSEEN = _paragraphs("""
Children under twelve are admitted to the arena free of charge when a guardian with a season
ticket sits beside them.

The orchard lies between the northern dyke and the old railway, and its boundary follows the
middle of the stream.

Actors receive a second meal where rehearsals go past nine in the evening, and a taxi home where
no tram runs.

The breeder hands over a veterinary passport with every foal and answers for hereditary disease
found by spring.

Divers work in pairs, surface at the first sign of fatigue, and log each descent in the vessel's
own journal.

The choir sings on the feast days named by the chapter and practises in the crypt on Thursday
evenings.

Beehives stand no closer than forty paces to the footpath and are painted in the colours of the
cooperative.

The translator may refuse passages that offend her conscience and then forgoes a proportionate
part of the fee.

Solar panels are washed twice a summer with softened water, never at noon and never with
abrasive brushes.

The ferry waits for the evening train from the capital if its lateness is announced on the
harbour radio.

Grapes are picked by hand into crates of fifteen kilograms and pressed on the evening of the
same day.

The curator lends the tapestries to a museum only when the hall is darkened and its air is kept
dry.
""")
BOILERPLATE = _paragraphs("""
This Agreement {duty} be amended only by a document signed by both parties.

The invalidity of one provision leaves the others in force.

No failure to exercise a right under this Agreement operates as a waiver of that right.

The headings are for convenience and do not affect the interpretation of this Agreement.
""")
_POOLS = {
    "party": "Supplier Carrier Lender Licensor Contractor Landlord Distributor Publisher",
    "other": "Customer Shipper Borrower Licensee Employer Tenant Retailer Author",
    "duty": "shall/may/must/shall not/may not/will",
    "verb": "deliver inspect repair insure store publish translate archive replace certify "
    "assemble calibrate refurbish document catalogue",
    "place": "Rotterdam Lagos Osaka Denver Tallinn Valparaiso Perth Leipzig Bergen Porto Gdansk "
    "Antwerp Halifax Durban",
    "thing": "turbines/software modules/cargo manifests/laboratory samples/audit records/spare "
    "parts/test reports/training manuals/network switches/pension files/medical "
    "devices/steel beams/soundtracks/reagents/aircraft seats/geological surveys/firmware "
    "images/optical sensors/crankshafts/official certificates/fire doors/bills of "
    "lading/workflow diagrams/hydraulic pumps/satellite photographs",
    "thing2": "drawings/price lists/source files/customer lists/formulae/test "
    "results/moulds/translations/blueprints/field notebooks/specifications/access codes",
    "cause": "following a written request/once the goods have cleared customs/upon completion of "
    "the audit/while the warehouse is closed/during the handover period/as soon as "
    "practicable/after the first anniversary/before the end of the quarter/when the "
    "steering committee meets/on receipt of a satisfactory confirmation/in the course of "
    "a scheduled shutdown",
    "way": "in accordance with good industry practice/free of any lien or encumbrance/at the "
    "cost of the defaulting party/under the supervision of a qualified surveyor/using "
    "personnel of suitable experience/subject to the approval of the committee/as "
    "described in the technical specification/together with the documents of title/in the"
    " order of their arrival/with the professional diligence of an experienced "
    "operator/by secure electronic means",
    "number": "seven (7)/ten (10)/fourteen (14)/thirty (30)/forty-five (45)/sixty (60)/ninety (90)",
    "ordinal": "first third fifth tenth fifteenth last",
    "term": "Deliverables/Protected Material/Agreed Output/Service Items/Core Assets",
    "name": "Helena Marchetti/Okafor Shipping Limited/Jonas Lindqvist/Brightwater Holdings/Priya "
    "Raghunathan/Castellane & Fils/Northgate Surveyors/Tomasz Wieczorek",
}
_MONTHS = "January February March April May June July August September October November December"
_SYLLABLES = re.compile(r"(?<=[^\W\d_]{3})(?=[^\W\d_]{3})")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as meant, and where it stands in the text."""

    text: str
    start: int
    end: int
    page: int


@dataclass(slots=True)
class Composed:
    """A contract, its words and its sentences (as ranges of words)."""

    document: Document
    words: list[Word]
    sentences: list[tuple[int, int]]
    _stream: str = field(init=False, repr=False)
    _at: dict[int, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._stream, self._at, at = " ", {}, 1
        parts: list[str] = []
        for i, word in enumerate(self.words):
            self._at[at] = i
            parts.append(word.text)
            at += len(word.text) + 1
        self._stream += " ".join(parts) + " "

    def places(self, words: list[str]) -> list[Span]:
        """Return every place at which these words stand in a row."""
        wanted, found = f" {' '.join(words)} ", list[Span]()
        at = self._stream.find(wanted)
        while at >= 0:
            first = self._at[at + 1]
            last = first + len(words) - 1
            found.append(Span(self.words[first].start, self.words[last].end))
            at = self._stream.find(wanted, at + 1)
        return found


def sentence(rng: random.Random, template: str) -> str:
    """Fill a template of the stock."""

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name == "money":
            return f"{rng.choice(['USD', 'EUR', 'GBP'])} {rng.randrange(1_000, 990_000):,}"
        if name == "percent":
            return f"{rng.randrange(2, 19)}.{rng.randrange(1, 9)}"
        if name == "figure":
            return str(rng.randrange(1, 30))
        if name == "date":
            return (
                f"{rng.randrange(1, 28)} {rng.choice(_MONTHS.split())} {rng.randrange(2015, 2035)}"
            )
        pool = _POOLS["name" if name == "name2" else name]
        return rng.choice(pool.split("/" if "/" in pool else " "))

    return re.sub(r"{(\w+)}", fill, template)


def compose(rng: random.Random, *, pages: int, columns: int = 1) -> Composed:
    """Write a contract of so many pages.

    Every page has a running head and a foot with its number. Words are broken at lines' ends by
    the hyphens that PDF readers give. Of two columns, the left one stands before the right one.
    """
    layout = _Layout(rng, pages, width=84 if columns == 1 else 40, lines=44 * columns)
    sentences: list[tuple[int, int]] = []
    article = section = 0
    while not layout.is_full:
        if section % 7 == 0:
            article += 1
            layout.paragraph(f"ARTICLE {article} {rng.choice(_POOLS['thing'].split('/')).upper()}")
        section += 1
        first = len(layout.words)
        body = [sentence(rng, rng.choice(STOCK)) for _ in range(rng.randrange(1, 4))]
        if rng.random() < 0.15:
            body.append(sentence(rng, rng.choice(BOILERPLATE)))
        number = f"{article}.{(section - 1) % 7 + 1}"
        layout.paragraph(" ".join([number, *body]))
        at = first + 1
        for written in body:
            sentences.append((at, at + len(written.split())))
            at += len(written.split())
    return layout.composed(sentences)


class _Layout:
    """Sets words in lines and lines on pages, and notes where each came to stand."""

    def __init__(self, rng: random.Random, pages: int, *, width: int, lines: int) -> None:
        self._rng, self._last, self._width, self._lines = rng, pages, width, lines
        self._hyphen = rng.choice(["-", "\u2010", "\u00ad", "\ufffe"])
        self._title = rng.choice(["FRAMEWORK SUPPLY AGREEMENT", "Master Services Agreement"])
        self._parts: list[str] = []
        self._at = self._line = self._column = 0
        self._pages: list[Page] = []
        self._page_start = 0
        self.words: list[Word] = []
        self._head()

    @property
    def is_full(self) -> bool:
        return len(self._pages) >= self._last

    def paragraph(self, text: str) -> None:
        """Set a text in lines of its own."""
        for word in text.split():
            self._word(word)
        self._break()

    def composed(self, sentences: list[tuple[int, int]]) -> Composed:
        self._foot()
        text = "".join(self._parts)
        pages = tuple(self._pages)
        document = Document(text, "0" * 64, "composed", "application/pdf", pages)
        return Composed(document, self.words, sentences)

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._at += len(text)
        self._column += len(text)

    def _word(self, word: str) -> None:
        room = self._width - self._column - 1
        if self._column and len(word) > room:
            pieces = [m.start() for m in _SYLLABLES.finditer(word) if m.start() < room]
            if pieces and self._rng.random() < 0.4:
                self._put(" ")
                start = self._at
                self._put(word[: pieces[-1]] + self._hyphen)
                self._break()
                self._put(word[pieces[-1] :])
                self.words.append(Word(word, start, self._at, len(self._pages)))
                return
            self._break()
        elif self._column:
            self._put(" ")
        start = self._at
        self._put(word)
        self.words.append(Word(word, start, self._at, len(self._pages)))

    def _break(self) -> None:
        self._put("\n")
        self._column = 0
        self._line += 1
        if self._line >= self._lines:
            self._foot()
            self._put("\n")
            self._page_start, self._line = self._at, 0
            self._head()

    def _head(self) -> None:
        self._put(f"{self._title}\nCONFIDENTIAL DRAFT of 3 March 2024\n")
        self._column = 0

    def _foot(self) -> None:
        number = len(self._pages) + 1
        self._put(f"Page {number} of {self._last}\nDocument 4711-{self._title[:3]} v2")
        self._column = 0
        self._pages.append(Page(number, Span(self._page_start, self._at)))
