"""Servers of our own and of others."""

from urllib.parse import urlsplit

from redisgate.lib.env import (
    bind_address,
    networks,
    port_range,
    program,
    readable_file,
    refuse_own_instance,
    require_tls_together,
)
from redisgate.settings.place import HOST, PUBLIC_URL, env
from redisgate.settings.storage import REDIS_URL

INSTANCE_BIND = env.parsed("INSTANCE_BIND", HOST, bind_address, "an IP address or localhost")
INSTANCE_HOST = env.text("INSTANCE_HOST", str(urlsplit(PUBLIC_URL).hostname))
INSTANCE_PORTS = env.parsed(
    "INSTANCE_PORTS", "20000-29999", port_range, "a range of ports such as 20000-29999"
)
refuse_own_instance(
    REDIS_URL,
    hosts={INSTANCE_HOST, INSTANCE_BIND, "127.0.0.1", "::1", "localhost"},
    ports=INSTANCE_PORTS,
)
INSTANCE_BINARY = env.parsed(  # empty: the bundled server
    "INSTANCE_BINARY", "", program, "a valkey-server or redis-server that this account can run"
)
INSTANCE_TLS_CERT = env.parsed(
    "INSTANCE_TLS_CERT", "", readable_file, "a file with the certificate"
)
INSTANCE_TLS_KEY = env.parsed("INSTANCE_TLS_KEY", "", readable_file, "a file with the private key")
INSTANCE_TLS_CA = env.parsed("INSTANCE_TLS_CA", "", readable_file, "a file with certificates")
require_tls_together(INSTANCE_TLS_CERT, INSTANCE_TLS_KEY, INSTANCE_BINARY)
# Servers that somebody else runs may be adopted, at public addresses and in these networks.
EXTERNAL_INSTANCES = env.flag("EXTERNAL_INSTANCES", default=True)
EXTERNAL_NETWORKS = env.parsed(
    "EXTERNAL_NETWORKS", "", networks, "networks such as 10.0.0.0/8,192.168.1.7"
)
# Of the machine, before new instances are refused.
HOST_DISK_FREE_PERCENT = env.number("HOST_DISK_FREE_PERCENT", 10, least=0, most=99)
HOST_MEMORY_FREE_PERCENT = env.number("HOST_MEMORY_FREE_PERCENT", 5, least=0, most=99)
