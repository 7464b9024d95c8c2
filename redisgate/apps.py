from django.apps import AppConfig


class RedisGateConfig(AppConfig):
    name = "redisgate"
