"""The command API: one view for every path below an instance, hence described by hand."""

from typing import Any

INSTANCE = {
    "name": "instance",
    "in": "path",
    "required": True,
    "description": "The instance's id.",
    "schema": {"type": "string", "format": "uuid"},
    "example": "3f0c6a52-8a1e-4c3b-9d57-6b1f0e6a2c11",
}
ENCODING = {
    "name": "Upstash-Encoding",
    "in": "header",
    "description": "base64: strings of the answer come as base64.",
    "schema": {"type": "string", "enum": ["base64"]},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A name for this request: sent again, it isn't run again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "example": "8f14e45f-ceea-467f-ab57-9d5b6a0f5f4e",
}
SCHEMAS: dict[str, Any] = {
    "Command": {
        "type": "array",
        "description": "A command and its arguments.",
        "items": {"type": ["string", "number", "boolean"]},
        "minItems": 1,
    },
    "CommandResult": {
        "type": "object",
        "properties": {"result": {"description": "The reply, in the shapes of RESP2."}},
        "required": ["result"],
    },
    "CommandError": {
        "type": "object",
        "properties": {"error": {"type": "string", "description": "The server's own text."}},
        "required": ["error"],
    },
}
REFUSALS = {
    "400": ("The server refuses the command.", "ERR wrong number of arguments for 'set' command"),
    "401": ("No key, or one that opens nothing.", "WRONGPASS invalid or missing auth token"),
    "403": ("Not from this network, or the organization is suspended.",
            "ERR the organization is suspended. Nothing was executed."),
    "404": ("No such instance, or not for this key.", "ERR no such instance."),
    "409": ("An equal request is running, or a watched key changed.", "ERR a watched key has "
            "changed."),
    "408": ("The body didn't arrive in time.", "ERR the request did not arrive in time. Nothing "
            "of it was executed."),
    "413": ("The request is too large.", "ERR max request size exceeded. Limit: 10485760 bytes."),
    "422": ("The Idempotency-Key belongs to another request.", "ERR this Idempotency-Key was used "
            "for another request. Nothing was sent; use a new key for each request."),
    "429": ("The key's rate limit is reached.", "ERR rate limit exceeded. Limit: 100 a second."),
    "502": ("Sent, and no reply came: nobody knows whether it ran.", "ERR the connection to the "
            "instance was lost before the reply came. It is unknown whether it ran."),
    "503": ("The instance is stopped, starting or away.", "ERR the instance is stopped."),
    "504": ("It took too long: nobody knows whether it ran.", "ERR the command took longer than "
            "30 seconds and was given up before the reply came. It is unknown whether it ran."),
}  # fmt: skip


def paths() -> dict[str, Any]:
    """Describe the forms in which commands come."""
    one, many = _ref("Command"), {"type": "array", "items": _ref("Command"), "minItems": 1}
    result = {"oneOf": [_ref("CommandResult"), _ref("CommandError")]}
    results = {"type": "array", "items": result}
    two = [["SET", "greeting", "hello"], ["GET", "greeting"]]
    replies = [{"result": "OK"}, {"result": "hello"}]
    return {
        "/redis/{instance}": {
            "post": _operation(
                "command_run",
                "Run one command",
                body=(one, ["SET", "greeting", "hello", "EX", 100]),
                answer=(_ref("CommandResult"), {"result": "OK"}),
            )
        },
        "/redis/{instance}/pipeline": {
            "post": _operation(
                "command_pipeline",
                "Run commands in order; each has its own reply",
                body=(many, two),
                answer=(results, replies),
            )
        },
        "/redis/{instance}/multi-exec": {
            "post": _operation(
                "command_transaction",
                "Run commands as one transaction",
                body=(many, two),
                answer=(results, replies),
            )
        },
        "/redis/{instance}/{command}": {
            "get": _operation(
                "command_by_path",
                "Run the command that the path spells, its arguments after further slashes",
                answer=(_ref("CommandResult"), {"result": "hello"}),
                parameters=[_segment("command", "GET/greeting")],
            )
        },
        "/redis/{instance}/subscribe/{channel}": {"get": _stream()},
    }


def _operation(
    operation_id: str,
    summary: str,
    *,
    answer: tuple[Any, Any],
    body: tuple[Any, Any] | None = None,
    parameters: list[Any] | None = None,
) -> dict[str, Any]:
    repeatable = [IDEMPOTENCY_KEY] if body else []
    described: dict[str, Any] = {
        "operationId": operation_id,
        "summary": summary,
        "description": f"{summary}. Answers `result`, or `error` with the server's own text.",
        "tags": ["Command API"],
        "security": [{"apiKey": []}],
        "parameters": [INSTANCE, *(parameters or []), ENCODING, *repeatable],
        "responses": {"200": _content("What the server replied.", *answer), **_refusals()},
    }
    if body:
        media = {"schema": body[0], "example": body[1]}
        described["requestBody"] = {"required": True, "content": {"application/json": media}}
    return described


def _stream() -> dict[str, Any]:
    operation = _operation(
        "command_subscribe",
        "Listen to a channel as server-sent events",
        answer=({"type": "string"}, ""),
        parameters=[_segment("channel", "chat")],
    )
    events = "data: subscribe,chat,1\n\ndata: message,chat,hello\n\n"
    media = {"text/event-stream": {"schema": {"type": "string"}, "example": events}}
    operation["responses"]["200"] = {"description": "Events until you hang up.", "content": media}
    return operation


def _refusals() -> dict[str, Any]:
    error = _ref("CommandError")
    return {
        status: _content(words, error, {"error": text})
        for status, (words, text) in REFUSALS.items()
    }


def _content(description: str, schema: Any, example: Any) -> dict[str, Any]:
    media = {"schema": schema, "example": example}
    return {"description": description, "content": {"application/json": media}}


def _segment(name: str, example: str) -> dict[str, Any]:
    head = {"name": name, "in": "path", "required": True}
    return {**head, "schema": {"type": "string"}, "example": example}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
