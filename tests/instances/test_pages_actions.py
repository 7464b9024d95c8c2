"""Buttons of an instance: what they write, and what they answer."""

import json

import pytest

from instances import services
from instances.glances import Figure
from instances.models import Instance
from instances.presets import Purpose
from instances.questions import before_ending
from instances.states import Status, Wish
from tests.clients import browser
from tests.conftest import Cast, actor
from tests.instances.harness import ControlPlane
from tests.instances.rows import make_instance
from tests.instances.test_pages import HTMX, LIST, url_of


def wish_of(instance: Instance) -> str:
    return Instance.objects.get(pk=instance.pk).wish


def test_stop_writes_the_wish_and_goes_back_to_the_instance(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    response = browser(cast.developer).post(url_of(instance, "stop"))
    assert wish_of(instance) == Wish.STOPPED
    assert response.headers["Location"] == url_of(instance)


def test_start_writes_the_wish(cast: Cast) -> None:
    instance = make_instance(cast.acme, status=Status.STOPPED, wish=Wish.STOPPED)
    browser(cast.developer).post(url_of(instance, "start"))
    assert wish_of(instance) == Wish.RUNNING


def test_restart_counts_one_more(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    browser(cast.developer).post(url_of(instance, "restart"))
    assert Instance.objects.get().restart_wish == 1


@pytest.mark.parametrize(("name", "verb"), [("stop", "Stopping"), ("restart", "Restarting")])
def test_cache_asks_on_a_page_before_it_is_emptied(cast: Cast, name: str, verb: str) -> None:
    instance = make_instance(cast.acme, persistence="none")
    client = browser(cast.developer)
    asked = client.post(url_of(instance, name)).content.decode()
    assert f"{verb} empties Sessions: it holds nothing on disk." in asked
    assert 'name="confirm" value="yes"' in asked
    assert (wish_of(instance), Instance.objects.get().restart_wish) == (Wish.RUNNING, 0)
    assert client.post(url_of(instance, name), {"confirm": "yes"}).status_code == 302
    now = Instance.objects.get()
    assert now.wish == Wish.STOPPED or now.restart_wish == 1


def test_cache_asks_in_a_dialog_that_answers_where_the_button_stood(cast: Cast) -> None:
    instance = make_instance(cast.acme, persistence="none")
    headers = {**HTMX, "HX-Target": f"instance-{instance.id}"}
    response = browser(cast.developer).post(url_of(instance, "stop"), headers=headers)
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#ask-dialog", "outerHTML")
    assert f'hx-target="#instance-{instance.id}"' in response.content.decode()
    assert wish_of(instance) == Wish.RUNNING


@pytest.mark.parametrize(("keys", "words"), [("1", "1 key would"), ("1,204", "1,204 keys would")])
def test_question_names_how_many_keys_are_lost(cast: Cast, keys: str, words: str) -> None:
    instance = make_instance(cast.acme, persistence="none")
    question = before_ending(instance, "Stop", (Figure(label="Keys", value=keys),))
    assert question is not None
    assert f"{words} be lost." in question.text


def test_htmx_gets_the_row_back_with_the_wish_and_a_toast(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    headers = {**HTMX, "HX-Target": f"instance-{instance.id}"}
    response = browser(cast.developer).post(url_of(instance, "stop"), headers=headers)
    text = response.content.decode()
    assert text.lstrip().startswith(f'<tr id="instance-{instance.id}"')
    assert "Stopping" in text
    assert json.loads(response["HX-Trigger"])["toast"]["message"] == "Sessions is stopping."


def test_htmx_gets_the_head_of_the_page_back_where_the_button_stood(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    headers = {**HTMX, "HX-Target": "instance-live"}
    response = browser(cast.developer).post(url_of(instance, "restart"), headers=headers)
    assert b'id="instance-live"' in response.content
    assert b"Restarting" in response.content


def test_address_that_is_none_does_not_keep_a_button_from_working(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    headers = {**HTMX, "HX-Target": "instance-live", "HX-Current-URL": "http://["}
    response = browser(cast.developer).post(url_of(instance, "restart"), headers=headers)
    assert b"Restarting" in response.content


@pytest.mark.parametrize("name", ["start", "stop", "restart", "delete"])
def test_viewer_may_not_press_anything(cast: Cast, name: str) -> None:
    instance = make_instance(cast.acme)
    response = browser(cast.viewer).post(url_of(instance, name), {"confirm": "Sessions"})
    assert response.status_code == 403
    assert wish_of(instance) == Wish.RUNNING


@pytest.mark.parametrize("name", ["start", "stop", "restart", "delete", "test_connection"])
def test_outsider_presses_nothing_that_exists(cast: Cast, name: str) -> None:
    instance = make_instance(cast.acme)
    response = browser(cast.outsider).post(url_of(instance, name), {"confirm": "Sessions"})
    assert response.status_code == 404
    assert wish_of(instance) == Wish.RUNNING


def test_delete_asks_for_the_name(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    client = browser(cast.developer)
    assert b"Type <code" in client.get(url_of(instance, "delete")).content
    response = client.post(url_of(instance, "delete"), {"confirm": "sessions"})
    assert response.status_code == 422
    assert b"This is not the name. Type Sessions to confirm." in response.content
    assert wish_of(instance) == Wish.RUNNING


def test_delete_with_the_name_is_wished_and_leads_to_the_list(cast: Cast) -> None:
    instance = make_instance(cast.acme)
    client = browser(cast.developer)
    response = client.post(url_of(instance, "delete"), {"confirm": "Sessions"})
    assert wish_of(instance) == Wish.DELETED
    assert response.headers["Location"] == LIST
    assert b"Deleting" in client.get(LIST).content


def test_deleted_instance_refuses_further_buttons_in_words(cast: Cast) -> None:
    instance = make_instance(cast.acme, wish=Wish.DELETED)
    response = browser(cast.developer).post(url_of(instance, "stop"), headers=HTMX)
    assert response.status_code == 409
    assert "being deleted" in json.loads(response["HX-Trigger"])["toast"]["message"]


def test_test_connection_says_why_there_is_none(cast: Cast) -> None:
    instance = make_instance(cast.acme, port=1, status=Status.STOPPED, wish=Wish.STOPPED)
    response = browser(cast.developer).post(url_of(instance, "test_connection"), headers=HTMX)
    text = response.content.decode()
    assert "Nothing listens at 127.0.0.1:1" in text
    assert "start it, then test again" in text


def test_test_connection_without_script_answers_on_the_page(cast: Cast) -> None:
    instance = make_instance(cast.acme, port=1)
    client = browser(cast.viewer)
    response = client.post(url_of(instance, "test_connection"), follow=True)
    assert b"Nothing listens at 127.0.0.1:1" in response.content


def test_test_connection_to_a_real_server_says_its_latency(
    control_plane: ControlPlane, cast: Cast
) -> None:
    instance = services.create(
        actor(cast.owner), cast.acme, name="Real", memory_mb=32, purpose=Purpose.CACHE
    )
    control_plane.loop().until_status(instance, Status.RUNNING)
    response = browser(cast.viewer).post(url_of(instance, "test_connection"), headers=HTMX)
    text = response.content.decode()
    assert "Connected. PING took" in text
    assert all(step in text for step in ("Connect", "Authenticate", "PING"))
