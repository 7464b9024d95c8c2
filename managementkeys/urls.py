"""URLs of this room."""

from django.urls import path

from managementkeys import views

app_name = "managementkeys"
urlpatterns = [
    path("", views.key_list, name="list"),
    path("revoke/", views.revoke_many, name="revoke_many"),
    path("<uuid:key>/created/", views.created, name="created"),
    path("<uuid:key>/revoke/", views.revoke, name="revoke"),
]
