"""An extraction beside its contract, as one page of HTML."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lxml import etree
from pydantic import BaseModel

from extractor import Document, Extraction, ScriptedProvider, extract, review_page
from extractor.documents import Page
from extractor.documents.plain import from_text
from extractor.errors import DocumentError
from extractor.outputs.record import extraction_record
from extractor.outputs.result import Result
from extractor.outputs.review import Review
from extractor.types import Span
from tests.sets.documents import BASE, FIRST, OF_BASE, OF_FIRST, named, run

TEXT = "Oak Row LLC lets Unit 4 to Birch & Co. from 1 May 2024. The rent is <b>due</b> monthly."


class Lease(BaseModel):
    tenant: str
    start: str | None = None
    rent: str | None = None
    deposit: str | None = None


REPLY = {
    "tenant": {"quote": "to Birch & Co.", "value": "Birch & Co."},
    "start": {"quote": "from 1 May 2025", "value": "1 May 2025"},
    "rent": {"quote": "The rent is <b>due</b> monthly", "value": "The rent is <b>due</b> monthly"},
    "deposit": None,
}


def leased(text: str = TEXT) -> tuple[Extraction[Lease], Document]:
    document = from_text(text, "lease.txt")
    return extract(document, Lease, provider=ScriptedProvider([REPLY])), document


def parsed(page: str) -> Any:
    return etree.fromstring(page, etree.HTMLParser())


def texts(page: Any, path: str) -> list[str]:
    return [" ".join(each.xpath("string()").split()) for each in page.xpath(path)]


def test_a_field_links_to_its_quote_and_the_quote_back_to_its_field() -> None:
    page = parsed(review_page(*leased()))
    (link,) = page.xpath('//article[@id="f1"]//a')
    (mark,) = page.xpath(f'//mark[@id="{link.get("href")[1:]}"]')
    assert mark.xpath("string()") == "to Birch & Co."
    assert mark.getnext().get("href") == "#f1"
    assert mark.getnext().get("title") == "tenant"


def test_the_contract_is_there_to_the_last_character() -> None:
    page = parsed(review_page(*leased()))
    text = page.xpath('//div[@class="text"]//text()[not(parent::a[@class="ref"])]')
    assert "".join(text) == TEXT


def test_what_a_contract_or_a_model_says_is_text_and_never_markup() -> None:
    page = parsed(review_page(*leased()))
    assert page.xpath("//b | //script | //img") == []
    assert "The rent is <b>due</b> monthly" in texts(page, "//mark")
    policy = page.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_control_characters_are_shown_as_such() -> None:
    page = review_page(*leased(TEXT + " A\x1b[1mB"))
    assert "A\ufffd[1mB" in page
    assert "\x1b" not in page


def test_what_somebody_has_to_look_at_is_listed_first_and_marked_otherwise() -> None:
    page = parsed(review_page(*leased()))
    assert texts(page, '//ul[@class="check"]/li') == ["start unverified"]
    assert page.xpath('//ul[@class="check"]//a/@href') == ["#f2"]
    (start,) = page.xpath('//article[@id="f2"]')
    assert "1 May 2025" in start.xpath("string()")
    assert texts(page, '//mark[@class="check"]') == ["from 1 May 2024"]


def test_a_quote_that_is_nowhere_is_told_without_a_link() -> None:
    reply = REPLY | {"start": {"quote": "for ever and a day", "value": "for ever"}}
    document = from_text(TEXT, "lease.txt")
    found = extract(document, Lease, provider=ScriptedProvider([reply]))
    (start,) = parsed(review_page(found, document)).xpath('//article[@id="f2"]')
    assert "not in the document" in start.xpath("string()")
    assert start.xpath(".//a") == []


def test_pages_are_told_where_they_begin_and_what_could_not_be_read() -> None:
    found, document = leased()
    cut, end = TEXT.index("The rent"), len(TEXT)
    pages = (Page(1, Span(0, cut)), Page(2, Span(cut, end)), Page(3, Span(end, end), "unreadable"))
    page = parsed(review_page(found, replace(document, pages=pages)))
    assert texts(page, '//span[@class="page"]') == ["Page 1", "Page 2", "Page 3: could not be read"]
    assert "page 2" in page.xpath('//article[@id="f3"]')[0].xpath("string()")


def test_a_page_of_a_set_has_every_document_and_what_no_longer_holds() -> None:
    found = run([(named(BASE, "base.txt"), OF_BASE), (named(FIRST, "first.txt"), OF_FIRST)])
    page = parsed(review_page(found))
    assert [told.split()[0] for told in texts(page, "//main/h2")] == ["base.txt", "first.txt"]
    before = next(
        each for each in page.xpath('//article[@class="no-longer"]') if "Ireland" in each[1].text
    )
    assert "base.txt: amended by first.txt" in before.xpath("string()")
    (link,) = before.xpath(".//a/@href")
    assert texts(page, f'//mark[@id="{link[1:]}"]') == ["governed by the laws of Ireland"]


def test_of_many_places_of_a_quote_the_first_are_shown_and_the_rest_folded() -> None:
    found, document = leased("To Birch & Co. " * 9 + TEXT)
    (tenant,) = parsed(review_page(found, document)).xpath('//article[@id="f1"]')
    assert len(tenant.xpath("./ul/li")) == 3
    assert texts(tenant, "./details/summary") == ["7 more"]
    assert len(tenant.xpath("./details/ul/li")) == 7


def test_another_document_is_refused() -> None:
    found, _ = leased()
    with pytest.raises(DocumentError, match="place of tenant is not in this document"):
        review_page(
            found,
            from_text("Quite another contract, of about the same length as the one.", "a.txt"),
        )
    with pytest.raises(DocumentError, match="about one document, not 0"):
        review_page(found)
    record = extraction_record(found) | {"document": {"sha256": "0" * 64}}
    with pytest.raises(DocumentError, match="about another file"):
        Review.of(Result.model_validate(record), [from_text(TEXT, "lease.txt")])


def test_a_document_of_a_set_that_is_missing_is_named() -> None:
    told = [{"name": "base.pdf", "sha256": "0" * 64}]
    record: dict[str, Any] = {"fields": {}, "documents": told}
    with pytest.raises(DocumentError, match=r"'r.json' is about 'base\.pdf' too"):
        Review.of(Result.model_validate(record), [], name="r.json")
