import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.readers.docx.building import level, lists, numbered, paragraph, read

_DELETED = "<w:del/>"


def _labels(body: str, numbering: str, styles: str = "") -> list[str]:
    return read(body, numbering=numbering, styles=styles).text.split("\n")


@pytest.mark.parametrize(
    ("form", "start", "printed"),
    [
        ("decimal", 9, ["9", "10"]),
        ("decimalZero", 9, ["09", "10"]),
        ("lowerLetter", 26, ["z", "aa"]),
        ("upperLetter", 27, ["AA", "BB"]),
        ("lowerRoman", 3, ["iii", "iv"]),
        ("upperRoman", 48, ["XLVIII", "XLIX"]),
        ("ordinal", 2, ["2nd", "3rd"]),
        ("cardinalText", 20, ["Twenty", "Twenty-one"]),
        ("ordinalText", 2, ["Second", "Third"]),
    ],
)
def test_numbers_are_written_as_their_format_says(
    form: str, start: int, printed: list[str]
) -> None:
    numbering = lists(level(0, "Clause %1:", form, start=start))
    body = numbered("x") * 2
    assert _labels(body, numbering) == [f"Clause {number}:\tx" for number in printed]


def test_an_unknown_format_is_shown_in_figures_and_said_so() -> None:
    document = read(numbered("x"), numbering=lists(level(0, "%1.", "thaiLetters")))
    assert document.text == "1.\tx"
    assert document.warnings == ("Numbers of the kind thaiLetters are shown in figures",)


def test_a_format_that_is_spelt_out_fills_up_with_zeros() -> None:
    custom = (
        '<w:lvl w:ilvl="0"><w:start w:val="7"/><mc:AlternateContent><mc:Choice Requires="w14">'
        '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback>'
        '<w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent>'
        '<w:lvlText w:val="[%1]"/></w:lvl>'
    )
    assert _labels(numbered("x"), lists(custom)) == ["[007]\tx"]


def test_legal_levels_show_all_numbers_in_figures() -> None:
    numbering = lists(level(0, "%1", "upperRoman"), level(1, "%1.%2", "lowerLetter", "<w:isLgl/>"))
    assert _labels(numbered("a") + numbered("b", 1), numbering) == ["I\ta", "1.1\tb"]


def test_sections_of_articles_keep_the_zero_of_their_own_format() -> None:
    numbering = lists(
        level(0, "Article %1.", "upperRoman"),
        level(1, "Section %1.%2", "decimalZero", "<w:isLgl/>"),
        level(2, "%1.%2.%3", "lowerLetter", "<w:isLgl/>"),
    )
    body = "".join(numbered("x", at) for at in (0, 1, 1, 2, 0, 1))
    assert [line.partition("\t")[0] for line in _labels(body, numbering)] == [
        *("Article I.", "Section 1.01", "Section 1.02", "1.02.1"),
        *("Article II.", "Section 2.01"),
    ]


def test_a_level_may_never_begin_anew_or_only_after_a_higher_one() -> None:
    numbering = lists(
        level(0, "%1"),
        level(1, "%1.%2"),
        level(2, "c%3", more='<w:lvlRestart w:val="1"/>'),
        level(3, "d%4", more='<w:lvlRestart w:val="0"/>'),
    )
    body = "".join(numbered("", at) for at in (0, 1, 2, 3, 1, 2, 3, 0, 1, 2, 3))
    assert [line.strip() for line in _labels(body, numbering)] == [
        *("1", "1.1", "c1", "d1", "1.2", "c2", "d2", "2", "2.1", "c1", "d3"),
    ]


def test_lists_of_one_kind_count_on_unless_they_have_a_start_of_their_own() -> None:
    more = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    body = "".join(numbered("x", 0, num) for num in (1, 2, 3, 3, 1))
    labels = [line.split("\t")[0] for line in _labels(body, lists(level(0, "%1."), more=more))]
    assert labels == ["1.", "2.", "5.", "6.", "7."]


