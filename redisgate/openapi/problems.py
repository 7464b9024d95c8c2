"""How refusals look: problem details (RFC 9457), the same for every operation."""

from typing import Any

from redisgate.problems import CONTENT_TYPE

Operation = dict[str, Any]

SCHEMA = {
    "type": "object",
    "description": "Why it was refused (RFC 9457). Decide by `code`: it is stable.",
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "title": {"type": "string"},
        "code": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
        "detail": {"type": "string", "description": "What happened, and the way out."},
        "errors": {
            "description": "By field, what is wrong with it.",
            "type": "object",
            "additionalProperties": True,
        },
    },
    "required": ["type", "status", "title", "code", "detail"],
    "additionalProperties": True,
}


def _example(status: int, title: str, code: str, detail: str, **more: object) -> dict[str, object]:
    head: dict[str, object] = {"type": "about:blank", "status": status, "title": title}
    return {**head, "code": code, "detail": detail, **more}


NAME_MISSING = "This field is required."
EXAMPLES = {
    400: _example(
        400,
        "Please check your input",
        "invalid_input",
        f"name: {NAME_MISSING}",
        errors={"name": [NAME_MISSING]},
    ),
    401: _example(
        401,
        "Unauthorized",
        "token_expired",
        "Your access token has expired. Fetch a new one from POST /auth/refresh.",
    ),
    403: _example(
        403,
        "Not allowed",
        "forbidden",
        "Your role in Acme is viewer, which doesn't allow this. "
        "Ask an owner or admin of the organization.",
    ),
    404: _example(404, "Not found", "not_found", "There is no such organization."),
    409: _example(
        409,
        "Not possible right now",
        "conflict",
        "sessions is being deleted, so this can't be done any more.",
    ),
    410: _example(
        410,
        "This invitation is over",
        "invitation_over",
        "This invitation was used, withdrawn or has expired. Ask for another one.",
    ),
    412: _example(
        412,
        "Changed meanwhile",
        "changed_meanwhile",
        "This was changed since you read it. Read it again, then repeat your change.",
    ),
    415: _example(
        415,
        "Unsupported Media Type",
        "unsupported_media_type",
        "Send JSON, with the header Content-Type: application/json.",
    ),
    422: _example(
        422,
        "Idempotency-Key used before",
        "idempotency_key_reused",
        "This Idempotency-Key was used for another request. Use a new key for each request.",
    ),
    429: _example(
        429,
        "Too many requests",
        "rate_limited",
        "You have sent more than 600 requests a minute. Try again in a second.",
    ),
    503: _example(
        503,
        "Temporarily unavailable",
        "unavailable",
        "Too much is being changed at once. Nothing was changed; try again in a moment.",
    ),
}
WORDS = {
    400: "The request can't be understood, or breaks a rule; `errors` names the fields.",
    401: "No credential, or one that doesn't count.",
    403: "Your role doesn't allow it.",
    404: "It isn't there, or isn't yours to see.",
    409: "Its state doesn't allow it, a limit is reached, or an equal request is still running.",
    410: "The invitation was used, withdrawn or has expired.",
    412: "If-Match: it was changed meanwhile.",
    415: "The body isn't JSON.",
    422: "The Idempotency-Key belongs to another request.",
    429: "Too many requests; Retry-After says how long to wait.",
    503: "Something we depend on is away; trying again can help.",
}


def add(operation: Operation, path: str, method: str) -> None:
    """Write down the refusals that an operation of this kind can give."""
    answers = operation["responses"]
    for status in _statuses(operation, path, method):
        answers.setdefault(str(status), _answer(status))


def _statuses(operation: Operation, path: str, method: str) -> list[int]:
    is_known = bool(operation.get("security")) and {} not in operation["security"]
    is_unsafe = method not in {"get", "head"}
    wanted = {
        400: is_unsafe or any(each["in"] == "query" for each in operation.get("parameters", ())),
        401: is_known or path.startswith("/auth/"),
        403: is_known or path.startswith("/auth/"),
        404: "{" in path,
        409: is_unsafe or "/instances/" in path,
        410: path.startswith("/api/invitations/"),
        412: method in {"put", "patch", "delete"},
        415: is_unsafe,
        422: method == "post",
        429: True,
        503: is_unsafe or "/instances/" in path,
    }
    return [status for status, is_wanted in wanted.items() if is_wanted]


def _answer(status: int) -> dict[str, Any]:
    headers = {"Retry-After": {"schema": {"type": "integer"}}} if status in {429, 503} else {}
    return {
        "description": WORDS[status],
        **({"headers": headers} if headers else {}),
        "content": {
            CONTENT_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": EXAMPLES[status],
            }
        },
    }
