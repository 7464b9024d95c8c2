"""Change the users of a running server without disturbing those that stay the same."""

import json
from contextlib import suppress

from instances import acl
from instances.provisioners.admin_connection import AdminConnection, Reply, words
from instances.provisioners.private_files import write_atomically
from instances.provisioners.server_config import ServerPaths


def replace(connection: AdminConnection, paths: ServerPaths, text: str) -> None:
    """Make the file's users the server's; users that lose anything lose their connections.

    ``ACL LOAD`` itself closes only the connections of users that are gone. What the server knew
    before is kept in a file until the changed ones are closed too, so that a crash of ours in
    between is made good by the next call.
    """
    before = _before(connection, paths)
    write_atomically(paths.acl, text)
    connection.call("ACL", "LOAD")
    after = _by_name(connection.call("ACL", "LIST"))
    changed = [name for name in after if name in before and _lost(before[name], after[name])]
    for reply in connection.pipeline(*(("CLIENT", "KILL", "USER", name) for name in changed)):
        if isinstance(reply, Exception):
            raise reply
    paths.acl_before.unlink()


def acknowledged_digest(paths: ServerPaths, acl_users_reply: Reply) -> str:
    """Say which set of users the server has loaded, going by its answer to ``ACL USERS``.

    Empty when it can't tell, and no digest at all while a change is unfinished.
    """
    if not isinstance(acl_users_reply, list):
        return ""
    if paths.acl_before.exists():
        return "unfinished"
    return acl.acknowledged_digest(words(acl_users_reply))


def _before(connection: AdminConnection, paths: ServerPaths) -> dict[str, str]:
    with suppress(FileNotFoundError, ValueError):
        kept: dict[str, str] = json.loads(paths.acl_before.read_text())
        return kept
    before = _by_name(connection.call("ACL", "LIST"))
    write_atomically(paths.acl_before, json.dumps(before))
    return before


def _lost(before: str, after: str) -> bool:
    """Say whether a user lost anything; one more password takes nothing from whoever is in."""
    had, has = before.split(" "), after.split(" ")
    passwords = {word for word in had if word.startswith("#")}
    return not passwords.issubset(has) or _without_passwords(had) != _without_passwords(has)


def _without_passwords(words_of_line: list[str]) -> list[str]:
    return [word for word in words_of_line if not word.startswith("#")]


def _by_name(acl_list_reply: Reply) -> dict[str, str]:
    return {line.split(" ", 2)[1]: line for line in words(acl_list_reply)}
