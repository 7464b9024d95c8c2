"""The provisioners as this platform's settings make them."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from instances import provisioners
from instances.provisioners import ProcessSettings
from instances.provisioners.base import Provisioner
from instances.provisioners.server_config import ServerTls


def driver(name: str) -> Provisioner:
    """Return the provisioner of this name; LookupError where there is none."""
    return _made(name, _settings())


@lru_cache(maxsize=8)
def _made(name: str, how: ProcessSettings) -> Provisioner:
    return provisioners.get(name)(how)


def _settings() -> ProcessSettings:
    return ProcessSettings(
        data_dir=Path(settings.DATA_DIR),
        run_dir=Path(settings.RUN_DIR),
        bind_host="127.0.0.1" if settings.INSTANCE_BIND == "localhost" else settings.INSTANCE_BIND,
        binary=Path(settings.INSTANCE_BINARY) if settings.INSTANCE_BINARY else None,
        tls=_tls(),
    )


def _tls() -> ServerTls | None:
    if not settings.INSTANCE_TLS_CERT:
        return None
    return ServerTls(Path(settings.INSTANCE_TLS_CERT), Path(settings.INSTANCE_TLS_KEY))
