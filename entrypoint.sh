#!/bin/sh
# With no arguments, the service; with arguments, that command: docker compose run --rm api python manage.py --help
set -eu

if [ "$#" -gt 0 ]; then
    exec "$@"
fi

# --no-proxy-headers: the service itself decides whose X-Forwarded-For it believes, see TRUSTED_PROXIES.
# --ws none: a handshake of a WebSocket is a request like any other, and finds nothing.
# The number of workers is uvicorn's own WEB_CONCURRENCY.
exec python -m uvicorn main:app --no-proxy-headers --no-server-header --no-access-log --ws none \
    --host 0.0.0.0 --port "${PORT:-8000}" --timeout-graceful-shutdown 20
