"""Instances in a real browser. This server has no sockets, so the pages keep true by asking."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from instances.models import Instance
from instances.states import Wish
from quotas.models import InstanceQuota
from tests.browser import Tab, open_tab
from tests.conftest import Cast
from tests.instances.rows import make_instance

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/orgs/acme/instances/"
KEY = "rg_x.eyJqdGkiOiIwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZiJ9.x"


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value


def visit(tab: Tab, live_server: LiveServer, session: str, path: str) -> Page:
    cookie = {"name": "sessionid", "value": session, "url": live_server.url}
    tab.page.context.add_cookies([cookie])  # type: ignore[list-item]
    tab.page.goto(live_server.url + path)
    return tab.page


def unexpected(tab: Tab) -> list[str]:
    """Leave out what the console says of refused forms, and of the socket that isn't there."""
    known = ("422", "WebSocket", "[object Event]")
    return [each for each in tab.complaints if not any(word in each for word in known)]


@pytest.mark.parametrize("script", [True, False])
def test_person_makes_an_instance(cast: Cast, live_server: LiveServer, script: bool) -> None:
    session = session_of(cast.developer)
    with open_tab(script=script) as tab:
        page = visit(tab, live_server, session, "/orgs/acme/")
        page.get_by_role("link", name="Choose size and purpose").click()
        page.get_by_role("button", name="Create instance").click()
        expect(page.get_by_text("Give the instance a name")).to_be_visible()
        page.get_by_label("Name").fill("Sessions")
        page.get_by_label("Cache").check()
        page.get_by_role("button", name="Create instance").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Sessions")
        expect(page.get_by_text("is being created")).to_be_visible()
    assert Instance.objects.get().purpose == "cache"


@pytest.mark.parametrize("script", [True, False])
def test_cache_is_emptied_only_after_a_question(
    cast: Cast, live_server: LiveServer, script: bool
) -> None:
    instance = make_instance(cast.acme, persistence="none")
    session = session_of(cast.developer)
    with open_tab(script=script) as tab:
        page = visit(tab, live_server, session, LIST)
        page.get_by_role("button", name="Restart Sessions").press("Enter")
        expect(page.get_by_text("Restarting empties Sessions")).to_be_visible()
        if script:
            expect(page.get_by_role("button", name="Cancel")).to_be_focused()
            page.keyboard.press("Escape")
            expect(page.get_by_role("button", name="Restart Sessions")).to_be_focused()
            page.keyboard.press("Enter")
        page.get_by_role("button", name="Restart and empty it").press("Enter")
        expect(page.get_by_text("Restarting", exact=True).first).to_be_visible()
        expect(page.locator("#ask-dialog")).to_be_hidden()
        assert unexpected(tab) == []
    assert Instance.objects.get(pk=instance.pk).restart_wish == 1


def test_usual_size_fills_the_field(cast: Cast, live_server: LiveServer) -> None:
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, f"{LIST}new/")
        page.get_by_role("button", name="512 MB").click()
        expect(page.get_by_role("spinbutton", name="Memory")).to_have_value("512")
        assert tab.complaints == []


def test_without_a_socket_an_open_page_learns_of_a_change(
    cast: Cast, live_server: LiveServer
) -> None:
    instance = make_instance(cast.acme)
    watching, acting = session_of(cast.viewer), session_of(cast.developer)
    with open_tab() as first, open_tab() as second:
        actor = visit(first, live_server, acting, f"{LIST}{instance.id}/")
        watcher = visit(second, live_server, watching, LIST)
        expect(watcher.get_by_text("Running")).to_be_visible()
        actor.get_by_role("button", name="Stop").click()
        expect(actor.get_by_text("Sessions is stopping.")).to_be_visible()
        expect(watcher.get_by_text("Stopping")).to_be_visible()


def test_answer_is_told_though_the_page_brought_itself_up_to_date_meanwhile(
    cast: Cast, live_server: LiveServer
) -> None:
    instance = make_instance(cast.acme)
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, f"{LIST}{instance.id}/")
        held: list[Route] = []
        page.route("**/stop/", lambda route: held.append(route))
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_role("button", name="Stop")).to_be_disabled()
        page.evaluate("document.body.dispatchEvent(new CustomEvent('poll'))")
        expect(page.get_by_role("button", name="Stop")).to_be_enabled()  # another one by now
        held[0].continue_()
        expect(page.get_by_text("Sessions is stopping.")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Stopping")
        assert unexpected(tab) == []


def test_press_is_no_click_less_when_the_list_changes_before_the_release(
    cast: Cast, live_server: LiveServer
) -> None:
    make_instance(cast.acme)
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, LIST)
        page.get_by_label("Choose Sessions").check()
        page.get_by_role("form", name="Chosen instances").get_by_role("button", name="Stop").hover()
        page.mouse.down()
        with page.expect_response(live_server.url + LIST) as answer:
            page.evaluate("document.body.dispatchEvent(new CustomEvent('poll'))")
        answer.value.finished()
        page.mouse.up()
        expect(page.get_by_role("heading", name="Stop 1 instance?")).to_be_visible()
        assert unexpected(tab) == []


