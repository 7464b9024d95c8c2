# ruff: noqa: F403, I001  the parts are one module to Django, in this order
"""Every setting, read once from the environment. `.env.example` explains each to operators."""

from redisgate.settings.place import *
from redisgate.settings.web import *
from redisgate.settings.storage import *
from redisgate.settings.mail import *
from redisgate.settings.accounts import *
from redisgate.settings.sso import *
from redisgate.settings.instances import *
from redisgate.settings.commands import *
from redisgate.settings.api import *
from redisgate.settings.records import *
