"""A stand-in for OpenAI's Chat Completions on this machine, built to be measured against.

    python -m benchmarks.peers.mock

Every fault is a function of (seed, document, attempt), so that all systems meet the same ones. It
needs the standard library only, and far less of the processor than the systems that call it.
`POST /config` takes the fields of `Knobs`, `GET /stats` counts, and `POST /reset` begins anew.
"""

from benchmarks.peers.mock.knobs import Knobs
from benchmarks.peers.mock.running import Running, running

__all__ = ["Knobs", "Running", "running"]
