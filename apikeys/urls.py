"""URLs of this room."""

from django.urls import path

from apikeys import views

app_name = "apikeys"
urlpatterns = [
    path("", views.key_list, name="list"),
    path("new/", views.create, name="create"),
    path("<uuid:key>/created/", views.created, name="created"),
    path("<uuid:key>/revoke/", views.revoke, name="revoke"),
]
