"""langextract with its OpenAI provider; its spans are put together as the schema.

`max_char_buffer` is above the length of a document, which makes one request of each. By default it
is 1,000 characters, and the documents here would take about nine.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import langextract as lx
from langextract.providers.openai import OpenAILanguageModel

from benchmarks.peers.schema import FIELDS, MODEL, SYSTEM, Contract
from benchmarks.peers.system import OneByOne, Result

logging.getLogger("absl").setLevel(logging.CRITICAL)

_LISTS = ("parties", "key_obligations")
_EXAMPLE = lx.data.ExampleData(
    text="This Agreement is made on 2 May 2020 between Acme Ltd and Bolt LLC. Acme Ltd shall pay "
    "on time. Either party may end it on 10 days' notice. It is governed by the law of Ireland.",
    extractions=[
        lx.data.Extraction("parties", "Acme Ltd"),
        lx.data.Extraction("parties", "Bolt LLC"),
        lx.data.Extraction("effective_date", "2 May 2020"),
        lx.data.Extraction("termination_clause", "Either party may end it on 10 days' notice"),
        lx.data.Extraction("key_obligations", "Acme Ltd shall pay on time"),
        lx.data.Extraction("governing_law", "Ireland"),
    ],
)


class LangExtract(OneByOne):
    """One `extract()` a document in a pool of threads: there a failure is that of one document."""

    async def open(self) -> None:
        setup = self.setup
        self.pool = ThreadPoolExecutor(max_workers=setup.concurrency)
        self.model = OpenAILanguageModel(
            model_id=MODEL,
            api_key="k",
            base_url=f"{setup.url}/v1",
            max_workers=setup.concurrency,
        )
        # It offers no timeout of its own.
        self.model._client = self.model._client.with_options(timeout=setup.timeout)  # noqa: SLF001

    async def close(self) -> None:
        self.pool.shutdown()

    async def one(self, document: str) -> Result:
        return _contract(await self.extracted(document))

    async def extracted(self, what: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.pool, self._extract, what)

    def _extract(self, what: Any) -> Any:
        setup = self.setup
        return lx.extract(
            what,
            prompt_description=f"{SYSTEM} {FIELDS}",
            examples=[_EXAMPLE],
            model=self.model,
            max_char_buffer=setup.tokens * 8 + 4_000,
            max_workers=setup.concurrency,
            batch_length=setup.concurrency,
            show_progress=False,
            prompt_validation_level=lx.prompt_validation.PromptValidationLevel.OFF,
        )


class LangExtractBatch(LangExtract):
    """`extract()` over the whole list, as it documents for many documents."""

    async def batch(self, documents: Sequence[str]) -> Sequence[Result]:
        named = [
            lx.data.Document(text=document, document_id=str(place))
            for place, document in enumerate(documents)
        ]
        found = {done.document_id: done for done in await self.extracted(named)}
        results: list[Result] = []
        for place in range(len(named)):
            try:
                results.append(_contract(found[str(place)]) if str(place) in found else None)
            except ValueError as error:
                results.append(error)
        return results


def _contract(document: Any) -> Contract | None:
    """Put a document's spans together; None where it gave nothing and said nothing."""
    found: dict[str, Any] = {}
    for span in document.extractions or ():
        if span.extraction_class in _LISTS:
            found.setdefault(span.extraction_class, []).append(span.extraction_text)
        else:
            found.setdefault(span.extraction_class, span.extraction_text)
    return Contract.model_validate(found) if found else None
