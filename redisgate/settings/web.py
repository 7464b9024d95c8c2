"""What Django serves pages with."""

from datetime import timedelta
from urllib.parse import urlsplit

from whitenoise.compress import Compressor

from redisgate.lib.env import proxies
from redisgate.settings.place import (
    BASE_DIR,
    DATA_DIR,
    DEBUG,
    HOST,
    IS_HTTPS,
    IS_OPEN_TO_ALL,
    IS_PRODUCTION,
    PUBLIC_URL,
    env,
)

ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or (
    ["*"]
    if IS_OPEN_TO_ALL and not IS_PRODUCTION
    else [".localhost", "127.0.0.1", "[::1]", HOST, str(urlsplit(PUBLIC_URL).hostname)]
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "redisgate.views.csrf_failure"
ROOT_URLCONF = "redisgate.urls"
SILENCED_SYSTEM_CHECKS = ["urls.W002"]  # collections of the API have no trailing slash
ASGI_APPLICATION = "redisgate.asgi.application"
TRUSTED_PROXIES = env.parsed(
    "TRUSTED_PROXIES",
    "",
    proxies,
    "addresses or networks of your own proxies, such as 10.0.0.5,10.1.0.0/16, and never everybody: "
    "whoever is trusted can claim any address",
)
WEB_WORKERS = env.number("WEB_WORKERS", 2, least=1, most=64)
WEB_CONNECTIONS = env.number("WEB_CONNECTIONS", 4000, least=10, most=1_000_000)
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if IS_PRODUCTION and IS_HTTPS:
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    # The second is for browsers to which 'self' is no WebSocket (Safari before 15.4).
    "connect-src": ["'self'", f"ws{PUBLIC_URL.removeprefix('http')}"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "object-src": ["'none'"],
}

INSTALLED_APPS = [
    "accounts",  # first, because a command of Django's by the same name would win otherwise
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.mfa",
    "allauth.usersessions",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "redisgate",
    "audit",
    "mail",
    "observability",
    "repeats",
    "orgs",
    "managementkeys",
    "sso",
    "quotas",
    "activity",
    "instances",
    "figures",
    "console",
    "browser",
    "apikeys",
    "metering",
    "palette",
    "overview",
    "operators",
    "gateway",
    "welcome",
]

MIDDLEWARE = [
    "redisgate.middleware.request_ids.request_ids",
    "observability.middleware.count_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Its answers vary in length, so that nobody guesses a secret from how well it compresses.
    "django.middleware.gzip.GZipMiddleware",
    "redisgate.middleware.csp.content_security_policy",
    "redisgate.middleware.api_paths.without_trailing_slash",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.note_session",
    "redisgate.middleware.refusals.RefusalMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "redisgate.context.platform",
                "orgs.context.organizations",
            ],
        },
    },
]

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "redisgate.bundles.BundleFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
# Maps are for who looks inside; to compress them would take most of a first start.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

LANGUAGE_CODE = "en-us"
FORMAT_MODULE_PATH = "redisgate.formats"
TIME_ZONE = "UTC"
USE_TZ = True
