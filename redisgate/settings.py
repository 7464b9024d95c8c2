"""Every setting, read once from the environment. `.env.example` explains each to operators."""

import os
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from whitenoise.compress import Compressor

from gateway.limits import Limits
from redisgate.lib import env_values as values
from redisgate.lib import keyring
from redisgate.lib.data_dirs import private_directory, run_directory
from redisgate.lib.env import BadSetting, Environment, load_dotenv
from redisgate.lib.env_rules import (
    refuse_own_instance,
    require_installed,
    require_sso_together,
    require_tls_together,
)
from redisgate.lib.redis_place import redis_url
from redisgate.lib.units import MEGABYTE

# Where this platform is, and what only it knows.

BASE_DIR = Path(__file__).resolve().parent.parent
load_dotenv(BASE_DIR / ".env")
env = Environment()

ENVIRONMENT = env.choice("ENVIRONMENT", "development", ("development", "production"))
IS_PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.flag("DEBUG", default=False)
DEFAULT_HOST, DEFAULT_PORT, DEFAULT_DATA_DIR = "127.0.0.1", 8000, BASE_DIR / "var"
HOST = env.parsed("HOST", DEFAULT_HOST, values.bind_address, "an IP address or localhost")
PORT = env.number("PORT", DEFAULT_PORT, least=1, most=65535)
DATA_DIR = private_directory(Path(env.text("DATA_DIR", str(DEFAULT_DATA_DIR))).absolute())
RUN_DIR = run_directory(DATA_DIR)
IS_OPEN_TO_ALL = HOST in {"0.0.0.0", "::"}  # noqa: S104  compared, not bound
_reachable_host = "127.0.0.1" if IS_OPEN_TO_ALL else f"[{HOST}]" if ":" in HOST else HOST
if IS_PRODUCTION:
    env.required(
        "PUBLIC_URL", "in production, set the address people use, https://redis.example.com."
    )
    env.required("SECRET_KEY", "in production, set a long random text that all machines share.")
PUBLIC_URL = env.parsed(
    "PUBLIC_URL",
    f"http://{_reachable_host}:{PORT}",
    values.web_address,
    "an address such as https://redis.example.com",
)
IS_HTTPS = PUBLIC_URL.startswith("https://")
VERSION = "0.1.0"

# They make themselves. Machines that share no disk share these settings, or a copy of the file.
KEYRING_FILE = DATA_DIR / "keyring.json"
_given = keyring.Keyring(
    secret_key=env.parsed(
        "SECRET_KEY", "", values.long_secret, "32 characters or longer, and random", is_secret=True
    ),
    signing_keys=env.parsed(
        "SIGNING_KEYS",
        "",
        keyring.signing_keys,
        "pairs id:secret with secrets of 32 characters and more, separated by commas, newest first",
        is_secret=True,
    ),
    encryption_keys=env.parsed(
        "ENCRYPTION_KEYS",
        "",
        keyring.encryption_keys,
        "Fernet keys (44 characters of base64), separated by commas, newest first",
        is_secret=True,
    ),
)
_keyring = keyring.complete(_given, KEYRING_FILE)
SECRET_KEY = _keyring.secret_key
SIGNING_KEYS: list[tuple[str, str]] = list(_keyring.signing_keys)
SIGNING_KEYS_ARE_GIVEN = bool(_given.signing_keys)
ENCRYPTION_KEYS: list[str] = list(_keyring.encryption_keys)


# What Django serves pages with.

