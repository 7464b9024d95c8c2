"""URLs of this room in the management API."""

from django.urls import path

from apikeys import api

app_name = "apikeys_api"
urlpatterns = [
    path("", api.ApiKeyList.as_view(), name="list"),
    path("/<uuid:key>", api.ApiKeyDetail.as_view(), name="detail"),
    path("/<uuid:key>/usage", api.ApiKeyUsage.as_view(), name="usage"),
    path("/<uuid:key>/rotate", api.ApiKeyRotate.as_view(), name="rotate"),
    path("/<uuid:key>/former-secret", api.ApiKeyFormerSecret.as_view(), name="former_secret"),
    path("/<uuid:key>/simulate", api.ApiKeySimulate.as_view(), name="simulate"),
    path("/<uuid:key>/revoke", api.ApiKeyRevoke.as_view(), name="revoke"),
]
