#!/bin/bash
# What the official image's entry point does, as far as Playhead's Compose files use it.
set -euo pipefail
if [ "${1:-}" != postgres ]; then exec "$@"; fi
if [ "$(id -u)" = 0 ]; then
    chown -R postgres:postgres "$(dirname "$PGDATA")"
    exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    mkdir -p -m 0700 "$PGDATA"
    password=${POSTGRES_PASSWORD:-$(cat "$POSTGRES_PASSWORD_FILE")}
    initdb --pgdata "$PGDATA" --username postgres --pwfile <(echo "$password") --auth-host scram-sha-256 \
        --auth-local trust --encoding UTF8 --locale C.UTF-8 > /dev/null
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
    pg_ctl --pgdata "$PGDATA" --wait --options "-c listen_addresses='' -c unix_socket_directories=/tmp" start > /dev/null
    for script in /docker-entrypoint-initdb.d/*; do
        [ ! -f "$script" ] || PGHOST=/tmp POSTGRES_USER=postgres bash "$script"
    done
    pg_ctl --pgdata "$PGDATA" --wait --mode fast stop > /dev/null
fi
exec "$@" -c listen_addresses='*' -c unix_socket_directories=/tmp -D "$PGDATA"