_more_hosts = env.words("ALLOWED_HOSTS")
_own_hosts = [".localhost", "127.0.0.1", "[::1]", HOST, str(urlsplit(PUBLIC_URL).hostname)]
_is_any_host_good = IS_OPEN_TO_ALL and not IS_PRODUCTION and not _more_hosts
ALLOWED_HOSTS = ["*"] if _is_any_host_good else [*_own_hosts, *_more_hosts]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "redisgate.views.csrf_failure"
ROOT_URLCONF = "redisgate.urls"
SILENCED_SYSTEM_CHECKS = [
    "urls.W002",  # collections of the API have no trailing slash
    "security.W005",  # HSTS for subdomains binds sites that aren't ours to bind,
    "security.W021",  # and so does preloading
    "security.W008",  # the proxy with TLS sends visitors on; probes and scrapers come without it
    *env.parsed(
        "SILENCED_CHECKS",
        "",
        values.warnings,
        "ids of warnings such as redisgate.W001,redisgate.W004; errors can't be silenced",
    ),
]
ASGI_APPLICATION = "redisgate.asgi.application"
TRUSTED_PROXIES = env.parsed(
    "TRUSTED_PROXIES",
    "",
    values.proxies,
    "addresses or networks of your own proxies, such as 10.0.0.5,10.1.0.0/16, and never everybody: "
    "whoever is trusted can claim any address",
)
WEB_WORKERS = env.number("WEB_WORKERS", 2, least=1, most=64)
WEB_CONNECTIONS = env.number("WEB_CONNECTIONS", 4000, least=10, most=1_000_000)
SESSION_ENGINE = "accounts.session_store"
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
    "jobs",
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
    "observability.watched_requests.watch_requests",
    "observability.by_address.answer_by_address",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "redisgate.middleware.compression.compress",
    "redisgate.middleware.lent_connections.give_back_connections",
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
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "redisgate.bundles.BundleFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "redisgate.static_files.StaticFiles"},
}
WHITENOISE_USE_FINDERS = DEBUG
# Maps are for who looks inside; to compress them would take most of a first start.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

LANGUAGE_CODE = "en-us"
FORMAT_MODULE_PATH = "redisgate.formats"
TIME_ZONE = "UTC"
USE_TZ = True


# Where rows, jobs and shared numbers are kept.

DATABASES = {
    "default": env.parsed(
        "DATABASE_URL",
        f"sqlite:///{DATA_DIR / 'redisgate.sqlite3'}",
        values.database_address,
        "sqlite:////path/to/file or postgres://user:password@host:5432/name",
        is_secret=True,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A writer takes its lock at BEGIN, so that a second one waits instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # Under ASGI each request has a thread of its own, so threads can't keep connections: a pool
    # lends them out, tried before, and bounds how many there are. Whoever gets none is told so in
    # seconds; a query under way when the database freezes waits, because libpq sets no limit.
    DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        connect_timeout=5,
        # A network that swallows a query is noticed in seconds, not in a quarter of an hour; one
        # that goes after the query had arrived by the kernel's own questions, not in two hours.
        tcp_user_timeout=10_000,
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
        pool={
            "min_size": 1,
            "max_size": env.number("DATABASE_CONNECTIONS", 20, least=12, most=1000),
            "timeout": 2,
            # Or it would wait ever longer between attempts, and not notice for minutes that the
            # database is back. Whoever asks begins a new row of attempts.
            "reconnect_timeout": 1,
        },
    )

# Guards of accounts count in it, so it must be one for all processes, and forget nothing.
CACHES = {"default": {"BACKEND": "accounts.shared_cache.SharedCache"}}

# Platform Redis: each use has a switch of its own.
PLATFORM_SOCKET = RUN_DIR / "platform.sock"
OWN_REDIS_URL = f"unix://{PLATFORM_SOCKET}"
REDIS_URL = redis_url(
    own=OWN_REDIS_URL,
    is_enabled=env.flag("REDIS_ENABLED", default=True),
    url=env.parsed(
        "REDIS_URL",
        "",
        values.redis_address,
        "redis://host:6379/0, or none to do without",
        is_secret=True,
    ),
    host=env.parsed("REDIS_DEFAULT_HOST", "", values.host_name, "the name or address of a machine"),
    port=env.number("REDIS_DEFAULT_PORT", 6379, least=1, most=65535),
    password=env.text("REDIS_PASSWORD"),
    database=env.parsed("REDIS_DB", "", values.database_number, "the number of a database"),
)
RATE_LIMIT_REDIS = env.flag("RATE_LIMIT_REDIS", default=True) and bool(REDIS_URL)
SESSION_STORE_REDIS = env.flag("SESSION_STORE_REDIS", default=True) and bool(REDIS_URL)
CACHE_REDIS = env.flag("CACHE_REDIS", default=True) and bool(REDIS_URL)
REDIS_TTL = env.number("REDIS_TTL", 300, least=1, most=86_400)
CHANNEL_LAYER_REDIS = env.flag("CHANNEL_LAYER_REDIS", default=True) and bool(REDIS_URL)
JOB_QUEUE_REDIS = env.flag("JOB_QUEUE_REDIS", default=True) and bool(REDIS_URL)
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "redisgate"},
    }
    if CHANNEL_LAYER_REDIS
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}

JOB_QUEUE = env.choice("JOB_QUEUE", "database", ("database", "immediate"))
TASKS = {"default": {"BACKEND": "jobs.backend.QueueBackend"}}


# How mail leaves.

