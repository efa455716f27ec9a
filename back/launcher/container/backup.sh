#!/usr/bin/env bash
# Backs up the database and the footage into /backups: at once, then every BACKUP_EVERY_HOURS; `once` ends after one.
#
#   database-20260102T030405Z.dump     pg_dump's custom format
#   database-20260102T030405Z.counts   rows of every table in the very snapshot that was dumped; restore.sh compares
#   media/                             a copy of the files; those deleted since stay as long as a dump may name them
set -euo pipefail
target=${BACKUP_TARGET:-/backups}
media=${BACKUP_MEDIA:-/data/media}
keep_days=${BACKUP_KEEP_DAYS:-14}
[ -z "${PGPASSWORD_FILE:-}" ] || PGPASSWORD=$(cat "$PGPASSWORD_FILE")
export PGPASSWORD

say() { echo "$(date -u +%FT%TZ) backup: $*"; }

# One transaction whose snapshot pg_dump joins, so that the counts are those of the dump.
dump() {
    local name=$1 snapshot
    coproc SQL { psql --no-psqlrc --quiet --tuples-only --no-align -v ON_ERROR_STOP=1; }
    local out=${SQL[0]} in=${SQL[1]} pid=$SQL_PID
    echo "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_export_snapshot();" >&"$in"
    read -r -t 60 snapshot <&"$out"
    pg_dump --format custom --compress 6 --snapshot "$snapshot" --file "$name.dump.part"
    cat >&"$in" <<'SQL'
SELECT format('SELECT %L, count(*) FROM %I.%I', table_schema || '.' || table_name, table_schema, table_name)
FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema = 'public' AND table_name <> 'db_cache'
ORDER BY table_name \gexec
\echo end
SQL
    local line
    : > "$name.counts.part"
    while read -r -t 600 line <&"$out" && [ "$line" != end ]; do echo "$line" >> "$name.counts.part"; done
    echo '\q' >&"$in"
    wait "$pid"
    [ -s "$name.counts.part" ]
    mv "$name.counts.part" "$name.counts"
    mv "$name.dump.part" "$name.dump"
}

copy_media() {
    [ -d "$media" ] || return 0
    mkdir -p "$target/media"
    cp --archive --update --no-preserve=ownership "$media/." "$target/media/"
}

backup() {
    local name
    name="$target/database-$(date -u +%Y%m%dT%H%M%SZ)"
    # Files first: a dump never names a file that its copy lacks, but for those of the last minutes.
    copy_media
    dump "$name"
    copy_media
    find "$target" -maxdepth 1 \( -name 'database-*.dump' -o -name 'database-*.counts' \) -mtime "+$keep_days" -delete
    say "$(basename "$name").dump, $(du -h "$name.dump" | cut -f1), $(wc -l < "$name.counts") tables"
}

case ${1:-} in
    once)
        trap 'rm -f "$target"/database-*.part' EXIT
        backup
        ;;
    "")
        trap 'say stopped; exit 0' TERM INT
        while true; do
            # In a process of its own: `set -e` does not hold in the condition of an if or behind an ||.
            "$BASH" "$0" once || say "FAILED; nothing older was deleted"
            sleep "$((${BACKUP_EVERY_HOURS:-24} * 3600))" &
            wait $!
        done
        ;;
    *)
        echo "usage: backup.sh [once]" >&2
        exit 2
        ;;
esac
