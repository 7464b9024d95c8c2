"""URLs of this room."""

from django.urls import path

from apikeys import change_views, detail_views, ending_views, views

app_name = "apikeys"
urlpatterns = [
    path("", views.key_list, name="list"),
    path("new/", views.create, name="create"),
    path("revoke/", ending_views.revoke_many, name="revoke_many"),
    path("<uuid:key>/", detail_views.detail, name="detail"),
    path("<uuid:key>/simulate/", detail_views.simulated, name="simulate"),
    path("<uuid:key>/edit/", change_views.edit, name="edit"),
    path("<uuid:key>/rotate/", change_views.rotate, name="rotate"),
    path("<uuid:key>/end-former-secret/", change_views.end_former, name="end_former"),
    path("<uuid:key>/created/", views.created, name="created"),
    path("<uuid:key>/revoke/", ending_views.revoke, name="revoke"),
]
