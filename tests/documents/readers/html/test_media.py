import pytest

from extractor.documents.readers.html.media import for_screen
from tests.documents.readers.html.reading import read


@pytest.mark.parametrize(
    "query",
    [
        *("", "all", "screen", "ONLY Screen", "not print", "print, screen", "print, (width > 1px)"),
        *("(min-width: 600px)", "screen and (min-width:1280px)", "(max-width: 2000px)"),
        *("only screen and (min-width: 40em) and (max-width: 100em)", "(width >= 1280px)"),
    ],
)
def test_rules_for_a_usual_screen_apply(query: str) -> None:
    document = read(f"<style>@media {query} {{ p {{ display: none }} }}</style><p>Fee</p>End")
    assert document.text == "End"
    assert for_screen(query)


@pytest.mark.parametrize(
    "query",
    [
        *("print", "speech", "not screen", "not all", "tv", "print, handheld"),
        *("(max-width: 600px)", "screen and (max-width:1279px)", "(width < 600px)", "(width)"),
        *("(min-width: 3000px)", "only screen and (min-width: 1px) and (max-width: 20em)"),
        *("(prefers-color-scheme: dark)", "(hover: none)", "screen and (orientation: portrait)"),
        *(
            "not screen and (min-width: 1px)",
            "(max-width: many)",
            "screen and",
            "(color) or (grid)",
        ),
    ],
)
def test_rules_for_other_media_and_for_what_is_not_known_hide_nothing(query: str) -> None:
    page = f"<style>@media {query} {{ p {{ display:none }} i {{ display:none }} }}</style>"
    document = read(f"{page}<p>Fee <i>due</i></p>")
    assert document.text == "Fee due"
    assert document.hidden == ()


@pytest.mark.parametrize(
    "rule",
    [
        "@container (max-width: 400px) { i { color: red } p { display: none } }",
        "@supports not (display: grid) { p { display: none } }",
        "@page { p { display: none } }",
        "@keyframes fade { from { opacity: 1 } p { opacity: 0 } }",
    ],
)
def test_rules_within_other_at_rules_hide_nothing(rule: str) -> None:
    assert read(f"<style>{rule} b {{ color: red }}</style><p>Fee</p>").text == "Fee"


@pytest.mark.parametrize("rule", ["@supports (display: grid)", "@layer base", "@Media Screen"])
def test_rules_within_at_rules_that_hold_apply(rule: str) -> None:
    page = f"<style>@import url(a.css); {rule} {{ p {{ display: none }} }} i {{ color: red }}"
    assert read(f"{page}</style><p>Fee</p>End").text == "End"


def test_a_style_sheet_for_printing_hides_nothing() -> None:
    assert read("<style media=print>p { display: none }</style><p>Fee</p>").text == "Fee"


@pytest.mark.parametrize("part", ["}", "@media {", "@media (", "{", "@media screen and ", ";"])
def test_style_sheets_without_end_are_read_in_time(part: str) -> None:
    assert read(f"<style>{part * 200_000} p {{</style><p>Fee</p>").text == "Fee"
