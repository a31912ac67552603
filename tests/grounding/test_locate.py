import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.grounding import Located, Locator
from extractor.grounding.folding import fold

CONTRACT = """MASTER SERVICES AGREEMENT

1. Term. Either party may ter-
minate this Agreement upon not less than ninety (90) days prior written notice to the other.

2. Liability. The Supplier\u2019s aggregate liability shall not exceed USD 1,000,000. The Customer
shall not assign this Agreement without the prior written consent of the Supplier.

3. Licence. The Supplier grants a non-
exclusive licence to use the con\ufb01dential\u00a0\u201cInformation\u201d, and the Customer may
use it for its own purposes only. This Agreement ends on February 28, 2027.
"""
LOCATOR = Locator(CONTRACT)


def shown(found: Located, text: str = CONTRACT) -> list[str]:
    return [text[match.start : match.end] for match in found.matches]


def test_a_verbatim_quote_is_exact_to_the_character() -> None:
    found = LOCATOR.locate("aggregate liability shall not exceed USD 1,000,000")
    assert (found.status, shown(found)) == (
        "exact",
        ["aggregate liability shall not exceed USD 1,000,000"],
    )


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("Either party may terminate this", "Either party may ter-\nminate this"),
        ("THE CUSTOMER SHALL NOT ASSIGN", "The Customer\nshall not assign"),
        ("non-exclusive licence", "non-\nexclusive licence"),
        ("nonexclusive licence", "non-\nexclusive licence"),
        ("The Supplier's aggregate", "The Supplier\u2019s aggregate"),
        ('confidential "Information"', "con\ufb01dential\u00a0\u201cInformation\u201d"),
        ("...Either party may terminate...", "Either party may ter-\nminate"),
    ],
)
def test_typography_and_line_breaks_do_not_count_and_offsets_stay_raw(
    quote: str, passage: str
) -> None:
    found = LOCATOR.locate(quote)
    assert (found.status, shown(found)) == ("normalized", [passage])


def test_all_occurrences_are_kept_and_exact_ones_come_first() -> None:
    text = "THE FEES ARE DUE. The fees\nare due. Then again the fees are due. The fees are due."
    found = Locator(text).locate("The fees are due.")
    assert found.status == "exact"
    assert shown(found, text) == [
        "The fees are due.",
        "THE FEES ARE DUE.",
        "The fees\nare due.",
        "the fees are due.",
    ]


def test_noise_is_fuzzy_with_whole_words_at_the_ends() -> None:
    found = LOCATOR.locate(
        "ither party may terminatc this Agreernent upon not less than ninety (90)"
    )
    assert found.status == "fuzzy"
    assert shown(found)[0].startswith("Either party may ter-\nminate")
    assert shown(found)[0].endswith("ninety (90)")
    assert 0.8 <= found.matches[0].score < 1


@pytest.mark.parametrize(
    "quote",
    [
        "Either party may terminate ... prior written notice",
        "Either party may terminate \u2026 prior written notice",
        "Either party may terminate [...] prior written notice",
        "Either party may terminate <omitted> prior written notice",
        "Eithcr party may terminate ... prior wr1tten notice",
    ],
)
def test_an_ellipsis_stands_for_what_is_left_out(quote: str) -> None:
    found = LOCATOR.locate(quote)
    assert found.status == "elided"
    (passage,) = shown(found)
    assert passage.startswith("Either party may ter-\nminate")
    assert passage.endswith("(90) days prior written notice")


def test_the_parts_of_an_elided_quote_must_stand_in_its_order() -> None:
    assert LOCATOR.locate("prior written notice to the ... Either party may").status == "missing"


HEAD_AND_FOOT = "\nNORTHWIND LTD - SUPPLY AGREEMENT\n{n}\n\fDRAFT OF JUNE {n}\n"
PAGE = (
    "Goods " + "are packed in crates and " * 40 + ", and lots of {goods} are" + HEAD_AND_FOOT
) + "{way} to {port} at the risk of the buyer within {n} days."
CARGO = (
    ("timber", "shipped", "Bergen"),
    ("cement", "trucked", "Porto"),
    ("cotton", "carried", "Osaka"),
    ("copper", "flown", "Lagos"),
    ("coffee", "brought", "Perth"),
)
PAGES = "\n".join(
    PAGE.format(n=n, goods=goods, way=way, port=port)
    for n, (goods, way, port) in enumerate(CARGO, start=11)
)


