"""The manifests are valid, closed, and name only what exists."""

import runpy
from collections.abc import Iterator
from typing import Any

import kubernetes_validate
import pytest
import yaml

from redisgate.lib import pulse
from redisgate.supervisor import restarts, supervisor
from tests.deploy import facts
from tests.platform import ROOT

FOLDER = "deploy/kubernetes"
KUSTOMIZATION = facts.documents(f"{FOLDER}/kustomization.yaml")[0]
OBJECTS = [
    each for name in KUSTOMIZATION["resources"] for each in facts.documents(f"{FOLDER}/{name}")
]
WITH_PODS = [each for each in OBJECTS if "template" in each.get("spec", {})]
ROOM_TO_START_SECONDS = 3.0
"""A controller needs about two to its first beat."""


def named(each: dict[str, Any]) -> str:
    return f"{each['kind']}/{each['metadata']['name']}"


def find(name: str) -> dict[str, Any]:
    return next(each for each in OBJECTS if named(each) == name)


def containers() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Give each container and the pod that it is in."""
    for each in WITH_PODS:
        pod = each["spec"]["template"]["spec"]
        yield from ((container, pod) for container in in_pod(pod))


def in_pod(pod: dict[str, Any]) -> list[dict[str, Any]]:
    return [*pod.get("initContainers", []), *pod["containers"]]


@pytest.mark.parametrize("each", OBJECTS, ids=named)
def test_follows_the_schema_of_kubernetes(each: dict[str, Any]) -> None:
    kubernetes_validate.validate(each, kubernetes_validate.latest_version(), strict=True)


def test_every_manifest_is_applied_or_said_to_be_a_choice() -> None:
    there = {path.name for path in (ROOT / FOLDER).glob("*.yaml")} - {"kustomization.yaml"}
    assert there - set(KUSTOMIZATION["resources"]) == {"service-monitor.yaml"}
    assert "service-monitor.yaml" in (ROOT / FOLDER / "kustomization.yaml").read_text()


def test_operator_of_prometheus_calls_the_job_what_the_rules_ask_for() -> None:
    [monitor] = facts.documents(f"{FOLDER}/service-monitor.yaml")
    service = find("Service/redisgate-web")["metadata"]["labels"]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service.items()
    name = service[monitor["spec"]["jobLabel"]]
    assert f'absent(up{{job="{name}"}}' in (ROOT / "prometheus" / "alerts.yml").read_text()


@pytest.mark.parametrize("each", WITH_PODS, ids=named)
def test_pod_is_as_restricted_as_the_namespace_asks(each: dict[str, Any]) -> None:
    pod = each["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    for container in in_pod(pod):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"].keys() == {"requests", "limits"}


def test_every_variable_is_a_setting() -> None:
    names = set(find("ConfigMap/redisgate-settings")["data"])
    names |= {variable["name"] for it, _ in containers() for variable in it["env"]}
    assert facts.unknown(names) == set()


def test_every_command_is_one_of_ours() -> None:
    commands = [container["args"] for container, _ in containers() if "args" in container]
    assert len(commands) == 4
    assert all(facts.is_command(command) for command in commands)


def test_everything_mounted_is_a_volume_of_the_pod() -> None:
    for each in WITH_PODS:
        pod = each["spec"]["template"]["spec"]
        mounts = {mount["name"] for it in in_pod(pod) for mount in it["volumeMounts"]}
        assert mounts == {volume["name"] for volume in pod["volumes"]}


def test_every_role_waits_for_the_job_that_migrates() -> None:
    for each in WITH_PODS:
        waiting = each["spec"]["template"]["spec"].get("initContainers", [])
        if each["kind"] == "Job":
            assert waiting == []
            continue
        [container] = waiting
        assert "until python manage.py migrate --check" in container["command"][-1]


def test_page_of_probes_quotes_those_of_web() -> None:
    page = (ROOT / "docs" / "reference" / "probes.md").read_text()
    quoted = yaml.safe_load(page.partition("```yaml\n")[2].partition("```")[0])
    [web] = find("Deployment/redisgate-web")["spec"]["template"]["spec"]["containers"]
    assert quoted == {name: it for name, it in web.items() if name.endswith("Probe")}


def test_probe_calls_hung_only_what_keep_could_have_started_again() -> None:
    of_probe = runpy.run_path(str(ROOT / "deploy" / "probe.py"))["HUNG_SECONDS"]
    again_after = pulse.HUNG_SECONDS + supervisor.TICK_SECONDS + restarts.FIRST_WAIT_SECONDS
    assert of_probe - again_after >= ROOM_TO_START_SECONDS


def test_every_secret_is_in_the_guide() -> None:
    guide = (ROOT / "docs" / "how-to" / "deploy-on-kubernetes.md").read_text()
    settings = find("ConfigMap/redisgate-settings")["data"]
    files = [value for name, value in settings.items() if name.endswith("_FILE")]
    assert files
    assert all(f"--from-file={file.removeprefix('/secrets/')}=" in guide for file in files)


def test_native_clients_reach_the_ports_that_instances_have() -> None:
    first, last = map(
        int, find("ConfigMap/redisgate-settings")["data"]["INSTANCE_PORTS"].split("-")
    )
    ports = [each["port"] for each in find("Service/redisgate-instances")["spec"]["ports"]]
    assert ports == list(range(first, last + 1))
    door = find("NetworkPolicy/redisgate-instances")["spec"]["ingress"][0]["ports"][0]
    assert (door["port"], door["endPort"]) == (first, last)


def test_selectors_find_their_pods() -> None:
    labels = [each["spec"]["template"]["metadata"]["labels"] for each in WITH_PODS]
    for each in OBJECTS:
        selector = each["spec"].get("selector", {}) if "spec" in each else {}
        wanted = selector.get("matchLabels", selector)
        if wanted:
            assert any(wanted.items() <= pod.items() for pod in labels), named(each)


def test_web_is_replaced_pod_by_pod_and_servers_only_by_hand() -> None:
    assert find("Deployment/redisgate-web")["spec"]["strategy"]["rollingUpdate"] == {
        "maxSurge": 1,
        "maxUnavailable": 0,
    }
    controller = find("StatefulSet/redisgate-controller")["spec"]
    assert controller["replicas"] == 1
    assert controller["updateStrategy"] == {"type": "OnDelete"}
