from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "gateway"

    def ready(self) -> None:
        from apikeys import http_door
        from gateway import blocking, idempotency, lasting, runtime, simulated, special, watching
        from gateway.parsing import Kind
        from redisgate.lib import leaving

        special.BY_KIND[Kind.STREAM] = lasting.stream
        special.BY_HEADER[idempotency.HEADER] = idempotency.run
        special.BY_HEADER[watching.WATCH_HEADER] = watching.read
        special.BY_HEADER[watching.UNCHANGED_HEADER] = watching.write
        special.BY_HEADER[blocking.HEADER] = lasting.block
        http_door.register(simulated.DOOR)
        leaving.register(runtime.stop_lasting)
