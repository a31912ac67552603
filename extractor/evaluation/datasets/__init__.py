"""Labelled contracts: our own lines, the releases of CUAD, Kleister and ContractNLI, folders."""

from extractor.evaluation.datasets.base import Dataset, Slice
from extractor.evaluation.datasets.gold import SCORED, GoldDocument, GoldSpan, GoldStatus
from extractor.evaluation.datasets.registry import load_dataset

__all__ = [
    "SCORED",
    "Dataset",
    "GoldDocument",
    "GoldSpan",
    "GoldStatus",
    "Slice",
    "load_dataset",
]
