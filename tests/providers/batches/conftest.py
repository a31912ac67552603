"""Both Batch APIs on a server of this machine."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

import pytest

from benchmarks.batch_server import RunningBatches, batch_server
from benchmarks.fault_server.asked import Api
from extractor.providers.anthropic import AnthropicProvider
from extractor.providers.batches import BatchProvider, batches_of
from extractor.providers.openai import OpenAIProvider


@pytest.fixture(scope="module")
def server() -> Generator[RunningBatches]:
    with batch_server() as started:
        yield started


@pytest.fixture(params=["openai", "anthropic"])
def api(request: pytest.FixtureRequest) -> Api:
    name: Api = request.param
    return name


@pytest.fixture
def batches(server: RunningBatches, api: Api) -> Generator[BatchProvider]:
    kind = OpenAIProvider if api == "openai" else AnthropicProvider
    with closing(kind(api_key="sk-test-0000", base_url=server.url_for(api))) as provider:
        yield batches_of(provider)
