"""Quotes in other languages than English: what their words mean is not known here."""

from __future__ import annotations

import pytest

from extractor.grounding import Locator


@pytest.mark.parametrize(
    ("document", "quote"),
    [
        ("本契約は英国法に準拠し解釈される。", "本契約は日本法に準拠し解釈される"),
        ("乙は本契約上の地位を第三者に譲渡することができない。",
         "乙は本契約上の地位を第三者に譲渡することができる"),
        ("任何一方应提前九十日书面通知对方终止本合同。",
         "任何一方应提前三十日书面通知对方终止本合同"),
        ("乙方应当在收到发票后三十日内付款给对方。", "甲方应当在收到发票后三十日内付款给对方"),
        ("甲方不可以转让本合同项下的任何权利。", "甲方可以转让本合同项下的任何权利"),
        ("Арендатор не вправе передавать помещение третьим лицам.",
         "Арендатор вправе передавать помещение третьим лицам"),
        ("Die Haftung des Verkäufers ist nicht begrenzt auf den Kaufpreis.",
         "Die Haftung des Verkäufers ist begrenzt auf den Kaufpreis"),
        ("Der Mieter hat kein Recht auf Minderung der Miete.",
         "Der Mieter hat ein Recht auf Minderung der Miete"),
        ("Le preneur ne peut pas résilier le bail avant terme.",
         "Le preneur peut résilier le bail avant terme"),
        ("Het recht op schadevergoeding is niet uitgesloten in dit geval.",
         "Het recht op schadevergoeding is uitgesloten in dit geval"),
    ],
)  # fmt: skip
def test_a_word_that_differs_is_never_taken_for_noise(document: str, quote: str) -> None:
    assert Locator(document).locate(quote).status == "altered"


@pytest.mark.parametrize(
    ("document", "quote", "status"),
    [
        ("本契約は英国法に準拠し\n解釈される。", "本契約は英国法に準拠し解釈される", "normalized"),
        ("Die Haftung ist nicht begrenzt.", "Die Haftung ist nicht begrenzt", "exact"),
        ("Die Haftung des Verkäufers ist auf den Kaufpreis begrenzt.",
         "Die Haftung des Verkaeufers ist auf den Kaufpreis begrenzt", "fuzzy"),
    ],
)  # fmt: skip
def test_what_is_the_same_is_found(document: str, quote: str, status: str) -> None:
    assert Locator(document).locate(quote).status == status


def test_a_quote_that_begins_behind_a_negation_is_altered() -> None:
    german = Locator("Die Haftung ist nicht begrenzt auf den Kaufpreis.")
    assert german.locate("begrenzt auf den Kaufpreis").status == "altered"


def test_a_quote_may_not_begin_behind_a_chinese_negation() -> None:
    locator = Locator("本合同不适用美国法律。本合同适用中国法律。")
    assert locator.locate("适用美国法律").status == "altered"
    assert locator.locate("适用中国法律").status == "exact"
