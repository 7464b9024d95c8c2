import pytest

from accounts.models import User
from audit.models import AuditEvent
from quotas import services
from quotas.models import InstanceQuota, Plan
from tests.clients import browser
from tests.conftest import Cast, make_user
from tests.quotas.rows import add_key, limit
from tests.rows import add_instance


def widget(cast: Cast) -> str:
    return " ".join(browser(cast.viewer).get("/orgs/acme/quota").text.split())


def test_widget_shows_use_and_limits(cast: Cast) -> None:
    for _ in range(2):
        add_instance(cast.acme, memory_mb=256)
    add_key(cast.acme)
    page = widget(cast)
    assert "<strong>2</strong> / 5 instances" in page
    assert "<strong>512 MB</strong> / 2 GB" in page
    assert "<strong>1</strong> / 10 keys" in page


@pytest.mark.parametrize(
    ("keys", "level"), [(15, "ok"), (16, "warning"), (18, "warning"), (19, "danger")]
)
def test_bar_turns_amber_at_80_and_red_at_95_percent(cast: Cast, keys: int, level: str) -> None:
    limit(cast.acme, api_keys_limit=20)
    for _ in range(keys):
        add_key(cast.acme)
    assert f'data-level="{level}"' in widget(cast)
    assert ("ask your operator to raise" in widget(cast)) == (level != "ok")


@pytest.fixture
def operator(db: None) -> User:
    user = make_user("oscar")
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    return user


def test_operator_raises_a_limit_in_the_admin(cast: Cast, operator: User) -> None:
    form = {"instances_override": "7", "memory_mb_override": "4096"}
    url = f"/admin/quotas/instancequota/{cast.acme.id}/change/"
    assert browser(operator).post(url, form).status_code == 302
    assert services.usage(cast.acme).instances.limit == 7
    assert AuditEvent.objects.get(action="quota.update").actor_label == "oscar@example.com"


def test_admin_explains_a_limit_below_use(cast: Cast, operator: User) -> None:
    add_instance(cast.acme)
    form = {"instances_override": "0", "memory_mb_override": "4096"}
    url = f"/admin/quotas/instancequota/{cast.acme.id}/change/"
    response = browser(operator).post(url, form)
    assert "1 instance is in use" in response.text
    assert InstanceQuota.objects.get(organization=cast.acme).instances_limit == 5


def test_admin_lists_quotas_and_never_adds_or_deletes_them(cast: Cast, operator: User) -> None:
    client = browser(operator)
    assert "Acme" in client.get("/admin/quotas/instancequota/").text
    assert client.get("/admin/quotas/instancequota/add/").status_code == 403
    url = f"/admin/quotas/instancequota/{cast.acme.id}/delete/"
    assert client.get(url).status_code == 403


def test_widget_names_the_plan_and_leads_to_the_usage(cast: Cast) -> None:
    plan = Plan.objects.create(name="Team", price="20 € a month")
    InstanceQuota.objects.filter(organization=cast.acme).update(plan=plan)
    page = widget(cast)
    assert "Plan Team, 20 € a month." in page
    assert 'href="/orgs/acme/usage/"' in page


@pytest.mark.parametrize(
    ("seen", "is_told"),
    [("?level=0", True), ("?level=80", False), ("", False), ("?level=x", False)],
)
def test_crossing_while_the_page_is_open_is_a_toast(cast: Cast, seen: str, is_told: bool) -> None:
    limit(cast.acme, api_keys_limit=5)
    for _ in range(4):
        add_key(cast.acme)
    response = browser(cast.viewer).get(f"/orgs/acme/quota{seen}")
    assert ("Nearly full" in response.headers.get("HX-Trigger", "")) == is_told