_mail = env.parsed(
    "EMAIL_URL",
    "consolemail://",
    values.mail_address,
    "smtp+tls://user:password@mail.example.com:587, or consolemail:// to print mail in the log",
    is_secret=True,
)
EMAIL_BACKEND = "mail.backend.QueueBackend"  # the worker delivers
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starts_tls, _mail.is_tls
EMAIL_TIMEOUT = 10  # seconds; less than a worker may take to stop
HAS_MAIL_SERVER = bool(EMAIL_HOST)
EMAIL_DELIVERY_BACKEND = _mail.backend if HAS_MAIL_SERVER else "mail.printing.PrintingBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "RedisGate <redisgate@localhost>")
OPERATOR_CONTACT = env.parsed(
    "OPERATOR_CONTACT", "", values.page_or_mailbox, "an email address or https://example.com/help"
)


# How people prove who they are.

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = env.choice(
    "ACCOUNT_EMAIL_VERIFICATION",
    "mandatory" if HAS_MAIL_SERVER else "optional",
    ("mandatory", "optional"),
)
ACCOUNT_RATE_LIMITS = {
    # Nobody's letter box is to be filled through us; links that were sent stay good.
    "confirm_email": "1/180s/key,5/h/key,15/d/key",
    # Asked for as each field is left, and while a password is typed; an office shares an address.
    "check_sign_up": "300/m/ip",
    "reset_password": "20/m/ip,5/m/key,10/h/key,30/d/key",
}
ACCOUNT_CHANGE_EMAIL = True  # one address a person; a pending one waits to be confirmed
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that signed up
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = None  # the person decides: 14 days, or until the browser closes
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_USER_DISPLAY = "accounts.names.shown"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
MFA_ADAPTER = "accounts.mfa_adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "accounts.mfa_forms.ActivateTOTPForm",
    "add_webauthn": "accounts.mfa_forms.AddPasskeyForm",
    "edit_webauthn": "accounts.mfa_forms.RenamePasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = timedelta(days=14)
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "RedisGate"
MFA_TOTP_TOLERANCE = 1  # clocks of phones may be off by half a minute
# A pending change of address must not lock anybody out of their second factor: who may add one
# is decided in accounts/mfa_forms.py.
MFA_ALLOW_UNVERIFIED_EMAIL = True
ACCESS_TOKEN_LIFETIME = timedelta(minutes=30)
REFRESH_TOKEN_LIFETIME = timedelta(days=14)
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""


# Identity providers of the whole platform.

SOCIALACCOUNT_ADAPTER = "sso.adapter.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "sso.oidc.Provider"},
    "saml": {"provider_class": "sso.saml.Provider"},
}
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SSO_OIDC_ISSUER = env.parsed(
    "SSO_OIDC_ISSUER", "", values.optional_web_page, "an address such as https://id.example.com"
)
SSO_OIDC_CLIENT_ID = env.text("SSO_OIDC_CLIENT_ID")
SSO_OIDC_CLIENT_SECRET = env.text("SSO_OIDC_CLIENT_SECRET")
SSO_OIDC_NAME = env.text("SSO_OIDC_NAME", "OpenID Connect")
SSO_SAML_METADATA = env.parsed(
    "SSO_SAML_METADATA", "", values.page_or_file, "a file with metadata, or its https:// address"
)
SSO_SAML_NAME = env.text("SSO_SAML_NAME", "SAML")
SSO_DOMAINS = [domain.lower() for domain in env.words("SSO_DOMAINS")]
SSO_SESSION_HOURS = env.number("SSO_SESSION_HOURS", 24, least=1, most=336)
require_sso_together(
    SSO_OIDC_ISSUER, SSO_OIDC_CLIENT_ID, SSO_OIDC_CLIENT_SECRET, SSO_SAML_METADATA, SSO_DOMAINS
)


# Servers of our own and of others.

if env.flag("ENABLE_K8S", default=False):
    raise BadSetting(
        "ENABLE_K8S must be false: this version can't run instances in Kubernetes yet. "
        "They run as processes, on the machine of the controller."
    )
