"""Files are read in a process of their own: one that is broken or hostile takes down only that.

`shared_pool().run` does a task on a file in one of them. How they talk: `frames` (what goes over
the pipe), `codec` (values as JSON, checked on arrival). Who: `child` (the process, with its `tasks`
and `resources`), `worker` (the parent's side of one), `pool` (all of them).
"""

from __future__ import annotations

import atexit
from functools import cache

from extractor.documents.isolation.pool import WorkerPool

__all__ = ["WorkerPool", "shared_pool"]


@cache
def shared_pool() -> WorkerPool:
    """Return the pool of this process; its workers end when the process does."""
    pool = WorkerPool()
    atexit.register(pool.close)
    return pool
