#!/usr/bin/env bash
# Restores a back-up into an empty or existing database and proves it: restore.sh /backups/database-….dump
#
# Everything in the database is replaced. Stop web and worker before. Exit code 0 only if every table has as many rows
# as the snapshot that was dumped.
set -euo pipefail
dump=${1:?usage: restore.sh /backups/database-YYYYMMDDTHHMMSSZ.dump}
owner=${PLAYHEAD_OWNER:-playhead}
database=${PGDATABASE:-playhead}
media=${BACKUP_MEDIA:-/data/media}
[ -z "${PGPASSWORD_FILE:-}" ] || PGPASSWORD=$(cat "$PGPASSWORD_FILE")
export PGPASSWORD
unset PGDATABASE

pg_restore --list "$dump" > /dev/null || { echo "restore: $dump is no back-up of pg_dump, or is damaged" >&2; exit 1; }

sql() { psql --no-psqlrc --quiet --tuples-only --no-align -v ON_ERROR_STOP=1 --dbname "$1"; }

sql postgres <<SQL
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$database' AND pid <> pg_backend_pid() \g /dev/null
DROP DATABASE IF EXISTS "$database";
CREATE DATABASE "$database" OWNER "$owner" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE TEMPORARY ON DATABASE "$database" FROM PUBLIC;
SQL
pg_restore --exit-on-error --dbname "$database" "$dump"
PGOPTIONS="-c playhead.owner=$owner" psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 --dbname "$database" --file /harden.sql
sql "$database" <<< "ANALYZE"

if [ -d "$(dirname "$dump")/media" ] && [ -w "$(dirname "$media")" ]; then
    mkdir -p "$media"
    cp --archive --no-clobber "$(dirname "$dump")/media/." "$media/"
    chown -R --reference "$(dirname "$media")" "$media"
fi

counts=${dump%.dump}.counts
[ -s "$counts" ] || { echo "restore: done, but $counts is missing, so the rows were not compared" >&2; exit 1; }
wrong=0
while IFS='|' read -r table rows; do
    found=$(sql "$database" <<< "SELECT count(*) FROM $table")
    [ "$found" = "$rows" ] || { echo "restore: $table has $found rows, the back-up had $rows" >&2; wrong=1; }
done < "$counts"
[ "$wrong" = 0 ] || exit 1
echo "restore: $(wc -l < "$counts") tables of $(basename "$dump") have the rows that they had"