SIMULATION_MODE = env.flag("SIMULATION_MODE", default=False)
INSTANCE_BIND = env.parsed("INSTANCE_BIND", HOST, values.bind_address, "an IP address or localhost")
INSTANCE_HOST = env.text("INSTANCE_HOST", str(urlsplit(PUBLIC_URL).hostname))
INSTANCE_PORTS = env.parsed(
    "INSTANCE_PORTS", "20000-29999", values.port_range, "a range of ports such as 20000-29999"
)
refuse_own_instance(
    REDIS_URL,
    hosts={INSTANCE_HOST, INSTANCE_BIND, "127.0.0.1", "::1", "localhost"},
    ports=INSTANCE_PORTS,
)
INSTANCE_BINARY = env.parsed(  # empty: the bundled server
    "INSTANCE_BINARY",
    "",
    values.program,
    "a valkey-server or redis-server that this account can run",
)
INSTANCE_TLS_CERT = env.parsed(
    "INSTANCE_TLS_CERT", "", values.readable_file, "a file with the certificate"
)
INSTANCE_TLS_KEY = env.parsed(
    "INSTANCE_TLS_KEY", "", values.readable_file, "a file with the private key"
)
INSTANCE_TLS_CA = env.parsed(
    "INSTANCE_TLS_CA", "", values.readable_file, "a file with certificates"
)
require_tls_together(INSTANCE_TLS_CERT, INSTANCE_TLS_KEY, INSTANCE_BINARY)
# Servers that somebody else runs may be adopted, at public addresses and in these networks.
EXTERNAL_INSTANCES = env.flag("EXTERNAL_INSTANCES", default=True)
EXTERNAL_NETWORKS = env.parsed(
    "EXTERNAL_NETWORKS", "", values.networks, "networks such as 10.0.0.0/8,192.168.1.7"
)
# Of the machine, before new instances are refused.
HOST_DISK_FREE_PERCENT = env.number("HOST_DISK_FREE_PERCENT", 10, least=0, most=99)
HOST_MEMORY_FREE_PERCENT = env.number("HOST_MEMORY_FREE_PERCENT", 5, least=0, most=99)


# Bounds of the command API.

GATEWAY_FAST_LANE = env.flag("GATEWAY_FAST_LANE", default=True)
GATEWAY_LIMITS = Limits(
    request_bytes=env.number("GATEWAY_REQUEST_MB", 10, least=1, most=512) * MEGABYTE,
    pipeline_commands=env.number("GATEWAY_PIPELINE_COMMANDS", 1000, least=1, most=1_000_000),
    response_bytes=env.number("GATEWAY_RESPONSE_MB", 100, least=1, most=4096) * MEGABYTE,
    command_seconds=env.number("GATEWAY_COMMAND_SECONDS", 30, least=1, most=3600),
    outstanding_bytes=env.number("GATEWAY_OUTSTANDING_MB", 64, least=1, most=4096) * MEGABYTE,
    connect_patience_seconds=env.number("GATEWAY_PATIENCE_SECONDS", 3, least=0, most=60),
    connect_seconds=env.number("GATEWAY_CONNECT_SECONDS", 2, least=1, most=60),
    idle_seconds=env.number("GATEWAY_IDLE_SECONDS", 60, least=1, most=86_400),
    connections=env.number("GATEWAY_CONNECTIONS", 128, least=4, most=4096),
    streams_per_key=env.number("GATEWAY_STREAMS_PER_KEY", 64, least=1, most=10_000),
    stream_buffer_bytes=env.number("GATEWAY_STREAM_BUFFER_KB", 1024, least=1, most=1024**2) * 1024,
    stream_heartbeat_seconds=env.number("GATEWAY_STREAM_HEARTBEAT_SECONDS", 15, least=1, most=3600),
    stream_linger_seconds=env.number("GATEWAY_STREAM_LINGER_SECONDS", 10, least=0, most=3600),
    blocking_per_key=env.number("GATEWAY_BLOCKING_PER_KEY", 64, least=1, most=10_000),
    block_seconds=env.number("GATEWAY_BLOCK_SECONDS", 55, least=1, most=3600),
)


# How programs manage.

