"""Which process of a running platform does what."""

from tests.platform import Platform, fact_of, processes_of


def role(platform: Platform, name: str) -> int:
    """Give the process that runs a role: a child of the supervisor with this command."""
    for pid in _children(platform, platform.pid):
        if name.encode() in fact_of(pid, "cmdline").split(b"\0"):
            return pid
    raise AssertionError(f"{name} doesn't run")


def web_workers(platform: Platform) -> list[int]:
    """Give the processes that answer requests: children of the gunicorn master."""
    return _children(platform, role(platform, "web"))


def _children(platform: Platform, parent: int) -> list[int]:
    stats = {pid: fact_of(pid, "stat") for pid in processes_of(platform.data_dir)}
    # The parent is the second field after the program's name, see proc(5).
    return [
        pid
        for pid, stat in stats.items()
        if stat and int(stat.rpartition(b")")[2].split()[1]) == parent
    ]
