"""The three credentials of the APIs."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class AccessToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.AccessTokenAuthentication"
    name = "accessToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "A person's access token, from POST /auth/login.",
        }


class ManagementKey(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "managementkeys.authentication.ManagementKeyAuthentication"
    name = "managementKey"

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list[Any]]]:
        """Say it where it is so: most views want a person or a key, some a person alone."""
        view = auto_schema.view
        return [{self.name: []}] if getattr(view, "accepts_management_keys", False) else []

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A management key (rgm_…) of the organization in the address.",
        }


API_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key (rg_…) of the organization that owns the instance.",
}
