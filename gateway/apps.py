from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "gateway"

    def ready(self) -> None:
        from gateway import lasting, special
        from gateway.parsing import Kind

        special.BY_KIND[Kind.STREAM] = lasting.stream
        special.BY_HEADER[b"redisgate-block"] = lasting.block
