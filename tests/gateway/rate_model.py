"""The shared bucket in a few lines of Python, to compare the store's script with and to try
several workers with a clock of the test's own."""

from dataclasses import dataclass, field

from gateway.errors import RateLimited
from gateway.rates import CALM_SECONDS, URGENT_SECONDS
from gateway.token_bucket import Bucket, Report, Standing

ACTIVE_SECONDS = 1.0


@dataclass
class SharedBucket:
    """One key's bucket in the store."""

    tokens: float | None = None
    at: float = 0.0
    seen: dict[str, float] = field(default_factory=dict)

    def settle(self, worker: str, report: Report, now: float) -> Standing:
        limit = report.limit
        tokens, at = (limit, now) if self.tokens is None else (self.tokens, min(self.at, now))
        during = min(now - at, report.age_seconds)
        tokens = min(limit, tokens + (now - at - during) * limit)
        self.tokens = min(limit, tokens - report.spent + during * limit, report.tokens_max)
        self.at = self.seen[worker] = now
        self.seen = {name: at for name, at in self.seen.items() if now - at < ACTIVE_SECONDS}
        return Standing(self.tokens, len(self.seen))


@dataclass
class Worker:
    """One worker's bucket and its ticks."""

    name: str
    bucket: Bucket
    shared: SharedBucket
    ticks_at: float
    granted: int = 0

    def ask(self, commands: int, now: float) -> bool:
        """Do what ``Rates.take`` does."""
        bucket = self.bucket
        if not bucket.is_used:
            bucket.note(now)
            bucket.is_urgent = bucket.is_guess
        if bucket.take_known(commands) is None:
            bucket.is_urgent = True
            try:
                bucket.take(commands, now)
            except RateLimited:
                return False
        self.granted += commands
        return True

    def tick(self, now: float) -> None:
        if now < self.ticks_at:
            return
        self.ticks_at = now + URGENT_SECONDS
        bucket = self.bucket
        if bucket.is_urgent or (bucket.is_used and now - bucket.used_at >= CALM_SECONDS):
            bucket.correct(self.shared.settle(self.name, bucket.report(now), now), now)


def workers(count: int, limit: int) -> list[Worker]:
    shared = SharedBucket()
    return [
        Worker(f"w{n}", Bucket("rg_key", limit, 0.0), shared, ticks_at=n * URGENT_SECONDS / count)
        for n in range(count)
    ]
