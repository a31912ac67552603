"""What tokens cost, from the dated price list of genai-prices."""

from __future__ import annotations

import logging
from decimal import Decimal

from extractor.types import Usage

_log = logging.getLogger("extractor.calls")

_FREE = frozenset({"local", "scripted"})
_PRICED = frozenset({"openai", "anthropic"})


def cost_usd(provider: str, model: str, usage: Usage | None) -> Decimal | None:
    """Return the price of some usage in US dollars.

    None means that no price is known (an unlisted model, somebody's own server), or that `usage` is
    not, or does not add up: never zero for that reason. The embedded model and scripted replies
    cost nothing.
    """
    if provider in _FREE:
        return Decimal(0)
    if usage is None or provider not in _PRICED:
        return None
    import genai_prices

    try:
        counted = genai_prices.Usage(
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cache_read_tokens=usage.cache_read_input_tokens,
            cache_write_tokens=usage.cache_creation_input_tokens,
        )
        return genai_prices.calc_price(counted, model, provider_id=provider).total_price
    except (LookupError, ValueError):  # no model of that name, or counts that don't add up
        return None
    except Exception:  # a fault of the list must not lose a reply that is paid for
        _log.exception("The price list failed for %s:%s; its cost is unknown", provider, model)
        return None
