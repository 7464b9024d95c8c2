"""A server's configuration as text: complete, and impossible to break out of."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from instances.provisioners import server_config
from instances.provisioners.server_config import ServerPaths
from instances.spec import EvictionPolicy, InstanceSpec, Persistence

PATHS = ServerPaths(Path("/var/lib/it is/i"), Path("/run/i.sock"))
SPEC = InstanceSpec(
    id=UUID(int=1),
    port=7000,
    memory_bytes=1024 * 1024 * 1024,
    eviction_policy=EvictionPolicy.ALLKEYS_LRU,
    persistence=Persistence.AOF,
    admin_password="secret",
)


def lines(spec: InstanceSpec = SPEC, bind_host: str = "127.0.0.1") -> list[str]:
    return server_config.render(spec, PATHS, bind_host).splitlines()


@pytest.mark.parametrize(
    "line",
    [
        'bind "127.0.0.1"',
        'port "7000"',
        'dir "/var/lib/it is/i/data"',
        'unixsocket "/run/i.sock"',
        'unixsocketperm "700"',
        'maxmemory "1073741824"',
        'maxmemory-policy "allkeys-lru"',
        'maxmemory-clients "107374182"',
        'protected-mode "yes"',
        'enable-debug-command "no"',
        'enable-module-command "no"',
        'enable-protected-configs "no"',
        'sanitize-dump-payload "yes"',
        'client-output-buffer-limit "normal" "256mb" "64mb" "60"',
        'appendonly "yes"',
        'appendfsync "everysec"',
        'aof-load-truncated "yes"',
    ],
)
def test_line_is_there(line: str) -> None:
    assert line in lines()


def test_password_is_not_there() -> None:
    assert "secret" not in "\n".join(lines())


def test_snapshots_are_saved_and_guarded() -> None:
    text = lines(replace(SPEC, persistence=Persistence.SNAPSHOT))
    assert 'save "900" "1" "300" "100" "60" "10000"' in text
    assert 'stop-writes-on-bgsave-error "yes"' in text
    assert 'appendonly "no"' in text


def test_nothing_is_saved_where_nothing_is_promised() -> None:
    text = lines(replace(SPEC, persistence=Persistence.NONE))
    assert 'save ""' in text
    assert 'appendonly "no"' in text


def test_small_instance_still_has_room_for_clients() -> None:
    floor = server_config.MIN_CLIENTS_BYTES
    assert f'maxmemory-clients "{floor}"' in lines(replace(SPEC, memory_bytes=2 * 1024 * 1024))


@pytest.mark.parametrize("memory_bytes", [0, -1, 1024])
def test_unlimited_memory_is_refused(memory_bytes: int) -> None:
    with pytest.raises(ValueError, match="memory limit"):
        lines(replace(SPEC, memory_bytes=memory_bytes))


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_port_that_is_none_is_refused(port: int) -> None:
    with pytest.raises(ValueError, match="not a TCP port"):
        lines(replace(SPEC, port=port))


@pytest.mark.parametrize(
    "bind_host", ["", "* -::*", "127.0.0.1\nport 1", "127.0.0.1 10.0.0.1", "a b", "\0", "-::1 x"]
)
def test_bind_address_that_breaks_out_is_refused(bind_host: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        lines(bind_host=bind_host)


@pytest.mark.parametrize("bind_host", ["::1", "10.0.0.1", "redis.internal"])
def test_other_bind_addresses_are_fine(bind_host: str) -> None:
    assert f'bind "{bind_host}"' in lines(bind_host=bind_host)


@pytest.mark.parametrize("char", ["\n", "\r", "\0", '"', "'", "\t", "\x85", "\u2028"])
def test_path_that_breaks_out_is_refused(char: str) -> None:
    paths = replace(PATHS, root=Path(f"/data/{char}module-load"))
    with pytest.raises(ValueError, match="quote or a control character"):
        server_config.render(SPEC, paths, "127.0.0.1")


def test_backslashes_stay_what_they_are() -> None:
    assert server_config.quoted("a\\nb") == '"a\\\\nb"'
