"""Headers and query parameters that every operation of a kind understands."""

from typing import Any

Operation = dict[str, Any]
FIELDS = {
    "name": "fields",
    "in": "query",
    "description": "Only these fields of the answer, or of each row, separated by commas.",
    "schema": {"type": "string"},
    "example": "id,name",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A name of your own for this request, such as a UUID. Sent again within 24 "
    "hours, the request isn't run again: its first answer is.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "example": "8f14e45f-ceea-467f-ab57-9d5b6a0f5f4e",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag that you read. Changed meanwhile: 412, and nothing is done.",
    "schema": {"type": "string"},
    "example": 'W/"6f1ed002ab5595859014ebf0951522d9"',
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag that you have. Still the same: 304 without a body.",
    "schema": {"type": "string"},
    "example": 'W/"6f1ed002ab5595859014ebf0951522d9"',
}
ETAG = {"schema": {"type": "string"}, "description": "For If-Match and If-None-Match."}
OPERATION = {"schema": {"type": "string"}, "description": "Where to see how far it is."}
LOCATION = {"schema": {"type": "string"}, "description": "Where the new object is."}


def add(operation: Operation, path: str, method: str, *, is_versioned: bool) -> None:
    """Describe what the base of all views does for this method."""
    parameters = operation.setdefault("parameters", [])
    if method == "post" and operation.get("security"):
        parameters.append(IDEMPOTENCY_KEY)
    elif method == "get":
        parameters += [FIELDS, IF_NONE_MATCH]
        operation["responses"]["304"] = {"description": "What you have is what there is."}
    elif is_versioned:
        parameters.append(IF_MATCH)
    answers = operation["responses"]
    for status in {"201", "202"} & set(answers) if "/instances" in path else ():
        answers[status].setdefault("headers", {})["Operation-Location"] = OPERATION
    if method != "post" and "200" in answers:
        answers["200"].setdefault("headers", {})["ETag"] = ETAG
