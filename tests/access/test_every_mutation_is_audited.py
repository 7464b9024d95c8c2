"""Whatever changes something through a page or the API leaves an event.

Goes through every unsafe operation of the access matrix as the owner. An operation that is
refused there, because no server runs, has its event tested where one does.
"""

import pytest

from audit.models import AuditEvent
from instances.models import Instance
from instances.states import Wish
from tests.access.conftest import World
from tests.access.matrix import Row, client_of, send
from tests.access.test_matrix import ROWS
from tests.accounts.people import prove

SAFE = {"GET", "HEAD", "OPTIONS"}
EXEMPT = {
    "POST /accounts/delete/": "asks who it is first: tests/accounts/test_deletion.py",
    "POST /accounts/email/": "asks who it is first: tests/accounts/test_profile.py",
    "POST /accounts/email/resend/": "writes a mail and changes nothing",
    "POST /accounts/email/withdraw/": "no address waits",
    "POST /accounts/sessions/1/end/": "there is no such session",
    "POST /accounts/sessions/end-others/": "there are no others",
    "POST /accounts/signup/check/": "looks at what is typed and changes nothing",
    "POST /auth/login": "signs the viewer in: tests/accounts/test_recent_activity.py",
    "POST /auth/logout": "ends a token that was never issued",
    "POST /auth/register": "accounts are no organization's; the person's events come with them",
    "POST /api/organizations/{org}/instances/bulk": "names an instance that never was",
    "POST /api/organizations/{org}/instances/{instance}/test-connection": "only connects",
    "POST /orgs/{org_slug}/instances/{instance_slug}/test-connection/": "only connects",
    "DELETE /api/organizations/{org}/instances/{instance}/rotate-password": "there is none to end",
    "DELETE /api/organizations/{org}/api-keys/{key}/former-secret": "there is none to end",
    "POST /orgs/{org_slug}/api-keys/{key}/end-former-secret/": "there is none to end",
    "POST /orgs/{org_slug}/instances/{instance_slug}/settings/former/": "there is none to end",
    "POST /orgs/{org_slug}/instances/{instance_slug}/settings/expiry/": "stays as it is: never",
    "POST /orgs/{org_slug}/api-keys/revoke/": "asks which keys, because none is named",
    "POST /orgs/{org_slug}/invitations/withdraw/": "asks which, because none is named",
    "POST /orgs/{org_slug}/management-keys/revoke/": "asks which keys, because none is named",
    "POST /orgs/{org_slug}/start/": "makes nothing where an instance and a key are: tests/welcome",
    "POST /orgs/{org_slug}/overview/hints/": "hides a hint in the person's own browser alone",
    "POST /orgs/{org_slug}/instances/bulk/": "asks which instances, because none is named",
    "DELETE /api/organizations/{org}/sso": "no identity provider is connected",
    "POST /orgs/{org_slug}/settings/sso/disconnect/": "no identity provider is connected",
    "POST /orgs/{org_slug}/instances/{instance_slug}/console/": "no server runs to take a command",
    "POST /orgs/{org_slug}/instances/{instance_slug}/metrics/clients/disconnect/": "no server runs",
}
UNSAFE = [row for row in ROWS if row.method not in SAFE]
DONE = [row for row in UNSAFE if row.expected("owner") < 400 and str(row) not in EXEMPT]
REFUSED = [row for row in UNSAFE if row.expected("owner") >= 400]


@pytest.mark.parametrize("row", DONE, ids=str)
def test_mutation_leaves_an_event(world: World, row: Row) -> None:
    if "/start" in row.path:
        Instance.objects.update(wish=Wish.STOPPED)  # else there is nothing to start
    client = client_of(world.cast.owner, row.doors[0])
    if row.doors[0] == "session":
        prove(client)  # else what is dangerous asks for the password first
    before = AuditEvent.objects.count()
    response = send(client, row, world.mine)
    assert response.status_code == row.expected("owner")
    assert AuditEvent.objects.count() > before, f"{row} changed something and said nothing"
    event = AuditEvent.objects.order_by("-at")[0]
    assert event.actor_label == world.cast.owner.email
    assert event.means == ("api" if row.is_api else "dashboard")
    assert event.request_id == "matrix"


@pytest.mark.parametrize("row", REFUSED, ids=str)
def test_refused_mutation_leaves_none(world: World, row: Row) -> None:
    before = AuditEvent.objects.count()
    send(client_of(world.cast.owner, row.doors[0]), row, world.mine)
    assert AuditEvent.objects.count() == before


def test_every_exemption_still_is_an_operation() -> None:
    assert EXEMPT.keys() <= {str(row) for row in UNSAFE}
