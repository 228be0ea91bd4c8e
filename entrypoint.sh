#!/bin/sh
# With no arguments, start the service; with arguments, run that command: docker compose run --rm api python manage.py --help
set -eu

# Only the user of the service may read the files that it writes, such as a SQLite database and its write-ahead log.
umask 077

if [ "$#" -gt 0 ]; then
    exec "$@"
fi

# Compose's ${WEB_CONCURRENCY:-} sets it to nothing, which uvicorn takes for a number that does not parse.
[ -n "${WEB_CONCURRENCY:-}" ] || unset WEB_CONCURRENCY

# --no-proxy-headers: the service itself decides whose X-Forwarded-For it trusts, see TRUSTED_PROXIES.
# --ws none: the library for WebSockets is not loaded. The service has none (web/connections.py).
# --limit-concurrency, for each worker: connections beyond it get 503 at once. Under that load request number 513 would only
#   wait longer; and 512 sockets, with those to the database, stay below 1,024
#   open files, a common limit for a process, at which a server can accept no connection at all, health checks included.
# The number of workers is uvicorn's own WEB_CONCURRENCY. serve.py lets them share the memory of the code.
exec python serve.py main:app --no-proxy-headers --no-server-header --no-access-log --ws none \
    --host 0.0.0.0 --port "${PORT:-8000}" --timeout-graceful-shutdown 20 \
    --limit-concurrency "${UVICORN_LIMIT_CONCURRENCY:-512}"
