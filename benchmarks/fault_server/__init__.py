"""A server on this machine that answers as OpenAI and Claude do, rightly or with any fault.

    python -m benchmarks.fault_server

Each answer follows from the contract in the request and from a plan, so that whoever asks can be
held to the truth: which contracts were answered rightly, how often each was asked for, and what
that would have cost.
"""

from benchmarks.fault_server.contracts import Terms, contract, right_answer
from benchmarks.fault_server.faults import FAULTS, Fault
from benchmarks.fault_server.plan import Down, Plan
from benchmarks.fault_server.running import Running, running
from benchmarks.fault_server.truth import Seen, Truth

__all__ = [
    "FAULTS",
    "Down",
    "Fault",
    "Plan",
    "Running",
    "Seen",
    "Terms",
    "Truth",
    "contract",
    "right_answer",
    "running",
]
