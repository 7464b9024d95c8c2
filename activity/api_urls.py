"""URLs of this room in the management API."""

from django.urls import path

from activity.api import AuditEventDetail, AuditEventList

app_name = "activity_api"
urlpatterns = [
    path("", AuditEventList.as_view(), name="list"),
    path("/<uuid:event>", AuditEventDetail.as_view(), name="detail"),
]
