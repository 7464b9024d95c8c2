"""Refusals of the management API as problem details (RFC 9457) with a stable ``code``."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from observability.routes import told
from redisgate import outage
from redisgate.lib.database_refusal import refusal_of
from redisgate.lib.errors import InvalidInput, RedisGateError, Unavailable

log = logging.getLogger("redisgate.problems")

CONTENT_TYPE = "application/problem+json"
SEND_JSON = "Send JSON, with the header Content-Type: application/json."
CODES = {
    HTTPStatus.BAD_REQUEST: InvalidInput.code,
    HTTPStatus.INTERNAL_SERVER_ERROR: RedisGateError.code,
    HTTPStatus.SERVICE_UNAVAILABLE: Unavailable.code,
}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Render every refusal of a DRF view; None lets Django answer 500."""
    outage_met = refusal_of(error)
    problem = _problem(outage_met or error)
    if problem is None:
        return None
    status, body, headers = problem
    request = context["request"]
    if outage_met:
        outage.tell(request, outage_met)
    else:
        log.info("%s refused: %s %s", told(request), int(status), body["code"])
    return Response(
        {"type": "about:blank", "status": int(status), **body},
        status=status,
        headers=headers,
        content_type=CONTENT_TYPE,
    )


def response(status: HTTPStatus, words: str) -> JsonResponse:
    """Say what went wrong outside of any DRF view, such as an address that doesn't exist."""
    body = {
        "type": "about:blank",
        "status": status.value,
        "title": status.phrase,
        "code": CODES.get(status, status.name.lower()),
        "detail": words,
    }
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def body_refusal(_scope: object, error: RedisGateError) -> tuple[int, Mapping[str, str], bytes]:
    """Refuse a body before anybody reads it; Django itself would write all of it to a disk."""
    answer = response(HTTPStatus(error.status), error.message)
    return answer.status_code, answer.headers, answer.content


def _problem(error: Exception) -> tuple[int, dict[str, Any], dict[str, str]] | None:
    if isinstance(error, RedisGateError):
        body = {"title": error.title, "code": error.code, "detail": error.message, **error.details}
        return error.status, body, _refusal_headers(error)
    if isinstance(error, Http404):
        return (
            404,
            {"title": "Not found", "code": "not_found", "detail": "There is nothing here."},
            {},
        )
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.ValidationError):
        return 400, _validation(error), {}
    if isinstance(error, exceptions.APIException):
        return error.status_code, _api_exception(error), _headers(error)
    return None


def _refusal_headers(error: RedisGateError) -> dict[str, str]:
    if error.status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": 'Bearer realm="RedisGate"', **error.retry_headers}
    return error.retry_headers


def _validation(error: exceptions.ValidationError) -> dict[str, Any]:
    fields = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
    first = next(iter(fields.items()))
    words = first[1][0] if isinstance(first[1], list) and first[1] else "is not valid"
    return {
        "title": "Please check your input",
        "code": "invalid_input",
        "detail": str(words) if first[0] == "non_field_errors" else f"{first[0]}: {words}",
        "errors": fields,
    }


def _api_exception(error: exceptions.APIException) -> dict[str, Any]:
    code = error.get_codes()
    is_other_format = isinstance(error, exceptions.UnsupportedMediaType)
    return {
        "title": HTTPStatus(error.status_code).phrase,
        "code": code if isinstance(code, str) else "invalid_input",
        "detail": SEND_JSON if is_other_format else str(error.detail),
    }


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers: dict[str, str] = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    return headers
