# One image per service: docker build --build-arg SERVICE=registration .   (or notifications, reporting)
# Holds the libraries, shared/ and that one service. Plain instructions, so that the classic builder can build it too.
FROM python:3.13-slim AS libraries
COPY requirements-image.lock /
RUN python -m venv --without-pip /venv \
 && pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --only-binary :all: --require-hashes --no-deps -r /requirements-image.lock

FROM python:3.13-slim
RUN groupadd --gid 10001 komerbij \
 && useradd --uid 10001 --gid komerbij --home-dir /data --no-create-home --shell /usr/sbin/nologin komerbij \
 && install --directory --owner komerbij --group komerbij --mode 700 /data
COPY --from=libraries /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 \
    KOMERBIJ_HOST=0.0.0.0 KOMERBIJ_DATA=/data \
    REGISTRATION_PORT=8001 NOTIFICATIONS_PORT=8002 REPORTING_PORT=8003

# From here on the images differ.
ARG SERVICE
RUN case "$SERVICE" in registration|notifications|reporting) ;; \
    *) echo "build with --build-arg SERVICE=registration, notifications or reporting" >&2; exit 2;; esac
WORKDIR /app
COPY shared/ shared/
COPY services/__init__.py services/
COPY services/$SERVICE/ services/$SERVICE/
COPY migrations/__init__.py migrations/
COPY migrations/$SERVICE/ migrations/$SERVICE/
RUN chmod -R a+rX /app && python -m compileall -q /app
ENV SERVICE=$SERVICE
LABEL org.opencontainers.image.title="KomErbij $SERVICE" \
      org.opencontainers.image.description="Sign-ups, reminders and safe statistics for a coalition against loneliness" \
      org.opencontainers.image.licenses="EUPL-1.2"
USER komerbij
VOLUME /data
# Ready, not merely alive: an orchestrator must see a lost database or a consumer that has been down for 30 s.
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; port = os.environ[os.environ['SERVICE'].upper() + '_PORT']; u.build_opener(u.ProxyHandler({})).open(f'http://127.0.0.1:{port}/health/ready', timeout=4)"]
# The shell only fills in the name and is replaced: signals reach Python.
CMD ["/bin/sh", "-c", "exec python -m services.$SERVICE"]