def test_pasted_key_fills_the_code_and_its_user(cast: Cast, live_server: LiveServer) -> None:
    instance = make_instance(cast.acme)
    session = session_of(cast.viewer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, f"{LIST}{instance.id}/")
        page.get_by_label("Your API key", exact=True).fill(KEY)
        expect(page.get_by_role("tabpanel")).to_contain_text(f"Bearer {KEY}")
        page.get_by_role("tab", name="redis-cli").click()
        expect(page.get_by_role("tabpanel")).to_contain_text(f"rg_0123456789ab:{KEY}@")
        page.get_by_label("Your API key", exact=True).fill("")
        expect(page.get_by_role("tabpanel")).to_contain_text("YOUR_KEY_USER:YOUR_API_KEY@")


def test_password_shows_only_when_asked_for(cast: Cast, live_server: LiveServer) -> None:
    instance = make_instance(cast.acme)
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, f"{LIST}{instance.id}/")
        field = page.get_by_role("textbox", name="Redis URL")
        expect(field).to_have_attribute("type", "password")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(field).to_have_attribute("type", "text")


@pytest.mark.parametrize("script", [True, False])
def test_delete_needs_the_typed_name(cast: Cast, live_server: LiveServer, script: bool) -> None:
    instance = make_instance(cast.acme)
    session = session_of(cast.developer)
    with open_tab(script=script) as tab:
        page = visit(tab, live_server, session, f"{LIST}{instance.id}/settings/")
        if script:
            page.get_by_role("button", name="Delete instance").click()
            expect(page.get_by_role("button", name="Delete for good")).to_be_disabled()
        page.get_by_label(re.compile("Type Sessions to confirm")).fill("Sessions")
        page.get_by_role("button", name="Delete for good").click()
        expect(page.get_by_text("are being deleted")).to_be_visible()
    assert Instance.objects.get().wish == Wish.DELETED


def test_refused_form_complains_of_nothing_but_the_refusal(
    cast: Cast, live_server: LiveServer
) -> None:
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, f"{LIST}new/")
        page.get_by_role("button", name="Create instance").click()
        expect(page.get_by_text("Give the instance a name")).to_be_visible()
        page.get_by_label("Name").fill("Sessions")
        page.get_by_role("spinbutton", name="Memory").fill("0")
        page.get_by_role("button", name="Create instance").click()
        expect(page.get_by_text("Give the instance a name")).to_have_count(0)
        assert [text for text in tab.complaints if "status of 422" not in text] == []


def test_settings_are_saved_one_by_one_without_a_reload(
    cast: Cast, live_server: LiveServer
) -> None:
    instance = make_instance(cast.acme, expires_at=timezone.now() + timedelta(hours=2))
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, f"{LIST}{instance.id}/")
        page.get_by_label("Pages of this instance").get_by_role("link", name="Settings").click()
        page.get_by_label("Name", exact=True).fill("Carts")
        page.get_by_role("button", name="Rename").click()
        expect(page.get_by_text("The instance is called Carts now.")).to_be_visible()
        page.get_by_role("spinbutton", name="Memory").fill("7")
        page.get_by_role("button", name="Resize").click()
        expect(page.get_by_text("from 8 MB to 65,536 MB")).to_be_visible()
        page.get_by_role("spinbutton", name="Memory").fill("96")
        page.get_by_role("button", name="Resize").click()
        expect(page.get_by_text("Carts gets 96 MB of memory.")).to_be_visible()
        # The head follows: the change is under way, because nobody runs this server.
        expect(page.get_by_text("Changed settings are being applied")).to_be_visible()
        page.get_by_role("button", name="Extend by 1 day").first.click()
        expect(page.get_by_text("This instance is about to expire")).to_have_count(0)
        url = page.get_by_role("textbox", name="Redis URL")
        before = url.input_value()
        page.get_by_role("button", name="Make a new password").click()
        expect(page.get_by_role("button", name="End the former password now")).to_be_visible()
        assert url.input_value() != before
        assert unexpected(tab) == []


