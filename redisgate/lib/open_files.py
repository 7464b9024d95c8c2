"""How many files a process may have open: each connection and each watched server is one."""

import logging
import resource

log = logging.getLogger(__name__)

ENOUGH = 8192
"""For 500 instances, their connections in a web worker, and some thousand callers."""


def allow_many() -> int:
    """Raise our bound as far as the machine lets us, and say in the log where that is too low."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard != resource.RLIM_INFINITY and hard < ENOUGH:
        log.warning(
            "This account may have only %d files open in a process, too few for some hundred "
            "instances and their callers. Raise it to %d: LimitNOFILE= of systemd, --ulimit "
            "nofile= of docker, or `ulimit -n` in the shell that starts RedisGate.",
            hard,
            ENOUGH,
        )
    return hard
