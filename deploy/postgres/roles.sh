#!/bin/sh
# Run roles.sql inside the db container. The postgres image runs this once, when it creates the database. Run it yourself
# after a password changes, and to upgrade an existing volume: docs/production.md.
# One command: the image sources this file where its executable bit is lost, and `set -u` would then reach the image's script.
OWNER_PASSWORD="$(cat /run/secrets/database_owner_password)" APP_PASSWORD="$(cat /run/secrets/database_password)" \
    psql --no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --dbname "${POSTGRES_DB:-postgres}" \
    --file /deploy/postgres/roles.sql