API_REQUESTS_PER_MINUTE = env.number("API_REQUESTS_PER_MINUTE", 1200, least=1, most=1_000_000)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "managementkeys.authentication.ManagementKeyAuthentication",
        "accounts.authentication.AccessTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["redisgate.lib.api_rates.CallerThrottle"],
    "DEFAULT_PARSER_CLASSES": ["redisgate.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "redisgate.lib.paging.CursorPage",
    "EXCEPTION_HANDLER": "redisgate.problems.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "redisgate.openapi.schema.ApiSchema",
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "RedisGate",
    "VERSION": VERSION,
    "DESCRIPTION": "Everything that the dashboard does, for programs; and Redis over HTTP. "
    "Sign in with `Authorization: Bearer` and a management key (`rgm_…`) or the `access` of "
    "`POST /auth/login`. Refusals are problem details: decide by `code`, show `detail`. Lists go "
    "on at `next`. Send a `POST` again safely with the same `Idempotency-Key`, and change only "
    "what you have read with its `ETag` in `If-Match`. Each "
    "operation below says what it takes and answers, with an example.",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "",
    "PREPROCESSING_HOOKS": ["redisgate.openapi.hooks.only_apis"],
    "POSTPROCESSING_HOOKS": ["redisgate.openapi.hooks.complete"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SORT_OPERATIONS": True,
}


# What is written down, and for how long.

KEY_USAGE_DAYS = env.number("KEY_USAGE_DAYS", 400, least=90, most=36_500)

AUDIT_RETENTION_DAYS = env.number("AUDIT_RETENTION_DAYS", 0, least=0, most=36_500)
AUDIT_SEAL_EVERY_DAYS = env.number("AUDIT_SEAL_EVERY_DAYS", 0, least=0, most=3650)

METRICS_DIR = Path(env.text("METRICS_DIR", str(RUN_DIR / "metrics")))
METRICS_TOKEN = env.text("METRICS_TOKEN")
METRICS_NETWORKS = env.parsed(
    "METRICS_NETWORKS",
    "127.0.0.0/8,::1",
    values.networks,
    "networks such as 10.0.0.0/8,192.168.1.7",
)

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOG_FORMAT = env.choice("LOG_FORMAT", "json" if IS_PRODUCTION else "text", ("json", "text"))
SLOW_REQUEST_MS = env.number("SLOW_REQUEST_MS", 1000, least=0, most=600_000)
SLOW_QUERY_MS = env.number("SLOW_QUERY_MS", 200, least=0, most=600_000)
ERROR_TRACKING_DSN = env.parsed(
    "ERROR_TRACKING_DSN",
    "",
    values.tracker_address,
    "the address (DSN) of a project, such as https://key@errors.example.com/42",
    is_secret=True,
)
if ERROR_TRACKING_DSN:
    require_installed("sentry_sdk", "ERROR_TRACKING_DSN", "requirements-errors.txt")
TRACING = env.flag("TRACING", default=False)
TRACING_SAMPLE_PERCENT = env.number("TRACING_SAMPLE_PERCENT", 1, least=0, most=100)
OTEL_EXPORTER_OTLP_ENDPOINT = env.parsed(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "",
    values.optional_web_page,
    "an address such as http://collector:4318",
)
OTEL_EXPORTER_OTLP_HEADERS = env.parsed(
    "OTEL_EXPORTER_OTLP_HEADERS",
    "",
    values.http_headers,
    "headers such as authorization=Bearer%20token,x-team=a",
    is_secret=True,
)
OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = env.parsed(
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "",
    values.optional_web_page,
    "an address such as http://collector:4318/v1/traces",
)
OTEL_EXPORTER_OTLP_TRACES_HEADERS = env.parsed(
    "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    "",
    values.http_headers,
    "headers such as authorization=Bearer%20token,x-team=a",
    is_secret=True,
)
if TRACING:
    for _package in ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http"):
        require_installed(_package, "TRACING", "requirements-tracing.txt")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "redisgate.lib.logs.formatter",
            "form": LOG_FORMAT,
            "has_colours": sys.stderr.isatty() and "NO_COLOR" not in os.environ,
        },
    },
    "filters": {
        "one_line": {"()": "redisgate.lib.calm_logs.OneLine"},
        "unless_unavailable": {"()": "redisgate.lib.calm_logs.UnlessUnavailable"},
        "seldom": {"()": "redisgate.lib.calm_logs.Seldom", "seconds": 30},
    },
    "handlers": {"console": {"class": "redisgate.lib.logs.Handler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Django brings handlers of its own, and everything is to be written once, in one form.
        "django": {"handlers": []},
        "django.server": {"handlers": [], "propagate": True},
        "django_tasks": {"level": "WARNING"},  # it reports each job
        # Why it can't connect, at each attempt. Most roles say so themselves; web lowers the level.
        "psycopg.pool": {"level": "ERROR", "filters": ["seldom"]},
        "redisgate.printed_mail": {"level": "INFO"},  # whatever LOG_LEVEL says, or mail is lost
        # Refusals are logged once, with their reason.
        "django.request": {"level": "ERROR", "filters": ["unless_unavailable"]},
        "django.security.DisallowedHost": {"filters": ["one_line"]},
    },
}
