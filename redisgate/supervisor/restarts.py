"""How long to wait before a role that ended by itself is started again."""

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
GOOD_RUN_SECONDS = 60.0
"""A role that ran this long has recovered: its next end counts as the first one."""


class BackOff:
    """Doubling waits for one role."""

    def __init__(self) -> None:
        self._failures = 0

    def after(self, ran_seconds: float) -> float:
        """Return the seconds to wait after a run of this length."""
        self._failures = 1 if ran_seconds >= GOOD_RUN_SECONDS else self._failures + 1
        wait = FIRST_WAIT_SECONDS * 2.0 ** min(self._failures - 1, 16)
        return min(wait, LONGEST_WAIT_SECONDS)
