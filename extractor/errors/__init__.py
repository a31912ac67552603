"""Everything that can go wrong, as one tree.

    ExtractorError
    |- ConfigurationError        unknown model, missing key, a schema that the technique can't carry
    |- DocumentError             UnreadableDocumentError, EmptyDocumentError
    |                            EncryptedDocumentError, HostileDocumentError (unreadable)
    |- BudgetError               TokenLimitError  UnknownPriceError  RequestTooLargeError
    |   '- SpendingLimitError        CostLimitError  DailyLimitError
    |- DeadlineError             the document's time is up
    |- CacheMissError            a reply that is only to be replayed was never recorded
    |- StoreError                the ledger, or the cache, can't be read or written
    |- ProviderError             the call failed; see `retryable`
    |   |- RateLimitError  OverloadedError  ServerError  APIConnectionError  APITimeoutError
    |   |- InvalidResponseError          a 2xx with something that is no reply       (all transient)
    |   |- OutageError                   the provider has been failing for everybody, for too long
    |   '- QuotaExhaustedError  AuthenticationError  PermissionDeniedError  NotFoundError
    |      BadRequestError  ContextWindowError                                       (all permanent)
    |      SchemaRefusedError            `auto` takes another technique
    |      StoppedError                  a 400 in place of a reply; drives re-ask like one
    |- ResponseError             the model answered, but not usably; drives repair and re-ask
    |   '- TruncatedError  RefusalError  ParseError  SchemaMismatchError
    |- ExtractionError           attempts used up; `__cause__` is the last ResponseError
    '- InternalError             a fault of somebody's code, among many documents

Every error carries facts as attributes and a `hint` that says what to do. None of them holds a
provider SDK's own exception in public attributes: those carry request headers, and so keys.
"""

from extractor.errors.base import (
    CacheMissError,
    ConfigurationError,
    DeadlineError,
    DocumentError,
    EmptyDocumentError,
    EncryptedDocumentError,
    ExtractionError,
    ExtractorError,
    HostileDocumentError,
    InternalError,
    ParseError,
    RefusalError,
    ResponseError,
    SchemaMismatchError,
    StoreError,
    TruncatedError,
    UnreadableDocumentError,
    did_you_mean,
    problem_records,
)
from extractor.errors.budget import (
    BudgetError,
    CostLimitError,
    DailyLimitError,
    RequestTooLargeError,
    SpendingLimitError,
    TokenLimitError,
    UnknownPriceError,
)
from extractor.errors.provider import (
    APIConnectionError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ContextWindowError,
    InvalidResponseError,
    NotFoundError,
    OutageError,
    OverloadedError,
    PermissionDeniedError,
    ProviderError,
    QuotaExhaustedError,
    RateLimitError,
    SchemaRefusedError,
    ServerError,
    StoppedError,
)

__all__ = [
    "APIConnectionError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "BudgetError",
    "CacheMissError",
    "ConfigurationError",
    "ContextWindowError",
    "CostLimitError",
    "DailyLimitError",
    "DeadlineError",
    "DocumentError",
    "EmptyDocumentError",
    "EncryptedDocumentError",
    "ExtractionError",
    "ExtractorError",
    "HostileDocumentError",
    "InternalError",
    "InvalidResponseError",
    "NotFoundError",
    "OutageError",
    "OverloadedError",
    "ParseError",
    "PermissionDeniedError",
    "ProviderError",
    "QuotaExhaustedError",
    "RateLimitError",
    "RefusalError",
    "RequestTooLargeError",
    "ResponseError",
    "SchemaMismatchError",
    "SchemaRefusedError",
    "ServerError",
    "SpendingLimitError",
    "StoppedError",
    "StoreError",
    "TokenLimitError",
    "TruncatedError",
    "UnknownPriceError",
    "UnreadableDocumentError",
    "did_you_mean",
    "problem_records",
]
