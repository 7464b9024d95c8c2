from django.apps import AppConfig


class RedisGateConfig(AppConfig):
    name = "redisgate"

    def ready(self) -> None:
        from instances import duties
        from redisgate import checks as checks
        from redisgate import own_secrets, tidying
        from redisgate.lib import redaction

        redaction.learn(own_secrets.known())

        for duty in tidying.DUTIES:
            duties.register(duty)
