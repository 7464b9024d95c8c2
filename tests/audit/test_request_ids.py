import pytest
from django.test import AsyncClient, Client

from audit.models import AuditEvent
from tests.clients import program
from tests.conftest import Cast


@pytest.mark.parametrize("asked", ["abc-123", "0af7651916cd43dd8448eb211c80319c", "a.b_c:d"])
def test_request_id_is_echoed(client: Client, asked: str) -> None:
    assert client.get("/health/live", headers={"X-Request-ID": asked})["X-Request-ID"] == asked


@pytest.mark.parametrize("asked", ["", "a b", "x" * 65, "ü", "<script>"])
def test_strange_or_missing_one_is_replaced(client: Client, asked: str) -> None:
    given = client.get("/health/live", headers={"X-Request-ID": asked})["X-Request-ID"]
    assert given != asked
    assert len(given) == 32


async def test_asynchronous_server_names_requests_too() -> None:
    answers = [await AsyncClient().get("/health/live") for _ in range(2)]
    assert len({answer["X-Request-ID"] for answer in answers}) == 2


def test_event_says_in_which_request_it_happened(cast: Cast) -> None:
    answer = program(cast.owner).post(
        "/api/organizations", {"name": "Fresh"}, headers={"X-Request-ID": "deploy-7"}
    )
    assert answer["X-Request-ID"] == "deploy-7"
    assert AuditEvent.objects.get(object_label="Fresh").request_id == "deploy-7"
