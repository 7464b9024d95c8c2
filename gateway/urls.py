"""The command API: one view for everything below ``/redis``."""

from django.urls import re_path

from gateway.api import CommandView

app_name = "gateway"
# Not a dot, because a path may hold an encoded line feed, and no flag, because Django's reverse()
# refuses flags, for every URL of the site. The view reads the encoded path itself.
urlpatterns = [re_path(r"^redis(?:/[\s\S]*)?$", CommandView.as_view(), name="command")]
