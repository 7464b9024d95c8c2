"""Single sign-on among an organization's settings."""

from django.urls import path

from sso import views

app_name = "sso_settings"
urlpatterns = [
    path("", views.page, name="page"),
    path("oidc/", views.connect_oidc, name="oidc"),
    path("saml/", views.connect_saml, name="saml"),
    path("test/", views.test, name="test"),
    path("policy/", views.set_policy, name="policy"),
    path("disconnect/", views.disconnect, name="disconnect"),
    path("domains/", views.claim_domain, name="claim_domain"),
    path("domains/<uuid:domain>/remove/", views.remove_domain, name="remove_domain"),
]
