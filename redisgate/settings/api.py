"""How programs manage."""

from redisgate.settings.place import VERSION, env

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
