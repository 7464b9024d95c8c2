"""The command API: one view for everything below ``/redis``."""

from django.urls import re_path

from gateway.api import CommandView

app_name = "gateway"
# Not `.*`, because a path may hold an encoded line feed, and not (?s), which Django can't reverse:
# it would fail for every name of every room. The view reads the encoded path itself.
urlpatterns = [re_path(r"^redis(?:/[\s\S]*)?$", CommandView.as_view(), name="command")]
