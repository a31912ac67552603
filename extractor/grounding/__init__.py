"""Proving values: where in the document a quote stands, and whether it bears the value."""

from extractor.grounding.locate import Located, Locator, Match
from extractor.grounding.support import supports
from extractor.grounding.verdict import Support

__all__ = ["Located", "Locator", "Match", "Support", "supports"]
