"""One action for many rows of the list."""

from typing import Any
from uuid import uuid4

import pytest

from instances import services
from instances.models import Instance
from instances.states import Wish
from quotas.models import InstanceQuota
from tests.clients import browser
from tests.conftest import Cast, actor
from tests.instances.rows import make_instance
from tests.instances.test_pages import HTMX, LIST, page

BULK = f"{LIST}bulk/"


def three(cast: Cast) -> list[Instance]:
    return [make_instance(cast.acme, name) for name in ("one", "two", "three")]


def chosen(action: str, *instances: Instance, **more: str) -> dict[str, Any]:
    return {"action": action, "instance": [str(each.pk) for each in instances], **more}


def wishes(*instances: Instance) -> list[str]:
    rows = Instance.objects.in_bulk([each.pk for each in instances])
    return [rows[each.pk].wish for each in instances]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_first_it_names_what_would_happen(cast: Cast, headers: dict[str, str]) -> None:
    one, two, three_ = three(cast)
    response = browser(cast.developer).post(BULK, chosen("stop", one, two), headers=headers)
    text = response.content.decode()
    assert "Stop 2 instances?" in text
    assert "one" in text
    assert str(three_.pk) not in text
    assert wishes(one, two) == [Wish.RUNNING, Wish.RUNNING]


def test_confirmed_it_is_done_to_each(cast: Cast) -> None:
    one, two, three_ = three(cast)
    data = chosen("stop", one, two, confirmed="1")
    response = browser(cast.developer).post(BULK, data, headers=HTMX)
    assert "2 instances are stopping." in response.content.decode()
    assert "chosen-done" in response["HX-Trigger"]
    assert wishes(one, two, three_) == [Wish.STOPPED, Wish.STOPPED, Wish.RUNNING]


def test_deleting_many_wants_the_typed_word(cast: Cast) -> None:
    one, two, _ = three(cast)
    client = browser(cast.developer)
    response = client.post(BULK, chosen("delete", one, two, confirmed="1", confirm="yes"))
    assert response.status_code == 422
    assert "Type the word delete" in response.content.decode()
    assert wishes(one, two) == [Wish.RUNNING, Wish.RUNNING]
    response = client.post(BULK, chosen("delete", one, two, confirmed="1", confirm=" Delete "))
    assert "2 instances are being deleted." in response.content.decode()
    assert wishes(one, two) == [Wish.DELETED, Wish.DELETED]


def test_what_cannot_be_done_is_said_of_each_and_the_rest_is_done(cast: Cast) -> None:
    one, two, _ = three(cast)
    foreign = make_instance(cast.globex, "foreign")
    services.delete(actor(cast.developer), two)
    gone = Instance(pk=uuid4())
    data = chosen("stop", one, two, foreign, gone, confirmed="1")
    text = browser(cast.developer).post(BULK, data).content.decode()
    assert "1 instance is stopping." in text
    assert "3 could not be done" in text
    assert "two is being deleted" in text
    assert text.count("There is no such instance.") == 2
    assert "foreign" not in text
    assert wishes(one, foreign) == [Wish.STOPPED, Wish.RUNNING]


def test_nothing_chosen_is_told(cast: Cast) -> None:
    response = browser(cast.developer).post(BULK, {"action": "stop"}, headers=HTMX)
    assert response.status_code == 204
    assert "Choose at least one" in response["HX-Trigger"]


@pytest.mark.parametrize("data", [{"action": "explode"}, {"action": "stop", "instance": "x"}])
def test_nonsense_is_refused(cast: Cast, data: dict[str, str]) -> None:
    assert browser(cast.developer).post(BULK, data).status_code == 400


@pytest.mark.parametrize("action", ["start", "stop", "delete"])
def test_viewer_has_no_boxes_and_may_not_post(cast: Cast, action: str) -> None:
    one, _, _ = three(cast)
    assert 'name="instance"' not in page(cast.viewer, LIST)
    assert 'name="instance"' in page(cast.developer, LIST)
    data = chosen(action, one, confirmed="1", confirm="delete")
    assert browser(cast.viewer).post(BULK, data).status_code == 403
    assert wishes(one) == [Wish.RUNNING]


def test_made_from_the_list_the_list_comes_back(cast: Cast) -> None:
    InstanceQuota.objects.update(instances_limit=1)
    data = {"name": "Carts", "memory_mb": "64", "purpose": "cache", "place": "list"}
    client = browser(cast.developer)
    form = client.get(f"{LIST}new/", headers={**HTMX, "HX-Target": "create-dialog"})
    assert 'name="place" value="list"' in form.content.decode()
    response = client.post(f"{LIST}new/", data, headers=HTMX)
    assert response["HX-Retarget"] == "#instances"
    assert "Carts" in response.content.decode()
    refused = client.post(f"{LIST}new/", {**data, "name": "More"}, headers=HTMX)
    assert refused.status_code == 422
    assert 'name="place" value="list"' in refused.content.decode()
    assert "HX-Retarget" not in refused
