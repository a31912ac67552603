"""Legal contracts in, validated Pydantic objects out, every value proved by a quote.

What most programs need is here; the providers' own classes, for a client of your own, are in
`extractor.providers.openai` and `extractor.providers.anthropic`. Names are loaded when they are
first used: neither provider's SDK, nor any reader, costs anything before it is needed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractor.asking.estimating import Estimate
    from extractor.calls.cache.replies import SqliteReplyCache
    from extractor.calls.core import CallCore
    from extractor.calls.ledger.memory import MemoryLedger
    from extractor.calls.ledger.spending import SpendingLimits
    from extractor.calls.ledger.sqlite import SqliteLedger
    from extractor.calls.limits import RateLimiter, RateLimits
    from extractor.calls.metering.pricing import Price, Pricing
    from extractor.calls.retry import RetryPolicy
    from extractor.config import Settings, load_settings
    from extractor.documents import read_document
    from extractor.documents.document import Document, Page
    from extractor.errors import (
        APIConnectionError,
        APITimeoutError,
        AuthenticationError,
        BadRequestError,
        BudgetError,
        CacheMissError,
        ConfigurationError,
        ContextWindowError,
        CostLimitError,
        DailyLimitError,
        DeadlineError,
        DocumentError,
        EmptyDocumentError,
        EncryptedDocumentError,
        ExtractionError,
        ExtractorError,
        HostileDocumentError,
        InternalError,
        InvalidResponseError,
        NotFoundError,
        OutageError,
        OverloadedError,
        ParseError,
        PermissionDeniedError,
        ProviderError,
        QuotaExhaustedError,
        RateLimitError,
        RefusalError,
        RequestTooLargeError,
        ResponseError,
        SchemaMismatchError,
        SchemaRefusedError,
        ServerError,
        SpendingLimitError,
        StoppedError,
        StoreError,
        TokenLimitError,
        TruncatedError,
        UnknownPriceError,
        UnreadableDocumentError,
    )
    from extractor.extracting.configured import core_from, extractor_from
    from extractor.extracting.extractor import Extractor
    from extractor.extracting.functions import aextract, extract
    from extractor.extracting.many import aextract_many, extract_many
    from extractor.extracting.outcomes import Failed, Ok
    from extractor.extracting.sets import aextract_set, extract_set
    from extractor.outputs.record import extraction_record, set_record
    from extractor.outputs.review import review_page
    from extractor.providers.base import Provider
    from extractor.providers.scripted import ScriptedProvider
    from extractor.sets.model import SetExtraction, Stated, Superseded
    from extractor.types import (
        Evidence,
        Extraction,
        FieldResult,
        Message,
        ModelProfile,
        ModelRequest,
        ModelResponse,
        PassedOver,
        Problem,
        Repair,
        Span,
        StopReason,
        Usage,
    )

__all__ = [
    "APIConnectionError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "BudgetError",
    "CacheMissError",
    "CallCore",
    "ConfigurationError",
    "ContextWindowError",
    "CostLimitError",
    "DailyLimitError",
    "DeadlineError",
    "Document",
    "DocumentError",
    "EmptyDocumentError",
    "EncryptedDocumentError",
    "Estimate",
    "Evidence",
    "Extraction",
    "ExtractionError",
    "Extractor",
    "ExtractorError",
    "Failed",
    "FieldResult",
    "HostileDocumentError",
    "InternalError",
    "InvalidResponseError",
    "MemoryLedger",
    "Message",
    "ModelProfile",
    "ModelRequest",
    "ModelResponse",
    "NotFoundError",
    "Ok",
    "OutageError",
    "OverloadedError",
    "Page",
    "ParseError",
    "PassedOver",
    "PermissionDeniedError",
    "Price",
    "Pricing",
    "Problem",
    "Provider",
    "ProviderError",
    "QuotaExhaustedError",
    "RateLimitError",
    "RateLimiter",
    "RateLimits",
    "RefusalError",
    "Repair",
    "RequestTooLargeError",
    "ResponseError",
    "RetryPolicy",
    "SchemaMismatchError",
    "SchemaRefusedError",
    "ScriptedProvider",
    "ServerError",
    "SetExtraction",
    "Settings",
    "Span",
    "SpendingLimitError",
    "SpendingLimits",
    "SqliteLedger",
    "SqliteReplyCache",
    "Stated",
    "StopReason",
    "StoppedError",
    "StoreError",
    "Superseded",
    "TokenLimitError",
    "TruncatedError",
    "UnknownPriceError",
    "UnreadableDocumentError",
    "Usage",
    "aextract",
    "aextract_many",
    "aextract_set",
    "core_from",
    "extract",
    "extract_many",
    "extract_set",
    "extraction_record",
    "extractor_from",
    "load_settings",
    "read_document",
    "review_page",
    "set_record",
]

_HOMES = {
    "extractor.calls.core": ("CallCore",),
    "extractor.calls.ledger.memory": ("MemoryLedger",),
    "extractor.calls.ledger.sqlite": ("SqliteLedger",),
    "extractor.calls.limits": ("RateLimiter", "RateLimits"),
    "extractor.calls.cache.replies": ("SqliteReplyCache",),
    "extractor.calls.ledger.spending": ("SpendingLimits",),
    "extractor.calls.metering.pricing": ("Price", "Pricing"),
    "extractor.config": ("Settings", "load_settings"),
    "extractor.extracting.configured": ("core_from", "extractor_from"),
    "extractor.asking.estimating": ("Estimate",),
    "extractor.extracting.many": ("aextract_many", "extract_many"),
    "extractor.extracting.outcomes": ("Failed", "Ok"),
    "extractor.outputs.record": ("extraction_record", "set_record"),
    "extractor.outputs.review": ("review_page",),
    "extractor.providers.base": ("Provider",),
    "extractor.extracting.functions": ("aextract", "extract"),
    "extractor.extracting.extractor": ("Extractor",),
    "extractor.extracting.sets": ("aextract_set", "extract_set"),
    "extractor.sets.model": ("SetExtraction", "Stated", "Superseded"),
    "extractor.documents": ("read_document",),
    "extractor.documents.document": ("Document", "Page"),
    "extractor.calls.retry": ("RetryPolicy",),
    "extractor.providers.scripted": ("ScriptedProvider",),
    "extractor.types": (
        "Evidence",
        "Extraction",
        "FieldResult",
        "Message",
        "ModelProfile",
        "ModelRequest",
        "ModelResponse",
        "PassedOver",
        "Problem",
        "Repair",
        "Span",
        "StopReason",
        "Usage",
    ),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF.get(name, "extractor.errors")), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