def test_a_quote_may_step_over_the_foot_and_head_of_a_page() -> None:
    found = Locator(PAGES).locate("and lots of cotton are carried to Osaka at the risk")
    assert found.status == "normalized"
    passage = f"and lots of cotton are{HEAD_AND_FOOT.format(n=13)}carried to Osaka at the risk"
    assert shown(found, PAGES) == [passage]


def test_a_quote_with_noise_may_step_over_the_foot_of_a_page() -> None:
    found = Locator(PAGES).locate("and lots of coxton are carricd to Osaka at the risk of")
    assert found.status == "fuzzy"
    assert shown(found, PAGES)[0].endswith("carried to Osaka at the risk of")


def test_a_change_is_noticed_over_the_foot_of_a_page() -> None:
    found = Locator(PAGES).locate("lots of cotton are carried to Osaka at the risk of the owner")
    assert found.status == "fuzzy", "a plain word is not guarded"
    found = Locator(PAGES).locate("lots of cotton are carried to Hamburg at the risk of the buyer")
    assert found.status == "altered"


def test_a_quote_of_the_foot_itself_is_found_each_time() -> None:
    found = Locator(PAGES).locate("NORTHWIND LTD - SUPPLY AGREEMENT")
    assert (found.status, len(found.matches)) == ("exact", 5)


def test_a_line_that_turns_the_sense_is_never_stepped_over() -> None:
    text = "The Buyer may\nnot\nassign it.\nThe Seller may\nnot\nsell the property to anybody."
    assert Locator(text).locate("The Seller may sell the property to anybody").status == "altered"


def test_a_short_ellipsis_may_not_hide_a_negation() -> None:
    found = LOCATOR.locate("The Customer shall ... assign this Agreement")
    assert (found.status, found.note) == ("altered", "negation: the ellipsis stands for 'not'")


@pytest.mark.parametrize(
    "between",
    [
        ", during the term of this Agreement and for five years after it ends, not disclose it",
        " not, during the term of this Agreement and for five years after it ends, disclose it",
        ", so long as the term lasts, pay all fees and may at no time disclose it",
    ],
)
def test_a_long_ellipsis_may_not_hide_the_negation_of_its_neighbours(between: str) -> None:
    found = Locator(f"The Customer shall{between} to others.").locate(
        "The Customer shall ... disclose it to others"
    )
    assert found.status == "altered"


def test_a_negation_of_another_clause_may_be_left_out() -> None:
    text = "The Customer shall, if the Supplier does not object within ten days, pay the fees."
    assert Locator(text).locate("The Customer shall ... pay the fees").status == "elided"


@pytest.mark.parametrize(
    ("quote", "kind"),
    [
        ("upon not less than sixty (60) days prior written notice", "number"),
        ("upon not less than ninety (90) months prior written notice", "unit"),
        ("aggregate liability shall not exceed USD 9,000,000", "number"),
        ("aggregate liability shall not exceed EUR 1,000,000", "name"),
        ("The Customer's aggregate liability shall not exceed USD 1,000,000", "name"),
        ("Either party shall terminate this Agreement upon not less than ninety", "modal verb"),
        ("The Customer shall assign this Agreement without the prior written consent", "negation"),
        ("shall not assign this Agreement with the prior written consent", "negation"),
        ("This Agreement ends on February 28, 2026.", "number"),
        ("This Agreement ends on January 28, 2027.", "date"),
        ("9 days prior written notice to the other", "number"),
        ("00,000. The Customer", "number"),
        ("exceed USD 1,000", "number"),
        ("exclusive licence to use", "negation"),
    ],
)
def test_a_quote_that_differs_in_what_matters_is_altered_and_shows_the_passage(
    quote: str, kind: str
) -> None:
    found = LOCATOR.locate(quote)
    assert found.status == "altered"
    assert found.matches
    assert found.note is not None
    assert found.note.startswith(kind)


