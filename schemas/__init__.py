"""Contract schemas: what is asked of a contract, one file a type, over shared parts."""

from extractor.schemas.contract import Contract
from extractor.schemas.nda import NDA
from extractor.schemas.parts import Duration, Party

__all__ = ["NDA", "Contract", "Duration", "Party"]
