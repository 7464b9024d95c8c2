"""The platform's settings on a data directory of their own, with a quick password hasher."""

import atexit
import os
import shutil
import tempfile

if "DATA_DIR" not in os.environ:
    # In memory where there is such a place: a test's data needs no disk.
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="rg-test-", dir=place)
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ["REDIS_URL"] = "none"
os.environ["API_REQUESTS_PER_MINUTE"] = "1000000"

from redisgate.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
REST_FRAMEWORK["TEST_REQUEST_DEFAULT_FORMAT"] = "json"  # noqa: F405
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405  WhiteNoise warns when there is none

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # Races need a file: an in-memory database is one connection shared by all threads.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # noqa: F405
