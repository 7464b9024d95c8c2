# syntax=docker/dockerfile:1
# One image for every role: the command says which (web, controller, worker, migrate).
# For builds that can be repeated, name the base by its digest:
#   docker build --build-arg PYTHON_IMAGE=python:3.11-slim-bookworm@sha256:... .
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS packages
# What the image can do beyond the core: "tracing", "errors", or "tracing errors".
ARG EXTRAS=""
WORKDIR /opt/redisgate
COPY requirements.txt requirements-tracing.txt requirements-errors.txt ./
# Wheels alone: what would have to be compiled here fails here.
RUN python -m venv .venv \
 && for extra in "" ${EXTRAS}; do .venv/bin/python -m pip install --no-cache-dir \
    --disable-pip-version-check --only-binary :all: --require-hashes \
    -r "requirements${extra:+-$extra}.txt" || exit 1; done

FROM packages AS platform
COPY . .
# The keys that settings make for themselves stay behind in this stage.
RUN DATA_DIR=/tmp/build STATIC_ROOT=/opt/redisgate/staticfiles \
    .venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
 && .venv/bin/python -m compileall -q -x '/\.venv/' . \
 && rm -rf .venv

FROM ${PYTHON_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="RedisGate" \
      org.opencontainers.image.description="Self-hosted Redis-as-a-Service" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# A fixed uid, so that volumes and manifests may name it. The directories below are what new
# volumes are copies of: their owner and mode are those that the volumes get.
RUN groupadd --gid 10001 redisgate \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin redisgate \
 && install -d -o redisgate -g redisgate -m 0700 /var/lib/redisgate \
 && install -d -o redisgate -g redisgate -m 0755 /secrets /secrets/platform /secrets/database \
    /secrets/valkey /secrets/prometheus /secrets/grafana

WORKDIR /opt/redisgate
COPY --from=packages /opt/redisgate/.venv .venv
COPY --from=platform /opt/redisgate .

ENV PATH=/opt/redisgate/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ENVIRONMENT=production \
    HOST=0.0.0.0 \
    DATA_DIR=/var/lib/redisgate \
    STATIC_ROOT=/opt/redisgate/staticfiles \
    METRICS_DIR=/tmp/metrics

USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# Liveness alone, because some orchestrators end what is unhealthy: a database that is away is no
# reason to. Whoever runs another role than web gives it another check.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["python", "deploy/probe.py", "live"]
ENTRYPOINT ["python", "manage.py"]
CMD ["web"]