@pytest.mark.parametrize("script", [True, False])
def test_many_rows_are_stopped_at_once(cast: Cast, live_server: LiveServer, script: bool) -> None:
    instances = [make_instance(cast.acme, name) for name in ("One", "Two", "Three")]
    session = session_of(cast.developer)
    with open_tab(script=script) as tab:
        page = visit(tab, live_server, session, LIST)
        bar = page.get_by_role("form", name="Chosen instances")
        if script:
            expect(bar).to_be_hidden()
            page.get_by_label("Choose all").check()
            expect(page.get_by_text("3 chosen")).to_be_visible()
            page.get_by_label("Choose Three").uncheck()
        else:
            page.get_by_label("Choose One").check()
            page.get_by_label("Choose Two").check()
        bar.get_by_role("button", name="Stop").click()
        expect(page.get_by_role("heading", name="Stop 2 instances?")).to_be_visible()
        page.get_by_role("button", name="Stop them").click()
        expect(page.get_by_text("2 instances are stopping.").first).to_be_visible()
        if script:
            expect(bar).to_be_hidden()
            expect(page.get_by_role("row", name="One").get_by_text("Stopping")).to_be_visible()
            said = page.get_by_text("2 instances are stopping.")
            expect(said).to_be_visible()
            page.route(re.compile(f"{LIST}$"), arrive)
            expect(said).to_have_count(0)
            assert unexpected(tab) == []
    wishes = [Instance.objects.get(pk=each.pk).wish for each in instances]
    assert wishes == [Wish.STOPPED, Wish.STOPPED, Wish.RUNNING]


def arrive(route: Route) -> None:
    """Let the list say that what was stopping has stopped."""
    body = route.fetch().text().replace('data-status="stopping"', 'data-status="stopped"')
    route.fulfill(body=body)


def test_chosen_rows_stay_chosen_when_the_list_changes_and_deleting_wants_the_word(
    cast: Cast, live_server: LiveServer
) -> None:
    instance = make_instance(cast.acme)
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, LIST)
        page.get_by_label("Choose Sessions").check()
        page.get_by_role("button", name="Restart Sessions").click()
        expect(page.get_by_text("Restarting", exact=True)).to_be_visible()
        expect(page.get_by_label("Choose Sessions")).to_be_checked()
        page.get_by_role("form", name="Chosen instances").get_by_role(
            "button", name="Delete"
        ).click()
        delete = page.get_by_role("button", name="Delete for good")
        expect(delete).to_be_disabled()
        page.get_by_label("Type delete to confirm").fill("delete")
        delete.click()
        expect(page.get_by_text("1 instance is being deleted.")).to_be_visible()
    assert Instance.objects.get(pk=instance.pk).wish == Wish.DELETED


@pytest.mark.parametrize("script", [True, False])
def test_list_is_searched_and_shown_whole_again(
    cast: Cast, live_server: LiveServer, script: bool
) -> None:
    InstanceQuota.objects.update(instances_limit=10)
    for number in range(6):
        make_instance(cast.acme, f"Cache {number}")
    session = session_of(cast.developer)
    with open_tab(script=script) as tab:
        page = visit(tab, live_server, session, LIST)
        words = page.get_by_label("Search instances")
        words.fill("cache 3")
        if not script:
            page.get_by_role("button", name="Search").click()
        expect(page.get_by_text("1 of 6 instances")).to_be_visible()
        expect(page.get_by_role("row", name="Cache 4")).to_have_count(0)
        expect(words).to_have_value("cache 3")
        if script:
            expect(words).to_be_focused()
            page.get_by_label("State").select_option("Stopped")
            expect(page.get_by_text("No instance fits")).to_be_visible()
            page.get_by_role("link", name="Clear filters").click()
        else:
            page.get_by_role("link", name="Clear filters").click()
        expect(page.get_by_role("row", name="Cache 4")).to_be_visible()


def test_instance_made_from_the_list_has_its_row_at_once(
    cast: Cast, live_server: LiveServer
) -> None:
    make_instance(cast.acme)
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, LIST)
        page.get_by_role("link", name="New instance").click()
        dialog = page.get_by_role("dialog", name="New instance")
        held: list[Route] = []
        page.route("**/new/", lambda route: held.append(route))
        dialog.get_by_label("Name").fill("Carts")
        dialog.get_by_role("spinbutton", name="Memory").fill("64")
        dialog.get_by_role("button", name="Create instance").click()
        new_row = page.get_by_role("row", name="Carts", include_hidden=True)
        expect(new_row).to_contain_text("Pending")  # the server has not even been asked
        with page.expect_response(live_server.url + LIST):
            page.evaluate("document.body.dispatchEvent(new CustomEvent('poll'))")
        expect(new_row).to_contain_text("Pending")
        held[0].continue_()
        expect(page.get_by_text("Carts is being created.")).to_be_visible()
        expect(dialog).to_be_hidden()
        expect(new_row).to_contain_text("64 MB")
        assert page.url == live_server.url + LIST
        page.unroute("**/new/")
        page.get_by_role("link", name="New instance").click()
        dialog.get_by_label("Name").fill("Carts")
        dialog.get_by_role("button", name="Create instance").click()
        expect(dialog.get_by_text("an instance called Carts already")).to_be_visible()
        expect(new_row).to_have_count(1)
        assert unexpected(tab) == []
