"""The pages that show the API draw themselves from our own files, within the page's policy."""

from pytest_django.live_server_helper import LiveServer

from tests.browser import open_tab

OPERATION = "[data-section-id='tag/Instances/operation/instances_start']"


def test_both_pages_draw_every_operation_from_our_own_files(live_server: LiveServer) -> None:
    with open_tab(live_server.url) as tab:
        hosts: set[str] = set()
        tab.page.on("response", lambda answer: hosts.add(answer.url.split("/")[2]))
        tab.page.goto("/api/docs")
        tab.page.get_by_text("Instances", exact=True).first.click()
        tab.page.locator("#operations-Instances-instances_start").wait_for()
        tab.page.get_by_text("Read as one page").click()
        tab.page.locator(OPERATION).first.wait_for(state="attached")
        complaints = tab.complaints
    assert not complaints
    assert hosts == {live_server.url.split("/")[2]}
