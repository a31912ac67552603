"""Exit codes, a contract with scripts."""

from __future__ import annotations

from extractor.errors import (
    BudgetError,
    ConfigurationError,
    ContextWindowError,
    ExtractorError,
    ProviderError,
)

OK, BUG, USAGE, CONFIGURATION, DOCUMENT, BUDGET, PROVIDER, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 130


def exit_code(error: ExtractorError) -> int:
    """Return the code that an error ends the process with.

    A document too large for the model is the document's failure, though a provider may report it.
    """
    if isinstance(error, ConfigurationError):
        return CONFIGURATION
    if isinstance(error, BudgetError):
        return BUDGET
    if isinstance(error, ProviderError) and not isinstance(error, ContextWindowError):
        return PROVIDER
    return DOCUMENT
