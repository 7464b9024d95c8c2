from django.apps import AppConfig


class RedisGateConfig(AppConfig):
    name = "redisgate"

    def ready(self) -> None:
        from instances import duties
        from redisgate import tidying

        duties.register(tidying.DUTY)
