"""Pages for whoever signs in through an identity provider."""

from django.urls import path

from sso import sign_in

app_name = "sso"
urlpatterns = [
    path("", sign_in.find, name="find"),
    path("with/<slug:key>/", sign_in.start, name="start"),
]
