"""Characters that a text writes as HTML does."""

from __future__ import annotations

import pytest

from extractor.normalizers import without_entities


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Smith &amp; Co", "Smith & Co"),
        ("&quot;Effective Date&quot;", '"Effective Date"'),
        ("A&#38;B&#x26;C", "A&B&C"),
        ("&sect; 5 &mdash; x", "\u00a7 5 \u2014 x"),
        ("&amp;amp;", "&amp;"),
    ],
)
def test_an_entity_is_the_character_that_it_stands_for(text: str, meant: str) -> None:
    assert without_entities(text) == meant


@pytest.mark.parametrize(
    "text", ["AT&T; terms", "R&D", "Smith &amp Co", "&notwithstanding", "&#0;", "&#xD800;", "&;"]
)
def test_what_is_no_entity_stays(text: str) -> None:
    assert without_entities(text) == text
