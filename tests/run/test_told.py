"""What a platform in production writes down from start to stop, and sends to a collector."""

import pytest

from tests.run import told
from tests.run.told import CANARY, COMMAND, LINK, PAGE, REFUSED, SENDER, UNWANTED, Told

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def what_it_told() -> Told:
    return told.story()


def test_every_line_is_an_object_with_time_level_logger_and_words(what_it_told: Told) -> None:
    lines = what_it_told.lines
    assert all({"timestamp", "level", "logger", "event"} <= line.keys() for line in lines)
    begun = next(line for line in lines if line["level"] != "warning")
    assert begun["event"].startswith("Starting RedisGate on")
    assert lines[-1]["event"] == "Stopped."


def test_servers_and_roles_use_the_same_form(what_it_told: Told) -> None:
    loggers = {line["logger"] for line in what_it_told.lines}
    assert {"gunicorn.error", "uvicorn.error", "redisgate.says", "redisgate.problems"} <= loggers
    assert any(line["event"] == "controller: started" for line in what_it_told.lines)


def test_no_secret_is_in_the_log(what_it_told: Told) -> None:
    assert [line for line in what_it_told.text.splitlines() if CANARY in line] == []


def test_no_secret_that_it_hands_out_is_written_down_anywhere(what_it_told: Told) -> None:
    places = {
        "log": what_it_told.text,
        "metrics": what_it_told.metrics,
        "spans": what_it_told.sent.decode("latin-1"),
        "database": what_it_told.kept.decode("latin-1"),
    }
    assert all(places.values())
    found = [
        f"{kind} in {place}"
        for kind, secret in what_it_told.handed_out.items()
        for place, text in places.items()
        if secret in text or secret.rpartition(".")[2] in text
    ]
    assert found == []


def test_followed_links_are_told_by_their_routes(what_it_told: Told) -> None:
    of_them = [span.attributes for span in what_it_told.spans if span.trace_id == LINK]
    routes = {str(each.get("http.route", "")).partition("(")[0] for each in of_them}
    assert {"/accounts/confirm-email/", "/accounts/password/reset/key/"} <= routes


def test_refusal_is_found_by_its_trace(what_it_told: Told) -> None:
    of_it = [line for line in what_it_told.lines if line.get("trace_id") == REFUSED]
    (refused,) = [line for line in of_it if line["logger"] == "redisgate.problems"]
    assert refused["event"].startswith("GET /auth/me refused: 401")


def test_page_and_its_queries_are_one_trace(what_it_told: Told) -> None:
    spans = what_it_told.of(PAGE)
    request, query = spans["POST /auth/login"], spans["SELECT"]
    assert request.parent_id == SENDER
    assert query.parent_id == request.span_id
    assert query.attributes["db.system.name"] in {"sqlite", "postgresql"}
    assert "%s" in query.attributes["db.query.text"]


def test_command_is_traced_to_the_server(what_it_told: Told) -> None:
    spans = what_it_told.of(COMMAND)
    request, gateway, command = spans["POST /redis/<instance>"], spans["gateway"], spans["SET"]
    assert (request.parent_id, request.attributes["http.response.status_code"]) == (SENDER, "200")
    assert gateway.parent_id == request.span_id
    assert command.parent_id == gateway.span_id
    assert command.attributes["redisgate.instance"] == what_it_told.instance_id


def test_what_its_sender_does_not_want_is_not_traced(what_it_told: Told) -> None:
    assert what_it_told.of(UNWANTED) == {}


def test_no_value_and_no_secret_is_in_a_span(what_it_told: Told) -> None:
    assert CANARY.encode() not in what_it_told.sent
