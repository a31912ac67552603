"""Gold labels: what people found in a contract, and how far each label can be scored."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self, TypeAlias, cast

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator

GoldStatus: TypeAlias = Literal[
    "value",
    "partial",
    "absent",
    "absent_soft",
    "unresolved",
    "complex",
    "disputed",
    "free_text",
]
"""`value` is scored; `partial` on what is known of it (a redacted date, a list that may lack
items); `absent` says that null is right; `free_text` is prose, compared by its letters and told
apart. The others are not scored: nobody labelled it but a careful reader might (`absent_soft`), a
clause without an answer (`unresolved`), several answers (`complex`), answer and highlight disagree
(`disputed`)."""

SCORED: frozenset[GoldStatus] = frozenset({"value", "partial", "absent", "free_text"})


class GoldSpan(BaseModel):
    """Words that bear a label; offsets are code points of the document's text, half-open."""

    model_config = ConfigDict(frozen=True)

    text: str
    start: int | None = None
    end: int | None = None


class GoldDocument(BaseModel):
    """One labelled contract.

    Attributes:
        doc_id: what predictions name it by.
        gold: the label of each field; null where its status says why.
        gold_status: how far each can be scored. A field that is missing is unlabelled, not absent.
        evidence: the words that bear each label; empty where the source labels none.
        text: the contract's text; None where only a file has it.
        file: the contract as a file, below the data set's folder; None where there is only text.
        source: where it is from.
        contract_type: what kind of contract it is.
        split: the part of its source that it belongs to, such as train or test.
        license: on what terms it may be used.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    doc_id: str
    gold: Mapping[str, Any]
    gold_status: Mapping[str, GoldStatus]
    evidence: Mapping[str, Sequence[GoldSpan]] = {}
    text: str | None = None
    file: str | None = Field(default=None, validation_alias=AliasChoices("file", "pdf"))
    source: str | None = None
    contract_type: str | None = None
    split: str | None = Field(default=None, validation_alias=AliasChoices("split", "source_split"))
    license: str | None = None

    @model_validator(mode="after")
    def _has_what_is_scored(self) -> Self:
        scored = (name for name, status in self.gold_status.items() if status in SCORED)
        lacking = [name for name in scored if name not in self.gold]
        if lacking:
            raise ValueError(
                f"gold has no {', '.join(lacking)}, whose status says that it is scored"
            )
        return self

    @model_validator(mode="after")
    def _is_finite(self) -> Self:
        for name, label in self.gold.items():
            if not _is_json(label):
                raise ValueError(f"the label of {name} is no number that JSON knows (NaN)")
        return self

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        for name, status in self.gold_status.items():
            is_nothing = self.gold.get(name) in (None, [], "", {})
            lacks = status in ("value", "partial") and is_nothing
            if lacks or (status == "absent" and not is_nothing):
                raise ValueError(f"the status of {name} is {status}, and its gold says otherwise")
        return self

    @model_validator(mode="after")
    def _is_marked_within_its_text(self) -> Self:
        for name, spans in self.evidence.items():
            for span in spans:
                places = (span.start or 0, span.end or 0)
                most = places[1] if self.text is None else len(self.text)
                if not 0 <= places[0] <= places[1] <= most:
                    raise ValueError(f"the evidence of {name} has a span outside the text")
                if (
                    self.text is not None
                    and None not in (span.start, span.end)
                    and self.text[slice(*places)] != span.text
                ):
                    raise ValueError(f"the evidence of {name} has other words than the text there")
        return self

    @property
    def length(self) -> int | None:
        """The characters of its text; None where only a file has them."""
        return None if self.text is None else len(self.text)


def _is_json(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_json, cast("Mapping[str, Any]", value).values()))
    if isinstance(value, list):
        return all(map(_is_json, cast("Sequence[Any]", value)))
    return not isinstance(value, float) or math.isfinite(value)


def labelled(gold: Mapping[str, Any]) -> dict[str, GoldStatus]:
    """Return the statuses of labels that say no more than values: null, and nothing, is absent.

    >>> labelled({"term": "P2Y", "parties": [], "governing_law": None})
    {'term': 'value', 'parties': 'absent', 'governing_law': 'absent'}
    """
    return {
        name: "absent" if value is None or value in ([], "", {}) else "value"
        for name, value in gold.items()
    }
