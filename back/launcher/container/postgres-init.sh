#!/bin/sh
# Runs once, when the PostgreSQL container makes its cluster: the role that owns Playhead's tables, and its database.
# The owner is no superuser; it may make roles (the reader) and nothing else that a hosted PostgreSQL would not allow.
set -eu
owner_password="${PLAYHEAD_OWNER_PASSWORD:-$(cat "${PLAYHEAD_OWNER_PASSWORD_FILE:?PLAYHEAD_OWNER_PASSWORD or its _FILE}")}"
psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    -v owner_password="$owner_password" <<'SQL'
CREATE ROLE playhead LOGIN CREATEROLE NOSUPERUSER NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
CREATE DATABASE playhead OWNER playhead TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
SQL
psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --dbname playhead \
    -c "CREATE EXTENSION IF NOT EXISTS vector"
# What is taken from everybody in a database; template1, so that a restored database has it too.
for database in template1 playhead; do
    PGOPTIONS="-c playhead.owner=playhead" psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet \
        --username "${POSTGRES_USER:-postgres}" --dbname "$database" --file /harden.sql
done
