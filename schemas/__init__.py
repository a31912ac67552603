"""Contract schemas: what is asked of a contract, one file a type, over shared parts and fields."""

from extractor.schemas.commercial import CommercialContract
from extractor.schemas.contract import Contract
from extractor.schemas.contract_nli import ContractNLI
from extractor.schemas.credit import CreditAgreement
from extractor.schemas.cuad import Cuad
from extractor.schemas.dpa import DataProcessingAgreement
from extractor.schemas.employment import EmploymentContract
from extractor.schemas.lease import Lease
from extractor.schemas.msa import MasterServicesAgreement
from extractor.schemas.nda import NDA
from extractor.schemas.parts import (
    Clause,
    Duration,
    EndDate,
    Jurisdiction,
    Money,
    Notice,
    PartialDate,
    Party,
    Percent,
    RelativeDate,
    Renewal,
    TimeLimit,
)
from extractor.schemas.saas_licence import SaasLicence
from extractor.schemas.spa import SharePurchaseAgreement

__all__ = [
    "NDA",
    "Clause",
    "CommercialContract",
    "Contract",
    "ContractNLI",
    "CreditAgreement",
    "Cuad",
    "DataProcessingAgreement",
    "Duration",
    "EmploymentContract",
    "EndDate",
    "Jurisdiction",
    "Lease",
    "MasterServicesAgreement",
    "Money",
    "Notice",
    "PartialDate",
    "Party",
    "Percent",
    "RelativeDate",
    "Renewal",
    "SaasLicence",
    "SharePurchaseAgreement",
    "TimeLimit",
]
