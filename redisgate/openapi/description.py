"""The finished description, made once a process: it changes with the code alone."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer

RENDERERS = {"json": OpenApiJsonRenderer, "yaml": OpenApiYamlRenderer}
MEDIA_TYPES = {
    "json": "application/vnd.oai.openapi+json",
    "yaml": "application/vnd.oai.openapi",
}


@cache
def description() -> dict[str, Any]:
    """Describe both APIs as OpenAPI 3.1."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    return schema


@cache
def written(form: str) -> bytes:
    """Write the description as JSON or YAML."""
    text = RENDERERS[form]().render(description(), renderer_context={})
    return text if isinstance(text, bytes) else text.encode()
