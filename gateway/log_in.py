"""How a connection introduces itself to a server, and what the server may say to that."""

from gateway.errors import InstanceUnreachable
from gateway.resp import ErrorReply, Reply
from redisgate.lib.resp import pack

REPLIES = 4


class NotTaken(InstanceUnreachable):
    """The server answers, but is still loading or doesn't know the user yet."""

    def __init__(self, words: str) -> None:
        super().__init__(log=words)
        self.is_unknown_user = words.startswith("WRONGPASS")
        self.is_loading = words.startswith("LOADING")


def greeting(acl_user: str, password: str, database: int = 0) -> bytes:
    """Log in, ask whether the server is ready, and whether this user may use transactions.

    A database other than the first is chosen last, with one reply more.
    """
    log_in = [b"AUTH", acl_user.encode(), password.encode()]
    choose = [[b"SELECT", b"%d" % database]] if database else []
    return pack([log_in, [b"PING"], [b"MULTI"], [b"EXEC"], *choose])


def replies_expected(database: int) -> int:
    return REPLIES + bool(database)


def judge(replies: list[Reply]) -> ErrorReply | None:
    """Return what the server says to MULTI where this user may not use it.

    Raises NotTaken when the server is up but doesn't take us yet.
    """
    welcome, alive, multi, _, *chosen = replies
    if isinstance(welcome, ErrorReply):
        raise NotTaken(welcome.text)
    if isinstance(alive, ErrorReply) and alive.text.startswith("LOADING"):
        raise NotTaken(alive.text)
    if chosen and isinstance(chosen[0], ErrorReply):
        raise InstanceUnreachable(log=chosen[0].text)
    return multi if isinstance(multi, ErrorReply) else None
