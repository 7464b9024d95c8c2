"""Who and what there is for the load, who makes it, and what is looked at besides."""

import json
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import django
import httpx
import redis
from django.db import connections

from bench.processes import resident_mb
from bench.production import traffic
from bench.production.site import Site
from bench.production.traffic import Client, Counting
from tests.platform import ROOT, Platform

if TYPE_CHECKING:
    from bench.stage import Stage

OVER_HTTP, NATIVELY = "bench:http", "bench:native"
PAGES = ("", "instances/", "api-keys/", "members/", "audit/", "usage/")
Weights = Mapping[str, tuple[float, int]]
"""Memory in MB and open files by process."""
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Setting:
    """A person with an organization, its instances, and a key to all of them."""

    kit: dict[str, str] = field(repr=False)
    stage: "Stage"
    cookie: str = field(repr=False)
    access_token: str = field(repr=False)
    slug: str
    first_slug: str
    second_pid: int


def prepare(site: Site, instances: int) -> Setting:
    kit = site.quickstart()
    os.environ.update(site.variables, DJANGO_SETTINGS_MODULE="redisgate.settings")
    django.setup()
    from bench import stage as stages
    from instances.models import Instance
    from orgs.models import Organization

    platform = Platform(site.variables, site.files / "controller.log", site.roles["web"])
    stage = stages.prepare(platform, instances_max=instances)
    stage.grow(instances)
    return Setting(
        kit,
        stage,
        _log_in(site, kit),
        _access_token(site, kit),
        Organization.objects.get().slug,
        Instance.objects.get(pk=stage.instance_ids[0]).slug,
        _pid_of(stage, 1),
    )


def clients(site: Site, setting: Setting, http: Counting, native: Counting) -> list[Client]:
    """Say who does what how often: some 1,400 requests a second in all."""
    proxy, first, second = dict(site.as_the_proxy), *setting.stage.instance_ids[:2]
    key = {**proxy, "Authorization": f"Bearer {setting.stage.token}"}
    person = {**proxy, "Cookie": setting.cookie, "Accept-Encoding": "br, gzip"}
    program = {**proxy, "Authorization": f"Bearer {setting.access_token}"}
    inside = f"/orgs/{setting.slug}/"
    pages = [inside + page for page in PAGES] + [f"{inside}instances/{setting.first_slug}/"]
    api = f"/api/organizations/{setting.kit['organization_id']}"
    calls = [f"{api}/instances", f"{api}/quota", f"{api}/audit-events", f"{api}/api-keys"]
    native_url, port = urlsplit(setting.kit["redis_url"]), site.port
    commands = traffic.over_http(port, key, first, OVER_HTTP, http)
    others = traffic.over_http(port, key, second, "bench:other", Counting())
    natively = traffic.natively(
        native_url.port or 0, str(native_url.username), str(native_url.password), NATIVELY, native
    )
    organization = setting.kit["organization_id"]
    return [
        Client("commands", 800, 40, commands),
        Client("commands to the second", 100, 10, others),
        Client("pipelines of 50", 20, 4, traffic.pipelines(port, key, first)),
        Client("natively", 400, 8, natively),
        Client("pages", 6, 6, traffic.reading(port, person, pages)),
        Client("management API", 8, 4, traffic.reading(port, program, calls)),
        Client("invitations", 0.05, 1, traffic.inviting(port, program, organization)),
        Client("live", 2, 1, traffic.reading(port, proxy, ["/health/live"])),
        Client("ready", 2, 1, traffic.reading(port, proxy, ["/health/ready"])),
    ]


def prometheus_configuration(home: Path, site: Site) -> Path:
    """Scrape this platform as the project's own configuration would, with its rules."""
    rules = [str(path) for path in sorted((ROOT / "prometheus").glob("*.yml"))]
    configuration = {
        "global": {"scrape_interval": "5s", "evaluation_interval": "5s"},
        "rule_files": [path for path in rules if not path.endswith("/prometheus.yml")],
        "scrape_configs": [
            {
                "job_name": "redisgate",
                "static_configs": [{"targets": [f"127.0.0.1:{site.port}"]}],
            }
        ],
    }
    path = home / "prometheus.yml"
    path.write_text(json.dumps(configuration))  # JSON is YAML
    return path


def weights(site: Site) -> Weights:
    """Give memory in MB and open files of every process of the platform."""
    found: dict[str, tuple[float, int]] = {}
    for role, process in site.roles.items():
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        members = [process.pid, *(int(pid) for pid in children if role == "web")]
        for number, pid in enumerate(members):
            name = f"{role} {number}" if number else role
            found[name] = resident_mb(pid), len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return found


def counted_lines(site: Site, setting: Setting, http: Counting, native: Counting) -> list[str]:
    """Compare what clients counted with what servers, mail server and metrics hold."""
    lines = []
    connections.close_all()  # the database went away under them
    client = setting.stage.client()
    lines.append(_increments("over HTTP", http, int(client.get(OVER_HTTP) or 0)))
    natively = _native_client(setting)
    lines.append(_increments("natively", native, int(natively.get(NATIVELY) or 0)))
    lines.append(f"- mails: {_mails(site)} taken by the mail server")
    return [*lines, *_metrics(site)]


def _increments(way: str, counting: Counting, held: int) -> str:
    is_right = counting.acknowledged <= held <= counting.sent
    return (
        f"- INCR {way}: {counting.sent:,} sent, {counting.acknowledged:,} acknowledged, the server "
        f"holds {held:,}: {'none lost, none twice' if is_right else 'WRONG'}"
    )


def _mails(site: Site) -> int:
    return (site.files / "mail" / "log").read_text().count("taken")


def _metrics(site: Site) -> list[str]:
    time.sleep(2)  # the command API's counts are published once a second
    with urlopen(f"{site.address}/metrics") as answer:  # noqa: S310  our own
        text = answer.read().decode()
    wanted = ("platform_redis_calls_total", "platform_redis_breaker_total", "cache_requests_total")
    return [f"- `{line}`" for line in text.splitlines() if line.startswith(wanted)]


def _log_in(site: Site, kit: dict[str, str]) -> str:
    """Sign in by the form, and give the cookies as a browser would send them."""
    cookies: dict[str, str] = {}
    with httpx.Client(base_url=site.address, headers=dict(site.as_the_proxy)) as http:
        form = http.get("/accounts/login/")
        cookies |= dict(form.cookies)
        token = CSRF.search(form.text)
        assert token is not None
        sent = {"csrfmiddlewaretoken": token[1], "login": kit["email"], "password": kit["password"]}
        headers = {"Cookie": _header(cookies), "Referer": "https://localhost/accounts/login/"}
        done = http.post("/accounts/login/", data=sent, headers=headers)
        assert done.status_code == 302, done.text
        cookies |= dict(done.cookies)
    return _header(cookies)


def _header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _access_token(site: Site, kit: dict[str, str]) -> str:
    body = json.dumps({"email": kit["email"], "password": kit["password"]}).encode()
    headers = {**site.as_the_proxy, "Content-Type": "application/json"}
    with urlopen(Request(f"{site.address}/auth/login", body, headers)) as answer:  # noqa: S310
        return str(json.load(answer)["access"])


def _pid_of(stage: "Stage", number: int) -> int:
    path, password = stage.sockets(number + 1)[number]
    client = redis.Redis(unix_socket_path=path, username="default", password=password)
    return int(client.info("server")["process_id"])


def _native_client(setting: Setting) -> "redis.Redis":
    return redis.Redis.from_url(setting.kit["redis_url"])