@pytest.mark.parametrize(
    "quote", ["", " \n", "...", '"\u2014"', "penguins on ice", "rent", "US", "is", "The Lessor"]
)
def test_what_is_not_there_is_missing_and_has_no_matches(quote: str) -> None:
    assert LOCATOR.locate(quote) == Located("missing")


def test_a_very_short_quote_counts_only_as_a_whole_word_written_alike() -> None:
    text = "IN the US, us and USD: NY."
    locator = Locator(text)
    assert [(m.start, m.end) for m in locator.locate("US").matches] == [(7, 9)]
    assert [(m.start, m.end) for m in locator.locate("NY").matches] == [(23, 25)]
    assert locator.locate("Us").status == "missing"


def test_chinese_is_found_without_spaces_between_words() -> None:
    text = "\u672c\u5408\u540c\u7531\u7532\u65b9\u4e0e\u4e59\u65b9\u4e8e\n2024\u5e74\u7b7e\u8ba2"
    for quote in ("\u7532\u65b9", "\u4e59\u65b9\u4e8e2024\u5e74\u7b7e\u8ba2"):
        found = Locator(text).locate(quote)
        assert found.status in ("exact", "normalized")
        assert fold(shown(found, text)[0]).text == fold(quote).text


@pytest.mark.parametrize("quote", ["John Smith", "by John Smith", "John Smith ... the fees"])
def test_a_quote_that_ends_within_a_name_is_altered(quote: str) -> None:
    text = "Signed by John Smithson, who pays half of the fees."
    assert Locator(text).locate(quote).status == "altered"
    assert Locator(f"{text} John Smith agrees.").locate("John Smith").status == "exact"


def test_a_word_cut_at_the_end_of_a_long_quote_is_noise() -> None:
    assert LOCATOR.locate("ither party may terminate this Agreement").status == "fuzzy"


def test_an_empty_document_has_no_quotes() -> None:
    assert Locator("").locate("anything at all") == Located("missing")


def test_an_endless_quote_is_no_quote() -> None:
    text = " ".join(f"item{i} shall be kept" for i in range(3000))
    assert Locator(text).locate(text.replace("item7", "itom7")).status == "missing"


DOCUMENTS = st.lists(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "M", "N"]), max_size=9),
    max_size=40,
).map(" ".join)


@given(DOCUMENTS, st.data())
def test_any_words_of_any_document_are_found_where_they_stand(
    text: str, data: st.DataObject
) -> None:
    words = text.split()
    if not words:
        return
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    quote = " ".join(words[start:end])
    if sum(map(str.isalnum, fold(quote).text)) < 4:
        return
    found = Locator(text).locate(quote)
    assert found.status in ("exact", "normalized", "altered")
    assert fold(quote).text in {fold(passage).text for passage in shown(found, text)}


PERTURBATIONS: list[tuple[str, str]] = [
    (" ", "\n"),
    (" ", "  "),
    (" ", "\u00a0"),
    ("'", "\u2019"),
    ('"', "\u201c"),
    ("-", "\u2013"),
    ("-", "-\n"),
    ("fi", "\ufb01"),
    ("e", "e\u200b"),
    ("s", "s\u00ad"),
    ("a", "A"),
]


WORDS = (
    'the party\'s "final" non-binding offer defines a first-class service fit for office use and '
    "the staff's confidential findings"
)


def perturbed(text: str, changes: list[tuple[str, str]]) -> str:
    for old, new in changes:
        text = text.replace(old, new)
    return text


@given(
    st.lists(st.sampled_from(PERTURBATIONS), max_size=4, unique=True),
    st.lists(st.sampled_from(PERTURBATIONS), max_size=4, unique=True),
    st.integers(0, 10),
    st.integers(3, 12),
)
def test_typography_on_either_side_never_moves_a_quote(
    in_text: list[tuple[str, str]], in_quote: list[tuple[str, str]], first: int, count: int
) -> None:
    words = WORDS.split()
    before = perturbed(" ".join(words[:first]), in_text)
    passage = perturbed(" ".join(words[first : first + count]), in_text)
    after = perturbed(" ".join(words[first + count :]), in_text)
    text = f"{before} {passage} {after}"
    found = Locator(text).locate(perturbed(" ".join(words[first : first + count]), in_quote))
    assert found.status in ("exact", "normalized")
    (match,) = found.matches
    assert abs(match.start - len(before) - 1) <= 1
    assert abs(match.end - len(before) - 1 - len(passage)) <= 1
    assert fold(text[match.start : match.end]).text == fold(passage).text


