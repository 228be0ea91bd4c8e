# An exact version; to pin the digest as well: --build-arg PYTHON=python@sha256:…
ARG PYTHON=python:3.13.14-slim-trixie
FROM ${PYTHON} AS build

# pip stays outside the virtual environment, so that the image does not contain it.
RUN python -m venv --without-pip /opt/venv
COPY requirements.txt requirements-tracing.txt /tmp/
# --build-arg TRACING=yes also installs the packages for traces.
ARG TRACING=
RUN pip --python /opt/venv/bin/python install --no-cache-dir --only-binary :all: --require-hashes \
    -r /tmp/requirements.txt ${TRACING:+-r /tmp/requirements-tracing.txt}

WORKDIR /app
COPY *.py entrypoint.sh ./
COPY accounts accounts
COPY administration administration
COPY api_keys api_keys
COPY events events
COPY webhooks webhooks
COPY oauth_provider oauth_provider
COPY authorization authorization
COPY commands commands
COPY core core
COPY credentials credentials
COPY delivery delivery
COPY hosted_pages hosted_pages
COPY console console
COPY languages languages
COPY legacy_api legacy_api
COPY locales locales
COPY oauth_login oauth_login
COPY factors factors
COPY passwordless passwordless
COPY sms sms
COPY captcha captcha
COPY operations operations
COPY revocations revocations
COPY routes routes
COPY sessions sessions
COPY settings settings
COPY telemetry telemetry
COPY user_import user_import
COPY web web
COPY templates templates
COPY static static
COPY migrations migrations
# Readable and executable for the user below, whatever the umask or file system of the build machine.
# Compiled here, because the container cannot write and would compile everything at each start.
RUN /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash . && chmod -R u=rwX,go=rX . && chmod 0755 entrypoint.sh


FROM ${PYTHON}

RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app \
    && install --directory --owner app --group app --mode 0700 /data

# The code belongs to root: the service cannot change it.
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app

# production, so that an image started without settings exposes no development mailbox.
ENV ENVIRONMENT=production \
    PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
# By number, so that Kubernetes can verify runAsNonRoot.
USER 10001:10001

# For SQLite: DATABASE_URL=sqlite:////data/credentials.db
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM

# No proxy: Docker may pass HTTP_PROXY into containers, and urllib would use it for 127.0.0.1 too.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.build_opener(r.ProxyHandler({})).open(f\"http://127.0.0.1:{os.environ.get('PORT') or 8000}/health\", timeout=4)"]

ENTRYPOINT ["/app/entrypoint.sh"]

ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Credential Management Service" \
      org.opencontainers.image.description="Self-hosted authentication and user management." \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
