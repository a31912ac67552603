"""Rate limits: what may be sent when, for each provider, model and account.

*Ceilings* are what the user states. They hold strictly: no window of sixty seconds (for tokens a
day, of a day) takes more, whatever arrives. They count from admissions, at what is known: the
tokens expected of a request under way, the real ones of one that is over.

*The provider's bucket* is what the provider allows: a bucket of tokens that refills at the limit's
rate. Its limit, level and burst are learned from response headers, up and down. Before the first
response the burst is one second's worth, and a stated ceiling or a named tier gives the rate. Where
no limit is known at all, nothing waits.

A 429 makes everybody pause, as long as it asks, but no longer than `longest_pause` (a minute): who
was refused waits for the rest alone. Afterwards, where headers tell the limits, more has to be left
than a request needs, as the provider counts more than is expected here; where no headers do,
requests go on at a pace that is cut by each 429 and grows while none comes.

The rules of the queue, one for each target:

1. First in, first out. Only the head is measured against the limits, so small requests never
   overtake a large one; whoever leaves lets the next one know.
2. The tokens *expected* are reserved at admission. Settling gives back or takes the difference to
   what was used, cancelling gives back everything.
3. A request larger than the bucket's burst is admitted alone, on credit: the bucket has to be full,
   and its level becomes negative, by a minute's worth at most. Whether it is too large at all is
   for the provider to say.
4. A request larger than a ceiling's whole window is refused with `RequestTooLargeError`.
5. The head that a caller has left without a word loses its place after a minute.

With a shared store (`SqliteStore`) the heads of all processes queue the same way among themselves;
a process that dies there is passed over when its lease ends.
"""

from extractor.calls.limits.limiter import RateLimiter
from extractor.calls.limits.needs import need_of
from extractor.calls.limits.rates import RateLimits
from extractor.calls.limits.sqlite import SqliteStore
from extractor.calls.limits.stores import MemoryStore, Store

__all__ = ["MemoryStore", "RateLimiter", "RateLimits", "SqliteStore", "Store", "need_of"]
