"""Exit codes, a contract with scripts."""

from __future__ import annotations

from extractor.errors import (
    BudgetError,
    CacheMissError,
    ConfigurationError,
    ContextWindowError,
    ExtractorError,
    ProviderError,
    StoreError,
)

OK, BUG, USAGE, CONFIGURATION, DOCUMENT, BUDGET, PROVIDER, GATE, NOT_FOUND, OUTPUT = range(10)
INTERRUPTED = 130

EXIT_CODES = (
    "Exit codes: 0 ok, 1 bug, 2 usage, 3 configuration, 4 document failed, 5 budget, 6 provider, "
    "7 a gate failed, 8 the document does not bear a quote or result out, 9 the result or a file "
    "of ours could not be written, 130 interrupted."
)


def exit_code(error: ExtractorError) -> int:
    """Return the code that an error ends the process with.

    A document too large for the model is the document's failure, though a provider may report it.
    """
    if isinstance(error, ConfigurationError | CacheMissError):
        return CONFIGURATION
    if isinstance(error, BudgetError):
        return BUDGET
    if isinstance(error, ProviderError) and not isinstance(error, ContextWindowError):
        return PROVIDER
    return OUTPUT if isinstance(error, StoreError) else DOCUMENT