def test_deleted_paragraphs_are_not_counted_and_inserted_ones_are() -> None:
    body = (
        numbered("a")
        + numbered("b ", mark=_DELETED)
        + numbered("c", mark="<w:ins/>")
        + numbered("d")
    )
    assert _labels(body, lists(level(0, "%1."))) == ["1.\ta", "2.\tb c", "3.\td"]


def test_hidden_paragraphs_are_not_counted() -> None:
    hidden = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:vanish/>'
        "</w:rPr></w:pPr><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>"
    )
    assert _labels(numbered("a") + hidden + numbered("b"), lists(level(0, "%1."))) == [
        *("1.\ta", "2.\tb"),
    ]


def test_a_run_in_heading_and_its_text_are_one_line_and_one_number() -> None:
    body = numbered("Term.", mark="<w:vanish/><w:specVanish/>") + paragraph(" It is two years.")
    assert _labels(body, lists(level(0, "%1."))) == ["1.\tTerm. It is two years."]


def test_what_stands_behind_a_number_is_a_tab_a_space_or_nothing() -> None:
    numbering = lists(
        level(0, "%1", more='<w:suff w:val="space"/>'),
        level(1, "%2", more='<w:suff w:val="nothing"/>'),
        level(2, "%3"),
    )
    body = "".join(numbered("x", at) for at in range(3))
    assert _labels(body, numbering) == ["1 x", "1x", "1\tx"]


def test_a_numbering_style_leads_to_the_definition_that_it_stands_for() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="Legal"/></w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="2"><w:styleLink w:val="Legal"/>{level(0, "§ %1")}'
        "</w:abstractNum>"
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
        '<w:num w:numId="9"><w:abstractNumId w:val="2"/></w:num>'
    )
    styles = (
        '<w:style w:type="numbering" w:styleId="Legal"><w:pPr><w:numPr><w:numId w:val="9"/>'
        "</w:numPr></w:pPr></w:style>"
    )
    assert _labels(numbered("x"), numbering, styles) == ["§ 1\tx"]


def test_definitions_and_styles_that_lead_in_circles_number_nothing() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="A"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    styles = (
        '<w:style w:type="numbering" w:styleId="A"><w:basedOn w:val="A"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    assert _labels(numbered("x"), numbering, styles) == ["x"]


_FORMS = ("decimal", "lowerLetter", "upperRoman")
_ROMANS = [
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
    "XIII",
    "XIV",
    "XV",
    "XVI",
    "XVII",
    "XVIII",
    "XIX",
    "XX",
]


def _slow(levels: list[int], forms: list[str]) -> list[str]:
    """Number from nothing but the paragraphs before: how many since one of a higher level."""

    def count(upto: int, at: int) -> int:
        found = 0
        for other in reversed(levels[: upto + 1]):
            if other < at:
                break
            found += other == at
        return max(found, 1)

    def printed(number: int, form: str) -> str:
        match form:
            case "decimal":
                return str(number)
            case "lowerLetter":
                return "abcdefghijklmnopqrstuvwxyz"[number - 1]
            case _:
                return _ROMANS[number - 1]

    return [
        ".".join(printed(count(place, above), forms[above]) for above in range(at + 1))
        for place, at in enumerate(levels)
    ]


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=20),
    st.lists(st.sampled_from(_FORMS), min_size=4, max_size=4),
)
@settings(deadline=None, max_examples=60)
def test_any_order_of_levels_is_numbered_as_counting_by_hand_does(
    levels: list[int], forms: list[str]
) -> None:
    numbering = lists(
        *(level(at, ".".join(f"%{n + 1}" for n in range(at + 1)), forms[at]) for at in range(4))
    )
    lines = _labels("".join(numbered("x", at) for at in levels), numbering)
    assert [line.partition("\t")[0] for line in lines] == _slow(levels, forms)