@pytest.mark.parametrize(
    "mark", ["...", "  ...  ", "\n. . .\n", " [ ... ] ", "\u2026 \u2026", " (\u2026) ", "[omitted]"]
)
def test_an_ellipsis_is_known_whatever_space_is_around_it(mark: str) -> None:
    found = LOCATOR.locate(f"Either party may terminate{mark}prior written notice")
    assert found.status == "elided"


def test_a_quote_of_more_parts_than_a_person_would_leave_out_proves_nothing() -> None:
    words = [f"clause {n}" for n in range(200)]
    locator = Locator(" and so on, ".join(words))
    assert locator.locate(" ... ".join(words[:20])).status == "elided"
    assert locator.locate(" ... ".join(words)).status == "missing"


@pytest.mark.parametrize("quote", [". ", "...", "§", "the ... of", "A ... 1"])
def test_a_quote_with_next_to_no_words_proves_nothing(quote: str) -> None:
    text = "1. The term of the Agreement. § 2. A party of the other part may end it on day 1."
    assert Locator(text).locate(quote).status == "missing"


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("The tenant won't renew it.", "renew it"),
        ("The right isn\u2019t exclusive here.", "exclusive here"),
        ("It doesn't renew itself.", "renew itself"),
        ("Under no circumstances may Tenant sublet.", "may Tenant sublet"),
        ("At no time shall it lapse.", "it lapse"),
        ("In no event is Tenant liable for rent.", "Tenant liable for rent"),
        ("Nothing in this Lease permits it.", "this Lease permits it"),
        ("None of the parties may assign.", "parties may assign"),
        ("Nobody may smoke here.", "may smoke here"),
        ("In no\nevent could Acme be liable.", "Acme be liable"),
        ("Under no circumstances whatsoever shall Acme pay.", "Acme pay"),
        ("No Party may assign it.", "Party may assign it"),
        ("In no event may it be sold.", "event may it be sold"),
    ],
)
def test_a_quote_right_behind_what_denies_it_is_altered(text: str, quote: str) -> None:
    assert Locator(text).locate(quote).status == "altered"


@pytest.mark.parametrize("number", ["5 Main Street", "12-A of the plan", "B7 of the plan"])
def test_a_number_behind_its_sign_is_not_denied(number: str) -> None:
    assert Locator(f"It is No {number}.").locate(number).status == "exact"


@pytest.mark.parametrize("cut", ["$2,000", "$2"])
def test_a_near_quote_that_cuts_a_figure_in_two_is_altered(cut: str) -> None:
    text = (
        "The liability of each party in any way related to this deal shall not exceed $2,000,000."
    )
    quote = text.replace("$2,000,000", cut).replace("party", "parly")
    assert Locator(text).locate(quote).status == "altered"


@pytest.mark.parametrize("quote", ["(90) days", "90) days", "90"])
def test_a_figure_without_the_words_that_contradict_it_is_altered(quote: str) -> None:
    found = Locator("The term is sixty (90) days.").locate(quote)
    assert (found.status, found.note) == (
        "altered",
        "number: the quote leaves out the words before its figure, which differ",
    )
    assert Locator("The term is ninety (90) days.").locate("(90) days").status == "exact"


@pytest.mark.parametrize(
    ("text", "quote"), [("d ninety", "d nine"), ("the eighth day", "the eight")]
)
def test_a_number_word_that_is_cut_is_told_as_one(text: str, quote: str) -> None:
    found = Locator(text).locate(quote)
    assert found.status == "altered"
    assert "number" in str(found.note)


def test_a_cut_number_word_is_no_noise() -> None:
    before = (
        "The Tenant shall give to the Landlord a written notice of termination of not less than "
    )
    text = f"It was agreed. {before}eighth days. {before}eighte days."
    assert Locator(text).locate(f"{before}eight").status == "altered"
