"""Whether a quote stands in a sentence that speaks of its field, by the field's `Wording`."""

from __future__ import annotations

import re

from extractor.about import Wording
from extractor.documents.structure.sentences import part_of_sentence
from extractor.grounding.verdict import Support, no
from extractor.types import Span

_TOLD = 80
"""Characters of what a sentence speaks of that are told."""

_HEADING = 80
"""Characters before a passage in which a heading or a label may say what it is about."""


def off_topic(wording: Wording, text: str, span: Span) -> Support | None:
    """Say that the part of a sentence around a passage speaks of something else than the field.

    Args:
        wording: how the contract speaks of the field.
        text: the document's.
        span: where the passage stands in it.
    """
    sentence = part_of_sentence(text, span)
    found = re.search(wording.never, sentence, re.IGNORECASE) if wording.never else None
    if found:
        said = " ".join(found.group().split())[-_TOLD:]
        return no(f"its sentence speaks of something else: {said!r}")
    heading = text[max(0, span.start - _HEADING) : span.start]
    if wording.says and not re.search(wording.says, heading + sentence, re.IGNORECASE):
        return no("its sentence does not speak of this field")
    return None
