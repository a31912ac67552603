"""The seventeen statements of ContractNLI about a non-disclosure agreement.

Koreeda and Manning, "ContractNLI", Findings of EMNLP 2021 (arXiv 2110.01799). The statements are
theirs in other words. What the contract does not speak of is `not_mentioned`, which is the default:
there is nothing to quote for it.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, Field

from extractor.about import About

Judgement: TypeAlias = Literal["entailment", "contradiction", "not_mentioned"]
_ENTAILED = About("entailment", "enum")


class ContractNLI(BaseModel):
    """Whether an agreement says so (entailment), says the contrary (contradiction) or is silent."""

    explicit_identification: Annotated[
        Judgement,
        Field(
            description="Information is confidential only if the discloser marks or names it as "
            "such."
        ),
        _ENTAILED,
    ] = "not_mentioned"
    non_inclusion_of_non_technical_information: Annotated[
        Judgement,
        Field(description="Only technical information is confidential information."),
        _ENTAILED,
    ] = "not_mentioned"
    inclusion_of_verbally_conveyed_information: Annotated[
        Judgement,
        Field(description="Information given by word of mouth may be confidential information."),
        _ENTAILED,
    ] = "not_mentioned"
    limited_use: Annotated[
        Judgement,
        Field(
            description="The recipient may use confidential information only for the purposes that "
            "the contract states."
        ),
        _ENTAILED,
    ] = "not_mentioned"
    sharing_with_employees: Annotated[
        Judgement,
        Field(
            description="The recipient may share some confidential information with some of its "
            "employees."
        ),
        _ENTAILED,
    ] = "not_mentioned"
    sharing_with_third_parties: Annotated[
        Judgement,
        Field(
            description="The recipient may share some confidential information with some third "
            "parties, such as advisers, agents or consultants."
        ),
        _ENTAILED,
    ] = "not_mentioned"
    notice_on_compelled_disclosure: Annotated[
        Judgement,
        Field(
            description="The recipient must tell the discloser if law or a court compels it to "
            "disclose confidential information."
        ),
        _ENTAILED,
    ] = "not_mentioned"
    confidentiality_of_agreement: Annotated[
        Judgement,
        Field(
            description="The recipient may not disclose that the contract was negotiated or made."
        ),
        _ENTAILED,
    ] = "not_mentioned"
    no_reverse_engineering: Annotated[
        Judgement,
        Field(
            description="The recipient may not reverse engineer objects that embody confidential "
            "information."
        ),
        _ENTAILED,
    ] = "not_mentioned"
    permissible_development_of_similar_information: Annotated[
        Judgement,
        Field(description="The recipient may develop similar information independently."),
        _ENTAILED,
    ] = "not_mentioned"
    permissible_acquirement_of_similar_information: Annotated[
        Judgement,
        Field(description="The recipient may acquire similar information from a third party."),
        _ENTAILED,
    ] = "not_mentioned"
    no_licensing: Annotated[
        Judgement,
        Field(
            description="The contract grants the recipient no right in confidential information."
        ),
        _ENTAILED,
    ] = "not_mentioned"
    return_of_confidential_information: Annotated[
        Judgement,
        Field(
            description="The recipient must return or destroy some confidential information when "
            "the contract ends."
        ),
        _ENTAILED,
    ] = "not_mentioned"
    permissible_copy: Annotated[
        Judgement,
        Field(
            description="The recipient may copy some confidential information in some "
            "circumstances."
        ),
        _ENTAILED,
    ] = "not_mentioned"
    no_solicitation: Annotated[
        Judgement,
        Field(
            description="The recipient may not solicit some of the discloser's representatives or "
            "staff."
        ),
        _ENTAILED,
    ] = "not_mentioned"
    survival_of_obligations: Annotated[
        Judgement,
        Field(description="Some duties of the contract may outlast its end."),
        _ENTAILED,
    ] = "not_mentioned"
    permissible_post_agreement_possession: Annotated[
        Judgement,
        Field(
            description="The recipient may keep some confidential information even after the rest "
            "is returned or destroyed."
        ),
        _ENTAILED,
    ] = "not_mentioned"
