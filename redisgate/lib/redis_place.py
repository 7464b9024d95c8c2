"""Where the platform's Redis is. Settings may say it at once, or in parts."""

from urllib.parse import parse_qs, quote, unquote, urlsplit

from redisgate.lib.env import BadSetting
from redisgate.lib.env_values import NO_REDIS


def redis_url(
    *, own: str, is_enabled: bool, url: str, host: str, port: int, password: str, database: str
) -> str:
    """Put the parts together into one address; empty where the platform does without a Redis.

    ``own`` is the one that the platform runs by itself where nobody names another.
    """
    if not is_enabled or url == NO_REDIS:
        return ""
    if url or host:
        return _with_database(_with_password(url or _address(host, port), password), database)
    if password or database:
        name = "REDIS_PASSWORD" if password else "REDIS_DB"
        raise BadSetting(
            f"{name} is for a Redis of your own, and none is named: set REDIS_URL or "
            f"REDIS_DEFAULT_HOST, or take {name} away."
        )
    return own


def _address(host: str, port: int) -> str:
    return f"redis://[{host}]:{port}" if ":" in host else f"redis://{host}:{port}"


def _with_password(address: str, password: str) -> str:
    url = urlsplit(address)
    if not password or unquote(url.password or "") == password:
        return address
    if url.password:
        raise BadSetting(
            "REDIS_PASSWORD and REDIS_URL hold two different passwords: take one of them away."
        )
    place = url.netloc.rpartition("@")[2]
    netloc = f"{url.username or ''}:{quote(password, safe='')}@{place}"
    return url._replace(netloc=netloc).geturl()


def _with_database(address: str, database: str) -> str:
    if not database:
        return address
    url = urlsplit(address)
    is_socket = url.scheme == "unix"
    said = parse_qs(url.query).get("db", [""])[0] or ("" if is_socket else url.path.strip("/"))
    if said and int(said) != int(database):
        raise BadSetting(
            f"REDIS_DB is {database}, and REDIS_URL names database {said}: take one of them away."
        )
    if said:
        return address
    if is_socket:
        return url._replace(query=f"{url.query}&db={database}".strip("&")).geturl()
    return url._replace(path=f"/{database}").geturl()
