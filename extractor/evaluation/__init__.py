"""Evaluation: predictions against gold labels, by deterministic scorers, with honest intervals.

Nothing here calls a model; what is scored are values and quotes, whoever found them.
"""

from __future__ import annotations
