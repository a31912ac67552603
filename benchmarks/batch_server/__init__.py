"""A server on this machine with the Batch APIs of OpenAI and Anthropic, right or with any fault.

    python -m benchmarks.batch_server

What it answers follows from the contracts of `benchmarks.fault_server`; it counts what it would
bill, so that whoever hands in batches can be held to the truth.
"""

from benchmarks.batch_server.plan import BatchPlan, BatchTruth, Handed
from benchmarks.batch_server.running import RunningBatches, batch_server

__all__ = ["BatchPlan", "BatchTruth", "Handed", "RunningBatches", "batch_server"]
