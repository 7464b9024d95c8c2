"""An example for every body, put together from examples of its fields."""

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]
Schemas = Mapping[str, Schema]

DEPTH_MAX = 8
ID = "3f0c6a52-8a1e-4c3b-9d57-6b1f0e6a2c11"
BY_NAME: dict[str, Any] = {
    "access": "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiIzZjBjNmE1MiJ9.c2lnbmF0dXJl",
    "address": "203.0.113.7",
    "ca_certificate": "",
    "client_certificate": "",
    "client_id": "redisgate",
    "client_key": "",
    "client_secret": "fQ3k9vT1xW",
    "code": "invalid_input",
    "command": "SET cache:1 hello",
    "count": 1,
    "created_by": "ada",
    "description": "Everything that the web shop keeps.",
    "detail": "",
    "domain": "example.com",
    "email": "ada@example.com",
    "eviction_policy": "allkeys-lru",
    "expires_in": 1800,
    "fields": "id,name",
    "health": "healthy",
    "hint": "rg_Xy12",
    "host": "redis.example.com",
    "hours": [],
    "issuer": "https://login.example.com",
    "key_patterns": ["cache:*"],
    "last_used_from": "203.0.113.7",
    "last_used_with": "redis-py/8.0",
    "limit": 5,
    "memory_mb": 128,
    "metadata_url": "https://login.example.com/saml/metadata",
    "name": "sessions",
    "network": "203.0.113.0/24",
    "next": None,
    "password": "correct horse battery",
    "persistence": "aof",
    "port": 20000,
    "previous": None,
    "price": "20 EUR a month",
    "provisioner": "process",
    "purpose": "store",
    "rate_limit": 100,
    "recovery_code": "3f9a1c7e",
    "redis_url": "redis://default:…@redis.example.com:20000/0",
    "redis_username": "rg_Xy12",
    "refresh": "rgr_…",
    "role": "admin",
    "scopes": ["read", "write"],
    "server_name": "",
    "settings_status": "applied",
    "shown_name": "Ada Lovelace",
    "slug": "sessions",
    "status": "running",
    "token": "rgi_Xy12…",
    "token_type": "Bearer",
    "totp": "123456",
    "url": "https://redis.example.com/redis/3f0c6a52-8a1e-4c3b-9d57-6b1f0e6a2c11",
    "used": 2,
    "username": "ada",
    "wish": "running",
}
BY_FORMAT = {
    "uuid": ID,
    "date-time": "2030-01-31T12:00:00Z",
    "date": "2030-01-31",
    "email": "ada@example.com",
    "uri": "https://redis.example.com/",
}


def add(content: Mapping[str, Any], schemas: Schemas) -> None:
    """Give each media type an example, unless its view brought one."""
    for media in content.values():
        if "example" not in media and "examples" not in media and "schema" in media:
            media["example"] = of(media["schema"], schemas)


def of(schema: Schema, schemas: Schemas, name: str = "", depth: int = 0) -> Any:
    """Make a value that a schema allows; ``name`` is the property's."""
    schema = _resolved(schema, schemas)
    for word in ("example", "const", "default"):
        if word in schema:
            return schema[word]
    if schema.get("examples"):
        return schema["examples"][0]
    if name in BY_NAME and _fits(BY_NAME[name], schema):
        return BY_NAME[name]
    if "enum" in schema:
        return schema["enum"][0]
    for choice in ("oneOf", "anyOf"):
        if schema.get(choice):
            return of(schema[choice][0], schemas, name, depth)
    return _of_type(schema, schemas, name, depth)


def _of_type(schema: Schema, schemas: Schemas, name: str, depth: int) -> Any:
    kind = _kinds(schema)[0]
    if kind == "object":
        properties = schema.get("properties", {}) if depth < DEPTH_MAX else {}
        return {each: of(inner, schemas, each, depth + 1) for each, inner in properties.items()}
    if kind == "array":
        items = schema.get("items")
        return [of(items, schemas, name.removesuffix("s"), depth + 1)] if items else []
    if kind in {"integer", "number"}:
        return max(1, schema.get("minimum", 1))
    if kind == "boolean":
        return True
    if kind == "string":
        return BY_FORMAT.get(schema.get("format", ""), "…")
    return None


def _resolved(schema: Schema, schemas: Schemas) -> Schema:
    """Follow references, those in an ``allOf`` included."""
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    merged = dict(schema)
    for part in merged.pop("allOf", ()):
        merged = {**_resolved(part, schemas), **merged}
    return merged


def _kinds(schema: Schema) -> list[str]:
    kind = schema.get("type", "object" if "properties" in schema else "null")
    return kind if isinstance(kind, list) else [kind]


def _fits(value: Any, schema: Schema) -> bool:
    if "enum" in schema:
        return value in schema["enum"]
    kinds = {str: "string", int: "integer", list: "array", type(None): "null"}
    return kinds[type(value)] in _kinds(schema) and schema.get("format", "") in {"", "uri", "email"}
