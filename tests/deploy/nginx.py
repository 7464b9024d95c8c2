"""Debian's nginx with our example, but for addresses, certificate and where it logs."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests import platform
from tests.certificates import self_signed
from tests.platform import ROOT
from tests.waiting import wait_until

AROUND = """daemon off;
master_process off;  # as root it would become somebody who can't enter our directory
pid {home}/nginx.pid;
error_log {home}/error.log warn;
events {{ }}
http {{
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    include {home}/redisgate.conf;
}}
"""


class Ports(NamedTuple):
    tls: int
    plain: int


@contextmanager
def nginx(home: Path, *, web_port: int) -> Iterator[Ports]:
    """Put it in front of a web."""
    pair, ports = self_signed(home), Ports(platform.free_port(), platform.free_port())
    changes = {
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{web_port};",
        "listen 80;": f"listen 127.0.0.1:{ports.plain};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{ports.tls} ssl http2;",
        "/etc/ssl/redisgate/fullchain.pem": str(pair.certificate),
        "/etc/ssl/redisgate/privkey.pem": str(pair.key),
    }
    text = (ROOT / "deploy" / "nginx" / "redisgate.conf").read_text()
    for ours, here in changes.items():
        assert text.count(ours) == 1, ours
        text = text.replace(ours, here)
    text = text.replace("/var/log/nginx/", f"{home}/")
    (home / "redisgate.conf").write_text(text)
    (home / "nginx.conf").write_text(AROUND.format(home=home))
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program is not None, "apt-get install nginx-light"
    process = subprocess.Popen([program, "-e", f"{home}/error.log", "-c", f"{home}/nginx.conf"])
    try:
        wait_until((home / "nginx.pid").exists, "nginx listens")
        yield ports
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(platform.STOP_DEADLINE_SECONDS)
